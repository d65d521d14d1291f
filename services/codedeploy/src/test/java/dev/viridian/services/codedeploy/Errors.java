package dev.viridian.services.codedeploy;

import dev.viridian.aws.AwsErrors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/// Errors other services give, as the decorator before them would let them through.
final class Errors {
    private Errors() {}

    static AwsServiceException denied(AwsServiceException.Builder builder) {
        return AwsErrors.of(builder, "AccessDeniedException", 400, "User is not authorized to perform this");
    }

    static AwsServiceException busy(AwsServiceException.Builder builder) {
        return AwsErrors.of(builder, "ServerException", 500, "Service Unavailable");
    }

    static AwsServiceException refused(AwsServiceException.Builder builder, String message) {
        return AwsErrors.of(builder, "InvalidParameterException", 400, message);
    }
}
