package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.TargetGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The promise everything else rests on: whatever changes in the routing, no request is lost. Every client checks every answer.
class LosslessTest {
    /// By hand also a hundred thousand: `-Dviridian.lossless.changes=100000` tells how many a second the machine can do.
    private static final int CHANGES = Integer.getInteger("viridian.lossless.changes", 600);

    private final Queue<String> losses = new ConcurrentLinkedQueue<>();
    private final AtomicLong answered = new AtomicLong();
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean stopping;
    private Rig rig;

    @AfterEach
    void close() {
        rig.close();
    }

    @FunctionalInterface
    private interface Load {
        /// Sends one request and checks its answer.
        void once(int number) throws IOException;
    }

    private void load(Load load) {
        clients.add(Thread.ofVirtual().start(() -> {
            for (int i = 0; !stopping; i++) {
                try {
                    load.once(i);
                    answered.incrementAndGet();
                } catch (IOException | RuntimeException | AssertionError e) {
                    losses.add(e.toString());
                }
            }
        }));
    }

    private void steadyLoad(int port) throws IOException {
        for (int i = 0; i < 4; i++) {
            Wire kept = new Wire(port);
            load(number -> check(kept.get("/?" + number)));
            load(number -> {
                try (Wire fresh = new Wire(port)) {
                    check(fresh.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").read());
                }
            });
        }
        for (int i = 0; i < 2; i++) {
            Wire uploading = new Wire(port);
            load(number -> upload(uploading, number));
        }
    }

    private static void check(Wire.Answer answer) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).startsWith("target-");
    }

    private static void upload(Wire wire, int number) throws IOException {
        byte[] body = ("upload " + number + " ").repeat(2000).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        Wire.Answer answer = wire.post("/echo", body);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().length()).isEqualTo(body.length);
        assertThat(answer.body()).endsWith("upload " + number + " ");
    }

    private void endLoad() throws InterruptedException {
        stopping = true;
        for (Thread client : clients) {
            client.join(10_000);
            assertThat(client.isAlive()).isFalse();
        }
    }

    private void nothingWasLost() {
        assertThat(losses).isEmpty();
        assertThat(answered.get()).isPositive();
        Traffic traffic = rig.proxy.traffic();
        Traffic.Counts all = traffic.groups().stream().map(Traffic.GroupTraffic::counts).reduce(Traffic.Counts.ZERO, Traffic.Counts::plus);
        assertThat(rig.front().requests()).isEqualTo(answered.get());
        assertThat(rig.front().routed()).isEqualTo(answered.get());
        assertThat(all.status2xx()).isEqualTo(answered.get());
        assertThat(all.status5xx()).isZero();
        assertThat(rig.front().generated().status5xx()).isZero();
        Rig.eventually(() -> rig.counts("blue").inFlight() + rig.counts("green").inFlight() == 0);
    }

    private void awaitSome() {
        long before = answered.get();
        Rig.eventually(() -> answered.get() > before + 3 || !losses.isEmpty());
    }

    @ParameterizedTest(name = "native transport: {0}")
    @ValueSource(booleans = {true, false})
    void weights_may_flip_all_the_time(boolean nativeTransport) throws Exception {
        rig = new Rig(new dev.viridian.engine.time.SystemTime(), Rig.OPTIONS.withNativeTransport(nativeTransport));
        TargetGroup blue = Rig.group("blue", rig.backend("target-1"), rig.backend("target-2"));
        TargetGroup green = Rig.group("green", rig.backend("target-3"));
        int port = rig.serve(Rig.listener("front", Rig.weights("blue", 1, "green", 0)), blue, green);
        steadyLoad(port);
        long began = System.nanoTime();
        for (int i = 0; i < CHANGES; i++) {
            int share = i % 3 == 0 ? 0 : i % 3 == 1 ? 100 : 37;
            rig.serve(Rig.listener("front", Rig.weights("blue", 100 - share, "green", share)), blue, green);
            if (i % (CHANGES / 60) == 0) {
                awaitSome();
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        endLoad();
        nothingWasLost();
        System.out.printf("%d changes of weights, %.0f a second, under %d requests: none lost%n", CHANGES, CHANGES / seconds, answered.get());
    }

    /// What a deployment does, again and again: a new target joins, the old one leaves, and is stopped only once it is drained.
    @Test
    void targets_may_come_and_go() throws Exception {
        rig = new Rig();
        Listener listener = Rig.listener("front", Rig.weights("blue", 1, "green", 1));
        Backend[] current = {rig.backend("target-0"), rig.backend("target-1")};
        int port = rig.serve(listener, Rig.group("blue", current[0]), Rig.group("green", current[1]));
        steadyLoad(port);
        for (int i = 2; i < 120; i++) {
            Backend old = current[i % 2];
            current[i % 2] = rig.backend("target-" + i);
            rig.serve(listener, Rig.group("blue", current[0]), Rig.group("green", current[1]));
            String group = i % 2 == 0 ? "blue" : "green";
            Rig.eventually(() -> rig.proxy.health(group).stream().noneMatch(health -> health.target().equals(old.target())));
            old.close();
        }
        endLoad();
        nothingWasLost();
    }

    @Test
    void rules_and_listeners_beside_may_change() throws Exception {
        rig = new Rig();
        TargetGroup blue = Rig.group("blue", rig.backend("target-1"));
        int port = rig.serve(Rig.listener("front", Action.Forward.to("blue")), blue);
        steadyLoad(port);
        for (int i = 0; i < 100; i++) {
            Listener front = Rig.listener("front", Action.Forward.to("blue"));
            Listener beside = Rig.listener("beside-" + i, new Action.FixedResponse(200, "", ""));
            List<Listener> listeners = i % 2 == 0 ? List.of(front) : List.of(front, beside);
            rig.proxy.apply(new dev.viridian.proxy.routing.RoutingSnapshot(listeners, List.of(blue)));
            awaitSome();
        }
        endLoad();
        nothingWasLost();
    }
}
