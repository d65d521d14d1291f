package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.engine.time.VirtualTime;
import dev.viridian.proxy.health.HealthWatcher;
import dev.viridian.proxy.health.TargetHealth;
import dev.viridian.proxy.health.TargetHealth.Reason;
import dev.viridian.proxy.health.TargetHealth.State;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.HealthCheck;
import dev.viridian.proxy.routing.RoutingSnapshot;
import dev.viridian.proxy.routing.TargetGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthTest {
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final VirtualTime time = new VirtualTime();
    private final Rig rig = new Rig(time, Rig.OPTIONS);
    private final Backend blue = rig.backend("blue");
    private final AtomicInteger checks = new AtomicInteger();
    private volatile int status = 200;

    HealthTest() {
        blue.on("/health", request -> {
            checks.incrementAndGet();
            return Backend.respond(request, status, "");
        });
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private static TargetGroup checked(String id, Backend... backends) {
        TargetGroup plain = Rig.group(id, backends);
        HealthCheck check = HealthCheck.http("/health", INTERVAL, Duration.ofSeconds(5), 3, 2);
        return new TargetGroup(id, plain.protocol(), plain.version(), plain.targets(), check, plain.deregistrationDelay(), plain.slowStart(),
                plain.algorithm(), plain.stickiness());
    }

    private TargetHealth health() {
        return rig.proxy.health("group").getFirst();
    }

    /// Lets one interval pass and waits until the check it brings is dealt with.
    private void pass() {
        int before = checks.get();
        time.advance(INTERVAL);
        Rig.eventually(() -> checks.get() > before);
    }

    private void becomes(State state) {
        Rig.eventually(() -> health().state() == state);
    }

    @Test
    void one_passed_check_makes_a_new_target_healthy() {
        rig.serve(Rig.listener("front", Action.Forward.to("group")), checked("group", blue));
        becomes(State.HEALTHY);
        assertThat(checks.get()).isEqualTo(1);
        assertThat(health().reason()).isEqualTo(Reason.NONE);
        assertThat(health().description()).isEmpty();
    }

    @Test
    void a_check_may_speak_tls_to_a_target_nobody_vouches_for() throws IOException {
        try (Backend secret = new Backend("secret", Certificates.forName("anybody").server().getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1")))) {
            TargetGroup group = checked("group", secret);
            HealthCheck plain = group.healthCheck();
            HealthCheck check = new HealthCheck(true, HealthCheck.Protocol.HTTPS, plain.port(), "/", plain.interval(), plain.timeout(),
                    plain.healthyThreshold(), plain.unhealthyThreshold(), plain.healthy());
            rig.serve(Rig.listener("front", Action.Forward.to("group")), new TargetGroup("group", TargetGroup.Protocol.HTTPS, group.version(),
                    group.targets(), check, group.deregistrationDelay(), group.slowStart(), group.algorithm(), group.stickiness()));
            becomes(State.HEALTHY);
        }
    }

    @Test
    void the_check_introduces_itself() throws Exception {
        CopyOnWriteArrayList<String> heads = new CopyOnWriteArrayList<>();
        blue.on("/health", request -> {
            heads.add(request.head());
            return Backend.respond(request, 200, "");
        });
        rig.serve(Rig.listener("front", Action.Forward.to("group")), checked("group", blue));
        becomes(State.HEALTHY);
        assertThat(heads.getFirst()).isEqualTo("GET /health HTTP/1.1\r\nHost: 127.0.0.1:" + blue.port()
                + "\r\nConnection: close\r\nUser-Agent: checker/1\r\nAccept-Encoding: gzip, compressed\r\n\r\n");
    }

    @Test
    void thresholds_count_checks_in_a_row() {
        rig.serve(Rig.listener("front", Action.Forward.to("group")), checked("group", blue));
        becomes(State.HEALTHY);
        status = 500;
        pass();
        assertThat(health().state()).isEqualTo(State.HEALTHY);
        pass();
        becomes(State.UNHEALTHY);
        assertThat(health().reason()).isEqualTo(Reason.RESPONSE_CODE_MISMATCH);
        assertThat(health().description()).isEqualTo("Health checks failed with these codes: [500]");
        status = 200;
        pass();
        pass();
        assertThat(health().state()).isEqualTo(State.UNHEALTHY);
        pass();
        becomes(State.HEALTHY);
    }

    @Test
    void a_target_that_is_gone_fails_its_checks() {
        rig.serve(Rig.listener("front", Action.Forward.to("group")), checked("group", blue));
        becomes(State.HEALTHY);
        blue.close();
        time.advance(INTERVAL);
        Rig.eventually(() -> {
            time.advance(INTERVAL);
            return health().state() == State.UNHEALTHY;
        });
        assertThat(health().reason()).isEqualTo(Reason.FAILED_CHECKS);
    }

    @Test
    void a_target_that_does_not_answer_in_time_times_out() {
        blue.holding("/health", new CountDownLatch(1), new CountDownLatch(1));
        HealthCheck check = HealthCheck.http("/health", INTERVAL, Duration.ofMillis(100), 3, 1);
        TargetGroup group = checked("group", blue);
        rig.serve(Rig.listener("front", Action.Forward.to("group")),
                new TargetGroup("group", group.protocol(), group.version(), group.targets(), check, group.deregistrationDelay(), group.slowStart(),
                        group.algorithm(), group.stickiness()));
        becomes(State.UNHEALTHY);
        assertThat(health().reason()).isEqualTo(Reason.TIMEOUT);
    }

    @Test
    void a_group_nobody_uses_is_not_asked() {
        rig.proxy.apply(new RoutingSnapshot(List.of(Rig.listener("front", new Action.FixedResponse(200, "", ""))), List.of(checked("group", blue))));
        assertThat(health().state()).isEqualTo(State.UNUSED);
        assertThat(health().reason()).isEqualTo(Reason.NOT_IN_USE);
        time.advance(Duration.ofMinutes(5));
        assertThat(checks.get()).isZero();
    }

    @Test
    void a_group_at_weight_zero_is_asked() {
        rig.serve(Rig.listener("front", Rig.weights("other", 1, "group", 0)), Rig.group("other"), checked("group", blue));
        becomes(State.HEALTHY);
    }

    @Test
    void only_the_well_get_requests_but_when_nobody_is_all_do() throws IOException {
        Backend green = rig.backend("green").on("/health", request -> Backend.respond(request, 503, ""));
        int port = rig.serve(Rig.listener("front", Action.Forward.to("group")), checked("group", blue, green));
        becomes(State.HEALTHY);
        try (Wire wire = new Wire(port)) {
            for (int i = 0; i < 6; i++) {
                assertThat(wire.get("/").body()).isEqualTo("blue");
            }
            status = 500;
            pass();
            pass();
            becomes(State.UNHEALTHY);
            assertThat(List.of(wire.get("/").body(), wire.get("/").body())).containsExactlyInAnyOrder("blue", "green");
        }
    }

    @Test
    void with_fewer_healthy_targets_than_the_group_wants_all_get_requests() throws IOException {
        Backend green = rig.backend("green").on("/health", request -> Backend.respond(request, 503, ""));
        TargetGroup group = checked("group", blue, green);
        int port = rig.serve(Rig.listener("front", Action.Forward.to("group")), group.withMinimum(new TargetGroup.Minimum(1, 51)));
        becomes(State.HEALTHY);
        try (Wire wire = new Wire(port)) {
            assertThat(List.of(wire.get("/").body(), wire.get("/").body())).containsExactlyInAnyOrder("blue", "green");
            rig.serve(Rig.listener("front", Action.Forward.to("group")), group.withMinimum(new TargetGroup.Minimum(2, 0)));
            assertThat(List.of(wire.get("/").body(), wire.get("/").body())).containsExactlyInAnyOrder("blue", "green");
            rig.serve(Rig.listener("front", Action.Forward.to("group")), group.withMinimum(new TargetGroup.Minimum(1, 50)));
            assertThat(List.of(wire.get("/").body(), wire.get("/").body())).containsExactly("blue", "blue");
        }
    }

    @Test
    void a_watcher_hears_of_every_change_in_order() {
        List<State> seen = new CopyOnWriteArrayList<>();
        try (HealthWatcher.Watch watch = rig.proxy.watch((_, before, after) -> {
            assertThat(before).isNotEqualTo(after);
            seen.add(after.state());
        })) {
            rig.serve(Rig.listener("front", Action.Forward.to("group")), checked("group", blue));
            becomes(State.HEALTHY);
            rig.proxy.apply(RoutingSnapshot.EMPTY);
            Rig.eventually(() -> seen.size() == 4);
            assertThat(seen).containsExactly(State.INITIAL, State.HEALTHY, State.DRAINING, State.UNUSED);
        }
    }

    @Test
    void an_unchanged_check_keeps_its_rhythm_across_snapshots() {
        TargetGroup group = checked("group", blue);
        int port = rig.serve(Rig.listener("front", Action.Forward.to("group")), group);
        becomes(State.HEALTHY);
        for (int i = 0; i < 10; i++) {
            rig.serve(Rig.listener("front", Action.Forward.to(new Action.Forward.WeightedGroup("group", i + 1))), group);
        }
        assertThat(health().state()).isEqualTo(State.HEALTHY);
        assertThat(checks.get()).isEqualTo(1);
        assertThat(port).isPositive();
    }
}
