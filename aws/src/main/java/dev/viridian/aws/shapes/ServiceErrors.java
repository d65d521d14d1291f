package dev.viridian.aws.shapes;

import dev.viridian.aws.AwsErrors;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/// Makes exceptions of a service nobody knows at compile time: modelled classes where the SDK has one, the service's base exception otherwise.
public final class ServiceErrors {
    private final Class<?> clientInterface;
    private final OperationIndex index;

    public ServiceErrors(Class<?> clientInterface) {
        this.clientInterface = clientInterface;
        this.index = OperationIndex.of(clientInterface);
    }

    /// The modelled exception with this code when there is one, else the base exception carrying the code.
    public AwsServiceException of(String code, int status, String message) {
        return modelled(code, message).orElseGet(() -> AwsErrors.of(builder(baseException()), code, status, message));
    }

    /// An exception of the SDK's class for `code`; empty when the service has none.
    public Optional<AwsServiceException> modelled(String code, String message) {
        return index.error(code).or(() -> index.errorByCode(code)).flatMap(error -> modelClass(error.code())
                .or(() -> modelClass(error.code() + "Exception"))
                .map(type -> builder(type).message(message)
                        .awsErrorDetails(AwsErrorDetails.builder().errorCode(error.code()).errorMessage(message)
                                .serviceName(index.meta().serviceId()).build())
                        .statusCode(error.status()).build()));
    }

    /// Whether the service has an exception class of this name, in any case.
    boolean has(String exceptionClass) {
        return index.error(exceptionClass).isPresent();
    }

    /// The code under which the service reports violations of its model.
    ///
    /// Source: answers seen from these services; query services say ValidationError, JSON services ValidationException.
    String validationCode() {
        return switch (index.meta().artifact()) {
            case "ecs", "cloudwatchlogs" -> "InvalidParameterException";
            case "codebuild" -> "InvalidInputException";
            default -> index.meta().protocols().contains("query") ? "ValidationError" : "ValidationException";
        };
    }

    /// `EcsException` for `EcsClient`.
    private Class<?> baseException() {
        String simple = clientInterface.getSimpleName();
        String name = simple.substring(0, simple.length() - "Client".length()) + "Exception";
        return modelClass(name).orElseThrow(() -> new IllegalStateException("the SDK has no " + name + " for " + clientInterface.getName()));
    }

    private Optional<Class<?>> modelClass(String simpleName) {
        try {
            return Optional.of(Class.forName(clientInterface.getPackageName() + ".model." + simpleName, true, clientInterface.getClassLoader()));
        } catch (ClassNotFoundException e) {
            return Optional.empty(); // the code has no class of its own, which is what the caller asked
        }
    }

    private static AwsServiceException.Builder builder(Class<?> exception) {
        return (AwsServiceException.Builder) Shape.of(exception).newBuilder();
    }
}
