package dev.viridian.services.iam.policy;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// What IAM demands of a policy when it is put, in IAM's words.
///
/// Source: answers of IAM to such documents; MalformedPolicyDocument.
public final class PolicyRules {
    private static final Pattern ACTION = Pattern.compile("[A-Za-z0-9-]+:[A-Za-z0-9*?-]*");
    private static final Pattern SERVICE = Pattern.compile("[a-z0-9.-]+\\.(amazonaws\\.com(\\.cn)?|amazon\\.com|aws\\.internal)");

    private PolicyRules() {}

    /// For policies of users, groups and roles.
    public static PolicyDocument identity(String text) {
        PolicyDocument document = parse(text, "Syntax errors in policy.");
        for (Statement statement : document.statements()) {
            if (statement.principals().isPresent() || statement.notPrincipals().isPresent()) {
                throw new MalformedPolicy("Policy document should not specify a principal.");
            }
            List<String> actions = statement.actions().or(statement::notActions)
                    .orElseThrow(() -> new MalformedPolicy("Policy statement must contain actions."));
            actions.forEach(PolicyRules::checkAction);
            List<String> resources = statement.resources().or(statement::notResources).filter(r -> !r.isEmpty())
                    .orElseThrow(() -> new MalformedPolicy("Policy statement must contain resources."));
            resources.forEach(PolicyRules::checkResource);
        }
        return document;
    }

    private static void checkAction(String action) {
        if (!action.equals("*") && !ACTION.matcher(action).matches()) {
            throw new MalformedPolicy("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
        }
    }

    private static void checkResource(String resource) {
        if (!resource.equals("*") && !resource.startsWith("arn:") && !resource.startsWith("${") && !resource.startsWith("*")) {
            throw new MalformedPolicy("Resource " + resource + " must be in ARN format or \"*\".");
        }
    }

    /// For the trust policy of a role.
    ///
    /// @param exists whether a user or role with that ARN is known
    public static PolicyDocument trust(String text, Predicate<String> exists) {
        PolicyDocument document = parse(text, "This policy contains invalid Json");
        for (Statement statement : document.statements()) {
            if (statement.resources().isPresent() || statement.notResources().isPresent()) {
                throw new MalformedPolicy("Has prohibited field Resource");
            }
            Map<String, List<String>> principals = statement.principals().or(statement::notPrincipals)
                    .orElseThrow(() -> new MalformedPolicy("Missing required field Principal"));
            List<String> actions = statement.actions().or(statement::notActions)
                    .orElseThrow(() -> new MalformedPolicy("Missing required field Action"));
            if (actions.stream().anyMatch(action -> !action.toLowerCase(Locale.ROOT).startsWith("sts:"))) {
                throw new MalformedPolicy("AssumeRole policy may only specify STS AssumeRole actions.");
            }
            principals.forEach((kind, names) -> names.forEach(name -> checkPrincipal(kind, name, exists)));
        }
        return document;
    }

    private static void checkPrincipal(String kind, String name, Predicate<String> exists) {
        boolean good = switch (kind) {
            case "AWS" -> name.equals("*") || name.matches("\\d{12}") || isKnownArn(name, exists) || name.matches("A(IDA|ROA)[A-Z2-7]{17}");
            case "Service" -> SERVICE.matcher(name).matches();
            case "Federated", "CanonicalUser" -> true;
            default -> false;
        };
        if (!good) {
            throw new MalformedPolicy("Invalid principal in policy: \"" + (kind.equals("Service") ? "SERVICE" : kind) + "\":\"" + name + "\"");
        }
    }

    private static boolean isKnownArn(String arn, Predicate<String> exists) {
        boolean account = arn.matches("arn:aws[a-z-]*:iam::\\d{12}:root");
        boolean session = arn.matches("arn:aws[a-z-]*:sts::\\d{12}:(assumed-role|federated-user)/.+");
        boolean identity = arn.matches("arn:aws[a-z-]*:iam::\\d{12}:(user|role)/.+");
        return account || session || identity && exists.test(arn);
    }

    private static PolicyDocument parse(String text, String whenNoJson) {
        try {
            return PolicyDocument.parse(text);
        } catch (MalformedPolicy e) {
            boolean json = Optional.ofNullable(e.getMessage()).filter(m -> m.equals("This policy contains invalid Json")).isEmpty();
            throw json ? e : new MalformedPolicy(whenNoJson);
        }
    }
}
