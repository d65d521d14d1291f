package dev.viridian.services.elbv2;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeRequest;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/// A Lambda whose functions are all the same one, written in the test.
final class ScriptedLambda implements LambdaClient {
    final List<InvokeRequest> invocations = new CopyOnWriteArrayList<>();
    /// From event to answer; one that begins with `!` is what a failed function leaves behind.
    volatile UnaryOperator<String> function = event -> "{\"statusCode\": 200, \"body\": \"fine\"}";

    @Override
    public InvokeResponse invoke(InvokeRequest request) {
        invocations.add(request);
        String answer = function.apply(request.payload().asUtf8String());
        boolean failed = answer.startsWith("!");
        return InvokeResponse.builder().statusCode(200).functionError(failed ? "Unhandled" : null)
                .payload(SdkBytes.fromUtf8String(failed ? answer.substring(1) : answer)).build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // holds nothing
    }
}
