package dev.viridian.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionResponse;

class JsonServicesTest {
    private static final FakeEcs SERVICE = new FakeEcs();
    private static TestServer server;
    private static EcsClient ecs;

    @BeforeAll
    static void start() {
        server = new TestServer(true);
        server.wire.serve(EcsClient.class, SERVICE);
        server.start();
        ecs = server.client(EcsClient.builder());
    }

    @AfterAll
    static void stop() {
        ecs.close();
        server.close();
    }

    @Test
    void what_a_real_client_sends_arrives_and_comes_back() {
        ContainerDefinition container = ContainerDefinition.builder().name("web").image("shop:1").essential(true).memory(512)
                .environment(KeyValuePair.builder().name("A").value("grüß \"dich\" \n").build())
                        .portMappings(PortMapping.builder().containerPort(8080).build())
                .dockerLabels(Map.of("k", "v")).command().build();

        RegisterTaskDefinitionResponse answer = ecs.registerTaskDefinition(RegisterTaskDefinitionRequest.builder().family("shop")
                .networkMode("awsvpc")
                .containerDefinitions(container).build());

        assertThat(answer.taskDefinition().containerDefinitions()).containsExactly(container);
        assertThat(answer.taskDefinition().registeredAt()).isEqualTo(Instant.parse("2026-01-01T00:00:00.250Z"));
        assertThat(answer.taskDefinition().networkModeAsString()).isEqualTo("awsvpc");
        assertThat(answer.hasTags()).isFalse();
        assertThat(answer.responseMetadata().requestId()).matches("[0-9a-f-]{36}");
    }

    @Test
    void account_and_region_come_from_the_credentials() {
        String known = ecs.createCluster(request -> request.clusterName("c")).cluster().clusterArn();
        assertThat(known).isEqualTo("arn:aws:ecs:eu-west-1:111122223333:cluster/c");
        assertThat(SERVICE.caller.get().principal()).isEqualTo(TestServer.DEV);

        try (EcsClient other = server.client(EcsClient.builder(), AwsBasicCredentials.create("444455556666", "anything"))) {
            assertThat(other.createCluster(request -> request.clusterName("c")).cluster().clusterArn())
                    .isEqualTo("arn:aws:ecs:eu-west-1:444455556666:cluster/c");
        }
    }

    @Test
    void an_empty_list_is_told_from_an_absent_one() {
        assertThat(ecs.describeClusters().hasClusters()).isTrue();
        assertThat(ecs.describeClusters().hasFailures()).isFalse();
    }

    @Test
    void modelled_errors_arrive_as_their_class() {
        ClusterNotFoundException error = catchThrowableOfType(ClusterNotFoundException.class, () ->
                ecs.deleteCluster(request -> request.cluster("none")));

        assertThat(error.awsErrorDetails().errorCode()).isEqualTo("ClusterNotFoundException");
        assertThat(error.awsErrorDetails().errorMessage()).isEqualTo("Cluster not found.");
        assertThat(error.statusCode()).isEqualTo(400);
        assertThat(error.requestId()).isNotEmpty();
    }

    @Test
    void an_operation_nobody_has_written_is_told_by_name() {
        assertThatThrownBy(() -> ecs.listServices()).isInstanceOfSatisfying(EcsException.class, error -> {
            assertThat(error.statusCode()).isEqualTo(501);
            assertThat(error.awsErrorDetails().errorCode()).isEqualTo("NotImplemented");
            assertThat(error.awsErrorDetails().errorMessage()).isEqualTo("Viridian does not implement ecs:ListServices");
        });
    }

    @Test
    void what_a_service_says_it_does_not_do_is_told_in_its_words() {
        assertThatThrownBy(() -> ecs.deleteCluster(request -> request.cluster("half"))).isInstanceOfSatisfying(EcsException.class, error -> {
            assertThat(error.statusCode()).isEqualTo(501);
            assertThat(error.awsErrorDetails().errorCode()).isEqualTo("NotImplemented");
            assertThat(error.awsErrorDetails().errorMessage()).isEqualTo("Viridian does not implement DeleteCluster of half a cluster");
        });
    }

    @Test
    void an_unsupported_operation_deep_inside_a_service_is_a_bug_not_an_unwritten_operation() {
        assertThatThrownBy(() -> ecs.deleteCluster(request -> request.cluster("bug")))
                .isInstanceOfSatisfying(EcsException.class, error -> assertThat(error.statusCode()).isEqualTo(500));
    }

    @Test
    void malformed_requests_are_refused_in_AWSs_words() throws Exception {
        assertThat(post("AmazonEC2ContainerServiceV20141113.CreateCluster", "{not json")).contains("400 ").contains("SerializationException");
        assertThat(post("AmazonEC2ContainerServiceV20141113.CreateCluster", "{\"clusterName\": 7}"))
                .contains("400 ").contains("\"__type\":\"SerializationException\"").contains("NUMBER_VALUE can not be converted to a String");
        assertThat(post("AmazonEC2ContainerServiceV20141113.CreateCluster", "{\"clusterName\": {}}"))
                .contains("Start of structure or map found where not expected.");
        assertThat(post("AmazonEC2ContainerServiceV20141113.CreateCluster", "{\"tags\": \"x\"}")).contains("Expected list or null");
        assertThat(post("AmazonEC2ContainerServiceV20141113.NoSuch", "{}")).contains("400 ").contains("UnknownOperationException");
        assertThat(post("Nobody.NoSuch", "{}")).contains("400 ").contains("UnknownOperationException");
        assertThat(post("AmazonEC2ContainerServiceV20141113.CreateCluster", "{\"clusterName\": null, \"unknown\": [1, {\"a\": 2}]}"))
                .contains("200 ");
    }

    private static String post(String target, String body) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(HttpRequest.newBuilder(URI.create(server.uri() + "/")).header("X-Amz-Target", target)
                    .header("Content-Type", "application/x-amz-json-1.1").POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                    HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        }
    }
}
