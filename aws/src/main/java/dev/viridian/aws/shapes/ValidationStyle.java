package dev.viridian.aws.shapes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/// How a service says that a request is not valid: AWS's services were built by different teams.
enum ValidationStyle {
    /// S3 answers `MalformedXML` when a body lacks what it must have, and checks everything else by itself.
    S3,
    /// One sentence per violation under a common code.
    COMMON,
    /// ECR: `Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must ...'`, first violation only. Source: observed, many reports.
    ECR,
    /// EC2: `MissingParameter` and `InvalidParameterValue`.
    EC2,
    /// CodeDeploy and CodeCommit: an exception class per member, such as ApplicationNameRequiredException and InvalidApplicationNameException.
    OWN_EXCEPTIONS;

    private static final Pattern WORDS = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

    /// What exceptions call members whose own name does not lead to them.
    private static final Map<String, String> MEANT = Map.of("oldName", "RepositoryName", "newName", "RepositoryName", "content", "CommentContent",
            "triggers", "RepositoryTriggersList", "tags", "TagsMap", "tagKeys", "TagKeysList", "commitIds", "CommitIdsList",
            "targetId", "DeploymentTargetId", "targetIds", "DeploymentTargetId", "deployed", "DeployedStateFilter");

    /// Texts that are known; the others are our own. Source: observed answers of CodeCommit.
    private static final Map<String, String> TEXTS = Map.of("InvalidRepositoryNameException",
            "The repository name is not valid. Repository names can be any "
            + "valid combination of letters, numbers, periods, underscores, and dashes between 1 and 100 characters in length. "
            + "Names are case sensitive. For more information, see Limits in the AWS CodeCommit User Guide. ");

    static ValidationStyle of(OperationIndex.Meta meta) {
        return switch (meta.artifact()) {
            case "s3" -> S3;
            case "ecr" -> ECR;
            case "ec2" -> EC2;
            case "codedeploy", "codecommit" -> OWN_EXCEPTIONS;
            default -> COMMON;
        };
    }

    /// Whether the service's front end looks at a rule at all.
    boolean enforces(Violation violation) {
        return this != S3 || violation.rule() instanceof Violation.Rule.Present;
    }

    AwsServiceException exception(List<Violation> violations, ServiceErrors errors) {
        Violation first = violations.getFirst();
        return switch (this) {
            case S3 -> errors.of("MalformedXML", 400, "The XML you provided was not well-formed or did not validate against our published schema");
            case COMMON -> common(violations, errors);
            case ECR -> errors.of("InvalidParameterException", 400,
                    "Invalid parameter at '" + first.path() + "' failed to satisfy constraint: '" + ecrRequirement(first) + "'");
            case EC2 -> ec2(first, errors);
            case OWN_EXCEPTIONS -> violations.stream().flatMap(violation -> own(violation, errors).stream()).findFirst()
                    .orElseGet(() -> common(violations, errors));
        };
    }

    private static AwsServiceException common(List<Violation> violations, ServiceErrors errors) {
        String count = violations.size() == 1 ? "1 validation error detected: " : violations.size() + " validation errors detected: ";
        return errors.of(errors.validationCode(), 400, count + violations.stream().map(Violation::sentence).collect(Collectors.joining("; ")));
    }

    private static String ecrRequirement(Violation violation) {
        return switch (violation.rule()) {
            case Violation.Rule.Matching(String pattern) -> "must satisfy regular expression '" + pattern + "'";
            case Violation.Rule.OneOf _ -> "Member " + violation.requirement();
            default -> violation.requirement();
        };
    }

    private static AwsServiceException ec2(Violation violation, ServiceErrors errors) {
        String name = Character.toUpperCase(violation.path().charAt(0)) + violation.path().substring(1).replace(".member", "");
        return violation.value() == null
                ? errors.of("MissingParameter", 400, "The request must contain the parameter " + name)
                : errors.of("InvalidParameterValue", 400, "Value (" + violation.value() + ") for parameter " + name + " is invalid. It "
                        + violation.requirement());
    }

    private static Optional<AwsServiceException> own(Violation violation, ServiceErrors errors) {
        String words = spoken(violation.member());
        if (violation.isMissing()) {
            return first(names(violation.member(), "", "RequiredException"), errors)
                    .flatMap(name -> errors.modelled(name, Character.toUpperCase(words.charAt(0)) + words.substring(1) + " is required"));
        }
        return first(names(violation.member(), "Invalid", "Exception"), errors)
                .flatMap(name -> errors.modelled(name, TEXTS.getOrDefault(name, "The specified " + words + " is not valid: it "
                        + violation.requirement())));
    }

    private static Optional<String> first(List<String> names, ServiceErrors errors) {
        return names.stream().filter(errors::has).findFirst();
    }

    /// `serviceRoleArn` may be meant by RoleRequiredException, `currentDeploymentGroupName` by DeploymentGroupNameRequiredException, `tags` by
    /// TagRequiredException: the whole name is tried first, then without words at its end, then without words at its start.
    private static List<String> names(String member, String before, String after) {
        List<String> names = new ArrayList<>();
        Optional.ofNullable(MEANT.get(member)).ifPresent(meant -> names.add(before + meant + after));
        String[] words = WORDS.split(Character.toUpperCase(member.charAt(0)) + member.substring(1));
        for (int from = 0; from < words.length; from++) {
            for (int to = words.length; to > from; to--) {
                String part = String.join("", List.of(words).subList(from, to));
                names.add(before + part + after);
                if (part.endsWith("s")) {
                    names.add(before + part.substring(0, part.length() - 1) + after);
                }
            }
        }
        return names;
    }

    private static String spoken(String member) {
        return String.join(" ", WORDS.split(member)).toLowerCase(java.util.Locale.ROOT);
    }
}
