package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.proxy.health.TargetHealth.State;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.HealthCheck;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.TargetGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SlowStartTest {
    private static final Duration SLOW_START = Duration.ofMillis(1500);

    private final Rig rig = new Rig();
    private final Backend old = rig.backend("old");
    private final Backend fresh = rig.backend("fresh");
    private final Listener listener = Rig.listener("front", Action.Forward.to("group"));

    @AfterEach
    void close() {
        rig.close();
    }

    private static TargetGroup group(Backend... backends) {
        TargetGroup plain = Rig.group("group", backends);
        HealthCheck check = HealthCheck.http("/", Duration.ofSeconds(30), Duration.ofSeconds(5), 2, 2);
        return new TargetGroup("group", plain.protocol(), plain.version(), plain.targets(), check, plain.deregistrationDelay(), SLOW_START, plain.algorithm(),
                plain.stickiness());
    }

    private static int freshOf(Wire wire, int requests) {
        int answers = 0;
        try {
            for (int i = 0; i < requests; i++) {
                answers += wire.get("/").body().equals("fresh") ? 1 : 0;
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return answers;
    }

    private void allHealthy() {
        Rig.eventually(() -> rig.proxy.health("group").stream().allMatch(health -> health.state() == State.HEALTHY));
    }

    @Test
    void a_target_that_joins_gets_little_at_first_and_its_share_in_the_end() throws IOException {
        int port = rig.serve(listener, group(old));
        allHealthy();
        LockSupport.parkNanos(SLOW_START.plusMillis(500).toNanos());
        rig.serve(listener, group(old, fresh));
        allHealthy();
        try (Wire wire = new Wire(port)) {
            assertThat(freshOf(wire, 40)).isLessThan(12);
            Rig.eventually(() -> freshOf(wire, 40) == 20);
        }
    }

    @Test
    void a_target_that_has_just_joined_takes_over_at_once_what_another_has_failed() throws IOException {
        int port = rig.serve(listener, group(old));
        allHealthy();
        LockSupport.parkNanos(SLOW_START.toNanos());
        rig.serve(listener, group(old, fresh));
        allHealthy();
        old.close();
        try (Wire wire = new Wire(port)) {
            assertThat(freshOf(wire, 10)).isEqualTo(10);
        }
    }
}
