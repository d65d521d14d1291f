package dev.viridian.services.iam;

import dev.viridian.aws.AwsErrors;
import dev.viridian.aws.shapes.Pages;
import dev.viridian.aws.x509.Flaw;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.iam.model.DeleteConflictException;
import software.amazon.awssdk.services.iam.model.EntityAlreadyExistsException;
import software.amazon.awssdk.services.iam.model.IamException;
import software.amazon.awssdk.services.iam.model.InvalidInputException;
import software.amazon.awssdk.services.iam.model.KeyPairMismatchException;
import software.amazon.awssdk.services.iam.model.LimitExceededException;
import software.amazon.awssdk.services.iam.model.MalformedCertificateException;
import software.amazon.awssdk.services.iam.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.ServiceNotSupportedException;
import software.amazon.awssdk.services.iam.model.UnmodifiableEntityException;

/// IAM's errors. Their codes lack the `Exception` that the SDK's classes have.
final class IamErrors {
    private static final int USUAL_PAGE = 100;
    private static final int MOST_PER_PAGE = 1000;

    private IamErrors() {}

    static AwsServiceException noSuchEntity(String message) {
        return AwsErrors.of(NoSuchEntityException.builder(), "NoSuchEntity", 404, message);
    }

    static AwsServiceException alreadyExists(String message) {
        return AwsErrors.of(EntityAlreadyExistsException.builder(), "EntityAlreadyExists", 409, message);
    }

    static AwsServiceException deleteConflict(String message) {
        return AwsErrors.of(DeleteConflictException.builder(), "DeleteConflict", 409, message);
    }

    static AwsServiceException limitExceeded(String message) {
        return AwsErrors.of(LimitExceededException.builder(), "LimitExceeded", 409, message);
    }

    static AwsServiceException malformedPolicy(String message) {
        return AwsErrors.of(MalformedPolicyDocumentException.builder(), "MalformedPolicyDocument", 400, message);
    }

    static AwsServiceException invalidInput(String message) {
        return AwsErrors.of(InvalidInputException.builder(), "InvalidInput", 400, message);
    }

    static AwsServiceException unmodifiable(String message) {
        return AwsErrors.of(UnmodifiableEntityException.builder(), "UnmodifiableEntity", 400, message);
    }

    static AwsServiceException notSupportedService(String message) {
        return AwsErrors.of(ServiceNotSupportedException.builder(), "NotSupportedService", 404, message);
    }

    /// Wordings as users reported them from AWS, unless a line says it is a guess.
    static AwsServiceException flawed(Flaw flaw) {
        return switch (flaw) {
            case KEY_OF_ANOTHER_CERTIFICATE -> AwsErrors.of(KeyPairMismatchException.builder(), "KeyPairMismatch", 400,
                    "The private key does not match the public key of the certificate."); // a guess
            case KEY_UNREADABLE, KEY_ENCRYPTED -> malformedCertificate("Unable to parse key. Please ensure the key is in PEM format."); // a guess
            case KEY_UNSUPPORTED -> malformedCertificate("The key of the certificate is of a kind that is not supported."); // a guess
            case CHAIN_BROKEN, CHAIN_MISSING, CHAIN_UNREADABLE -> malformedCertificate("Unable to validate certificate chain. The certificate chain "
                    + "must start with the immediate signing certificate, followed by any intermediaries in order. The index within the chain of the "
                    + "invalid certificate is: -1");
            case EXPIRED, NOT_YET_VALID -> malformedCertificate("The certificate is not valid at this time."); // a guess
            case CERTIFICATE_UNREADABLE, MORE_THAN_ONE_CERTIFICATE ->
                    malformedCertificate("Unable to parse certificate. Please ensure the certificate is in PEM format.");
        };
    }

    private static AwsServiceException malformedCertificate(String message) {
        return AwsErrors.of(MalformedCertificateException.builder(), "MalformedCertificate", 400, message);
    }

    static AwsServiceException validation(String message) {
        return AwsErrors.of(IamException.builder(), "ValidationError", 400, message);
    }

    /// A page the way all of IAM's lists are paged.
    ///
    /// @param sorted by `id`
    static <T> Pages.Page<T> page(List<T> sorted, Function<? super T, String> id, @Nullable String marker, @Nullable Integer most) {
        try {
            return Pages.of(sorted, id, marker, most == null ? USUAL_PAGE : most, MOST_PER_PAGE);
        } catch (Pages.InvalidToken e) {
            throw validation("Invalid Marker.");
        }
    }
}
