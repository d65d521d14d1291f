package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.viridian.engine.time.VirtualTime;
import dev.viridian.proxy.FunctionTargets.Answer;
import dev.viridian.proxy.FunctionTargets.Header;
import dev.viridian.proxy.health.TargetHealth.State;
import dev.viridian.proxy.log.RequestLog;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.HealthCheck;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.ListenerSettings;
import dev.viridian.proxy.routing.Target;
import dev.viridian.proxy.routing.TargetGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Groups whose requests are answered by a function.
class FunctionTargetsTest {
    private final VirtualTime time = new VirtualTime();
    private final Rig rig = new Rig(time, Rig.OPTIONS);
    private final Listener listener = Rig.listener("front", Action.Forward.to("group"));
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void close() {
        released.countDown();
        rig.close();
    }

    private int serve(FunctionTargets functions) {
        return serve(functions, listener);
    }

    private int serve(FunctionTargets functions, Listener listener) {
        rig.proxy.callFunctions(functions);
        return rig.serve(listener, group(HealthCheck.NONE));
    }

    private static TargetGroup group(HealthCheck check) {
        return TargetGroup.http("group", check, List.of(Target.function("f")));
    }

    private static Answer ok(String body, Header... headers) {
        return new Answer(200, "OK", List.of(headers), body.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.ISO_8859_1);
    }

    @Test
    void a_function_gets_the_whole_request_and_its_answer_is_passed_on() throws IOException {
        int port = serve((group, function, request) -> ok(group + " " + function + " " + request.method() + " " + request.path() + " " + request.query()
                + " " + text(request.body()), new Header("X-Kind", "function")));
        try (Wire wire = new Wire(port)) {
            Wire.Answer answer = wire.send("POST /a/b?c=%20d HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello").read();
            assertThat(answer.head()).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(answer.header("X-Kind")).isEqualTo("function");
            assertThat(answer.body()).isEqualTo("group f POST /a/b c=%20d hello");
            assertThat(wire.get("/again").body()).isEqualTo("group f GET /again  ");
        }
        assertThat(rig.counts("group").requests()).isEqualTo(2);
        assertThat(rig.counts("group").status2xx()).isEqualTo(2);
        Rig.eventually(() -> rig.counts("group").inFlight() == 0);
    }

    @Test
    void headers_arrive_as_for_any_target_but_for_those_of_the_connection() throws IOException {
        int port = serve((group, function, request) -> ok(request.headers().stream().map(each -> each.name() + "=" + each.value())
                .filter(each -> !each.startsWith("X-Trace-Id") && !each.startsWith("Host")).toList().toString()));
        try (Wire wire = new Wire(port)) {
            String body = wire.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nX-One: 1\r\nX-One: 2\r\n\r\n").read().body();
            assertThat(body).startsWith("[X-One=1, X-One=2, X-Forwarded-For=127.0.0.1, X-Forwarded-Proto=http").doesNotContain("Connection");
        }
    }

    @Test
    void a_chunked_body_arrives_without_its_chunks() throws IOException {
        int port = serve((group, function, request) -> ok(text(request.body())));
        try (Wire wire = new Wire(port)) {
            wire.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
            assertThat(wire.send("2\r\nde\r\n0\r\n\r\n").read().body()).isEqualTo("abcde");
        }
    }

    @Test
    void a_client_that_speaks_http2_is_answered_likewise() throws IOException {
        int port = serve((group, function, request) -> ok(request.method() + " " + request.path() + " " + text(request.body())), Http2Rig.https());
        try (Http2Wire wire = Http2Wire.connect(port)) {
            assertThat(wire.get("/a?b=c").body()).isEqualTo("GET /a ");
            int stream = wire.nextStream();
            wire.headers(stream, false, Http2Wire.request("POST", "/p")).data(stream, false, "he".getBytes(StandardCharsets.US_ASCII))
                    .data(stream, true, "llo".getBytes(StandardCharsets.US_ASCII));
            assertThat(wire.answer(stream).body()).isEqualTo("POST /p hello");
        }
        Rig.eventually(() -> rig.counts("group").inFlight() == 0);
    }

    @Test
    void a_client_that_waits_to_be_asked_for_its_body_is_asked() throws IOException {
        int port = serve((group, function, request) -> ok(text(request.body())));
        try (Wire wire = new Wire(port)) {
            wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
            assertThat(wire.read().status()).isEqualTo(100);
            assertThat(wire.send("abc").read().body()).isEqualTo("abc");
        }
    }

    @Test
    void a_body_of_a_mebibyte_arrives_and_a_larger_one_is_413() throws IOException {
        int port = serve((group, function, request) -> ok(String.valueOf(request.body().length)));
        try (Wire wire = new Wire(port)) {
            assertThat(wire.post("/", new byte[1 << 20]).body()).isEqualTo("1048576");
            wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n");
            assertThat(wire.read().status()).isEqualTo(413);
        }
        try (Wire wire = new Wire(port)) {
            wire.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n100001\r\n").send(new byte[(1 << 20) + 1]);
            assertThat(wire.read().status()).isEqualTo(413);
        }
        Rig.eventually(() -> rig.counts("group").inFlight() == 0);
    }

    @Test
    void a_head_request_gets_no_body() throws IOException {
        int port = serve((group, function, request) -> ok("four"));
        try (Wire wire = new Wire(port)) {
            Wire.Answer answer = wire.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").read(false);
            assertThat(answer.header("Content-Length")).isEqualTo("4");
            assertThat(wire.get("/").body()).isEqualTo("four");
        }
    }

    @Test
    void a_function_that_fails_is_502_and_the_connection_goes_on() throws IOException {
        int port = serve((group, function, request) -> {
            if (request.path().equals("/bad")) {
                throw new IOException("no");
            }
            return ok("good");
        });
        try (Wire wire = new Wire(port)) {
            assertThat(wire.get("/bad").status()).isEqualTo(502);
            assertThat(wire.get("/").body()).isEqualTo("good");
        }
        assertThat(rig.front().generated().status502()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\r\nSet-Cookie: stolen=1", "x\ny", "x\u0000"})
    void an_answer_that_would_smuggle_a_header_is_502(String value) throws IOException {
        int port = serve((group, function, request) -> ok("", new Header("X-Value", value)));
        try (Wire wire = new Wire(port)) {
            Wire.Answer answer = wire.get("/");
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.head()).doesNotContain("stolen");
        }
    }

    @Test
    void what_a_function_says_of_its_bodys_length_is_not_believed() throws IOException {
        int port = serve((group, function, request) -> ok("four", new Header("Content-Length", "400"), new Header("Transfer-Encoding", "chunked")));
        try (Wire wire = new Wire(port)) {
            assertThat(wire.get("/").body()).isEqualTo("four");
            assertThat(wire.get("/").body()).isEqualTo("four");
        }
    }

    @Test
    void a_function_that_takes_too_long_is_504_and_what_it_says_later_is_not_heard() throws Exception {
        CountDownLatch finished = new CountDownLatch(1);
        int port = serve((group, function, request) -> {
            if (request.path().equals("/slow")) {
                released.await();
                finished.countDown();
            }
            return ok(request.path());
        }, listener.withSettings(ListenerSettings.DEFAULT.withIdleTimeout(Duration.ofSeconds(1))));
        try (Wire wire = new Wire(port)) {
            assertThat(wire.get("/slow").status()).isEqualTo(504);
        }
        rig.serve(listener, group(HealthCheck.NONE));
        released.countDown();
        finished.await();
        try (Wire wire = new Wire(port)) {
            assertThat(wire.get("/quick").body()).isEqualTo("/quick");
        }
    }

    @Test
    void a_waiting_function_does_not_hold_up_other_requests() throws IOException {
        int port = serve((group, function, request) -> {
            if (request.path().equals("/slow")) {
                released.await();
            }
            return ok(request.path());
        });
        try (Wire slow = new Wire(port); Wire quick = new Wire(port)) {
            slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            Rig.eventually(() -> rig.counts("group").inFlight() == 1);
            for (int i = 0; i < 5; i++) {
                assertThat(quick.get("/quick").body()).isEqualTo("/quick");
            }
            released.countDown();
            assertThat(slow.read().body()).isEqualTo("/slow");
        }
    }

    @Test
    void calls_that_go_on_without_their_clients_leave_room_for_only_so_many() throws Exception {
        CountDownLatch entered = new CountDownLatch(2);
        byte[] body = new byte[100_000];
        try (Rig small = new Rig(time, Rig.OPTIONS.withLoops(1).withLimits(new Limits(100, 256 * 1024)))) {
            small.proxy.callFunctions((group, function, request) -> {
                entered.countDown();
                released.await();
                return ok(String.valueOf(request.body().length));
            });
            int port = small.serve(listener, group(HealthCheck.NONE));
            for (int i = 0; i < 2; i++) {
                try (Wire wire = new Wire(port)) {
                    wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n").send(body);
                    long left = 1 - i;
                    Rig.eventually(() -> entered.getCount() == left);
                }
            }
            Rig.eventually(() -> small.front().activeConnections() == 0);
            try (Wire wire = new Wire(port)) {
                assertThat(wire.post("/", body).status()).isEqualTo(503);
            }
            released.countDown();
            Rig.eventually(() -> served(port, body));
        }
    }

    private static boolean served(int port, byte[] body) {
        try (Wire wire = new Wire(port)) {
            Wire.Answer answer = wire.post("/", body);
            return answer.status() == 200 && answer.body().equals("100000");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void why_there_is_no_answer_is_logged_in_the_words_of_whoever_calls() throws Exception {
        int port = serve(new FunctionTargets() {
            @Override
            public Answer call(String group, String function, Request request) throws Exception {
                switch (request.path()) {
                    case "/none" -> throw new NoAnswer("Ill", "no");
                    case "/unexpected" -> throw new IOException("no");
                    case "/slow" -> released.await();
                    default -> { }
                }
                return ok("", new Header("X", request.path().equals("/unfit") ? "a\nb" : "a"));
            }

            @Override
            public String failed(String group, Fault fault) {
                return group + fault;
            }
        }, listener.withSettings(ListenerSettings.DEFAULT.withIdleTimeout(Duration.ofSeconds(1)).withLogging(new ListenerSettings.Logging(true, false))));
        try (Wire wire = new Wire(port)) {
            for (String path : List.of("/none", "/unexpected", "/unfit", "/fine", "/slow")) {
                wire.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").read();
            }
        }
        try (Wire wire = new Wire(port)) {
            wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n").read();
        }
        assertThat(new LogReader(rig.proxy).requests(6)).extracting(RequestLog::status, RequestLog::failure).containsExactlyInAnyOrder(tuple(502, "Ill"),
                tuple(502, ""), tuple(502, "groupUNFIT_ANSWER"), tuple(200, ""), tuple(504, "groupTOO_SLOW"), tuple(413, "groupREQUEST_TOO_LARGE"));
    }

    @Test
    void a_function_is_checked_by_a_request_of_its_own() {
        CountDownLatch asked = new CountDownLatch(1);
        rig.proxy.callFunctions((group, function, request) -> {
            boolean known = request.path().equals("/health") && request.headers().equals(List.of(new Header("User-Agent", "checker/1")));
            asked.countDown();
            return new Answer(known ? 200 : 500, "", List.of(), new byte[0]);
        });
        rig.serve(listener, group(HealthCheck.http("/health", Duration.ofSeconds(35), Duration.ofSeconds(30), 5, 2)));
        Rig.eventually(() -> rig.proxy.health("group").getFirst().state() == State.HEALTHY);
        assertThat(asked.getCount()).isZero();
    }

    @Test
    void a_function_that_fails_its_checks_is_unhealthy() {
        rig.proxy.callFunctions((group, function, request) -> {
            throw new IOException("no");
        });
        rig.serve(listener, group(HealthCheck.http("/health", Duration.ofSeconds(35), Duration.ofSeconds(30), 5, 2)));
        Rig.eventually(() -> {
            time.advance(Duration.ofSeconds(35));
            return rig.proxy.health("group").getFirst().state() == State.UNHEALTHY;
        });
    }

    @Test
    void without_anybody_who_calls_functions_the_answer_is_502() throws IOException {
        int port = rig.serve(listener, group(HealthCheck.NONE));
        try (Wire wire = new Wire(port)) {
            assertThat(wire.get("/").status()).isEqualTo(502);
        }
    }
}
