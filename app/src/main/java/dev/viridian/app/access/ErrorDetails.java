package dev.viridian.app.access;

import dev.viridian.aws.shapes.OperationIndex;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/// Completes what a service throws to what an SDK client would show: code, status and request id come from the API model, so that services only
/// name the exception and its message.
final class ErrorDetails {
    private final Class<?> clientInterface;

    ErrorDetails(Class<?> clientInterface) {
        this.clientInterface = clientInterface;
    }

    AwsServiceException complete(AwsServiceException thrown, String requestId) {
        OperationIndex index = OperationIndex.of(clientInterface);
        String type = thrown.getClass().getSimpleName();
        AwsErrorDetails given = thrown.awsErrorDetails();
        OperationIndex.Error modelled = index.error(type).orElse(null);
        String code = given != null && given.errorCode() != null ? given.errorCode() : modelled != null ? modelled.code() : type;
        int status = thrown.statusCode() != 0 ? thrown.statusCode() : modelled != null ? modelled.status() : 400;
        String message = given != null && given.errorMessage() != null ? given.errorMessage() : rawMessage(thrown);
        AwsErrorDetails details = AwsErrorDetails.builder().errorCode(code).errorMessage(message).serviceName(index.meta().serviceId()).build();
        AwsServiceException complete =
                (AwsServiceException) thrown.toBuilder().awsErrorDetails(details).statusCode(status).requestId(requestId).cause(thrown.getCause()).build();
        complete.setStackTrace(thrown.getStackTrace());
        return complete;
    }

    /// [AwsServiceException#getMessage] decorates the message once details are there; without them it is the plain one.
    private static String rawMessage(AwsServiceException thrown) {
        return thrown.getMessage() == null ? "" : thrown.getMessage();
    }
}
