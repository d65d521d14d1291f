package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.ListenerSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ForwardingTest {
    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void requests_on_one_connection_are_answered_one_after_the_other() throws IOException {
        int port = rig.serve(rig.backend("blue"));
        try (Wire wire = new Wire(port)) {
            for (int i = 0; i < 5; i++) {
                assertThat(wire.get("/").body()).isEqualTo("blue");
            }
        }
        assertThat(rig.counts("group").requests()).isEqualTo(5);
        assertThat(rig.counts("group").status2xx()).isEqualTo(5);
        Rig.eventually(() -> rig.counts("group").inFlight() == 0);
        assertThat(rig.counts("group").responseTime().count()).isEqualTo(5);
    }

    @Test
    void pipelined_requests_are_answered_in_order() throws IOException {
        int port = rig.serve(rig.backend("blue"));
        try (Wire wire = new Wire(port)) {
            wire.send("GET /status/201 HTTP/1.1\r\nHost: a\r\n\r\nPOST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n"
                    + "abcGET /status/404 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(wire.read().status()).isEqualTo(201);
            assertThat(wire.read().body()).isEqualTo("abc");
            assertThat(wire.read().status()).isEqualTo(404);
        }
    }

    @Test
    void the_target_connection_is_used_again() throws IOException {
        Backend blue = rig.backend("blue");
        int port = rig.serve(blue);
        try (Wire wire = new Wire(port)) {
            for (int i = 0; i < 10; i++) {
                wire.get("/");
            }
        }
        assertThat(blue.connections.get()).isEqualTo(1);
    }

    @Test
    void a_head_in_single_bytes_is_read() throws IOException {
        int port = rig.serve(rig.backend("blue"));
        try (Wire wire = new Wire(port)) {
            for (char c : "GET / HTTP/1.1\r\nHost: example.test\r\nAccept: */*\r\n\r\n".toCharArray()) {
                wire.send(String.valueOf(c));
            }
            assertThat(wire.read().body()).isEqualTo("blue");
        }
    }

    @Test
    void large_bodies_pass_unchanged_in_both_directions() throws Exception {
        int port = rig.serve(rig.backend("blue"));
        byte[] body = new byte[3_000_000];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) (i * 31 >> 3);
        }
        try (Wire wire = new Wire(port)) {
            wire.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length + "\r\n\r\n").send(body);
            Wire.Answer answer = wire.read();
            assertThat(answer.body().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)).isEqualTo(body);
            assertThat(wire.get("/").body()).isEqualTo("blue");
        }
    }

    @Test
    void chunked_bodies_and_trailers_pass_in_both_directions() throws IOException {
        Backend blue = rig.backend("blue").on("/chunks", request ->
                Backend.raw(request, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nWiki\r\n5\r\npedia\r\n0\r\nX-Sum: 1\r\n\r\n"));
        int port = rig.serve(blue);
        try (Wire wire = new Wire(port)) {
            wire.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n").send("2\r\nde\r\n0\r\n\r\n");
            assertThat(wire.read().body()).isEqualTo("abcde");
            assertThat(wire.get("/chunks").body()).isEqualTo("Wikipedia[trailer X-Sum: 1]");
            assertThat(wire.get("/").body()).isEqualTo("blue");
        }
    }

    @Test
    void an_answer_that_ends_with_its_connection_becomes_chunked() throws IOException {
        Backend blue = rig.backend("blue").on("/old", request -> {
            Backend.raw(request, "HTTP/1.0 200 OK\r\n\r\nold style");
            return false;
        });
        int port = rig.serve(blue);
        try (Wire wire = new Wire(port)) {
            Wire.Answer answer = wire.get("/old");
            assertThat(answer.header("Transfer-Encoding")).isEqualTo("chunked");
            assertThat(answer.body()).isEqualTo("old style");
            assertThat(wire.get("/").body()).isEqualTo("blue");
        }
    }

    @Test
    void an_old_client_gets_no_chunks() throws IOException {
        Backend blue = rig.backend("blue").on("/chunks", request -> Backend.raw(request,
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nWiki\r\n5\r\npedia\r\n0\r\n\r\n"));
        int port = rig.serve(blue);
        try (Wire wire = new Wire(port)) {
            String all = wire.send("GET /chunks HTTP/1.0\r\n\r\n").readRest();
            assertThat(all).startsWith("HTTP/1.1 200 OK\r\n").contains("Connection: close").doesNotContain("chunked").endsWith("\r\n\r\nWikipedia");
        }
        try (Wire wire = new Wire(port)) {
            Wire.Answer answer = wire.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").read();
            assertThat(answer.header("Connection")).isEqualTo("keep-alive");
            assertThat(wire.send("GET / HTTP/1.0\r\n\r\n").readRest()).endsWith("blue");
        }
    }

    @Test
    void answers_without_a_body_end_with_their_head() throws IOException {
        int port = rig.serve(rig.backend("blue").on("/gone", request -> Backend.raw(request, "HTTP/1.1 204 No Content\r\n\r\n"))
                .on("/same", request -> Backend.raw(request, "HTTP/1.1 304 Not Modified\r\nContent-Length: 50\r\n\r\n")));
        try (Wire wire = new Wire(port)) {
            Wire.Answer head = wire.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").read(false);
            assertThat(head.header("Content-Length")).isEqualTo("4");
            assertThat(wire.get("/gone").status()).isEqualTo(204);
            assertThat(wire.get("/same").header("Content-Length")).isEqualTo("50");
            assertThat(wire.get("/").body()).isEqualTo("blue");
        }
    }

    @Test
    void a_client_that_expects_100_gets_it_from_the_target() throws IOException {
        int port = rig.serve(rig.backend("blue"));
        try (Wire wire = new Wire(port)) {
            wire.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
            assertThat(wire.read().status()).isEqualTo(100);
            assertThat(wire.send("body").read().body()).isEqualTo("body");
            assertThat(wire.get("/").body()).isEqualTo("blue");
        }
    }

    @Test
    void an_early_answer_reaches_a_client_that_is_still_sending() throws IOException {
        Backend blue = rig.backend("blue").on("/raw-refuse", request -> {
            Backend.raw(request, "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
            return false;
        });
        int port = rig.serve(blue);
        try (Wire wire = new Wire(port)) {
            wire.send("POST /raw-refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n").send(new byte[10_000]);
            Wire.Answer answer = wire.read();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(answer.body()).isEqualTo("no");
            assertThat(wire.closed()).isTrue();
        }
    }

    @Test
    void a_broken_answer_arrives_broken() throws IOException {
        Backend blue = rig.backend("blue").on("/half", request -> {
            Backend.raw(request, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            return false;
        });
        int port = rig.serve(blue);
        try (Wire wire = new Wire(port)) {
            assertThatThrownBy(() -> wire.get("/half")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_client_that_gives_up_ends_the_request_at_the_target_too() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch noticed = new CountDownLatch(1);
        Backend blue = rig.backend("blue").on("/wait", request -> {
            entered.countDown();
            if (request.in().read() < 0) {
                noticed.countDown();
            }
            return false;
        });
        int port = rig.serve(blue);
        try (Wire wire = new Wire(port)) {
            wire.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(entered.await(5, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        }
        assertThat(noticed.await(5, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        Rig.eventually(() -> rig.counts("group").inFlight() == 0);
    }

    @Test
    void after_an_upgrade_bytes_pass_both_ways_and_each_side_may_end_first() throws IOException {
        Backend blue = rig.backend("blue").on("/socket", request -> {
            Backend.raw(request, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello ");
            byte[] all = request.in().readAllBytes();
            Backend.raw(request, "got " + all.length + " last " + all[all.length - 1]);
            return false;
        });
        int port = rig.serve(blue);
        try (Wire wire = new Wire(port)) {
            wire.send("GET /socket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nahead");
            Wire.Answer answer = wire.read();
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.header("Upgrade")).isEqualTo("websocket");
            assertThat(answer.header("Connection")).isEqualToIgnoringCase("upgrade");
            assertThat(wire.readText(6)).isEqualTo("hello ");
            assertThat(rig.counts("group").inFlight()).isEqualTo(1);
            wire.send(new byte[200_000]).endOutput();
            assertThat(wire.readRest()).isEqualTo("got 200005 last 0");
        }
        Rig.eventually(() -> rig.counts("group").inFlight() == 0 && rig.front().activeConnections() == 0);
    }

    @Test
    void a_slow_reader_holds_the_target_back_instead_of_filling_memory() throws Exception {
        long size = 200_000_000;
        java.util.concurrent.atomic.AtomicLong written = new java.util.concurrent.atomic.AtomicLong();
        Backend blue = rig.backend("blue").on("/endless", request -> {
            Backend.raw(request, "HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
            byte[] block = new byte[65536];
            while (written.get() < size) {
                request.out().write(block, 0, (int) Math.min(block.length, size - written.get()));
                written.addAndGet(block.length);
            }
            return false;
        });
        int port = rig.serve(blue);
        try (Wire wire = new Wire(port)) {
            wire.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
            wire.readText(100);
            long[] before = {-1};
            Rig.eventually(() -> {
                long now = written.get();
                boolean stands = now == before[0];
                before[0] = now;
                java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
                return stands;
            });
            assertThat(written.get()).isLessThan(30_000_000);
        }
    }

    @Test
    void nothing_within_the_idle_timeout_is_504_before_and_silence_after_a_request() throws IOException {
        Backend blue = rig.backend("blue").holding("/never", new CountDownLatch(1), new CountDownLatch(1));
        Listener listener = Rig.listener("front", Action.Forward.to("group"))
                .withSettings(ListenerSettings.DEFAULT.withIdleTimeout(Duration.ofMillis(1000)));
        int port = rig.serve(listener, Rig.group("group", blue));
        try (Wire wire = new Wire(port)) {
            assertThat(wire.get("/never").status()).isEqualTo(504);
        }
        try (Wire wire = new Wire(port)) {
            assertThat(wire.send("GET / HT").read().status()).isEqualTo(408);
        }
        try (Wire wire = new Wire(port)) {
            assertThat(wire.get("/").status()).isEqualTo(200);
            assertThat(wire.closed()).isTrue();
        }
        assertThat(rig.front().generated().status504()).isEqualTo(1);
    }

    @Test
    void a_target_that_cannot_be_reached_or_understood_is_502_and_an_empty_group_503() throws IOException {
        Backend blue = rig.backend("blue").on("/close", request -> false).on("/nonsense", request -> {
            Backend.raw(request, "I am not a web server\r\n\r\n");
            return false;
        }).on("/smuggle", request -> Backend.raw(request, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc"));
        int port = rig.serve(blue);
        try (Wire wire = new Wire(port)) {
            for (String path : Arrays.asList("/close", "/nonsense", "/smuggle")) {
                Wire.Answer answer = wire.get(path);
                assertThat(answer.status()).as(path).isEqualTo(502);
                assertThat(answer.body()).hasSize(122);
            }
            blue.close();
            assertThat(wire.get("/").status()).isEqualTo(502);
            assertThat(rig.counts("group").connectionErrors()).isEqualTo(1);
            rig.serve(Rig.listener("front", Action.Forward.to("group")), Rig.group("group"));
            Wire.Answer answer = wire.get("/");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Server")).isEqualTo("balancer/1");
            assertThat(answer.header("Content-Type")).isEqualTo("text/html");
            assertThat(answer.body()).hasSize(162);
        }
        assertThat(rig.front().generated().status502()).isEqualTo(4);
        assertThat(rig.front().generated().status503()).isEqualTo(1);
    }

    @Test
    void a_connection_the_target_closed_while_idle_costs_no_request() throws IOException {
        Backend blue = rig.backend("blue");
        int port = rig.serve(blue);
        try (Wire wire = new Wire(port)) {
            for (int i = 0; i < 50; i++) {
                assertThat(wire.get("/").status()).isEqualTo(200);
                blue.dropConnections();
                assertThat(wire.post("/echo", new byte[] {'a', 'b'}).body()).isEqualTo("ab");
                blue.dropConnections();
            }
        }
    }
}
