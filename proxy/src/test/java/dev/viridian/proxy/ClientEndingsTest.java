package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.ListenerSettings;
import dev.viridian.proxy.routing.Target;
import dev.viridian.proxy.routing.TargetGroup;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How the connection of an HTTP/1.1 client ends: with all of its last answer, or in a way that cannot be mistaken for that.
class ClientEndingsTest {
    private final Rig rig = new Rig();
    private final Backend blue = rig.backend("blue");

    @AfterEach
    void close() {
        rig.close();
    }

    /// What the system takes of an answer is not known, so answers of many lengths are asked for: of some, the end waits in the proxy alone.
    @Test
    void a_client_that_pauses_gets_the_whole_of_its_last_answer() throws IOException {
        blue.on("/long", request -> Backend.respond(request, 200, "x".repeat(Integer.parseInt(request.header("X-Length")))));
        int port = rig.serve(blue);
        List<Wire> wires = new ArrayList<>();
        for (int length = 1_000_000; length <= 6_000_000; length += 200_000) {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(4096);
            Wire wire = new Wire(socket, "127.0.0.1", port);
            wires.add(wire.send("GET /long HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Length: " + length + "\r\n\r\n"));
        }
        // Longer than a client is waited for that has got everything.
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(6));
        for (int i = 0; i < wires.size(); i++) {
            try (Wire wire = wires.get(i)) {
                assertThat(wire.read().body()).hasSize(1_000_000 + i * 200_000);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "\r\nhello"})
    void a_broken_answer_whose_end_would_be_a_close_is_reset(String answer) throws IOException {
        CountDownLatch seen = new CountDownLatch(1);
        blue.on("/broken", request -> {
            Backend.raw(request, "HTTP/1.1 200 OK\r\n" + answer);
            request.socket().setSoLinger(true, 0);
            return await(seen);
        });
        int port = rig.serve(blue);
        try (Wire wire = new Wire(port)) {
            wire.send("GET /broken HTTP/1.0\r\n\r\n");
            assertThat(wire.read(false).status()).isEqualTo(200);
            assertThat(wire.readText(5)).isEqualTo("hello");
            seen.countDown();
            assertThat(wire.brokenOff()).isTrue();
        }
    }

    /// @return whether the connection goes on
    private static boolean await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    @Test
    void a_head_that_has_begun_to_arrive_is_answered_however_old_its_connection_is() throws IOException {
        ListenerSettings settings = ListenerSettings.DEFAULT.withClientKeepAlive(Duration.ofMillis(300));
        int port = rig.serve(Rig.listener("front", Action.Forward.to("group")).withSettings(settings), Rig.group("group", blue));
        try (Wire wire = new Wire(port)) {
            wire.send("GET / HTTP/1.1\r\nHo");
            // Some ticks beyond the age at which it is closed between requests.
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300 + 4 * Loop.TICK_MILLIS));
            Wire.Answer answer = wire.send("st: a\r\n\r\n").read();
            assertThat(answer.body()).isEqualTo("blue");
            assertThat(answer.header("Connection")).isEqualTo("close");
        }
    }

    private static Listener patientFor(long millis, Action action) {
        return Rig.listener("front", action).withSettings(ListenerSettings.DEFAULT.withIdleTimeout(Duration.ofMillis(millis)));
    }

    /// A client whose system keeps little for it.
    private static Wire narrow(int port) throws IOException {
        Socket small = new Socket();
        small.setReceiveBufferSize(4096);
        return new Wire(small, "127.0.0.1", port);
    }

    /// At a pace at which nothing moves in the proxy for longer than its timeout: the system has all that the client takes.
    ///
    /// @param more whether the target has more to say, but not yet
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_client_that_takes_slowly_what_is_there_is_not_idle(boolean more) throws IOException {
        int size = 400_000;
        CountDownLatch taken = new CountDownLatch(more ? 1 : 0);
        blue.on("/long", request -> {
            Backend.raw(request, "HTTP/1.1 200 OK\r\nContent-Length: " + (more ? size + 3 : size) + "\r\n\r\n" + "x".repeat(size));
            await(taken);
            return Backend.raw(request, more ? "end" : "");
        });
        int port = rig.serve(patientFor(1500, Action.Forward.to("group")), Rig.group("group", blue));
        try (Wire wire = narrow(port).send("GET /long HTTP/1.1\r\nHost: a\r\n\r\n")) {
            assertThat(wire.read(false).status()).isEqualTo(200);
            for (int read = 0; read < size; read += 10_000) {
                assertThat(wire.readText(10_000)).hasSize(10_000);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
            taken.countDown();
            assertThat(wire.readText(more ? 3 : 0)).isEqualTo(more ? "end" : "");
            assertThat(wire.get("/").body()).isEqualTo("blue");
        } finally {
            taken.countDown();
        }
    }

    /// The other way round: all of the request has left the client, and what is at work is between the proxy and the target.
    @Test
    void a_target_that_takes_a_request_slowly_is_waited_for() throws Exception {
        int size = 300_000;
        try (ServerSocket server = new ServerSocket()) {
            server.setReceiveBufferSize(4096);
            server.bind(new InetSocketAddress("127.0.0.1", 0));
            TargetGroup group = Rig.group("group", List.of(Target.at("127.0.0.1", server.getLocalPort())));
            int port = rig.serve(patientFor(1500, Action.Forward.to("group")), group);
            try (Wire wire = new Wire(port)) {
                wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + size + "\r\n\r\n" + "x".repeat(size));
                try (Socket target = server.accept()) {
                    InputStream in = target.getInputStream();
                    assertThat(Backend.readHead(in)).startsWith("POST / ");
                    for (int read = 0; read < size; read += 10_000) {
                        assertThat(in.readNBytes(10_000)).hasSize(10_000);
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                    }
                    target.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII));
                    assertThat(wire.read().body()).isEqualTo("ok");
                }
            }
        }
    }

    /// What it has for itself does not leave the system.
    @Test
    void a_target_that_takes_nothing_is_not_waited_for_however_much_there_is_for_it() throws IOException {
        try (ServerSocket server = new ServerSocket()) {
            server.setReceiveBufferSize(4096);
            server.bind(new InetSocketAddress("127.0.0.1", 0));
            TargetGroup group = Rig.group("group", List.of(Target.at("127.0.0.1", server.getLocalPort())));
            int port = rig.serve(patientFor(1000, Action.Forward.to("group")), group);
            try (Wire wire = new Wire(port)) {
                wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n" + "x".repeat(300_000));
                assertThat(wire.read().status()).isEqualTo(504);
            }
        }
    }

    @Test
    void a_client_that_takes_nothing_is_idle_however_much_waits_for_it() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        blue.on("/long", request -> {
            Backend.raw(request, "HTTP/1.1 200 OK\r\nContent-Length: 400001\r\n\r\n" + "x".repeat(400_000));
            return await(over);
        });
        int port = rig.serve(patientFor(1000, Action.Forward.to("group")), Rig.group("group", blue));
        try (Wire _ = narrow(port).send("GET /long HTTP/1.1\r\nHost: a\r\n\r\n")) {
            Rig.eventually(() -> rig.counts("group").requests() == 1);
            Rig.eventually(() -> rig.front().activeConnections() == 0 && rig.counts("group").inFlight() == 0);
        } finally {
            over.countDown();
        }
    }

    /// The answer comes before the client has sent everything. Closing under its bytes would reset the connection.
    @Test
    void a_client_that_goes_on_sending_has_the_time_it_takes_for_its_last_answer() throws IOException {
        int size = 400_000;
        int port = rig.serve(patientFor(1500, new Action.FixedResponse(200, "text/plain", "x".repeat(size))));
        try (Wire wire = narrow(port).send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")) {
            assertThat(wire.read(false).status()).isEqualTo(200);
            // For longer than a client is waited for that has got everything.
            for (int read = 0; read < size; read += 10_000) {
                assertThat(wire.readText(10_000)).hasSize(10_000);
                wire.send("x");
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(180));
            }
            assertThat(wire.next()).isNegative();
        }
    }
}
