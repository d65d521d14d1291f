package dev.viridian.services.ecr;

import dev.viridian.aws.Caller;
import dev.viridian.registry.ImageName;
import dev.viridian.registry.RegistryAccess;
import dev.viridian.registry.RegistryException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Lets docker and its like in, with a password from GetAuthorizationToken, answering as ECR does.
///
/// Source: ECR user guide, "Private registry authentication"; texts as docker prints them.
final class EcrAccess implements RegistryAccess {
    private static final Pattern HOST = Pattern.compile("(?<account>\\d{12})"
            + "\\.dkr[.-]ecr(-fips)?\\.(?<region>[a-z0-9-]+)\\.(amazonaws\\.com(\\.cn)?|on\\.aws|localhost)(:\\d+)?");
    private static final Pattern PATH = Pattern.compile("(?<account>\\d{12})/(?<region>[a-z]{2}(-[a-z]+)+-\\d)/(?<name>.+)");
    private static final Pattern BUCKET = Pattern.compile("(.+\\.)?s3[.-].+");
    private static final String USER = "AWS";

    private final Repositories repositories;
    private final Tokens tokens;
    private final EcrAuthority authority;

    EcrAccess(Repositories repositories, Tokens tokens, EcrAuthority authority) {
        this.repositories = repositories;
        this.tokens = tokens;
        this.authority = authority;
    }

    /// Whether a host name is that of a registry, as in image names.
    static boolean isRegistry(String host) {
        return HOST.matcher(host).matches();
    }

    /// A bucket addressed by its host name may hold objects below `v2/`.
    @Override
    public boolean serves(String host) {
        return isRegistry(host) || !BUCKET.matcher(host).matches();
    }

    @Override
    public Optional<ImageName> locate(String host, String path) {
        Matcher byHost = HOST.matcher(host);
        if (byHost.matches()) {
            return name(byHost, path);
        }
        Matcher byPath = PATH.matcher(path);
        return byPath.matches() ? name(byPath, byPath.group("name")) : Optional.empty();
    }

    private static Optional<ImageName> name(Matcher where, String repository) {
        return ImageName.isRepository(repository) ? Optional.of(new ImageName(where.group("account") + "/" + where.group("region"), repository))
                : Optional.empty();
    }

    @Override
    public Decision admit(Attempt attempt) {
        if (attempt.credentials().isEmpty() || !attempt.credentials().get().user().equals(USER)) {
            return challenge(attempt);
        }
        return switch (tokens.check(attempt.credentials().get().password())) {
            case Tokens.Checked.Wrong() -> challenge(attempt);
            case Tokens.Checked.Expired() -> refused(403, "DENIED", "Your authorization token has expired. Reauthenticate and try again.");
            case Tokens.Checked.Good(Caller caller) when attempt.name().isEmpty() -> new Decision.Admitted(caller.principal().arn());
            case Tokens.Checked.Good(Caller caller) -> admit(caller, attempt.action().orElseThrow(), attempt.name().orElseThrow());
        };
    }

    private Decision admit(Caller caller, Action action, ImageName name) {
        if (action == Action.DELETE_MANIFEST) {
            return refused(405, "UNSUPPORTED", "The operation is unsupported.");
        }
        Optional<EcrRepository> repository = repositories.find(name);
        String arn = EcrRepository.arn(name.namespace().split("/")[0], name.namespace().split("/")[1], name.repository());
        Optional<String> denial = authority.denial(caller, permission(action), arn, repository.flatMap(EcrRepository::policy));
        if (denial.isPresent()) {
            return refused(403, "DENIED", denial.get());
        }
        return repository.isPresent() ? new Decision.Admitted(caller.principal().arn()) : new Decision.Refused(EcrCatalog.unknown(name));
    }

    /// Source: ECR user guide, "Repository policy examples" and the actions docker needs.
    private static String permission(Action action) {
        return switch (action) {
            case CHECK_LAYER -> "ecr:BatchCheckLayerAvailability";
            case READ_LAYER -> "ecr:GetDownloadUrlForLayer";
            case START_UPLOAD -> "ecr:InitiateLayerUpload";
            case UPLOAD_PART -> "ecr:UploadLayerPart";
            case COMPLETE_UPLOAD -> "ecr:CompleteLayerUpload";
            case READ_MANIFEST -> "ecr:BatchGetImage";
            case WRITE_MANIFEST -> "ecr:PutImage";
            case DELETE_MANIFEST -> "ecr:BatchDeleteImage";
            case LIST_TAGS -> "ecr:ListImages";
        };
    }

    private static Decision challenge(Attempt attempt) {
        return new Decision.Unauthenticated("Basic realm=\"https://" + attempt.host() + "/\",service=\"ecr.amazonaws.com\"");
    }

    private static Decision refused(int status, String code, String message) {
        return new Decision.Refused(new RegistryException(status, code, message));
    }
}
