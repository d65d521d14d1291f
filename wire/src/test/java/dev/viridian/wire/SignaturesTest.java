package dev.viridian.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.viridian.engine.time.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.StsException;

/// Real clients with wrong credentials or a wrong clock.
class SignaturesTest {
    private static final AwsBasicCredentials RIGHT = AwsBasicCredentials.create(TestServer.KEY, TestServer.SECRET);

    @Test
    void a_right_signature_is_accepted_and_names_the_caller() {
        FakeEcs service = new FakeEcs();
        try (TestServer server = new TestServer(false)) {
            server.wire.serve(EcsClient.class, service);
            server.start();
            try (EcsClient ecs = server.client(EcsClient.builder(), RIGHT);
                    EcsClient session = server.client(EcsClient.builder(), AwsSessionCredentials.create(TestServer.SESSION_KEY, TestServer.SECRET,
                            TestServer.SESSION_TOKEN))) {
                ecs.createCluster(request -> request.clusterName("c"));
                assertThat(service.caller.get().principal()).isEqualTo(TestServer.DEV);
                session.createCluster(request -> request.clusterName("c"));
                assertThat(service.caller.get().principal().arn()).isEqualTo("arn:aws:sts::111122223333:assumed-role/deployer/s");
            }
        }
    }

    @Test
    void json_services_name_what_is_wrong_with_a_signature() {
        json(AwsBasicCredentials.create(TestServer.KEY, "wrong"), Duration.ZERO, error -> {
            assertThat(error.awsErrorDetails().errorCode()).isEqualTo("InvalidSignatureException");
            assertThat(error.awsErrorDetails().errorMessage())
                    .startsWith("The request signature we calculated does not match the signature you provided.");
            assertThat(error.statusCode()).isEqualTo(400);
        });
        json(AwsBasicCredentials.create("AKIANOBODY0000000000", "x"), Duration.ZERO, error -> {
            assertThat(error.awsErrorDetails().errorCode()).isEqualTo("UnrecognizedClientException");
            assertThat(error.awsErrorDetails().errorMessage()).isEqualTo("The security token included in the request is invalid.");
        });
        json(AwsSessionCredentials.create(TestServer.SESSION_KEY, TestServer.SECRET, "another"), Duration.ZERO,
                error -> assertThat(error.awsErrorDetails().errorCode()).isEqualTo("UnrecognizedClientException"));
        json(AwsSessionCredentials.create("ASIAEXPIRED000000001", TestServer.SECRET, TestServer.SESSION_TOKEN), Duration.ZERO, error -> {
            assertThat(error.awsErrorDetails().errorCode()).isEqualTo("ExpiredTokenException");
            assertThat(error.awsErrorDetails().errorMessage()).isEqualTo("The security token included in the request is expired");
        });
    }

    @Test
    void a_clock_may_be_five_minutes_off_but_not_six() {
        json(RIGHT, Duration.ofMinutes(6), error -> {
            assertThat(error.awsErrorDetails().errorCode()).isEqualTo("InvalidSignatureException");
            assertThat(error.awsErrorDetails().errorMessage())
                    .matches("Signature expired: \\d{8}T\\d{6}Z is now earlier than \\d{8}T\\d{6}Z \\(\\d{8}T\\d{6}Z - 5 min\\.\\)");
        });
        json(RIGHT, Duration.ofMinutes(-6), error -> assertThat(error.awsErrorDetails().errorMessage())
                .matches("Signature not yet current: \\d{8}T\\d{6}Z is still later than \\d{8}T\\d{6}Z \\(\\d{8}T\\d{6}Z \\+ 5 min\\.\\)"));
    }

    @Test
    void query_services_use_other_codes() {
        query(AwsBasicCredentials.create(TestServer.KEY, "wrong"), error -> {
            assertThat(error.awsErrorDetails().errorCode()).isEqualTo("SignatureDoesNotMatch");
            assertThat(error.statusCode()).isEqualTo(403);
        });
        query(AwsBasicCredentials.create("AKIANOBODY0000000000", "x"), error -> {
            assertThat(error.awsErrorDetails().errorCode()).isEqualTo("InvalidClientTokenId");
            assertThat(error.statusCode()).isEqualTo(403);
        });
    }

    private static void json(AwsCredentials credentials, Duration serverAhead, Consumer<EcsException> check) {
        Instant now = new dev.viridian.engine.time.SystemTime().now().truncatedTo(ChronoUnit.SECONDS);
        try (TestServer server = new TestServer(false, new VirtualTime(now.plus(serverAhead)))) {
            server.wire.serve(EcsClient.class, new FakeEcs());
            server.start();
            try (EcsClient ecs = server.client(EcsClient.builder(), credentials)) {
                check.accept(catchThrowableOfType(EcsException.class, () -> ecs.createCluster(request -> request.clusterName("c"))));
            }
        }
    }

    private static void query(AwsCredentials credentials, Consumer<StsException> check) {
        try (TestServer server = new TestServer(false)) {
            server.wire.serve(StsClient.class, new StsClient() {
                @Override
                public String serviceName() {
                    return "sts";
                }

                @Override
                public void close() {}
            });
            server.start();
            try (StsClient sts = server.client(StsClient.builder(), credentials)) {
                check.accept(catchThrowableOfType(StsException.class, sts::getCallerIdentity));
            }
        }
    }
}
