package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.engine.time.VirtualTime;
import dev.viridian.proxy.health.TargetHealth;
import dev.viridian.proxy.health.TargetHealth.State;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.TargetGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DrainingTest {
    private static final Duration DELAY = Duration.ofSeconds(60);

    private final VirtualTime time = new VirtualTime();
    private final Rig rig = new Rig(time, Rig.OPTIONS);
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final Backend blue = rig.backend("blue").holding("/hold", entered, released);
    private final Backend green = rig.backend("green");
    private final Listener listener = Rig.listener("front", Action.Forward.to("group"));

    @AfterEach
    void close() {
        released.countDown();
        rig.close();
    }

    private static TargetGroup group(Backend... backends) {
        return Rig.group("group", backends).withDeregistrationDelay(DELAY);
    }

    private Wire holding(int port) throws Exception {
        Wire wire = new Wire(port);
        wire.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(entered.await(5, TimeUnit.SECONDS)).isTrue();
        return wire;
    }

    private boolean drains(Backend backend) {
        return rig.proxy.health("group").stream().anyMatch(health -> health.target().equals(backend.target()) && health.state() == State.DRAINING);
    }

    @Test
    void a_removed_target_finishes_what_it_has_and_gets_nothing_new() throws Exception {
        int port = rig.serve(listener, group(blue));
        try (Wire held = holding(port); Wire other = new Wire(port)) {
            rig.serve(listener, group(green));
            assertThat(drains(blue)).isTrue();
            for (int i = 0; i < 10; i++) {
                assertThat(other.get("/").body()).isEqualTo("green");
            }
            released.countDown();
            assertThat(held.read().body()).isEqualTo("blue");
            Rig.eventually(() -> !drains(blue));
            assertThat(held.get("/").body()).isEqualTo("green");
        }
        assertThat(rig.counts("group").requests()).isEqualTo(12);
    }

    @Test
    void what_is_not_finished_when_the_delay_is_over_is_cut() throws Exception {
        int port = rig.serve(listener, group(blue));
        try (Wire held = holding(port)) {
            rig.serve(listener, group(green));
            time.advance(DELAY.minusSeconds(1));
            assertThat(drains(blue)).isTrue();
            time.advance(Duration.ofSeconds(1));
            assertThat(held.read().status()).isEqualTo(502);
            assertThat(drains(blue)).isFalse();
        }
    }

    @Test
    void a_target_without_requests_is_gone_at_once() throws IOException {
        int port = rig.serve(listener, group(blue));
        try (Wire wire = new Wire(port)) {
            wire.get("/");
            Rig.eventually(() -> rig.counts("group").inFlight() == 0);
            rig.serve(listener, group(green));
            assertThat(rig.proxy.health("group")).extracting(TargetHealth::target).containsExactly(green.target());
        }
    }

    @Test
    void a_target_that_comes_back_while_draining_is_used_again() throws Exception {
        int port = rig.serve(listener, group(blue));
        try (Wire held = holding(port); Wire other = new Wire(port)) {
            rig.serve(listener, group(green));
            rig.serve(listener, group(blue));
            assertThat(drains(blue)).isFalse();
            assertThat(other.get("/").body()).isEqualTo("blue");
            time.advance(DELAY.multipliedBy(2));
            released.countDown();
            assertThat(held.read().body()).isEqualTo("blue");
        }
    }

    @Test
    void a_group_that_vanishes_drains_too() throws Exception {
        int port = rig.serve(listener, group(blue));
        try (Wire held = holding(port)) {
            rig.serve(Rig.listener("front", new Action.FixedResponse(200, "", "")));
            assertThat(drains(blue)).isTrue();
            released.countDown();
            assertThat(held.read().body()).isEqualTo("blue");
            Rig.eventually(() -> rig.proxy.health("group").isEmpty());
        }
    }

    @Test
    void a_tunnel_counts_as_in_flight_and_is_cut_in_the_end() throws Exception {
        blue.on("/socket", request -> {
            Backend.raw(request, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n");
            for (int b = request.in().read(); b >= 0; b = request.in().read()) {
                request.out().write(b);
                request.out().flush();
            }
            return false;
        });
        int port = rig.serve(listener, group(blue));
        try (Wire wire = new Wire(port)) {
            assertThat(wire.send("GET /socket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n").read().status()).isEqualTo(101);
            rig.serve(listener, group(green));
            assertThat(drains(blue)).isTrue();
            wire.send("still here");
            assertThat(wire.readText(10)).isEqualTo("still here");
            time.advance(DELAY);
            assertThat(wire.closed()).isTrue();
            Rig.eventually(() -> !drains(blue));
        }
    }
}
