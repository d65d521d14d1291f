package dev.viridian.services.elbv2;

import dev.viridian.engine.Decision;
import java.util.Arrays;
import java.util.Optional;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.model.LambdaException;

/// Why a function gave no answer: AWS's codes for `error_reason` in access logs.
///
/// Source: user guide "Access logs", error reason codes. Which of Lambda's errors stands behind which code is told by their names, but for those that
/// are given here.
@Decision
enum LambdaFailure {
    ACCESS_DENIED("AccessDenied", "AccessDeniedException"),
    CONNECTION_TIMEOUT("ConnectionTimeout"),
    EC2_ACCESS_DENIED("EC2AccessDeniedException"),
    EC2_THROTTLED("EC2ThrottledException"),
    EC2_UNEXPECTED("EC2UnexpectedException"),
    ENI_LIMIT_REACHED("ENILimitReachedException"),
    INVALID_RESPONSE("InvalidResponse"),
    INVALID_RUNTIME("InvalidRuntimeException"),
    INVALID_SECURITY_GROUP("InvalidSecurityGroupIDException"),
    INVALID_SUBNET("InvalidSubnetIDException"),
    INVALID_ZIP_FILE("InvalidZipFileException"),
    KMS_ACCESS_DENIED("KMSAccessDeniedException"),
    KMS_DISABLED("KMSDisabledException"),
    KMS_INVALID_STATE("KMSInvalidStateException"),
    KMS_NOT_FOUND("KMSNotFoundException"),
    REQUEST_TOO_LARGE("RequestTooLarge", "RequestTooLargeException"),
    RESOURCE_NOT_FOUND("ResourceNotFound", "ResourceNotFoundException"),
    RESPONSE_TOO_LARGE("ResponseTooLarge"),
    SERVICE("ServiceException"),
    SUBNET_ADDRESS_LIMIT_REACHED("SubnetIPAddressLimitReachedException"),
    THROTTLING("Throttling", "TooManyRequestsException"),
    UNHANDLED("Unhandled"),
    UNHANDLED_EXCEPTION("UnhandledException");

    private final String name;
    private final String error;

    LambdaFailure(String name) {
        this(name, name);
    }

    /// @param error Lambda's
    LambdaFailure(String name, String error) {
        this.name = name;
        this.error = error;
    }

    String code() {
        return "Lambda" + name;
    }

    /// Whether it counts as `LambdaInternalError`, not as `LambdaUserError`.
    boolean internal() {
        return this == CONNECTION_TIMEOUT || this == SERVICE || this == UNHANDLED_EXCEPTION;
    }

    /// @param e what `Invoke` ended with
    static LambdaFailure of(SdkException e) {
        if (e instanceof ApiCallTimeoutException || e instanceof ApiCallAttemptTimeoutException) {
            return CONNECTION_TIMEOUT;
        }
        if (!(e instanceof LambdaException refusal)) {
            return UNHANDLED_EXCEPTION;
        }
        String told = Optional.ofNullable(refusal.awsErrorDetails()).map(details -> details.errorCode()).orElse(refusal.getClass().getSimpleName());
        return Arrays.stream(values()).filter(each -> each.error.endsWith("Exception") && each.error.equalsIgnoreCase(told)).findFirst()
                .orElse(refusal.statusCode() >= 500 ? SERVICE : UNHANDLED_EXCEPTION);
    }
}
