package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.engine.time.SystemTime;
import dev.viridian.proxy.routing.Action;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A connection to a target carries the next request only when the one before has left nothing behind, and nothing has come unasked. The loop is held up
/// while clients and target speak, so that it finds everything within one turn.
class PooledConnectionTest {
    private static final String POISON = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";
    private static final String BLUE = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nblue";

    private final Rig rig = new Rig(new SystemTime(), Rig.OPTIONS.withLoops(1));
    private final ManualTarget target = new ManualTarget("blue");
    private final int port = rig.serve(Rig.listener("front", Action.Forward.to("group")), Rig.group("group", List.of(target.target())));

    @AfterEach
    void close() throws IOException {
        rig.close();
        target.close();
    }

    /// In several rounds, because in which order the loop finds what is ready is not always the order in which it came.
    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"})
    void what_comes_before_the_request_has_left_is_not_its_answer(String request) throws Exception {
        try (Wire client = new Wire(port)) {
            client.send(request);
            Wire idle = target.accept();
            for (int round = 0; round < 20; round++) {
                idle.readHead();
                idle.send(BLUE);
                assertThat(client.read().body()).isEqualTo("blue");
                CountDownLatch goOn = Rig.hold(rig.loop("group"));
                client.send(request);
                idle.send(POISON);
                goOn.countDown();
                Wire fresh = target.accept();
                assertThat(idle.closed()).isTrue();
                idle.close();
                idle = fresh;
            }
            // Before the target leaves the last request without an answer.
            assertThat(rig.front().generated().status5xx()).isZero();
            idle.close();
        }
    }

    @Test
    void a_connection_on_which_the_last_request_still_waits_to_leave_is_not_used_again() throws Exception {
        try (Wire early = new Wire(port); Wire next = new Wire(port)) {
            early.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nhalf");
            try (Wire first = target.accept()) {
                first.readHead();
                assertThat(first.readText(4)).isEqualTo("half");
                CountDownLatch goOn = Rig.hold(rig.loop("group"));
                early.send("rest");
                first.send(BLUE);
                next.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
                goOn.countDown();
                assertThat(early.read().body()).isEqualTo("blue");
                try (Wire second = target.accept()) {
                    second.readHead();
                    second.send(BLUE);
                    assertThat(next.read().body()).isEqualTo("blue");
                }
            }
        }
    }
}
