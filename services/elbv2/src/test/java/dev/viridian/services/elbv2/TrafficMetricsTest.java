package dev.viridian.services.elbv2;

import static dev.viridian.services.elbv2.World.forward;
import static dev.viridian.services.elbv2.World.freePort;
import static dev.viridian.services.elbv2.World.say;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.viridian.proxy.Traffic;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.StandardUnit;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// What an application load balancer reports of real requests, minutes passing in a second each.
///
/// Source: user guide "CloudWatch metrics for your Application Load Balancer".
class TrafficMetricsTest {
    private static final String[] BALANCER = {"LoadBalancer"};
    private static final String[] ZONE = {"AvailabilityZone", "LoadBalancer"};
    private static final String[] GROUP = {"TargetGroup", "LoadBalancer"};
    private static final String[] GROUP_IN_ZONE = {"TargetGroup", "AvailabilityZone", "LoadBalancer"};

    private final Site site = new Site();
    private final World world = site.world;
    private final MetricsRecorder metrics = world.metrics;

    @AfterEach
    void close() {
        site.close();
    }

    private void checkedAt(TargetGroup group, String path) {
        world.call(e -> e.modifyTargetGroup(r -> r.targetGroupArn(group.targetGroupArn()).healthCheckPath(path).healthCheckIntervalSeconds(5)
                .healthCheckTimeoutSeconds(2).healthyThresholdCount(2).unhealthyThresholdCount(2)));
    }

    private static DoubleStream values(List<MetricDatum> data) {
        return data.stream().flatMap(datum -> datum.values().stream()).mapToDouble(Double::doubleValue);
    }

    @Test
    void answers_of_targets_are_counted_under_all_four_sets_of_dimensions() throws Exception {
        TargetGroup group = site.group("app", site.server("fine", 200));
        int port = freePort();
        world.listener(world.balancer("web"), port, forward(group));
        site.healthy(group);
        site.answers(port, 7);
        site.until(() -> metrics.sum("HTTPCode_Target_2XX_Count", BALANCER) == 7);

        for (String[] dimensions : List.of(BALANCER, ZONE, GROUP, GROUP_IN_ZONE)) {
            assertThat(metrics.sum("HTTPCode_Target_2XX_Count", dimensions)).isEqualTo(7);
            assertThat(metrics.sum("RequestCount", dimensions)).isEqualTo(7);
            assertThat(metrics.data("TargetResponseTime", dimensions)).isNotEmpty()
                    .allMatch(datum -> datum.unit() == StandardUnit.SECONDS);
        }
        assertThat(metrics.sum("RequestCountPerTarget", "TargetGroup")).isEqualTo(7);
        assertThat(metrics.sum("RequestCountPerTarget", GROUP_IN_ZONE)).isEqualTo(7);
        assertThat(metrics.data("HTTPCode_Target_5XX_Count", BALANCER)).isEmpty();
        assertThat(metrics.data("TargetConnectionErrorCount", BALANCER)).isEmpty();
    }

    @Test
    void connections_with_clients_and_with_targets_count_alike() throws Exception {
        TargetGroup group = site.group("app", site.server("fine", 200));
        int port = freePort();
        world.listener(world.balancer("web"), port, forward(group));
        site.healthy(group);
        site.answers(port, 3);
        site.until(() -> metrics.sum("NewConnectionCount", BALANCER) == 2);

        site.until(() -> metrics.sum("ActiveConnectionCount", BALANCER) >= 2);
        assertThat(metrics.sum("ProcessedBytes", BALANCER)).isPositive().isEqualTo(metrics.sum("ProcessedBytes", ZONE));
        assertThat(metrics.data("ProcessedBytes", BALANCER)).allMatch(datum -> datum.unit() == StandardUnit.BYTES);
        assertThat(metrics.data("RejectedConnectionCount", BALANCER)).isEmpty();
        assertThat(metrics.data("IPv6ProcessedBytes", BALANCER)).isEmpty();
    }

    @Test
    void a_failure_that_comes_and_goes_within_a_minute_shows_in_minimum_and_maximum() throws Exception {
        AtomicInteger status = new AtomicInteger(200);
        HttpServer server = site.server("app", status);
        TargetGroup group = site.group("app", server);
        checkedAt(group, "/");
        world.listener(world.balancer("web"), freePort(), forward(group));
        site.healthy(group);
        status.set(500);
        site.until(() -> world.health(group).state() == TargetHealthStateEnum.UNHEALTHY);
        status.set(200);
        site.healthy(group);

        site.until(() -> values(metrics.data("UnHealthyHostCount", GROUP)).anyMatch(value -> value == 1)
                && values(metrics.data("HealthyHostCount", GROUP)).anyMatch(value -> value == 1));
        assertThat(values(metrics.data("HealthyHostCount", GROUP_IN_ZONE)).min()).hasValue(0);
        assertThat(metrics.data("UnHealthyHostCount", BALANCER)).isEmpty();
    }

    @Test
    void requests_let_through_to_unhealthy_targets_are_told_and_the_zone_is_not_well() throws Exception {
        TargetGroup group = site.group("app", site.server("sick", 500));
        checkedAt(group, "/");
        int port = freePort();
        world.listener(world.balancer("web"), port, forward(group));
        site.until(() -> world.health(group).state() == TargetHealthStateEnum.UNHEALTHY);
        site.answers(port, 2);
        site.until(() -> metrics.sum("UnhealthyRoutingRequestCount", GROUP) == 2);

        assertThat(metrics.sum("UnhealthyRoutingRequestCount", GROUP_IN_ZONE)).isEqualTo(2);
        assertThat(metrics.sum("RequestCountPerTarget", GROUP)).as("shared by all, as none is healthy").isEqualTo(2);
        site.until(() -> metrics.sum("UnhealthyStateRouting", GROUP) >= 1 && metrics.sum("UnhealthyStateDNS", GROUP_IN_ZONE) >= 1);
        assertThat(metrics.sum("HealthyStateRouting", GROUP)).isZero();
    }

    @Test
    void requests_per_target_are_those_of_healthy_targets() throws Exception {
        TargetGroup group = site.group("app", site.server("fine", 200));
        checkedAt(group, "/");
        world.register(group, site.server("sick", 500).getAddress().getPort());
        int port = freePort();
        world.listener(world.balancer("web"), port, forward(group));
        site.until(() -> world.call(e -> e.describeTargetHealth(r -> r.targetGroupArn(group.targetGroupArn()))).targetHealthDescriptions().stream()
                .map(each -> each.targetHealth().stateAsString()).sorted().toList().equals(List.of("healthy", "unhealthy")));
        site.answers(port, 6);
        site.until(() -> metrics.sum("RequestCount", GROUP) == 6);

        assertThat(metrics.sum("RequestCountPerTarget", GROUP)).isEqualTo(6);
        assertThat(metrics.sum("RequestCountPerTarget", "TargetGroup")).isEqualTo(6);
    }

    /// Of real requests, taken for calls.
    @Test
    void calls_are_counted_for_each_group_that_speaks_grpc() throws Exception {
        TargetGroup group = site.group("app", site.server("fine", 200));
        int port = freePort();
        LoadBalancer balancer = world.balancer("web");
        world.listener(balancer, port, forward(group));
        site.healthy(group);
        site.answers(port, 3);
        MinuteOfTraffic traffic = MinuteOfTraffic.between(new Traffic(List.of(), List.of(), List.of()), world.proxy.traffic());

        for (Set<String> speakers : List.of(Set.of(group.targetGroupArn()), Set.<String>of())) {
            List<MetricDatum> data = new BalancerMetrics(balancer, Set.of(group.targetGroupArn()), world.proxy::health, Map.of(),
                    new BalancerMetrics.Kinds(Set.of(), speakers), site.time.now()).data(traffic, Map.of());
            assertThat(data.stream().filter(datum -> datum.metricName().equals("GrpcRequestCount") && datum.counts().equals(List.of(3.0)))
                    .map(datum -> MetricsRecorder.names(datum).keySet())).containsExactlyInAnyOrderElementsOf(speakers.isEmpty() ? List.of()
                    : List.of(Set.of("TargetGroup"), Set.of("TargetGroup", "AvailabilityZone"), Set.of(GROUP), Set.of(GROUP_IN_ZONE)));
        }
    }

    @Test
    void a_group_nobody_uses_reports_no_hosts() throws Exception {
        site.group("app", site.server("fine", 200));
        world.listener(world.balancer("web"), freePort(), say("hello"));
        site.until(() -> metrics.data("ConsumedLCUs", BALANCER).size() >= 2);

        assertThat(metrics.data("HealthyHostCount", GROUP)).isEmpty();
        assertThat(metrics.data("HealthyStateRouting", GROUP)).isEmpty();
    }

    @Test
    void rules_and_capacity_are_told_of_the_balancer_as_a_whole() throws Exception {
        int port = freePort();
        Listener listener = world.listener(world.balancer("web"), port, say("default"));
        for (int i = 1; i <= 12; i++) {
            String path = "/never/" + i;
            int priority = i;
            world.call(e -> e.createRule(r -> r.listenerArn(listener.listenerArn()).priority(priority)
                    .conditions(c -> c.field("path-pattern").values(path)).actions(say("rule"))));
        }
        site.answers(port, 5);
        site.until(() -> metrics.sum("RuleEvaluations", BALANCER) == 60);

        assertThat(metrics.data("RuleEvaluations", ZONE)).isEmpty();
        assertThat(metrics.data("ConsumedLCUs", ZONE)).isEmpty();
        // one connection within one minute of sixty seconds is more of a unit than ten evaluations or a few hundred bytes
        assertThat(values(metrics.data("ConsumedLCUs", BALANCER)).max().orElseThrow()).isGreaterThanOrEqualTo(1 / 60.0 / 25);
        assertThat(metrics.sum("HTTP_Fixed_Response_Count", BALANCER)).isEqualTo(5);
        assertThat(metrics.sum("RequestCount", BALANCER)).isZero();
        assertThat(metrics.data("HTTPCode_ELB_5XX_Count", BALANCER)).isEmpty();
    }

    @Test
    void what_stickiness_could_not_be_kept_for_is_told_of_sticky_groups_only() throws Exception {
        TargetGroup loose = site.group("loose", site.server("loose", 200));
        int port = freePort();
        world.listener(world.balancer("web"), port, forward(loose));
        site.healthy(loose);
        site.answers(port, 1);
        site.until(() -> metrics.sum("RequestCount", BALANCER) == 1);
        assertThat(metrics.data("NonStickyRequestCount", BALANCER)).isEmpty();

        world.call(e -> e.modifyTargetGroupAttributes(r -> r.targetGroupArn(loose.targetGroupArn()).attributes(a -> a.key("stickiness.enabled")
                .value("true"))));
        site.answers(port, 2);
        site.until(() -> metrics.sum("NonStickyRequestCount", BALANCER) == 2);
        assertThat(metrics.sum("NonStickyRequestCount", ZONE)).isEqualTo(2);
    }
}
