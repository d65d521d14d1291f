package dev.viridian.services.elbv2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.proxy.health.TargetHealth;
import dev.viridian.proxy.health.TargetHealth.State;
import dev.viridian.proxy.routing.Target;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;

/// How many hosts are reported as healthy and unhealthy, and when nothing is.
///
/// Source: user guide "CloudWatch metrics for your Application Load Balancer": reported if health checks are enabled.
class HostMetricsTest {
    private static final String PREFIX = "arn:aws:elasticloadbalancing:us-east-1:123456789012:";
    private static final String GROUP = PREFIX + "targetgroup/app/0123456789abcdef";
    private static final Instant START = Instant.parse("2026-11-29T10:00:00Z");

    private static LoadBalancer balancer(String kind) {
        return LoadBalancer.builder().loadBalancerArn(PREFIX + "loadbalancer/" + kind + "/web/0123456789abcdef")
                .availabilityZones(z -> z.zoneName("us-east-1a")).build();
    }

    private static List<TargetHealth> targets(String states) {
        return Stream.of(states.split(" ")).map(state -> new TargetHealth(new Target("10.0.0.1", "10.0.0.1", 80), State.valueOf(state),
                TargetHealth.Reason.NONE, "")).toList();
    }

    private static String told(String metric, List<MetricDatum> data) {
        List<MetricDatum> found = data.stream().filter(datum -> datum.metricName().equals(metric)).toList();
        assertThat(found.stream().map(MetricDatum::values).distinct().toList()).hasSizeLessThan(2);
        return found.isEmpty() ? "none" : found.getFirst().values().getFirst().intValue() + "";
    }

    @ParameterizedTest(name = "{0}: {1} healthy, {2} not")
    @CsvSource({"INITIAL, 0, 0", "INITIAL INITIAL HEALTHY, 1, 0", "INITIAL UNHEALTHY UNHEALTHY_DRAINING, 0, 2", "HEALTHY DRAINING, 1, 0",
        "DRAINING, none, none", "UNUSED, none, none", "UNAVAILABLE, none, none"})
    void hosts_are_told_of_while_they_are_checked(String states, String healthy, String unhealthy) {
        Function<String, List<TargetHealth>> health = _ -> targets(states);
        List<MetricDatum> application = new BalancerMetrics(balancer("app"), Set.of(GROUP), health, Map.of(),
                new BalancerMetrics.Kinds(Set.of(), Set.of()), START).data(new MinuteOfTraffic(List.of(), List.of()), Map.of());
        List<MetricDatum> network = new NetworkMetrics(balancer("net"), Set.of(GROUP), Map.of(), health, Map.of(), START).data(List.of(), List.of());

        for (List<MetricDatum> data : List.of(application, network)) {
            assertThat(told("HealthyHostCount", data)).isEqualTo(healthy);
            assertThat(told("UnHealthyHostCount", data)).isEqualTo(unhealthy);
        }
    }
}
