package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.engine.time.VirtualTime;
import dev.viridian.proxy.health.TargetHealth.State;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.Flows;
import dev.viridian.proxy.routing.Flows.WhenUnhealthy;
import dev.viridian.proxy.routing.HealthCheck;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.TargetGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What becomes of the flows of a target that turns unhealthy.
class FlowHealthTest {
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final VirtualTime time = new VirtualTime();
    private final Rig rig = new Rig(time, Rig.OPTIONS);
    private final Backend blue = rig.backend("blue");
    private volatile int status = 200;
    private final Listener listener = ManualTarget.listener(Action.Forward.to("group"));

    FlowHealthTest() {
        blue.on("/health", request -> Backend.respond(request, status, ""));
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private static TargetGroup group(WhenUnhealthy policy, HealthCheck.Protocol protocol, Backend... targets) {
        HealthCheck check = new HealthCheck(true, protocol, OptionalInt.empty(), "/health", INTERVAL, Duration.ofSeconds(5), 2, 2,
                List.of(new HealthCheck.StatusRange(200, 399)));
        TargetGroup plain = Rig.group("group", targets);
        return new TargetGroup("group", TargetGroup.Protocol.TCP, plain.version(), plain.targets(), check, plain.deregistrationDelay(),
                plain.slowStart(), plain.algorithm(), plain.stickiness(), new Flows(false, true, policy));
    }

    private void becomes(State state) {
        Rig.eventually(() -> {
            if (rig.proxy.health("group").getFirst().state() == state) {
                return true;
            }
            time.advance(INTERVAL);
            return false;
        });
    }

    private Wire joined(int port) throws IOException {
        Wire wire = new Wire(port);
        assertThat(wire.get("/").body()).isEqualTo("blue");
        return wire;
    }

    @Test
    void they_are_reset_at_once_where_they_are_to_be_cut() throws IOException {
        int port = rig.serve(listener, group(new WhenUnhealthy.Cut(), HealthCheck.Protocol.HTTP, blue));
        becomes(State.HEALTHY);
        try (Wire wire = joined(port)) {
            status = 500;
            becomes(State.UNHEALTHY);
            assertThat(wire.brokenOff()).isTrue();
        }
        Rig.eventually(() -> rig.counts("group").inFlight() == 0);
    }

    @Test
    void they_go_on_where_they_are_to_be_kept() throws IOException {
        int port = rig.serve(listener, group(new WhenUnhealthy.Keep(), HealthCheck.Protocol.HTTP, blue));
        becomes(State.HEALTHY);
        try (Wire wire = joined(port)) {
            status = 500;
            becomes(State.UNHEALTHY);
            assertThat(wire.get("/").body()).isEqualTo("blue");
        }
    }

    @Test
    void they_go_on_for_a_while_and_are_reset_when_the_target_has_not_recovered() throws IOException {
        Duration grace = Duration.ofHours(10);
        int port = rig.serve(listener, group(new WhenUnhealthy.Drain(grace), HealthCheck.Protocol.HTTP, blue));
        becomes(State.HEALTHY);
        try (Wire wire = joined(port)) {
            status = 500;
            becomes(State.UNHEALTHY_DRAINING);
            assertThat(wire.get("/").body()).isEqualTo("blue");
            time.advance(grace);
            Rig.eventually(() -> rig.proxy.health("group").getFirst().state() == State.UNHEALTHY);
            assertThat(rig.proxy.health("group").getFirst().description()).isEqualTo("Health checks failed with these codes: [500]");
            assertThat(wire.brokenOff()).isTrue();
        }
    }

    @Test
    void a_target_that_recovers_in_time_keeps_its_flows() throws IOException {
        Duration grace = Duration.ofHours(10);
        int port = rig.serve(listener, group(new WhenUnhealthy.Drain(grace), HealthCheck.Protocol.HTTP, blue));
        becomes(State.HEALTHY);
        try (Wire wire = joined(port)) {
            status = 500;
            becomes(State.UNHEALTHY_DRAINING);
            status = 200;
            becomes(State.HEALTHY);
            time.advance(grace);
            assertThat(wire.get("/").body()).isEqualTo("blue");
        }
    }

    @Test
    void new_flows_avoid_a_target_that_drains_because_it_is_unwell() throws IOException {
        Backend green = rig.backend("green").on("/health", request -> Backend.respond(request, 200, ""));
        int port = rig.serve(listener, group(new WhenUnhealthy.Drain(Duration.ofHours(10)), HealthCheck.Protocol.HTTP, blue, green));
        becomes(State.HEALTHY);
        status = 500;
        becomes(State.UNHEALTHY_DRAINING);
        for (int i = 0; i < 4; i++) {
            try (Wire wire = new Wire(port)) {
                assertThat(wire.get("/").body()).isEqualTo("green");
            }
        }
    }

    @Test
    void when_nobody_is_well_flows_are_sent_on_all_the_same_and_counted() throws IOException {
        status = 500;
        int port = rig.serve(listener, group(new WhenUnhealthy.Cut(), HealthCheck.Protocol.HTTP, blue));
        becomes(State.UNHEALTHY);
        long before = rig.proxy.flows().getFirst().failedOpen();
        joined(port).close();
        assertThat(rig.proxy.flows().getFirst().failedOpen()).isEqualTo(before + 1);
    }

    @Test
    void accepting_a_connection_is_enough_for_a_tcp_check() {
        status = 500;
        rig.serve(listener, group(new WhenUnhealthy.Cut(), HealthCheck.Protocol.TCP, blue));
        becomes(State.HEALTHY);
    }
}
