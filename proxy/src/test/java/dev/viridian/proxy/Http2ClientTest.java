package dev.viridian.proxy;

import static dev.viridian.proxy.Http2Wire.CONTINUATION;
import static dev.viridian.proxy.Http2Wire.DATA;
import static dev.viridian.proxy.Http2Wire.END_HEADERS;
import static dev.viridian.proxy.Http2Wire.END_STREAM;
import static dev.viridian.proxy.Http2Wire.GOAWAY;
import static dev.viridian.proxy.Http2Wire.HEADERS;
import static dev.viridian.proxy.Http2Wire.PING;
import static dev.viridian.proxy.Http2Wire.RST_STREAM;
import static dev.viridian.proxy.Http2Wire.WINDOW_UPDATE;
import static dev.viridian.proxy.Http2Wire.get;
import static dev.viridian.proxy.Http2Wire.number;
import static dev.viridian.proxy.Http2Wire.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.proxy.Http2Wire.Answer;
import dev.viridian.proxy.Http2Wire.Frame;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.Condition;
import dev.viridian.proxy.routing.HeaderEdits;
import dev.viridian.proxy.routing.ListenerSettings;
import dev.viridian.proxy.routing.Rewrite;
import dev.viridian.proxy.routing.Rule;
import dev.viridian.proxy.routing.TargetGroup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Clients that speak HTTP/2, in front of targets that speak HTTP/1.1.
class Http2ClientTest {
    private final Rig rig = new Rig();
    private final Backend blue = rig.backend("blue");

    @AfterEach
    void close() {
        rig.close();
    }

    private Http2Wire connect(int... settings) throws IOException {
        return Http2Wire.connect(rig.serve(Http2Rig.https(), Rig.group("group", blue)), settings);
    }

    @Test
    void the_protocol_is_chosen_in_the_handshake() throws IOException {
        int port = rig.serve(Http2Rig.https(), Rig.group("group", blue));
        try (Http2Wire both = Http2Wire.handshake(port, "h2", "http/1.1"); Http2Wire old = Http2Wire.handshake(port, "http/1.1");
                Wire silent = new Wire(Http2Wire.handshake(port).socket(), "127.0.0.1", port)) {
            assertThat(both.protocol()).isEqualTo("h2");
            assertThat(old.protocol()).isEqualTo("http/1.1");
            assertThat(new Wire(old.socket(), "127.0.0.1", port).get("/").body()).isEqualTo("blue");
            assertThat(silent.get("/").body()).isEqualTo("blue");
        }
    }

    @Test
    void a_listener_without_http2_does_not_offer_it() throws IOException {
        int port = rig.serve(Http2Rig.https(ListenerSettings.DEFAULT.withHttp2(false)), Rig.group("group", blue));
        try (Http2Wire both = Http2Wire.handshake(port, "h2", "http/1.1")) {
            assertThat(both.protocol()).isIn("", "http/1.1");
        }
    }

    @Test
    void a_request_reaches_the_target_as_http_1() throws IOException {
        try (Http2Wire wire = connect()) {
            int stream = wire.nextStream();
            Answer answer = wire.headers(stream, true, get("/head?x=1", "accept", "text/plain", "te", "trailers", "cookie", "a=1", "cookie", "b=2"))
                    .answer(stream);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers()).containsKey("date").doesNotContainKeys("connection", "transfer-encoding");
            assertThat(answer.body()).startsWith("GET /head?x=1 HTTP/1.1\r\n").contains("accept: text/plain\r\n", "cookie: a=1; b=2\r\n",
                    "X-Forwarded-For: 127.0.0.1\r\n", "X-Forwarded-Proto: https\r\n", "X-Trace-Id: ").containsIgnoringCase("\r\nhost: example.test")
                    .doesNotContain("te: ", ":authority");
        }
        assertThat(rig.front().requests()).isEqualTo(1);
        assertThat(rig.front().newConnections()).isEqualTo(1);
        Rig.eventually(() -> rig.front().activeConnections() == 0);
        assertThat(rig.counts("group").status2xx()).isEqualTo(1);
    }

    @Test
    void bodies_go_both_ways_with_and_without_a_length() throws IOException {
        byte[] large = new byte[40_000];
        Arrays.fill(large, (byte) 'x');
        try (Http2Wire wire = connect()) {
            assertThat(wire.post("/echo", "hello".getBytes(StandardCharsets.US_ASCII)).body()).isEqualTo("hello");
            int stream = wire.nextStream();
            wire.headers(stream, false, request("POST", "/echo"));
            wire.data(stream, false, Arrays.copyOf(large, 16_000)).data(stream, false, Arrays.copyOf(large, 16_000));
            Answer answer = wire.data(stream, true, Arrays.copyOf(large, 8000)).answer(stream);
            assertThat(answer.body()).isEqualTo(new String(large, StandardCharsets.US_ASCII));
            assertThat(answer.headers()).containsEntry("content-length", "40000");
        }
    }

    @Test
    void a_body_may_end_with_an_empty_frame_or_with_trailers() throws IOException {
        blue.on("/raw", request -> {
            StringBuilder all = new StringBuilder();
            while (all.indexOf("\r\n\r\n") < 0) {
                all.append((char) request.in().read());
            }
            return Backend.respond(request, 200, all.toString());
        });
        try (Http2Wire wire = connect()) {
            int first = wire.nextStream();
            wire.headers(first, false, request("POST", "/echo")).data(first, false, (byte) 'a', (byte) 'b');
            assertThat(wire.data(first, true).answer(first).body()).isEqualTo("ab");
            int second = wire.nextStream();
            wire.headers(second, false, request("POST", "/raw")).data(second, false, (byte) 'a', (byte) 'b');
            assertThat(wire.headers(second, true, "x-sum", "17", "content-length", "9").answer(second).body())
                    .isEqualTo("2\r\nab\r\n0\r\nx-sum: 17\r\n\r\n");
        }
    }

    @Test
    void chunks_become_data_and_their_trailers_trailers() throws IOException {
        blue.on("/chunks", request -> Backend.raw(request,
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\nConnection: close\r\n\r\n"
                        + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-Sum: 17\r\n\r\n"));
        try (Http2Wire wire = connect()) {
            Answer answer = wire.get("/chunks");
            assertThat(answer.body()).isEqualTo("abcde");
            assertThat(answer.trailers()).containsExactly(java.util.Map.entry("x-sum", "17"));
            assertThat(answer.headers()).containsEntry("trailer", "X-Sum").doesNotContainKeys("transfer-encoding", "connection");
        }
    }

    @Test
    void a_body_that_ends_with_the_targets_connection_ends_the_stream() throws IOException {
        blue.on("/close", request -> {
            Backend.raw(request, "HTTP/1.1 200 OK\r\n\r\nuntil the end");
            return false;
        });
        try (Http2Wire wire = connect()) {
            assertThat(wire.get("/close").body()).isEqualTo("until the end");
            assertThat(wire.get("/").body()).isEqualTo("blue");
        }
    }

    @Test
    void answers_without_a_body_end_with_their_headers() throws IOException {
        blue.on("/not-modified", request -> Backend.raw(request, "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n"));
        blue.on("/nothing", request -> Backend.raw(request, "HTTP/1.1 204 No Content\r\n\r\n"));
        try (Http2Wire wire = connect()) {
            int head = wire.nextStream();
            Frame frame = wire.headers(head, true, request("HEAD", "/head")).next(HEADERS);
            assertThat(frame.has(END_STREAM)).isTrue();
            assertThat(frame.fields()).containsEntry(":status", "200").containsKey("content-length");
            for (String path : new String[] {"/not-modified", "/nothing"}) {
                frame = wire.headers(wire.nextStream(), true, get(path)).next(HEADERS);
                assertThat(frame.has(END_STREAM)).isTrue();
            }
            assertThat(wire.get("/").body()).isEqualTo("blue");
        }
    }

    @Test
    void what_comes_before_the_answer_is_passed_on() throws IOException {
        blue.on("/early", request -> Backend.raw(request,
                "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
        try (Http2Wire wire = connect()) {
            int stream = wire.nextStream();
            Frame hints = wire.headers(stream, true, get("/early")).next(HEADERS);
            assertThat(hints.fields()).containsEntry(":status", "103").containsEntry("link", "</a.css>");
            assertThat(hints.has(END_STREAM)).isFalse();
            assertThat(wire.answer(stream).body()).isEqualTo("ok");

            int careful = wire.nextStream();
            Frame go = wire.headers(careful, false, request("POST", "/echo", "expect", "100-continue", "content-length", "2")).next(HEADERS);
            assertThat(go.fields()).containsEntry(":status", "100");
            assertThat(wire.data(careful, true, (byte) 'o', (byte) 'k').answer(careful).body()).isEqualTo("ok");
        }
    }

    @Test
    void streams_do_not_wait_for_each_other() throws IOException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        blue.holding("/held", entered, released);
        try (Http2Wire wire = connect()) {
            int held = wire.nextStream();
            wire.headers(held, true, get("/held"));
            assertThat(wire.get("/").body()).isEqualTo("blue");
            assertThat(wire.get("/").body()).isEqualTo("blue");
            released.countDown();
            assertThat(wire.answer(held).body()).isEqualTo("blue");
        }
    }

    @Test
    void answers_of_our_own_come_as_frames() throws IOException {
        Action.FixedResponse fixed = new Action.FixedResponse(403, "text/plain", "no");
        int port = rig.serve(Http2Rig.https("front", fixed, ListenerSettings.DEFAULT));
        try (Http2Wire wire = Http2Wire.connect(port)) {
            Answer answer = wire.get("/");
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body()).isEqualTo("no");
            assertThat(answer.headers()).containsEntry("content-type", "text/plain").containsEntry("server", "balancer/1")
                    .doesNotContainKey("connection");
        }
    }

    @Test
    void an_answer_before_the_request_has_ended_asks_for_no_more_of_it() throws IOException {
        Action.FixedResponse fixed = new Action.FixedResponse(403, "text/plain", "no");
        int port = rig.serve(Http2Rig.https("front", fixed, ListenerSettings.DEFAULT));
        try (Http2Wire wire = Http2Wire.connect(port)) {
            int stream = wire.nextStream();
            assertThat(wire.headers(stream, false, request("POST", "/")).answer(stream).status()).isEqualTo(403);
            Frame reset = wire.next(RST_STREAM);
            assertThat(reset.stream()).isEqualTo(stream);
            assertThat(reset.number()).isZero();
            assertThat(wire.get("/").status()).isEqualTo(403);
        }
    }

    @Test
    void a_target_may_answer_before_it_has_heard_everything() throws IOException {
        blue.on("/raw-early", request -> Backend.raw(request, "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n") && false);
        try (Http2Wire wire = connect()) {
            int stream = wire.nextStream();
            wire.headers(stream, false, request("POST", "/raw-early")).data(stream, false, (byte) 'a');
            assertThat(wire.answer(stream).status()).isEqualTo(413);
            assertThat(wire.next(RST_STREAM).number()).isZero();
            assertThat(wire.get("/").body()).isEqualTo("blue");
        }
        Rig.eventually(() -> rig.counts("group").inFlight() == 0);
    }

    @Test
    void a_reset_by_the_client_ends_what_the_target_was_asked() throws IOException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        blue.holding("/held", entered, released);
        try (Http2Wire wire = connect()) {
            int held = wire.nextStream();
            wire.headers(held, true, get("/held"));
            Rig.eventually(() -> entered.getCount() == 0);
            assertThat(rig.counts("group").inFlight()).isEqualTo(1);
            wire.frame(RST_STREAM, 0, held, number(8));
            Rig.eventually(() -> rig.counts("group").inFlight() == 0);
            assertThat(wire.get("/").body()).isEqualTo("blue");
        } finally {
            released.countDown();
        }
    }

    @Test
    void a_target_that_breaks_off_is_seen_as_broken_off() throws IOException {
        blue.on("/broken", request -> {
            Backend.raw(request, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            return false;
        });
        blue.on("/dead", request -> false);
        try (Http2Wire wire = connect()) {
            int stream = wire.nextStream();
            assertThatThrownBy(() -> wire.headers(stream, true, get("/broken")).answer(stream)).hasMessageContaining("was reset with 2");
            assertThat(wire.get("/dead").status()).isEqualTo(502);
            assertThat(wire.get("/").body()).isEqualTo("blue");
        }
    }

    @Test
    void headers_may_come_in_pieces() throws IOException {
        byte[] packed = Http2Wire.packed(get("/head", "x-long", "y".repeat(5000)));
        try (Http2Wire wire = connect()) {
            int stream = wire.nextStream();
            wire.frame(HEADERS, END_STREAM, stream, Arrays.copyOf(packed, 1000));
            wire.frame(CONTINUATION, END_HEADERS, stream, Arrays.copyOfRange(packed, 1000, packed.length));
            assertThat(wire.answer(stream).body()).contains("x-long: yyy");
        }
    }

    @Test
    void cookies_that_stick_are_set_and_read() throws IOException {
        Backend green = rig.backend("green");
        TargetGroup sticky = Rig.group("group", blue, green).withStickiness(new TargetGroup.Stickiness.ByProxyCookie(
                new Action.CookieStickiness("STICK", Optional.empty(), Duration.ofHours(1))));
        int port = rig.serve(Http2Rig.https(), sticky);
        try (Http2Wire wire = Http2Wire.connect(port)) {
            Answer first = wire.get("/");
            String cookie = first.headers().get("set-cookie").split(";")[0];
            for (int i = 0; i < 5; i++) {
                int stream = wire.nextStream();
                assertThat(wire.headers(stream, true, get("/", "cookie", "other=1", "cookie", cookie)).answer(stream).body()).isEqualTo(first.body());
            }
        }
    }

    @Test
    void a_slow_target_holds_its_stream_back_and_no_other() throws IOException {
        CountDownLatch released = new CountDownLatch(1);
        blue.on("/raw-slow", request -> {
            try {
                released.await();
            } catch (InterruptedException e) {
                return false;
            }
            return Backend.respond(request, 200, String.valueOf(request.in().readNBytes(8_000_000).length)) && false;
        });
        try (Http2Wire wire = connect()) {
            int slow = wire.nextStream();
            wire.headers(slow, false, request("POST", "/raw-slow", "content-length", "8000000"));
            wire.socket().setSoTimeout(500);
            int sent = 0;
            int window = 65_535;
            int spent = 0;
            byte[] piece = new byte[15_000];
            boolean held = false;
            while (!held) {
                if (window >= piece.length && wire.window - spent >= piece.length) {
                    wire.data(slow, false, piece);
                    window -= piece.length;
                    spent += piece.length;
                    sent += piece.length;
                    continue;
                }
                try {
                    Frame frame = wire.next(WINDOW_UPDATE);
                    window += frame.stream() == slow ? frame.number() : 0;
                } catch (java.net.SocketTimeoutException e) {
                    held = true;
                }
            }
            assertThat(window).isLessThan(piece.length);
            assertThat(wire.window - spent).isGreaterThan(piece.length);
            assertThat(sent).isLessThan(8_000_000);
            wire.socket().setSoTimeout(10_000);
            assertThat(wire.get("/").body()).isEqualTo("blue");
            released.countDown();
            for (; sent < 8_000_000; sent += piece.length) {
                piece = sent + piece.length > 8_000_000 ? new byte[8_000_000 - sent] : piece;
                while (window < piece.length || wire.window - spent < piece.length) {
                    Frame frame = wire.next(WINDOW_UPDATE);
                    window += frame.stream() == slow ? frame.number() : 0;
                }
                window -= piece.length;
                spent += piece.length;
                wire.data(slow, sent + piece.length == 8_000_000, piece);
            }
            assertThat(wire.answer(slow).body()).isEqualTo("8000000");
        }
    }

    @Test
    void a_slow_client_holds_the_target_back() throws IOException {
        java.util.concurrent.atomic.AtomicLong written = new java.util.concurrent.atomic.AtomicLong();
        blue.on("/endless", request -> {
            Backend.raw(request, "HTTP/1.1 200 OK\r\nContent-Length: 64000000\r\n\r\n");
            byte[] piece = new byte[64_000];
            for (int i = 0; i < 1000; i++) {
                request.out().write(piece);
                written.addAndGet(piece.length);
            }
            return false;
        });
        try (Http2Wire wire = connect()) {
            int stream = wire.nextStream();
            wire.frame(WINDOW_UPDATE, 0, 0, number(1_000_000)).headers(stream, true, get("/endless"));
            int got = 0;
            while (got < 65_535) {
                got += wire.next(DATA).payload().length;
            }
            long before = Rig.eventually(written::get, now -> {
                java.util.concurrent.locks.LockSupport.parkNanos(200_000_000);
                return now == written.get();
            });
            assertThat(before).isLessThan(32_000_000);
            assertThat(wire.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void a_connection_ends_without_losing_a_request_when_http2_is_turned_off() throws IOException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        blue.holding("/held", entered, released);
        try (Http2Wire wire = connect()) {
            int held = wire.nextStream();
            wire.headers(held, true, get("/held"));
            Rig.eventually(() -> entered.getCount() == 0);
            rig.serve(Http2Rig.https(ListenerSettings.DEFAULT.withHttp2(false)), Rig.group("group", blue));
            Frame notice = wire.next(GOAWAY);
            assertThat(notice.number()).isEqualTo(Integer.MAX_VALUE);
            assertThat(notice.error()).isZero();
            int crossing = wire.nextStream();
            wire.headers(crossing, true, get("/"));
            assertThat(wire.answer(crossing).body()).isEqualTo("blue");
            Frame ping = wire.frame(PING, Http2Wire.ACK, 0, new byte[8]).next(GOAWAY);
            assertThat(ping.number()).isEqualTo(crossing);
            released.countDown();
            assertThat(wire.answer(held).body()).isEqualTo("blue");
            assertThat(wire.goodbye()).isZero();
        }
    }

    @Test
    void an_old_or_idle_connection_is_asked_to_go() throws IOException {
        for (ListenerSettings settings : new ListenerSettings[] {ListenerSettings.DEFAULT.withIdleTimeout(Duration.ofMillis(300)),
                ListenerSettings.DEFAULT.withClientKeepAlive(Duration.ofMillis(300))}) {
            int port = rig.serve(Http2Rig.https(settings), Rig.group("group", blue));
            try (Http2Wire wire = Http2Wire.connect(port)) {
                assertThat(wire.goodbye()).isZero();
            }
        }
    }

    @Test
    void the_proxy_says_goodbye_when_it_closes() throws IOException {
        try (Http2Wire wire = connect()) {
            assertThat(wire.get("/").body()).isEqualTo("blue");
            rig.proxy.close();
            assertThat(wire.goodbye()).isZero();
        }
    }

    @Test
    void a_silent_target_is_504_and_a_silent_client_408() throws IOException {
        CountDownLatch released = new CountDownLatch(1);
        blue.holding("/held", new CountDownLatch(1), released);
        int port = rig.serve(Http2Rig.https(ListenerSettings.DEFAULT.withIdleTimeout(Duration.ofMillis(1500))), Rig.group("group", blue));
        try (Http2Wire wire = Http2Wire.connect(port)) {
            assertThat(wire.get("/held").status()).isEqualTo(504);
        } finally {
            released.countDown();
        }
        try (Http2Wire wire = Http2Wire.connect(port)) {
            int stream = wire.nextStream();
            assertThat(wire.headers(stream, false, request("POST", "/echo", "content-length", "5")).answer(stream).status()).isEqualTo(408);
        }
    }

    @Test
    void clear_text_listeners_do_not_take_http2() throws IOException {
        int port = rig.serve(blue);
        try (Wire wire = new Wire(port)) {
            // A guess at what AWS answers; nothing is documented.
            assertThat(wire.send(Http2Wire.PREFACE).read().status()).isIn(400, 505);
        }
    }

    @Test
    void a_grpc_request_to_an_http_1_group_is_464() throws IOException {
        try (Http2Wire wire = connect()) {
            int stream = wire.nextStream();
            Answer answer = wire.headers(stream, true, request("POST", "/service/Method", "content-type", "application/grpc")).answer(stream);
            assertThat(answer.status()).isEqualTo(464);
            assertThat(answer.headers()).containsEntry("grpc-status", "2");
            stream = wire.nextStream();
            assertThat(wire.headers(stream, true, request("POST", "/", "content-type", "application/grpc-web")).answer(stream).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void rewrites_and_a_listeners_headers_are_those_of_http_1() throws IOException {
        blue.on("/old/here", request -> Backend.raw(request,
                "HTTP/1.1 200 OK\r\nX-Frame-Options: ALLOW\r\nServer: own\r\nContent-Length: 2\r\n\r\nok"));
        HeaderEdits edits = new HeaderEdits(Optional.of(new HeaderEdits.TlsNames("X-Tls-Version", "X-Tls-Suite")), false,
                List.of(new HeaderEdits.Field("X-Frame-Options", "DENY")));
        Rewrite rewrite = new Rewrite(Optional.of(new Rewrite.Replacement("^example[.](.*)$", "$1.internal")),
                Optional.of(new Rewrite.Replacement("^/to(/|$)", "/")));
        Rule rule = new Rule("rule", 1, List.of(new Condition.Path(List.of("/to*"))), Action.Forward.to("group"), rewrite);
        try (Http2Wire wire = Http2Wire.connect(rig.serve(Http2Rig.https(ListenerSettings.DEFAULT.withHeaders(edits)).withRules(rule),
                Rig.group("group", blue)))) {
            int stream = wire.nextStream();
            Answer head = wire.headers(stream, true, get("/to/head?a=b", "x-tls-version", "SSLv2")).answer(stream);
            assertThat(head.body()).startsWith("GET /head?a=b HTTP/1.1\r\n").containsIgnoringCase("\r\nhost: test.internal\r\n")
                    .containsPattern("X-Tls-Version: TLSv1[.][23]\r\n").contains("X-Tls-Suite: ").doesNotContain("SSLv2");
            assertThat(head.headers()).containsEntry("x-frame-options", "DENY");
            stream = wire.nextStream();
            assertThat(wire.headers(stream, true, get("/old/here")).answer(stream).headers()).containsEntry("x-frame-options", "DENY")
                    .containsEntry("server", "own");
            stream = wire.nextStream();
            Answer own = wire.headers(stream, true, request("TRACE", "/")).answer(stream);
            assertThat(own.status()).isEqualTo(405);
            assertThat(own.headers()).doesNotContainKey("server");
        }
    }

    @Test
    void a_client_that_takes_its_answer_slowly_is_not_idle() throws IOException {
        blue.on("/ten", request -> Backend.respond(request, 200, "0123456789"));
        int port = rig.serve(Http2Rig.https(ListenerSettings.DEFAULT.withIdleTimeout(Duration.ofSeconds(1))), Rig.group("group", blue));
        try (Http2Wire wire = Http2Wire.connect(port, 4, 1)) {
            int stream = wire.nextStream();
            wire.headers(stream, true, get("/ten"));
            for (int i = 0; i < 9; i++) {
                assertThat(wire.next(DATA).payload()).hasSize(1);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
                wire.frame(WINDOW_UPDATE, 0, stream, number(1));
            }
            assertThat(wire.next(DATA).has(END_STREAM)).isTrue();
        }
    }

    /// With all the windows it could wish for: that it takes something is seen by nobody but the system.
    @Test
    void a_client_that_takes_slowly_what_is_there_is_not_idle() throws IOException {
        int size = 12_000_000;
        blue.on("/long", request -> Backend.respond(request, 200, "x".repeat(size)));
        int port = rig.serve(Http2Rig.https(ListenerSettings.DEFAULT.withIdleTimeout(Duration.ofSeconds(1))), Rig.group("group", blue));
        try (Http2Wire wire = Http2Wire.narrow(port, 4, 2 * size)) {
            int stream = wire.nextStream();
            wire.frame(WINDOW_UPDATE, 0, 0, number(2 * size)).headers(stream, true, get("/long"));
            int read = 0;
            for (int i = 0; i < 25; i++) {
                read += wire.next(DATA).payload().length;
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(150));
            }
            assertThat(read + rest(wire)).isEqualTo(size);
        }
    }

    @Test
    void a_client_that_gives_window_to_its_whole_connection_alone_is_not_idle() throws IOException {
        int size = 100_000;
        blue.on("/long", request -> Backend.respond(request, 200, "x".repeat(size)));
        int port = rig.serve(Http2Rig.https(ListenerSettings.DEFAULT.withIdleTimeout(Duration.ofSeconds(1))), Rig.group("group", blue));
        try (Http2Wire wire = Http2Wire.connect(port, 4, 2 * size)) {
            wire.headers(wire.nextStream(), true, get("/long"));
            int read = 0;
            for (int i = 0; i < 9; i++) {
                read += wire.next(DATA).payload().length;
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
                wire.frame(WINDOW_UPDATE, 0, 0, number(1));
            }
            wire.frame(WINDOW_UPDATE, 0, 0, number(size));
            assertThat(read + rest(wire)).isEqualTo(size);
        }
    }

    /// All of the stream that there is, to its end.
    ///
    /// @return how many bytes
    private static int rest(Http2Wire wire) throws IOException {
        int read = 0;
        Frame frame = wire.next();
        for (; !frame.has(END_STREAM) || frame.type() != DATA; frame = wire.next()) {
            assertThat(frame.type()).isNotEqualTo(RST_STREAM);
            read += frame.type() == DATA ? frame.payload().length : 0;
        }
        return read + frame.payload().length;
    }
}
