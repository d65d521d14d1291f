package dev.viridian.services.codedeploy;

import dev.viridian.services.codedeploy.appspec.AppSpecException;
import dev.viridian.services.codedeploy.appspec.AppSpecParser;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codedeploy.model.AppSpecContent;
import software.amazon.awssdk.services.codedeploy.model.BundleType;
import software.amazon.awssdk.services.codedeploy.model.InvalidRevisionException;
import software.amazon.awssdk.services.codedeploy.model.RawString;
import software.amazon.awssdk.services.codedeploy.model.RevisionLocation;
import software.amazon.awssdk.services.codedeploy.model.RevisionRequiredException;
import software.amazon.awssdk.services.codedeploy.model.S3Location;

/// What a revision of an ECS application may be, as far as the request alone tells.
///
/// A specification that comes with the request is read at once; one that lies in S3 is read when the deployment begins.
/// AWS refuses bundles for ECS, yet lets CodePipeline's plain CodeDeploy action hand over its zip; so zip is accepted here from everybody.
final class RevisionRules {
    private RevisionRules() {}

    /// The revision as it is kept: with the hash of its content.
    static RevisionLocation check(@Nullable RevisionLocation revision) {
        if (revision == null || revision.revisionTypeAsString() == null) {
            throw RevisionRequiredException.builder().message("The revision ID was not specified.").build();
        }
        return switch (revision.revisionType()) {
            case S3 -> withLocation(revision);
            case STRING -> revision.toBuilder().string(string(revision.string())).build();
            case APP_SPEC_CONTENT -> revision.toBuilder().appSpecContent(content(revision.appSpecContent())).build();
            case GIT_HUB -> throw invalid("For ECS deployment, the revision must be of type S3, String or AppSpecContent.");
            case UNKNOWN_TO_SDK_VERSION -> throw invalid("The revision type is not known: " + revision.revisionTypeAsString());
        };
    }

    private static RevisionLocation withLocation(RevisionLocation revision) {
        S3Location location = revision.s3Location();
        if (location == null || Names.isMissing(location.bucket()) || Names.isMissing(location.key())) {
            throw invalid("The revision must name the bucket and the key of an object in Amazon S3.");
        }
        BundleType type = location.bundleType();
        if (type != BundleType.YAML && type != BundleType.JSON && type != BundleType.ZIP) {
            throw invalid("BundleType must be either YAML or JSON");
        }
        return revision;
    }

    private static RawString string(@Nullable RawString string) {
        String content = string == null ? null : string.content();
        return RawString.builder().content(content).sha256(checked(content, string == null ? null : string.sha256())).build();
    }

    private static AppSpecContent content(@Nullable AppSpecContent given) {
        String content = given == null ? null : given.content();
        return AppSpecContent.builder().content(content).sha256(checked(content, given == null ? null : given.sha256())).build();
    }

    /// The hash of a content that can be used.
    private static String checked(@Nullable String content, @Nullable String expected) {
        if (Names.isMissing(content)) {
            throw invalid("The revision has no content.");
        }
        String actual = sha256(content);
        if (!Names.isMissing(expected) && !expected.equalsIgnoreCase(actual)) {
            throw invalid("The SHA256 hash of the revision's content is " + actual + ", not " + expected + ".");
        }
        try {
            AppSpecParser.parse(content);
        } catch (AppSpecException e) {
            throw invalid(e.getMessage());
        }
        return actual;
    }

    private static String sha256(String content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static InvalidRevisionException invalid(String message) {
        return InvalidRevisionException.builder().message(message).build();
    }
}
