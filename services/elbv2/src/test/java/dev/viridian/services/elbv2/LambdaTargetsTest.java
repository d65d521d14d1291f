package dev.viridian.services.elbv2;

import static dev.viridian.services.elbv2.World.forward;
import static dev.viridian.services.elbv2.World.freePort;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;
import software.amazon.awssdk.services.lambda.model.InvokeRequest;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

/// Functions behind an application load balancer.
class LambdaTargetsTest {
    private static final String FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:hello";

    private final ScriptedLambda lambda = new ScriptedLambda();
    private final Site site = new Site(LoadBalancerOptions.DEFAULT.withFunctions(lambda));
    private final World world = site.world;

    @AfterEach
    void close() {
        site.close();
    }

    private TargetGroup group() {
        return group(r -> { });
    }

    private TargetGroup group(Consumer<CreateTargetGroupRequest.Builder> more) {
        return world.call(e -> e.createTargetGroup(r -> more.accept(r.name("fn").targetType("lambda")))).targetGroups().getFirst();
    }

    private void register(TargetGroup group, String... functions) {
        world.call(e -> e.registerTargets(r -> r.targetGroupArn(group.targetGroupArn())
                .targets(java.util.Arrays.stream(functions).map(each -> TargetDescription.builder().id(each).build()).toList())));
    }

    private int serve(TargetGroup group) {
        register(group, FUNCTION);
        int port = freePort();
        world.listener(world.balancer("web"), port, forward(group));
        return port;
    }

    @Test
    void a_request_becomes_an_invocation_and_its_answer_the_response() throws Exception {
        int port = serve(group());
        lambda.function = event -> "{\"statusCode\": 201, \"headers\": {\"X-Kind\": \"function\"}, \"body\": \"made\"}";
        HttpResponse<String> response = site.get(port, "/things?id=7");
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.headers().firstValue("X-Kind")).hasValue("function");
        assertThat(response.body()).isEqualTo("made");
        InvokeRequest invocation = lambda.invocations.getFirst();
        assertThat(invocation.functionName()).isEqualTo(FUNCTION);
        assertThat(invocation.payload().asUtf8String()).contains("\"path\":\"/things\"", "\"queryStringParameters\":{\"id\":\"7\"}",
                "\"x-forwarded-proto\":\"http\"", "\"x-amzn-trace-id\":\"Root=1-");
    }

    @Test
    void a_group_of_functions_has_aws_defaults_and_its_target_is_healthy_by_not_being_asked() throws Exception {
        TargetGroup group = group();
        assertThat(group.healthCheckEnabled()).isFalse();
        assertThat(group.healthCheckIntervalSeconds()).isEqualTo(35);
        assertThat(group.healthCheckTimeoutSeconds()).isEqualTo(30);
        assertThat(group.matcher().httpCode()).isEqualTo("200");
        assertThat(group.protocol()).isNull();
        assertThat(group.vpcId()).isNull();
        serve(group);
        TargetHealthDescription health = world.call(e -> e.describeTargetHealth(r -> r.targetGroupArn(group.targetGroupArn())))
                .targetHealthDescriptions().getFirst();
        assertThat(health.target()).isEqualTo(TargetDescription.builder().id(FUNCTION).build());
        assertThat(health.targetHealth().stateAsString()).isEqualTo("unavailable");
        assertThat(health.targetHealth().reasonAsString()).isEqualTo("Target.HealthCheckDisabled");
        assertThat(lambda.invocations).isEmpty();
    }

    @Test
    void health_checks_invoke_the_function_once_they_are_enabled() throws Exception {
        TargetGroup group = group(r -> r.healthCheckEnabled(true).healthCheckPath("/well"));
        serve(group);
        site.healthy(group);
        assertThat(lambda.invocations.getFirst().payload().asUtf8String()).contains("\"path\":\"/well\"",
                "\"headers\":{\"user-agent\":\"ELB-HealthChecker/2.0\"}");
    }

    @Test
    void multi_value_headers_change_the_event_and_what_is_read_of_the_answer() throws Exception {
        TargetGroup group = group();
        world.call(e -> e.modifyTargetGroupAttributes(r -> r.targetGroupArn(group.targetGroupArn())
                .attributes(a -> a.key("lambda.multi_value_headers.enabled").value("true"))));
        int port = serve(group);
        lambda.function = event -> "{\"statusCode\": 200, \"multiValueHeaders\": {\"Set-Cookie\": [\"a=1\", \"b=2\"]}}";
        assertThat(site.get(port, "/?k=1&k=2").headers().allValues("set-cookie")).containsExactly("a=1", "b=2");
        assertThat(lambda.invocations.getFirst().payload().asUtf8String()).contains("\"multiValueQueryStringParameters\":{\"k\":[\"1\",\"2\"]}");
    }

    @Test
    void what_goes_wrong_is_502_and_told_apart_in_the_metrics() throws Exception {
        TargetGroup group = group();
        int port = serve(group);
        answersWith(port, event -> "not an answer");
        answersWith(port, event -> "!{\"errorMessage\": \"boom\"}");
        answersWith(port, event -> "{\"statusCode\": 200, \"body\": \"" + "x".repeat(1 << 20) + "\"}");
        answersWith(port, event -> {
            throw ResourceNotFoundException.builder().message("Function not found").statusCode(404).build();
        });
        answersWith(port, event -> {
            throw LambdaException.builder().message("something broke").statusCode(500).build();
        });
        site.until(() -> world.metrics.sum("LambdaUserError", "TargetGroup", "LoadBalancer") == 4
                && world.metrics.sum("LambdaInternalError", "TargetGroup") == 1);
        assertThat(world.metrics.sum("LambdaTargetProcessedBytes", "LoadBalancer")).isGreaterThan(1 << 20);
        assertThat(world.metrics.sum("RequestCount", "LoadBalancer")).isEqualTo(5);
        assertThat(world.metrics.sum("HTTPCode_ELB_502_Count", "LoadBalancer")).isEqualTo(5);
    }

    @Test
    void who_is_to_blame_is_as_aws_documents_it_and_health_checks_are_nobodys() throws Exception {
        TargetGroup group = group(r -> r.healthCheckEnabled(true));
        int port = serve(group);
        site.healthy(group);
        answersWith(port, event -> {
            throw TooManyRequestsException.builder().message("Rate exceeded").statusCode(429).build();
        });
        site.until(() -> world.metrics.sum("LambdaUserError", "TargetGroup") == 1);
        answersWith(port, event -> {
            throw SdkClientException.create("nobody there");
        });
        site.until(() -> world.metrics.sum("LambdaInternalError", "TargetGroup") == 1);
        site.until(() -> world.health(group).state() == TargetHealthStateEnum.UNHEALTHY);
        lambda.function = event -> "{\"statusCode\": 200}";
        assertThat(site.get(port, "/").statusCode()).isEqualTo(200);
        site.until(() -> world.metrics.sum("HTTPCode_Target_2XX_Count", "LoadBalancer") == 1);
        assertThat(world.metrics.sum("LambdaInternalError", "TargetGroup")).isEqualTo(1);
    }

    private void answersWith(int port, UnaryOperator<String> function) throws Exception {
        lambda.function = function;
        assertThat(site.get(port, "/").statusCode()).isEqualTo(502);
    }

    @Test
    void a_group_has_one_function_given_by_its_arn_perhaps_with_a_version_or_alias() {
        TargetGroup group = group();
        assertThatThrownBy(() -> register(group, "127.0.0.1")).isInstanceOf(InvalidTargetException.class);
        register(group, FUNCTION + ":live");
        assertThatThrownBy(() -> register(group, FUNCTION)).isInstanceOf(TooManyTargetsException.class);
        assertThat(world.call(e -> e.describeTargetHealth(r -> r.targetGroupArn(group.targetGroupArn()))).targetHealthDescriptions())
                .extracting(each -> each.target().id()).isEqualTo(List.of(FUNCTION + ":live"));
        world.call(e -> e.deregisterTargets(r -> r.targetGroupArn(group.targetGroupArn()).targets(t -> t.id(FUNCTION + ":live"))));
        register(group, FUNCTION);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"protocol", "port", "vpc"})
    void what_a_function_does_not_have_cannot_be_given(String what) {
        assertThatThrownBy(() -> group(r -> {
            switch (what) {
                case "protocol" -> r.protocol("HTTP");
                case "port" -> r.port(80);
                default -> r.vpcId(FixedNetwork.VPC);
            }
        })).hasMessageContaining("'lambda'");
    }

    @Test
    void functions_stand_behind_application_load_balancers_only() {
        LoadBalancer network = world.call(e -> e.createLoadBalancer(r -> r.name("net").type("network").subnets("subnet-a"))).loadBalancers().getFirst();
        TargetGroup group = group();
        assertThatThrownBy(() -> world.call(e -> e.createListener(r -> r.loadBalancerArn(network.loadBalancerArn()).protocol("TCP").port(freePort())
                .defaultActions(forward(group))))).isInstanceOf(IncompatibleProtocolsException.class);
    }

    @Test
    void a_deregistered_function_finishes_what_it_has_begun() throws Exception {
        TargetGroup group = group();
        int port = serve(group);
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        lambda.function = event -> {
            arrived.countDown();
            Site.await(release);
            return "{\"statusCode\": 200, \"body\": \"finished\"}";
        };
        var response = site.client.sendAsync(Site.request(port, "/"), HttpResponse.BodyHandlers.ofString());
        Site.await(arrived);
        world.call(e -> e.deregisterTargets(r -> r.targetGroupArn(group.targetGroupArn()).targets(t -> t.id(FUNCTION))));
        assertThat(world.health(group).stateAsString()).isEqualTo("draining");
        assertThat(site.get(port, "/").statusCode()).isEqualTo(503);
        release.countDown();
        assertThat(response.get().body()).isEqualTo("finished");
    }
}
