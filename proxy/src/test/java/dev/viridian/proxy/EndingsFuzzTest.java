package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.engine.time.SystemTime;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.ListenerSettings;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// However connections end, on whichever side and in whatever state: no claim on a target and no buffer is left behind.
class EndingsFuzzTest {
    private static final List<String> REQUESTS = List.of("GET /PATH HTTP/1.1\r\nHost: a\r\n\r\n", "GET /PATH HTTP/1.0\r\n\r\n",
            "HEAD /PATH HTTP/1.1\r\nHost: a\r\n\r\n", "POST /PATH HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n\r\n" + "x".repeat(70000),
            "POST /PATH HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            "POST /PATH HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nnonsense\r\n",
            "GET /PATH HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\nahead",
            "GET /PATH HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", "PUT /PATH HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    /// What a target answers, before it closes or waits for more.
    private static final List<String> ANSWERS = List.of("", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel",
            "HTTP/1.1 200 OK\r\n\r\nuntil the end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "HTTP/1.1 200 O", "nonsense\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 204 No\r\n\r\npoison",
            "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\nfirst",
            "HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + "y".repeat(400_000));

    @Test
    void nothing_is_left_behind() {
        long pinned = PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
        try (Rig rig = new Rig(new SystemTime(), Rig.OPTIONS)) {
            Backend[] backends = {rig.backend("blue"), rig.backend("green")};
            for (int i = 0; i < ANSWERS.size(); i++) {
                String answer = ANSWERS.get(i);
                for (Backend backend : backends) {
                    backend.on("/goes-on/" + i, request -> Backend.raw(request, answer));
                    backend.on("/ends/" + i, request -> {
                        Backend.raw(request, answer);
                        return false;
                    });
                    backend.on("/resets/" + i, request -> {
                        Backend.raw(request, answer);
                        request.socket().setSoLinger(true, 0);
                        return false;
                    });
                }
            }
            ListenerSettings settings = ListenerSettings.DEFAULT.withIdleTimeout(Duration.ofSeconds(1));
            int port = rig.serve(Rig.listener("front", Action.Forward.to("group")).withSettings(settings), Rig.group("group", backends));
            List<Wire> open = new ArrayList<>();
            Rounds.run(150, random -> oneClient(port, random, open));
            // Those that are left hanging end by the listener's timeout.
            Rig.eventually(() -> rig.counts("group").inFlight() == 0);
            assertThat(rig.counts("group").requests()).isPositive();
            for (Wire wire : open) {
                wire.close();
            }
            Rig.eventually(() -> rig.front().activeConnections() == 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Rig.eventually(() -> PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() <= pinned);
    }

    private static void oneClient(int port, RandomGenerator random, List<Wire> open) {
        try {
            Wire wire = new Wire(port);
            open.add(wire);
            wire.socket().setSoTimeout(20);
            for (int requests = 1 + random.nextInt(3); requests > 0; requests--) {
                String end = List.of("/goes-on/", "/ends/", "/resets/").get(random.nextInt(3));
                byte[] bytes = REQUESTS.get(random.nextInt(REQUESTS.size())).replace("/PATH", end + random.nextInt(ANSWERS.size()))
                        .getBytes(StandardCharsets.ISO_8859_1);
                int length = random.nextInt(3) == 0 ? 1 + random.nextInt(bytes.length) : bytes.length;
                wire.send(java.util.Arrays.copyOf(bytes, length));
            }
            if (random.nextInt(4) == 0) {
                wire.next();
            }
            switch (random.nextInt(4)) {
                case 0 -> wire.close();
                case 1 -> wire.reset();
                case 2 -> wire.endOutput();
                default -> { }
            }
        } catch (IOException e) {
            // The proxy was quicker to end it, or nothing came: these are endings, too.
            return;
        }
    }
}
