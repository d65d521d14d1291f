package dev.viridian.services.elbv2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.proxy.routing.Action.Forward;
import dev.viridian.proxy.routing.Condition;
import dev.viridian.proxy.routing.HealthCheck.StatusRange;
import dev.viridian.proxy.routing.ListenerSettings.ForwardedFor;
import dev.viridian.proxy.routing.RoutingSnapshot;
import dev.viridian.proxy.routing.Target;
import dev.viridian.proxy.routing.TargetGroup.Minimum;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// From tables to what the proxy routes by.
class RoutingTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final String ACCOUNT = "arn:aws:elasticloadbalancing:us-east-1:123456789012:";

    @Test
    void a_listener_binds_its_port_under_the_name_of_its_load_balancer_and_forwards_by_weight() {
        RoutingSnapshot snapshot = compile(List.of(balancer("web", NOON)),
                List.of(listener("web", "l1", 80, World.forward(group("blue"), 90, group("green"), 10))), Map.of(), List.of());

        assertThat(snapshot.listeners()).hasSize(1);
        var listener = snapshot.listeners().getFirst();
        assertThat(listener.port()).isEqualTo(80);
        assertThat(listener.addresses()).containsExactly("127.0.0.1");
        assertThat(listener.hostNames()).containsExactly("web.elb.localhost");
        assertThat(((Forward) listener.defaultAction()).groups()).extracting(Forward.WeightedGroup::weight).containsExactly(90, 10);
    }

    @Test
    void the_oldest_load_balancer_comes_first() {
        RoutingSnapshot snapshot = compile(List.of(balancer("young", NOON.plusSeconds(1)), balancer("old", NOON)),
                List.of(listener("young", "l1", 80, World.say("y")), listener("old", "l2", 80, World.say("o"))), Map.of(), List.of());

        assertThat(snapshot.listeners()).flatExtracting("hostNames").containsExactly("old.elb.localhost", "young.elb.localhost");
    }

    @Test
    void draining_targets_are_left_out_so_that_the_proxy_drains_them() {
        RegisteredTarget stays = new RegisteredTarget(group("blue").targetGroupArn(), "10.0.0.1", "10.0.0.1", 8080, "", NOON, Optional.empty());
        RegisteredTarget leaves = new RegisteredTarget(group("blue").targetGroupArn(), "10.0.0.2", "10.0.0.2", 8080, "", NOON, Optional.of(NOON));

        assertThat(compile(List.of(), List.of(), Map.of(), List.of(stays, leaves)).groups().getFirst().targets())
                .containsExactly(new Target("10.0.0.1", "10.0.0.1", 8080));
    }

    @Test
    void attributes_become_settings() {
        RoutingSnapshot snapshot = compile(List.of(balancer("web", NOON)), List.of(listener("web", "l1", 80, World.say("x"))),
                Map.of("idle_timeout.timeout_seconds", "7", "routing.http.xff_header_processing.mode", "remove",
                "deregistration_delay.timeout_seconds", "11",
                        "routing.http.preserve_host_header.enabled", "true"), List.of());

        var settings = snapshot.listeners().getFirst().settings();
        assertThat(settings.idleTimeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(settings.forwardedFor()).isEqualTo(ForwardedFor.REMOVE);
        assertThat(settings.preserveHost()).isTrue();
        assertThat(snapshot.groups().getFirst().deregistrationDelay()).isEqualTo(Duration.ofSeconds(11));
    }

    @Test
    void a_minimum_of_healthy_targets_is_a_count_and_a_share() {
        String prefix = "target_group_health.unhealthy_state_routing.minimum_healthy_targets.";
        assertThat(compile(List.of(), List.of(), Map.of(), List.of()).groups().getFirst().minimum()).isEqualTo(new Minimum(1, 0));
        assertThat(compile(List.of(), List.of(), Map.of(prefix + "count", "3", prefix + "percentage", "50"), List.of()).groups().getFirst().minimum())
                .isEqualTo(new Minimum(3, 50));
    }

    @Test
    void the_health_check_is_the_groups_own() {
        var check = compile(List.of(), List.of(), Map.of(), List.of()).groups().getFirst().healthCheck();

        assertThat(check.interval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(check.timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(check.port()).isEqualTo(OptionalInt.empty());
        assertThat(check.healthy()).containsExactly(new StatusRange(200, 200));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            200         | 200-200
            200,202     | 200-200 202-202
            200-299     | 200-299
            200,301-302 | 200-200 301-302
            """)
    void matchers_are_lists_of_codes_and_ranges(String matcher, String ranges) {
        assertThat(Routing.ranges(matcher).stream().map(range -> range.from() + "-" + range.to())).containsExactly(ranges.split(" "));
    }

    static Stream<Arguments> conditions() {
        return Stream.of(
                Arguments.of(RuleCondition.builder().field("host-header").values("*.example.com").build(),
                new Condition.Host(List.of("*.example.com"))),
                Arguments.of(RuleCondition.builder().field("path-pattern").values("/img/*", "/x?").build(),
                new Condition.Path(List.of("/img/*", "/x?"))),
                Arguments.of(RuleCondition.builder().field("http-header").httpHeaderConfig(c -> c.httpHeaderName("User-Agent").values("*curl*"))
                .build(),
                        new Condition.Header("User-Agent", List.of("*curl*"))),
                Arguments.of(RuleCondition.builder().field("http-request-method").httpRequestMethodConfig(c -> c.values("GET")).build(),
                new Condition.Method(List.of("GET"))),
                Arguments.of(RuleCondition.builder().field("query-string")
                .queryStringConfig(c -> c.values(v -> v.key("v").value("2"), v -> v.value("beta"))).build(),
                        new Condition.Query(List.of(new Condition.Query.Parameter(Optional.of("v"), "2"),
                        new Condition.Query.Parameter(Optional.empty(), "beta")))),
                Arguments.of(RuleCondition.builder().field("source-ip").sourceIpConfig(c -> c.values("10.0.0.0/8")).build(),
                new Condition.SourceIp(List.of("10.0.0.0/8"))));
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void every_kind_of_condition_has_its_counterpart(RuleCondition configured, Condition compiled) {
        assertThat(Routing.condition(Conditions.checked(List.of(configured)).getFirst())).isEqualTo(compiled);
    }

    private static RoutingSnapshot compile(List<LoadBalancer> balancers, List<Listener> listeners, Map<String, String> set,
            List<RegisteredTarget> targets) {
        List<TargetGroup> groups = List.of(group("blue"), group("green"));
        Map<String, Map<String, String>> attributes = new HashMap<>();
        balancers.forEach(balancer -> attributes.put(balancer.loadBalancerArn(), Attribute.complete(Attribute.APPLICATION, set)));
        groups.forEach(group -> attributes.put(group.targetGroupArn(), Attribute.complete(Attribute.TARGET_GROUP, set)));
        return Routing.compile(new Routing.Tables(balancers, listeners, List.of(), groups, targets, attributes, Map.of(), Map.of()), "127.0.0.1");
    }

    private static LoadBalancer balancer(String name, Instant created) {
        return LoadBalancer.builder().loadBalancerArn(ACCOUNT + "loadbalancer/app/" + name + "/0123456789abcdef").type("application")
                .dnsName(name + ".elb.localhost")
                .createdTime(created).build();
    }

    private static Listener listener(String balancer, String id, int port, Action action) {
        String arn = ACCOUNT + "listener/app/" + balancer + "/0123456789abcdef/" + id;
        Action complete = action.forwardConfig() == null ? action
                : action.copy(b -> b.forwardConfig(action.forwardConfig().copy(f -> f.targetGroupStickinessConfig(s -> s.enabled(false)))));
        return Listener.builder().listenerArn(arn).loadBalancerArn(ACCOUNT + "loadbalancer/app/" + balancer + "/0123456789abcdef").port(port)
                .protocol("HTTP")
                .defaultActions(complete).build();
    }

    private static TargetGroup group(String name) {
        return HealthSettings.completed(TargetGroup.builder().targetGroupArn(ACCOUNT + "targetgroup/" + name + "/0123456789abcdef")
                .targetGroupName(name).protocol("HTTP").port(80)
                .targetType("ip").build());
    }
}
