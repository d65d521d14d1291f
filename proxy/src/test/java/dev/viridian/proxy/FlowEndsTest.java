package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.engine.time.VirtualTime;
import dev.viridian.proxy.health.TargetHealth;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.Flows;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.ListenerSettings;
import dev.viridian.proxy.routing.RoutingSnapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// How connections that are passed through come to an end, and how that is passed on.
class FlowEndsTest {
    private final VirtualTime time = new VirtualTime();
    private final Rig rig = new Rig(time, Rig.OPTIONS);
    private final ManualTarget target = new ManualTarget("target");
    private final Listener listener = ManualTarget.listener(Action.Forward.to("group"));

    @AfterEach
    void close() throws IOException {
        rig.close();
        target.close();
    }

    private FlowTraffic flows() {
        return rig.proxy.flows().getFirst();
    }

    private void isOver() {
        Rig.eventually(() -> rig.front().activeConnections() == 0 && rig.counts("group").inFlight() == 0);
    }

    @Test
    void what_a_client_sends_and_ends_before_the_target_has_accepted_arrives_whole() throws IOException {
        int port = rig.serve(listener, ManualTarget.group(target));
        byte[] body = new byte[300_000];
        try (Wire client = new Wire(port)) {
            Thread sender = Thread.startVirtualThread(() -> {
                try {
                    client.send(body).endOutput();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            try (Wire accepted = target.accept()) {
                assertThat(accepted.readRest()).hasSize(body.length);
                accepted.send("all of it");
            }
            assertThat(client.readRest()).isEqualTo("all of it");
            sender.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        isOver();
        assertThat(flows()).isEqualTo(new FlowTraffic("front", 0, 0, 0, 0, 0, 0));
        assertThat(rig.front().bytesIn()).isEqualTo(body.length);
        assertThat(rig.front().bytesOut()).isEqualTo("all of it".length());
    }

    @Test
    void a_client_that_has_ended_its_side_gets_a_big_answer_whole() throws IOException {
        int port = rig.serve(listener, ManualTarget.group(target));
        try (Wire client = new Wire(port).send("everything, please")) {
            client.endOutput();
            try (Wire accepted = target.accept()) {
                assertThat(accepted.readRest()).isEqualTo("everything, please");
                Thread answering = Thread.startVirtualThread(() -> {
                    try {
                        accepted.send(new byte[20_000_000]).endOutput();
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
                // Reads only once the proxy is held back, so that it must be told when it can go on.
                Rig.eventually(() -> rig.front().bytesOut(), new Settled());
                assertThat(client.readRest()).hasSize(20_000_000);
                answering.join();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        isOver();
    }

    @Test
    void the_target_may_end_its_side_first() throws IOException {
        int port = rig.serve(listener, ManualTarget.group(target));
        try (Wire client = new Wire(port); Wire accepted = target.accept()) {
            accepted.send("bye").endOutput();
            assertThat(client.readRest()).isEqualTo("bye");
            client.send("one more").endOutput();
            assertThat(accepted.readRest()).isEqualTo("one more");
            isOver();
        }
        assertThat(flows().ownResets()).isZero();
    }

    @Test
    void a_client_that_breaks_off_breaks_off_at_the_target() throws IOException {
        int port = rig.serve(listener, ManualTarget.group(target));
        Wire client = new Wire(port);
        try (Wire accepted = target.accept()) {
            client.send("x");
            assertThat(accepted.readText(1)).isEqualTo("x");
            client.reset();
            assertThat(accepted.brokenOff()).isTrue();
        }
        isOver();
        assertThat(flows()).isEqualTo(new FlowTraffic("front", 1, 0, 0, 0, 0, 0));
    }

    @Test
    void a_target_that_breaks_off_breaks_off_at_the_client_behind_what_it_had_sent() throws IOException {
        int port = rig.serve(listener, ManualTarget.group(target));
        try (Wire client = new Wire(port)) {
            Wire accepted = target.accept();
            accepted.send("half");
            assertThat(client.readText(4)).isEqualTo("half");
            accepted.reset();
            assertThat(client.brokenOff()).isTrue();
        }
        isOver();
        assertThat(flows()).isEqualTo(new FlowTraffic("front", 0, 1, 0, 0, 0, 0));
    }

    /// A reset that the system has told to whoever moves streams within the kernel is not told again to whoever reads.
    @Test
    void a_side_that_breaks_off_a_stream_breaks_off_at_the_other() throws Exception {
        int port = rig.serve(listener, ManualTarget.group(target));
        Rig.eventually(rig::hasPipes);
        byte[] much = new byte[400_000];
        try (Wire client = new Wire(port)) {
            Wire accepted = target.accept();
            Thread.startVirtualThread(() -> sendAll(accepted, much));
            client.readText(much.length);
            accepted.reset();
            assertThat(client.brokenOff()).isTrue();
        }
        isOver();
        Wire client = new Wire(port);
        try (Wire accepted = target.accept()) {
            Thread.startVirtualThread(() -> sendAll(client, much));
            accepted.readText(much.length);
            client.reset();
            assertThat(accepted.brokenOff()).isTrue();
        }
        isOver();
        assertThat(flows()).isEqualTo(new FlowTraffic("front", 1, 1, 0, 0, 0, 0));
    }

    private static void sendAll(Wire from, byte[] bytes) {
        try {
            from.send(bytes);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void without_targets_the_client_is_reset() throws IOException {
        int port = rig.serve(listener, ManualTarget.group());
        assertThat(Wire.isBrokenOff(port)).isTrue();
        isOver();
        assertThat(rig.front().rejectedConnections()).isEqualTo(1);
        assertThat(flows().ownResets()).isEqualTo(1);
    }

    @Test
    void a_client_is_reset_when_no_target_accepts() throws IOException {
        ManualTarget gone = new ManualTarget("gone");
        int port = rig.serve(listener, ManualTarget.group(gone));
        gone.close();
        assertThat(Wire.isBrokenOff(port)).isTrue();
        isOver();
        assertThat(rig.counts("group").connectionErrors()).isPositive();
        assertThat(rig.front().rejectedConnections()).isEqualTo(1);
    }

    @Test
    void when_all_weights_are_zero_the_client_is_reset() throws IOException {
        int port = rig.serve(ManualTarget.listener(Action.Forward.to(new Action.Forward.WeightedGroup("group", 0))), ManualTarget.group(target));
        assertThat(Wire.isBrokenOff(port)).isTrue();
    }

    @Test
    void a_flow_that_is_idle_for_too_long_is_reset_on_both_sides() throws IOException {
        int port = rig.serve(listener.withSettings(ListenerSettings.DEFAULT.withIdleTimeout(Duration.ofSeconds(1))), ManualTarget.group(target));
        try (Wire client = new Wire(port); Wire accepted = target.accept()) {
            assertThat(client.brokenOff()).isTrue();
            assertThat(accepted.brokenOff()).isTrue();
        }
        isOver();
        assertThat(flows().ownResets()).isEqualTo(2);
    }

    @Test
    void a_side_that_takes_nothing_stops_the_other_one_and_memory_stays_flat() throws Exception {
        int port = rig.serve(listener, ManualTarget.group(target));
        try (Wire client = new Wire(port); Wire accepted = target.accept()) {
            byte[] chunk = new byte[1 << 20];
            int chunks = 64;
            Thread sender = Thread.startVirtualThread(() -> {
                try {
                    for (int i = 0; i < chunks; i++) {
                        accepted.send(chunk);
                    }
                    accepted.endOutput();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            long passed = Rig.eventually(() -> rig.front().bytesOut(), new Settled());
            assertThat(passed).as("what the kernel and one connection's buffers hold").isLessThan(chunks * (1L << 20) / 2);
            assertThat(client.readRest()).hasSize(chunks << 20);
            sender.join();
        }
    }

    /// A figure that has been positive and the same for a while.
    private static final class Settled implements java.util.function.Predicate<Long> {
        private long last = -1;
        private int times;

        @Override
        public boolean test(Long now) {
            times = now == last ? times + 1 : 0;
            last = now;
            return now > 0 && times > 200;
        }
    }

    @Test
    void after_the_delay_a_removed_target_keeps_its_flows_where_they_are_not_to_be_cut() throws IOException {
        Flows lasting = new Flows(false, false, new Flows.WhenUnhealthy.Keep());
        ManualTarget next = new ManualTarget("next");
        int port = rig.serve(listener, ManualTarget.group("group", lasting, target));
        try (Wire client = new Wire(port); Wire accepted = target.accept()) {
            Rig.eventually(() -> rig.counts("group").inFlight() == 1);
            rig.serve(listener, ManualTarget.group("group", lasting, next));
            assertThat(rig.proxy.health("group")).extracting(TargetHealth::state).contains(TargetHealth.State.DRAINING);
            time.advance(Duration.ofSeconds(300));
            assertThat(rig.proxy.health("group")).extracting(health -> health.target().id()).containsExactly("next");
            client.send("still here");
            assertThat(accepted.readText(10)).isEqualTo("still here");
            assertThat(rig.counts("group").inFlight()).isEqualTo(1);
        } finally {
            next.close();
        }
        isOver();
        assertThat(rig.counts("group").requests()).isEqualTo(1);
    }

    @Test
    void after_the_delay_the_flows_of_a_removed_target_are_reset_where_they_are_to_be_cut() throws IOException {
        int port = rig.serve(listener, ManualTarget.group(target));
        try (Wire client = new Wire(port); Wire accepted = target.accept()) {
            Rig.eventually(() -> rig.counts("group").inFlight() == 1);
            rig.serve(listener, ManualTarget.group());
            time.advance(Duration.ofSeconds(300));
            assertThat(client.brokenOff()).isTrue();
            assertThat(accepted.brokenOff()).isTrue();
        }
        isOver();
    }

    @Test
    void a_client_that_waits_for_a_target_which_is_cut_is_reset() throws IOException {
        // A full backlog: the connection to the target is never completed.
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            List<Wire> filling = new java.util.ArrayList<>();
            try {
                fill(full.getLocalPort(), filling);
                var stuck = new dev.viridian.proxy.routing.Target("stuck", "127.0.0.1", full.getLocalPort());
                int port = rig.serve(listener, ManualTarget.group().withTargets(List.of(stuck)));
                try (Wire client = new Wire(port)) {
                    Rig.eventually(() -> rig.counts("group").inFlight() == 1);
                    rig.proxy.apply(new RoutingSnapshot(List.of(listener), List.of(ManualTarget.group())));
                    time.advance(Duration.ofSeconds(300));
                    assertThat(client.brokenOff()).isTrue();
                }
            } finally {
                for (Wire each : filling) {
                    each.close();
                }
            }
        }
        isOver();
    }

    private static void fill(int port, List<Wire> filling) throws IOException {
        for (int i = 0; i < 2; i++) {
            filling.add(new Wire(port));
        }
    }

    @Test
    void a_client_that_takes_slowly_what_is_there_is_not_idle() throws IOException {
        int size = 400_000;
        int port = rig.serve(listener.withSettings(ListenerSettings.DEFAULT.withIdleTimeout(Duration.ofMillis(1500))), ManualTarget.group(target));
        Socket small = new Socket();
        small.setReceiveBufferSize(4096);
        try (Wire client = new Wire(small, "127.0.0.1", port); Wire accepted = target.accept()) {
            accepted.send(new byte[size]);
            // At a pace at which the proxy reads nothing for longer than its timeout.
            for (int read = 0; read < size; read += 10_000) {
                assertThat(client.readText(10_000)).hasSize(10_000);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
        }
        isOver();
    }

    @Test
    void a_client_that_takes_nothing_is_idle_however_much_waits_for_it() throws IOException {
        int port = rig.serve(listener.withSettings(ListenerSettings.DEFAULT.withIdleTimeout(Duration.ofSeconds(1))), ManualTarget.group(target));
        Socket small = new Socket();
        small.setReceiveBufferSize(4096);
        try (Wire client = new Wire(small, "127.0.0.1", port); Wire accepted = target.accept()) {
            accepted.send(new byte[400_000]);
            assertThat(accepted.brokenOff()).isTrue();
            assertThat(client.brokenOff()).isTrue();
        }
        isOver();
    }
}
