package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.Target;
import dev.viridian.proxy.routing.TargetGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A request is sent again only where that cannot do harm.
class RetryTest {
    private final Rig rig = new Rig();
    private final Backend blue = rig.backend("blue");
    private final Backend green = rig.backend("green");

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void whatever_could_not_be_sent_goes_to_another_target() throws IOException {
        int port = rig.serve(blue, green);
        green.close();
        try (Wire wire = new Wire(port)) {
            for (int i = 0; i < 4; i++) {
                assertThat(wire.get("/").body()).isEqualTo("blue");
                assertThat(wire.post("/echo", new byte[200_000]).body()).hasSize(200_000);
            }
        }
        assertThat(rig.counts("group").connectionErrors()).isPositive();
        assertThat(rig.counts("group").requests()).isEqualTo(8);
        assertThat(rig.front().generated().status5xx()).isZero();
    }

    /// A loop that is busy finds the connection made and closed in one look, with the request still to be sent: a port that is forwarded to nobody
    /// does that all the time.
    @Test
    void what_could_not_be_sent_on_a_new_connection_goes_to_another_target() throws IOException {
        AtomicBoolean busy = new AtomicBoolean(true);
        try (ServerSocket hangingUp = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            Thread.ofVirtual().start(() -> hangUp(hangingUp));
            int port = rig.serve(Rig.listener("front", Action.Forward.to("group")),
                    Rig.group("group", List.of(Target.at("127.0.0.1", hangingUp.getLocalPort()), blue.target())));
            for (TargetOnLoop each : rig.proxy.routing().groups().get("group").targets()[0].onLoops()) {
                holdUp(each.loop(), busy);
            }
            try (Wire wire = new Wire(port)) {
                for (int i = 0; i < 20; i++) {
                    assertThat(wire.get("/").body()).isEqualTo("blue");
                }
            }
        } finally {
            busy.set(false);
        }
        assertThat(rig.front().generated().status5xx()).isZero();
    }

    private static void hangUp(ServerSocket server) {
        try {
            while (true) {
                server.accept().close();
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    /// Again and again, with a look at what is ready in between.
    private static void holdUp(Loop loop, AtomicBoolean busy) {
        loop.eventLoop().schedule(() -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            if (busy.get()) {
                holdUp(loop, busy);
            }
        }, 1, TimeUnit.MILLISECONDS);
    }

    @ParameterizedTest
    @EnumSource(TargetGroup.Algorithm.class)
    void the_other_target_is_taken_however_busy_it_is(TargetGroup.Algorithm algorithm) throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        blue.holding("/hold", entered, released);
        int port = rig.serve(Rig.listener("front", Action.Forward.to("group")), Rig.group("group", blue, green).withAlgorithm(algorithm));
        green.close();
        try (Wire held = new Wire(port); Wire wire = new Wire(port)) {
            held.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(entered.await(5, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 20; i++) {
                assertThat(wire.get("/").body()).isEqualTo("blue");
            }
            released.countDown();
            assertThat(held.read().body()).isEqualTo("blue");
        }
    }

    @Test
    void a_get_whose_target_dies_under_it_goes_to_another() throws IOException {
        green.on("/", request -> false);
        int port = rig.serve(blue, green);
        try (Wire wire = new Wire(port)) {
            for (int i = 0; i < 4; i++) {
                assertThat(wire.get("/").body()).isEqualTo("blue");
            }
        }
    }

    @Test
    void a_post_that_may_have_been_heard_is_never_repeated() throws IOException {
        AtomicInteger heard = new AtomicInteger();
        for (Backend backend : new Backend[] {blue, green}) {
            backend.on("/order", _ -> {
                heard.incrementAndGet();
                return false;
            });
        }
        int port = rig.serve(blue, green);
        try (Wire wire = new Wire(port)) {
            for (int i = 0; i < 4; i++) {
                assertThat(wire.post("/order", new byte[] {1}).status()).isEqualTo(502);
            }
        }
        assertThat(heard.get()).isEqualTo(4);
    }

    @Test
    void a_request_that_kills_every_target_is_not_tried_for_ever() throws IOException {
        int tries = 0;
        Backend[] all = new Backend[6];
        for (int i = 0; i < all.length; i++) {
            all[i] = rig.backend("target-" + i).on("/poison", _ -> false);
        }
        int port = rig.serve(all);
        try (Wire wire = new Wire(port)) {
            assertThat(wire.get("/poison").status()).isEqualTo(502);
        }
        for (Backend each : all) {
            tries += each.requests.get();
        }
        assertThat(tries).isEqualTo(3);
    }

    @Test
    void a_socket_stays_where_it_is_while_weights_move() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        blue.on("/socket", request -> {
            Backend.raw(request, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n");
            for (int b = request.in().read(); b >= 0; b = request.in().read()) {
                request.out().write(b);
                request.out().flush();
            }
            ended.countDown();
            return false;
        });
        TargetGroup first = Rig.group("blue", blue);
        TargetGroup second = Rig.group("green", green);
        int port = rig.serve(Rig.listener("front", Rig.weights("blue", 1, "green", 0)), first, second);
        try (Wire wire = new Wire(port)) {
            wire.send("GET /socket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
            assertThat(wire.read().status()).isEqualTo(101);
            for (int share = 0; share <= 10; share++) {
                rig.serve(Rig.listener("front", Rig.weights("blue", 10 - share, "green", share)), first, second);
                wire.send("step " + share % 10);
                assertThat(wire.readText(6)).isEqualTo("step " + share % 10);
            }
        }
        assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
    }
}
