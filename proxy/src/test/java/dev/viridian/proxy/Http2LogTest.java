package dev.viridian.proxy;

import static dev.viridian.proxy.Http2Wire.END_HEADERS;
import static dev.viridian.proxy.Http2Wire.END_STREAM;
import static dev.viridian.proxy.Http2Wire.HEADERS;
import static dev.viridian.proxy.Http2Wire.RST_STREAM;
import static dev.viridian.proxy.Http2Wire.get;
import static dev.viridian.proxy.Http2Wire.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.proxy.log.RequestLog;
import dev.viridian.proxy.log.RequestLog.Kind;
import dev.viridian.proxy.routing.ListenerSettings;
import dev.viridian.proxy.routing.ListenerSettings.Logging;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What is logged of streams of HTTP/2.
class Http2LogTest {
    private static final int CANCEL = 8;

    private final Rig rig = new Rig();
    private final LogReader log = new LogReader(rig.proxy);
    private final Backend blue = rig.backend("blue");

    @AfterEach
    void close() {
        rig.close();
    }

    private int serve() {
        return rig.serve(Http2Rig.https(ListenerSettings.DEFAULT.withLogging(new Logging(true, true))), Rig.group("group", blue));
    }

    @Test
    void each_stream_is_a_request_of_one_connection() throws Exception {
        int port = serve();
        try (Http2Wire wire = Http2Wire.connect(port)) {
            assertThat(wire.get("/?a=b").status()).isEqualTo(200);
            assertThat(wire.post("/echo", new byte[100]).status()).isEqualTo(200);
        }
        List<RequestLog> both = log.requests(2);
        assertThat(both).extracting(RequestLog::kind).containsOnly(Kind.HTTP2);
        assertThat(both).extracting(each -> each.request().version()).containsOnly("HTTP/2.0");
        assertThat(both).extracting(each -> LogReader.method(each.request()) + " " + LogReader.host(each.request()) + LogReader.target(each.request()))
                .containsExactly("GET example.test/?a=b", "POST example.test/echo");
        assertThat(both).allSatisfy(each -> {
            assertThat(each.status()).isEqualTo(200);
            assertThat(each.target()).hasValue(blue.target());
            assertThat(each.sentBytes()).isPositive();
            assertThat(each.connection().tls()).isPresent();
        });
        assertThat(both.get(1).receivedBytes()).isGreaterThanOrEqualTo(100);
        assertThat(both).extracting(each -> each.connection().id()).containsOnly(log.connections(1).getFirst().connection().id());
    }

    @Test
    void grpc_is_told_apart() throws Exception {
        int port = serve();
        try (Http2Wire wire = Http2Wire.connect(port)) {
            int stream = wire.nextStream();
            wire.headers(stream, true, get("/", "content-type", "application/grpc+proto")).answer(stream);
        }
        assertThat(log.request().kind()).isEqualTo(Kind.GRPC);
    }

    @Test
    void a_stream_its_client_takes_back_is_460() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        blue.holding("/slow", entered, released);
        int port = serve();
        try (Http2Wire wire = Http2Wire.connect(port)) {
            int stream = wire.nextStream();
            wire.headers(stream, true, get("/slow"));
            entered.await();
            wire.frame(RST_STREAM, 0, stream, number(CANCEL));
            RequestLog logged = log.request();
            assertThat(logged).extracting(RequestLog::status, RequestLog::targetStatus).containsExactly(460, 0);
        } finally {
            released.countDown();
        }
    }

    @Test
    void a_refused_stream_is_logged_too() throws Exception {
        int port = serve();
        try (Http2Wire wire = Http2Wire.connect(port)) {
            int stream = wire.nextStream();
            assertThat(wire.headers(stream, true, Http2Wire.request("TRACE", "/x")).answer(stream).status()).isEqualTo(405);
        }
        RequestLog logged = log.request();
        assertThat(logged).extracting(RequestLog::status, RequestLog::kind, RequestLog::rulePriority).containsExactly(405, Kind.HTTP2, -1);
        assertThat(LogReader.method(logged.request()) + " " + LogReader.target(logged.request())).isEqualTo("TRACE /x");
        assertThat(logged.request().version()).isEqualTo("HTTP/2.0");
    }

    @Test
    void a_stream_that_is_reset_because_nothing_can_be_understood_is_logged_as_400() throws Exception {
        for (String[] malformed : new String[][] {get("/", "connection", "close"), get("/", "X-Upper", "1"), get("/a b"), get("/", "x", "a\rb")}) {
            LogReader each = new LogReader(rig.proxy);
            try (Http2Wire wire = Http2Wire.connect(serve())) {
                wire.headers(wire.nextStream(), true, malformed).next(RST_STREAM);
            }
            assertUnreadable(each.request());
        }
        assertThat(rig.front().malformed()).isEqualTo(4);
    }

    @Test
    void more_headers_than_are_read_are_400_and_logged() throws Exception {
        ByteArrayOutputStream much = new ByteArrayOutputStream();
        much.writeBytes(Http2Wire.packed(get("/")));
        byte[] field = Http2Wire.packed("x-much", "b".repeat(4000));
        // Into the table, and then out of it as often as it takes.
        much.write(0x40);
        much.write(field, 1, field.length - 1);
        for (int i = 0; i < 20; i++) {
            much.write(0x80 | 62);
        }
        try (Http2Wire wire = Http2Wire.connect(serve())) {
            int stream = wire.nextStream();
            wire.frame(HEADERS, END_HEADERS | END_STREAM, stream, much.toByteArray());
            Http2Wire.Answer answer = wire.answer(stream);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("400");
            assertThat(wire.get("/").body()).isEqualTo("blue");
        }
        assertUnreadable(log.request());
        assertThat(rig.front().malformed()).isEqualTo(1);
    }

    private static void assertUnreadable(RequestLog logged) {
        assertThat(logged).extracting(RequestLog::status, RequestLog::kind, RequestLog::rulePriority).containsExactly(400, Kind.HTTP2, -1);
        assertThat(logged.request().readable()).isFalse();
    }
}
