package dev.viridian.aws;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/// Errors AWS gives without modelling an exception class for them (`ValidationError`, `AccessDenied`, `NoSuchBucketPolicy`, ...).
public final class AwsErrors {
    private AwsErrors() {}

    /// @param builder of the service's base exception, e.g. `EcsException.builder()`, so that callers can catch it as that
    /// @param code as it appears on the wire
    /// @param status the HTTP status, 400 for most
    public static AwsServiceException of(AwsServiceException.Builder builder, String code, int status, String message) {
        AwsErrorDetails details = AwsErrorDetails.builder().errorCode(code).errorMessage(message).build();
        return builder.awsErrorDetails(details).message(message).statusCode(status).build();
    }
}
