package dev.viridian.services.elbv2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.lambda.model.EniLimitReachedException;
import software.amazon.awssdk.services.lambda.model.KmsDisabledException;
import software.amazon.awssdk.services.lambda.model.LambdaException;

class LambdaFailureTest {
    @ParameterizedTest
    @CsvSource({"AccessDeniedException,403,LambdaAccessDenied", "ResourceNotFoundException,404,LambdaResourceNotFound",
            "TooManyRequestsException,429,LambdaThrottling", "RequestTooLargeException,413,LambdaRequestTooLarge",
            "EC2ThrottledException,502,LambdaEC2ThrottledException", "KMSAccessDeniedException,502,LambdaKMSAccessDeniedException",
            "ServiceException,500,LambdaServiceException", "SomethingNewException,500,LambdaServiceException",
            "SomethingNewException,400,LambdaUnhandledException", "Unhandled,400,LambdaUnhandledException"})
    void an_error_of_lambda_has_a_code_in_access_logs(String error, int status, String code) {
        assertThat(LambdaFailure.of((LambdaException) LambdaException.builder().awsErrorDetails(AwsErrorDetails.builder().errorCode(error).build())
                .statusCode(status).build()).code()).isEqualTo(code);
    }

    @Test
    void an_exception_without_a_code_is_told_by_its_class() {
        assertThat(LambdaFailure.of(EniLimitReachedException.builder().build()).code()).isEqualTo("LambdaENILimitReachedException");
        assertThat(LambdaFailure.of(KmsDisabledException.builder().build()).code()).isEqualTo("LambdaKMSDisabledException");
    }

    @Test
    void what_never_reached_lambda_is_not_the_users_fault() {
        assertThat(LambdaFailure.of(ApiCallTimeoutException.create(1))).isEqualTo(LambdaFailure.CONNECTION_TIMEOUT);
        assertThat(LambdaFailure.of(SdkClientException.create("no"))).isEqualTo(LambdaFailure.UNHANDLED_EXCEPTION);
        assertThat(Arrays.stream(LambdaFailure.values()).filter(LambdaFailure::internal).map(LambdaFailure::code))
                .containsExactly("LambdaConnectionTimeout", "LambdaServiceException", "LambdaUnhandledException");
    }
}
