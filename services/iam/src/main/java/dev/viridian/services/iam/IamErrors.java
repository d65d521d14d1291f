package dev.viridian.services.iam;

import dev.viridian.aws.AwsErrors;
import dev.viridian.aws.shapes.Pages;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.iam.model.DeleteConflictException;
import software.amazon.awssdk.services.iam.model.EntityAlreadyExistsException;
import software.amazon.awssdk.services.iam.model.IamException;
import software.amazon.awssdk.services.iam.model.InvalidInputException;
import software.amazon.awssdk.services.iam.model.LimitExceededException;
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
