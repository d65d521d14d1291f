package dev.viridian.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TargetGroupTest {
    @Test
    void what_is_said_of_a_group_stands_whatever_else_is_said_of_it_later() {
        TargetGroup said = TargetGroup.http("group", HealthCheck.NONE, List.of()).withMinimum(new TargetGroup.Minimum(2, 50));
        TargetGroup more = said.withTargets(List.of(new Target("t", "127.0.0.1", 80))).withProtocol(TargetGroup.Protocol.HTTPS)
                .withVersion(TargetGroup.Version.GRPC).withDeregistrationDelay(Duration.ofSeconds(7)).withSlowStart(Duration.ofSeconds(30))
                .withAlgorithm(TargetGroup.Algorithm.LEAST_OUTSTANDING).withStickiness(new TargetGroup.Stickiness.BySourceAddress())
                .withFlows(Flows.DEFAULT);
        assertThat(more).isEqualTo(new TargetGroup("group", TargetGroup.Protocol.HTTPS, TargetGroup.Version.GRPC,
                List.of(new Target("t", "127.0.0.1", 80)), HealthCheck.NONE, Duration.ofSeconds(7), Duration.ofSeconds(30),
                TargetGroup.Algorithm.LEAST_OUTSTANDING, new TargetGroup.Stickiness.BySourceAddress(), Flows.DEFAULT,
                new TargetGroup.Minimum(2, 50)));
    }
}
