package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.proxy.log.RequestLog;
import dev.viridian.proxy.log.RequestLog.Done;
import dev.viridian.proxy.log.RequestLog.Kind;
import dev.viridian.proxy.log.RequestText;
import dev.viridian.proxy.log.Rewritten;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.Condition;
import dev.viridian.proxy.routing.ListenerSettings;
import dev.viridian.proxy.routing.ListenerSettings.Logging;
import dev.viridian.proxy.routing.Rewrite;
import dev.viridian.proxy.routing.Rewrite.Replacement;
import dev.viridian.proxy.routing.Rule;
import dev.viridian.proxy.routing.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is logged of a request, for each way in which it can end.
class RequestLogTest {
    private static final ListenerSettings LOGGED = ListenerSettings.DEFAULT.withLogging(new Logging(true, false));
    private final Rig rig = new Rig();
    private final LogReader log = new LogReader(rig.proxy);
    private final Backend blue = rig.backend("blue");

    @AfterEach
    void close() {
        rig.close();
    }

    private int serve() {
        return serve(LOGGED);
    }

    private int serve(ListenerSettings settings) {
        return rig.serve(Rig.listener("front", Action.Forward.to("group")).withSettings(settings), Rig.group("group", blue));
    }

    @Test
    void an_answered_request_is_logged_with_who_asked_what_and_who_answered() throws IOException {
        int port = serve();
        String request = "POST /echo?a=b HTTP/1.1\r\nHost: example.test:81\r\nUser-Agent: curl/8 \"x\"\r\nContent-Length: 5\r\n\r\nhello";
        Wire.Answer answer;
        int client;
        try (Wire wire = new Wire(port)) {
            client = wire.socket().getLocalPort();
            answer = wire.send(request).read();
        }

        RequestLog logged = log.request();
        assertThat(logged.listenerId()).isEqualTo("front");
        assertThat(logged.kind()).isEqualTo(Kind.HTTP);
        assertThat(logged.connection().clientAddress()).isEqualTo("127.0.0.1");
        assertThat(logged.connection().clientPort()).isEqualTo(client);
        assertThat(logged.connection().nodeAddress()).isEqualTo("127.0.0.1");
        assertThat(logged.connection().id()).matches("[0-9a-f]{32}");
        assertThat(logged.connection().tls()).isEmpty();
        assertThat(LogReader.method(logged.request())).isEqualTo("POST");
        assertThat(LogReader.host(logged.request())).isEqualTo("example.test");
        assertThat(LogReader.target(logged.request())).isEqualTo("/echo?a=b");
        assertThat(LogReader.agent(logged.request())).isEqualTo("curl/8 \"x\"");
        assertThat(logged.request().version()).isEqualTo("HTTP/1.1");
        assertThat(logged.status()).isEqualTo(200);
        assertThat(logged.targetStatus()).isEqualTo(200);
        assertThat(logged.target()).hasValue(blue.target());
        assertThat(logged.groupId()).isEqualTo("group");
        assertThat(logged.receivedBytes()).isEqualTo(request.length());
        assertThat(logged.sentBytes()).isEqualTo(answer.head().length() + 5);
        assertThat(logged.rulePriority()).isZero();
        assertThat(logged.done()).isEqualTo(Done.FORWARD);
        assertThat(logged.requestNanos()).isNotNegative();
        assertThat(logged.targetNanos()).isNotNegative();
        assertThat(logged.responseNanos()).isNotNegative();
        assertThat(logged.endedMicros()).isGreaterThanOrEqualTo(logged.beganMicros());
    }

    @Test
    void the_trace_id_is_the_one_the_target_saw() throws IOException {
        int port = serve();
        try (Wire wire = new Wire(port)) {
            String seen = wire.send("GET /head HTTP/1.1\r\nHost: a\r\nX-Trace-Id: Root=1-67891233-abcdef012345678912345678\r\n\r\n").read().body();
            assertThat(seen).contains("X-Trace-Id: " + log.request().traceId() + "\r\n");
        }
    }

    @Test
    void requests_of_one_connection_share_its_description() throws IOException {
        int port = serve();
        try (Wire wire = new Wire(port)) {
            wire.get("/");
            wire.get("/status/404");
        }
        List<RequestLog> both = log.requests(2);
        assertThat(both).extracting(RequestLog::status).containsExactly(200, 404);
        assertThat(both.get(0).connection()).isSameAs(both.get(1).connection());
    }

    @Test
    void a_rules_priority_and_action_are_logged_also_when_no_target_is_asked() throws IOException {
        Rule redirect = new Rule("r", 7, List.of(new Condition.Path(List.of("/old"))),
                new Action.Redirect(301, "https", "#{host}", "443", "/new", ""));
        Rule fixed = new Rule("f", 9, List.of(new Condition.Path(List.of("/fixed"))), new Action.FixedResponse(418, "text/plain", "tea"));
        int port = rig.serve(Rig.listener("front", Action.Forward.to("group")).withRules(fixed, redirect).withSettings(LOGGED),
                Rig.group("group", blue));
        try (Wire wire = new Wire(port)) {
            wire.get("/old");
            wire.get("/fixed");
        }
        List<RequestLog> both = log.requests(2);
        assertThat(both.get(0)).extracting(RequestLog::rulePriority, RequestLog::done, RequestLog::status, RequestLog::redirectUrl)
                .containsExactly(7, Done.REDIRECT, 301, "https://example.test:443/new");
        assertThat(both.get(1)).extracting(RequestLog::rulePriority, RequestLog::done, RequestLog::status, RequestLog::redirectUrl)
                .containsExactly(9, Done.FIXED_RESPONSE, 418, "");
        assertThat(both).allSatisfy(each -> {
            assertThat(each.target()).isEmpty();
            assertThat(each.groupId()).isEmpty();
            assertThat(each.targetStatus()).isZero();
            assertThat(each.sentBytes()).isPositive();
            assertThat(each.traceId()).startsWith("Root=1-");
            assertThat(List.of(each.requestNanos(), each.targetNanos(), each.responseNanos())).containsOnly(-1L);
        });
    }

    @Test
    void what_a_rule_rewrites_is_logged_beside_what_the_client_sent() throws IOException {
        Rule moved = new Rule("m", 1, List.of(new Condition.Path(List.of("/from*"))), Action.Forward.to("group"),
                new Rewrite(Optional.of(new Replacement("^.*$", "inner.test")), Optional.of(new Replacement("^/from", "/head"))));
        Rule broken = new Rule("b", 2, List.of(new Condition.Path(List.of("/broken"))), Action.Forward.to("group"),
                new Rewrite(Optional.empty(), Optional.of(new Replacement("^/broken", ""))));
        int port = rig.serve(Rig.listener("front", Action.Forward.to("group")).withRules(moved, broken).withSettings(LOGGED), Rig.group("group", blue));
        try (Wire wire = new Wire(port)) {
            assertThat(wire.get("/from?a=b").status()).isEqualTo(200);
            assertThat(wire.get("/broken").status()).isEqualTo(500);
            wire.get("/");
        }
        List<RequestLog> all = log.requests(3);
        assertThat(LogReader.target(all.get(0).request())).isEqualTo("/from?a=b");
        assertThat(all).extracting(RequestLog::rewritten).containsExactly(Optional.of(new Rewritten(Rewritten.Outcome.DONE, "inner.test", "/head?a=b")),
                Optional.of(new Rewritten(Rewritten.Outcome.INVALID_TARGET, "", "")), Optional.empty());
    }

    @ParameterizedTest(name = "{0} is {1}, of which {2} is known")
    @CsvSource(delimiter = '|', textBlock = """
        nonsense\\r\\n\\r\\n                                          | 400 | ''
        GET /a HTTP/1.1\\r\\nHost: b\\r\\nbad name: x\\r\\n\\r\\n      | 400 | GET b/a
        GET /a HTTP/1.1\\r\\n\\r\\n                                   | 400 | GET /a
        TRACE /a HTTP/1.1\\r\\nHost: b\\r\\n\\r\\n                    | 405 | TRACE b/a
        GET /a HTTP/3.0\\r\\nHost: b\\r\\n\\r\\n                      | 505 | ''
        POST /a HTTP/1.1\\r\\nHost: b\\r\\nTransfer-Encoding: x\\r\\n\\r\\n | 501 | POST b/a
        """)
    void a_refused_head_is_logged_with_what_could_be_read(String sent, int status, String known) throws IOException {
        int port = serve();
        String bytes = sent.strip().replace("\\r\\n", "\r\n");
        try (Wire wire = new Wire(port)) {
            assertThat(wire.send(bytes).read().status()).isEqualTo(status);
        }
        RequestLog logged = log.request();
        RequestText text = logged.request();
        assertThat((LogReader.method(text) + " " + LogReader.host(text) + LogReader.target(text)).strip()).isEqualTo(known);
        assertThat(logged.status()).isEqualTo(status);
        assertThat(logged.rulePriority()).isEqualTo(-1);
        assertThat(logged.done()).isEqualTo(Done.NOTHING);
        assertThat(logged.receivedBytes()).isEqualTo(bytes.length());
        assertThat(logged.sentBytes()).isPositive();
        assertThat(logged.target()).isEmpty();
        assertThat(List.of(logged.requestNanos(), logged.targetNanos(), logged.responseNanos())).containsOnly(-1L);
    }

    @Test
    void a_head_that_never_ends_is_408() throws IOException {
        int port = serve(LOGGED.withIdleTimeout(Duration.ofMillis(400)));
        try (Wire wire = new Wire(port)) {
            assertThat(wire.send("GET / HTTP/1.1\r\nHo").read().status()).isEqualTo(408);
        }
        assertThat(log.request()).extracting(RequestLog::status, RequestLog::request, RequestLog::receivedBytes)
                .containsExactly(408, RequestText.UNREADABLE, 18L);
    }

    @Test
    void a_client_that_leaves_before_the_answer_is_460() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        blue.holding("/slow", entered, released);
        int port = serve();
        try (Wire wire = new Wire(port)) {
            wire.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            entered.await();
        }
        RequestLog logged = log.request();
        released.countDown();
        assertThat(logged).extracting(RequestLog::status, RequestLog::targetStatus, RequestLog::sentBytes).containsExactly(460, 0, 0L);
        assertThat(logged.target()).hasValue(blue.target());
        assertThat(logged.requestNanos()).isNotNegative();
        assertThat(List.of(logged.targetNanos(), logged.responseNanos())).containsOnly(-1L);
    }

    @Test
    void a_target_that_closes_without_an_answer_is_502_and_its_time_is_known() throws IOException {
        blue.on("/close", request -> false);
        int port = serve();
        try (Wire wire = new Wire(port)) {
            assertThat(wire.post("/close", new byte[0]).status()).isEqualTo(502);
        }
        RequestLog logged = log.request();
        assertThat(logged).extracting(RequestLog::status, RequestLog::targetStatus, RequestLog::done).containsExactly(502, 0, Done.FORWARD);
        assertThat(logged.target()).hasValue(blue.target());
        assertThat(logged.targetNanos()).isNotNegative();
        assertThat(logged.responseNanos()).isEqualTo(-1);
    }

    @Test
    void a_target_nobody_listens_on_is_502_and_the_request_never_left() throws IOException {
        int dead;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            dead = socket.getLocalPort();
        }
        Target gone = Target.at("127.0.0.1", dead);
        int port = rig.serve(Rig.listener("front", Action.Forward.to("group")).withSettings(LOGGED), Rig.group("group", List.of(gone)));
        try (Wire wire = new Wire(port)) {
            assertThat(wire.get("/").status()).isEqualTo(502);
        }
        RequestLog logged = log.request();
        assertThat(logged.target()).hasValue(gone);
        assertThat(List.of(logged.requestNanos(), logged.targetNanos(), logged.responseNanos())).containsOnly(-1L);
    }

    @Test
    void a_silent_target_is_504() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        blue.holding("/slow", new CountDownLatch(1), released);
        int port = serve(LOGGED.withIdleTimeout(Duration.ofMillis(400)));
        try (Wire wire = new Wire(port)) {
            assertThat(wire.get("/slow").status()).isEqualTo(504);
        }
        released.countDown();
        RequestLog logged = log.request();
        assertThat(logged.status()).isEqualTo(504);
        assertThat(logged.requestNanos()).isNotNegative();
        assertThat(List.of(logged.targetNanos(), logged.responseNanos())).containsOnly(-1L);
    }

    @Test
    void an_empty_group_is_503_under_the_groups_name() throws IOException {
        int port = rig.serve(Rig.listener("front", Action.Forward.to("group")).withSettings(LOGGED), Rig.group("group"));
        try (Wire wire = new Wire(port)) {
            wire.get("/");
        }
        assertThat(log.request()).extracting(RequestLog::status, RequestLog::groupId, RequestLog::rulePriority).containsExactly(503, "group", 0);
        assertThat(log.request().target()).isEmpty();
    }

    @Test
    void an_answer_that_breaks_off_keeps_its_status_and_counts_what_was_sent() throws IOException {
        blue.on("/broken", request -> {
            Backend.raw(request, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            return false;
        });
        int port = serve();
        try (Wire wire = new Wire(port)) {
            String seen = wire.send("GET /broken HTTP/1.1\r\nHost: a\r\n\r\n").readRest();
            RequestLog logged = log.request();
            assertThat(logged.status()).isEqualTo(200);
            assertThat(logged.sentBytes()).isEqualTo(seen.length());
        }
    }

    @Test
    void a_tunnel_is_logged_once_it_is_closed_with_all_its_bytes() throws IOException {
        blue.on("/socket", request -> {
            Backend.raw(request, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
            request.out().write(request.in().readNBytes(4));
            request.out().flush();
            return true;
        });
        int port = serve();
        String request = "GET /socket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
        int head;
        try (Wire wire = new Wire(port)) {
            head = wire.send(request).read().head().length();
            assertThat(wire.send("ping").readText(4)).isEqualTo("ping");
            wire.get("/"); // the backend goes on as a plain server
        }
        RequestLog logged = log.request();
        assertThat(logged).extracting(RequestLog::kind, RequestLog::status, RequestLog::targetStatus).containsExactly(Kind.WEBSOCKET, 101, 101);
        assertThat(logged.receivedBytes()).isGreaterThan(request.length() + 4);
        assertThat(logged.sentBytes()).isGreaterThan(head + 4);
        assertThat(log.requests(1)).hasSize(1);
    }

    @Test
    void nothing_is_logged_unless_the_listener_wants_it() throws IOException {
        int port = serve(ListenerSettings.DEFAULT);
        try (Wire wire = new Wire(port)) {
            wire.get("/");
            serve();
            wire.get("/status/404");
        }
        assertThat(log.requests(1)).extracting(RequestLog::status).containsExactly(404);
    }
}
