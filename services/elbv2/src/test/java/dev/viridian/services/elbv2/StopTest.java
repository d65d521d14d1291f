package dev.viridian.services.elbv2;

import static dev.viridian.services.elbv2.World.freePort;
import static dev.viridian.services.elbv2.World.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.engine.time.VirtualTime;
import dev.viridian.proxy.Traffic.ListenerTraffic;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// An orderly stop in the middle of a minute, which only virtual time would end.
class StopTest {
    private static final String[] BALANCER = {"LoadBalancer"};

    private final VirtualTime time = new VirtualTime();
    private final World world = new World(time, Runnable::run);
    private final MetricsRecorder metrics = world.metrics;

    @AfterEach
    void close() {
        world.close();
    }

    private void ask(int port, int times) throws Exception {
        long before = answered();
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < times; i++) {
                client.send(Site.request(port, "/"), HttpResponse.BodyHandlers.ofString());
            }
        }
        while (answered() < before + times) {
            Thread.onSpinWait();
        }
    }

    private long answered() {
        return world.proxy.traffic().listeners().stream().mapToLong(ListenerTraffic::fixedResponses).sum();
    }

    @Test
    @Timeout(20)
    void what_the_last_minute_had_by_then_is_reported_once_and_stamped_with_it() throws Exception {
        int port = freePort();
        world.listener(world.balancer("web"), port, say("x"));
        ask(port, 3);
        assertThat(metrics.requests).isEmpty();
        world.elb.close();
        ask(port, 1);
        world.elb.close();

        assertThat(metrics.sum("HTTP_Fixed_Response_Count", BALANCER)).isEqualTo(3);
        assertThat(metrics.data("HTTP_Fixed_Response_Count", BALANCER)).singleElement()
                .satisfies(datum -> assertThat(datum.timestamp()).isEqualTo(time.now().truncatedTo(ChronoUnit.MINUTES)));
    }
}
