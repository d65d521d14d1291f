package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.ListenerSettings;
import java.io.IOException;
import java.net.Socket;
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
}
