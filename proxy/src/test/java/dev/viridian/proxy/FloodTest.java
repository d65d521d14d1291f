package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.proxy.routing.Action;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Clients that misbehave cost no more than themselves.
class FloodTest {
    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void a_client_that_asks_and_never_reads_is_not_read_any_more() throws Exception {
        int port = rig.serve(Rig.listener("front", new Action.FixedResponse(200, "text/plain", "a".repeat(1000))));
        AtomicLong sent = new AtomicLong();
        byte[] requests = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(1000).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        try (Wire wire = new Wire(port)) {
            Thread.ofVirtual().start(() -> {
                try {
                    while (sent.get() < 500_000) {
                        wire.send(requests);
                        sent.addAndGet(1000);
                    }
                } catch (IOException e) {
                    sent.addAndGet(0);
                }
            });
            long[] before = {-1};
            Rig.eventually(() -> {
                long now = sent.get();
                boolean stands = now == before[0] && now > 0;
                before[0] = now;
                LockSupport.parkNanos(150_000_000);
                return stands;
            });
            assertThat(rig.front().requests()).isLessThan(100_000);
            try (Wire other = new Wire(port)) {
                assertThat(other.get("/").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void many_idle_connections_do_not_keep_others_from_being_served() throws IOException {
        int port = rig.serve(rig.backend("blue"));
        List<Wire> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 500; i++) {
                idle.add(new Wire(port));
            }
            try (Wire wire = new Wire(port)) {
                assertThat(wire.get("/").body()).isEqualTo("blue");
            }
            Rig.eventually(() -> rig.front().activeConnections() >= 500);
        } finally {
            for (Wire wire : idle) {
                wire.close();
            }
        }
        Rig.eventually(() -> rig.front().activeConnections() == 0);
    }
}
