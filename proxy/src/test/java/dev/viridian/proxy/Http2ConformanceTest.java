package dev.viridian.proxy;

import static dev.viridian.proxy.Http2Wire.ACK;
import static dev.viridian.proxy.Http2Wire.CONTINUATION;
import static dev.viridian.proxy.Http2Wire.DATA;
import static dev.viridian.proxy.Http2Wire.END_HEADERS;
import static dev.viridian.proxy.Http2Wire.END_STREAM;
import static dev.viridian.proxy.Http2Wire.GOAWAY;
import static dev.viridian.proxy.Http2Wire.HEADERS;
import static dev.viridian.proxy.Http2Wire.PADDED;
import static dev.viridian.proxy.Http2Wire.PING;
import static dev.viridian.proxy.Http2Wire.PRIORITY;
import static dev.viridian.proxy.Http2Wire.PUSH_PROMISE;
import static dev.viridian.proxy.Http2Wire.RST_STREAM;
import static dev.viridian.proxy.Http2Wire.SETTINGS;
import static dev.viridian.proxy.Http2Wire.WINDOW_UPDATE;
import static dev.viridian.proxy.Http2Wire.get;
import static dev.viridian.proxy.Http2Wire.number;
import static dev.viridian.proxy.Http2Wire.packed;
import static dev.viridian.proxy.Http2Wire.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.proxy.Http2Wire.Frame;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a client may not do, section by section as h2spec has it (of RFC 7540, whose numbers RFC 9113 keeps up to 6), and what could smuggle something
/// past us.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2ConformanceTest {
    private static final int PROTOCOL_ERROR = 1;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int STREAM_CLOSED = 5;
    private static final int FRAME_SIZE_ERROR = 6;
    private static final int REFUSED_STREAM = 7;
    private static final int COMPRESSION_ERROR = 9;

    private interface Sending {
        void to(Http2Wire wire) throws IOException;
    }

    /// What must come of it: an end of the connection or of the stream with one of these errors, a status, or nothing.
    private sealed interface Wanted {
        record Goaway(List<Integer> errors) implements Wanted {}

        record Reset(List<Integer> errors) implements Wanted {}

        record Status(int status) implements Wanted {}

        record Fine() implements Wanted {}
    }

    private record Case(String name, Wanted wanted, Sending sending) {
        @Override
        public String toString() {
            return name + ": " + wanted;
        }
    }

    private static Case ends(String name, int error, Sending sending) {
        return new Case(name, new Wanted.Goaway(List.of(error)), sending);
    }

    private static Case resets(String name, int error, Sending sending) {
        return new Case(name, new Wanted.Reset(List.of(error)), sending);
    }

    private static Case says(String name, int status, Sending sending) {
        return new Case(name, new Wanted.Status(status), sending);
    }

    private static Case fine(String name, Sending sending) {
        return new Case(name, new Wanted.Fine(), sending);
    }

    private final Rig rig = new Rig();
    private final Backend blue = rig.backend("blue");
    private final CountDownLatch released = new CountDownLatch(1);
    private int port;

    @BeforeAll
    void serve() {
        blue.holding("/held", new CountDownLatch(1), released);
        port = rig.serve(Http2Rig.https(), Rig.group("group", blue));
    }

    @AfterAll
    void close() {
        released.countDown();
        rig.close();
    }

    static List<Case> frames() {
        return List.of(
                fine("4.1 a frame of unknown type", wire -> wire.frame(0x16, 0, 0, new byte[8])),
                fine("4.1 undefined flags", wire -> wire.frame(PING, 0x16, 0, new byte[8])),
                fine("4.1 the reserved bit", wire -> wire.frame(PING, 0, 0x8000_0000, new byte[8])),
                ends("4.2 DATA longer than allowed", FRAME_SIZE_ERROR, wire -> open(wire).frame(DATA, END_STREAM, 1, new byte[16_385])),
                ends("4.2 HEADERS longer than allowed", FRAME_SIZE_ERROR, wire -> wire.frame(HEADERS, END_HEADERS, 1, new byte[16_385])),
                ends("4.3 headers that cannot be unpacked", COMPRESSION_ERROR,
                        wire -> wire.frame(HEADERS, END_HEADERS | END_STREAM, 1, new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 1})),
                ends("4.3 PRIORITY within headers", PROTOCOL_ERROR, wire -> begun(wire).frame(PRIORITY, 0, 1, 0, 0, 0, 0, 16)),
                ends("4.3 HEADERS of another stream within headers", PROTOCOL_ERROR, wire -> begun(wire).headers(3, true, get("/"))),
                ends("5.1 DATA on an idle stream", PROTOCOL_ERROR, wire -> wire.data(1, true)),
                ends("5.1 RST_STREAM on an idle stream", PROTOCOL_ERROR, wire -> wire.frame(RST_STREAM, 0, 1, number(8))),
                ends("5.1 WINDOW_UPDATE on an idle stream", PROTOCOL_ERROR, wire -> wire.frame(WINDOW_UPDATE, 0, 1, number(100))),
                ends("5.1 CONTINUATION on an idle stream", PROTOCOL_ERROR, wire -> wire.frame(CONTINUATION, END_HEADERS, 1, packed(get("/")))),
                resets("5.1 DATA on a half-closed stream", STREAM_CLOSED, wire -> held(wire).data(1, true)),
                new Case("5.1 HEADERS on a half-closed stream", new Wanted.Reset(List.of(PROTOCOL_ERROR, STREAM_CLOSED)),
                        wire -> held(wire).headers(1, true, get("/"))),
                ends("5.1 CONTINUATION on a half-closed stream", PROTOCOL_ERROR, wire -> held(wire).frame(CONTINUATION, END_HEADERS, 1)),
                resets("5.1 DATA on a stream that was reset", STREAM_CLOSED,
                        wire -> open(wire).frame(RST_STREAM, 0, 1, number(8)).data(1, true)),
                resets("5.1 HEADERS on a stream that was reset", STREAM_CLOSED,
                        wire -> open(wire).frame(RST_STREAM, 0, 1, number(8)).headers(1, true, get("/"))),
                ends("5.1.1 a stream of an even number", PROTOCOL_ERROR, wire -> wire.headers(2, true, get("/"))),
                // The RFC would rather end the connection; the codec cannot tell this from a stream it has forgotten.
                resets("5.1.1 a stream with a smaller number", STREAM_CLOSED, wire -> wire.headers(5, true, get("/held")).headers(3, true, get("/"))),
                resets("5.1.2 more streams than allowed", REFUSED_STREAM, Http2ConformanceTest::tooMany),
                ends("5.5 an unknown frame within headers", PROTOCOL_ERROR, wire -> begun(wire).frame(0x16, 0, 0, new byte[8])),
                ends("6.1 DATA on stream 0", PROTOCOL_ERROR, wire -> wire.data(0, true)),
                ends("6.1 more padding than DATA", PROTOCOL_ERROR, wire -> open(wire).frame(DATA, PADDED | END_STREAM, 1, 9, 'a', 'b')),
                ends("6.2 HEADERS on stream 0", PROTOCOL_ERROR, wire -> wire.headers(0, true, get("/"))),
                ends("6.2 more padding than HEADERS", PROTOCOL_ERROR, wire -> wire.frame(HEADERS, PADDED | END_HEADERS, 1, 9, 'a')),
                ends("6.3 PRIORITY on stream 0", PROTOCOL_ERROR, wire -> wire.frame(PRIORITY, 0, 0, 0, 0, 0, 3, 16)),
                resets("6.3 PRIORITY of a wrong length", FRAME_SIZE_ERROR, wire -> open(wire).frame(PRIORITY, 0, 1, 0, 0, 0, 3)),
                ends("6.4 RST_STREAM on stream 0", PROTOCOL_ERROR, wire -> wire.frame(RST_STREAM, 0, 0, number(8))),
                ends("6.4 RST_STREAM of a wrong length", FRAME_SIZE_ERROR, wire -> open(wire).frame(RST_STREAM, 0, 1, 0, 0, 8)),
                ends("6.5 SETTINGS acknowledged with something", FRAME_SIZE_ERROR, wire -> wire.frame(SETTINGS, ACK, 0, 0)),
                ends("6.5 SETTINGS on a stream", PROTOCOL_ERROR, wire -> wire.frame(SETTINGS, 0, 1, 0, 3, 0, 0, 0, 100)),
                ends("6.5 SETTINGS of a wrong length", FRAME_SIZE_ERROR, wire -> wire.frame(SETTINGS, 0, 0, 0, 3, 0)),
                ends("6.5.2 ENABLE_PUSH of 2", PROTOCOL_ERROR, wire -> wire.settings(2, 2)),
                ends("6.5.2 INITIAL_WINDOW_SIZE too large", FLOW_CONTROL_ERROR, wire -> wire.settings(4, 0x8000_0000)),
                ends("6.5.2 MAX_FRAME_SIZE too small", PROTOCOL_ERROR, wire -> wire.settings(5, 16_383)),
                ends("6.5.2 MAX_FRAME_SIZE too large", PROTOCOL_ERROR, wire -> wire.settings(5, 16_777_216)),
                fine("6.5.2 an unknown setting", wire -> wire.settings(0xff, 1)),
                ends("6.7 PING on a stream", PROTOCOL_ERROR, wire -> wire.frame(PING, 0, 1, new byte[8])),
                ends("6.7 PING of a wrong length", FRAME_SIZE_ERROR, wire -> wire.frame(PING, 0, 0, new byte[6])),
                fine("6.7 PING acknowledged unasked", wire -> wire.frame(PING, ACK, 0, new byte[8])),
                ends("6.8 GOAWAY on a stream", PROTOCOL_ERROR, wire -> wire.frame(GOAWAY, 0, 1, new byte[8])),
                ends("6.9 WINDOW_UPDATE of nothing", PROTOCOL_ERROR, wire -> wire.frame(WINDOW_UPDATE, 0, 0, number(0))),
                resets("6.9 WINDOW_UPDATE of nothing on a stream", PROTOCOL_ERROR, wire -> open(wire).frame(WINDOW_UPDATE, 0, 1, number(0))),
                ends("6.9 WINDOW_UPDATE of a wrong length", FRAME_SIZE_ERROR, wire -> wire.frame(WINDOW_UPDATE, 0, 0, 0, 0, 1)),
                ends("6.9.1 a window beyond its limit", FLOW_CONTROL_ERROR, wire -> wire.frame(WINDOW_UPDATE, 0, 0, number(Integer.MAX_VALUE))),
                resets("6.9.1 a stream's window beyond its limit", FLOW_CONTROL_ERROR,
                        wire -> open(wire).frame(WINDOW_UPDATE, 0, 1, number(Integer.MAX_VALUE))),
                ends("6.10 CONTINUATION, then something else", PROTOCOL_ERROR,
                        wire -> begun(wire).frame(CONTINUATION, 0, 1, packed("x-a", "b")).data(1, true)),
                ends("6.10 CONTINUATION on stream 0", PROTOCOL_ERROR, wire -> begun(wire).frame(CONTINUATION, END_HEADERS, 0)),
                ends("6.10 CONTINUATION behind complete HEADERS", PROTOCOL_ERROR, wire -> open(wire).frame(CONTINUATION, END_HEADERS, 1)),
                ends("8.2 PUSH_PROMISE by a client", PROTOCOL_ERROR, wire -> open(wire).frame(PUSH_PROMISE, END_HEADERS, 1, 0, 0, 0, 2)));
    }

    static List<Case> messages() {
        return List.of(
                resets("8.1 HEADERS again without an end", PROTOCOL_ERROR, wire -> open(wire).headers(1, false, "x", "y")),
                malformed("8.1.2 upper case in a name", get("/", "X-Upper", "1")),
                malformed("8.1.2.1 an unknown pseudo-header", get("/", ":test", "1")),
                malformed("8.1.2.1 a pseudo-header of answers", get("/", ":status", "200")),
                malformed("8.1.2.1 a pseudo-header behind others", ":method", "GET", ":scheme", "https", "x", "y", ":path", "/", ":authority", "a"),
                resets("8.1.2.1 a pseudo-header in trailers", PROTOCOL_ERROR, wire -> open(wire).headers(1, true, ":method", "GET")),
                malformed("8.1.2.2 connection", get("/", "connection", "keep-alive")),
                malformed("8.1.2.2 keep-alive", get("/", "keep-alive", "1")),
                malformed("8.1.2.2 proxy-connection", get("/", "proxy-connection", "keep-alive")),
                malformed("8.1.2.2 upgrade", get("/", "upgrade", "websocket")),
                malformed("8.1.2.2 transfer-encoding", request("POST", "/", "transfer-encoding", "chunked")),
                malformed("8.1.2.2 te of something", get("/", "te", "gzip")),
                malformed("8.1.2.3 an empty path", get("")),
                malformed("8.1.2.3 no method", ":scheme", "https", ":path", "/", ":authority", "a"),
                malformed("8.1.2.3 no scheme", ":method", "GET", ":path", "/", ":authority", "a"),
                malformed("8.1.2.3 no path", ":method", "GET", ":scheme", "https", ":authority", "a"),
                malformed("8.1.2.3 two methods", get("/", ":method", "GET")),
                malformed("8.1.2.3 two schemes", get("/", ":scheme", "https")),
                malformed("8.1.2.3 two paths", get("/", ":path", "/")),
                malformed("8.1.2.3 two authorities", get("/", ":authority", "example.test")),
                resets("8.1.2.6 less than content-length", PROTOCOL_ERROR,
                        wire -> wire.headers(1, false, request("POST", "/", "content-length", "4")).data(1, true, (byte) 'a')),
                resets("8.1.2.6 more than content-length", PROTOCOL_ERROR,
                        wire -> wire.headers(1, false, request("POST", "/", "content-length", "1")).data(1, false, (byte) 'a').data(1, true, (byte) 'b')),
                malformed("8.1.2.6 a content-length and no body", request("POST", "/", "content-length", "1")),
                malformed("content-length twice", request("POST", "/", "content-length", "1", "content-length", "2")),
                malformed("content-length with a sign", request("POST", "/", "content-length", "+1")),
                malformed("a path with a space", get("/a b")),
                malformed("a path with another request", get("/ HTTP/1.1\r\nHost: evil\r\n\r\nGET /")),
                malformed("a path with a NUL", get("/a\0")),
                malformed("a path with a fragment", get("/a#b")),
                malformed("a path with a scheme", get("https://evil.test/")),
                malformed("a method with a space", request("GET /x", "/")),
                malformed("a value with a line end", get("/", "x", "a\r\nhost: evil")),
                malformed("a value with a line feed", get("/", "x", "a\nhost: evil")),
                malformed("a value with a NUL", get("/", "x", "a\0b")),
                malformed("a value that begins with a space", get("/", "x", " a")),
                malformed("a piece of a cookie that ends with a space", get("/", "cookie", "a=b ", "cookie", "c=d")),
                malformed("a value that ends with a tab", get("/", "x", "a\t")),
                malformed("a name with a space", get("/", "x y", "a")),
                malformed("a name with a colon", get("/", "x:", "a")),
                malformed("a name with a line end", get("/", "x\r\ny", "a")),
                malformed("an empty name", get("/", "", "a")),
                malformed("an authority with a line end", ":method", "GET", ":scheme", "https", ":path", "/", ":authority", "a\r\nx: y"),
                malformed("a scheme with a line end", ":method", "GET", ":scheme", "https\r\nx: y", ":path", "/", ":authority", "a"),
                malformed("a scheme with a space", ":method", "GET", ":scheme", "https ", ":path", "/", ":authority", "a"),
                malformed("a tunnel for another protocol", ":method", "CONNECT", ":protocol", "websocket", ":scheme", "https", ":path", "/",
                        ":authority", "a"),
                resets("8.1.1 a malformed request with a body", PROTOCOL_ERROR,
                        wire -> wire.headers(1, false, request("POST", "/", "te", "gzip")).data(1, false, (byte) 'a').headers(1, true, "x", "y")),
                status("CONNECT", 405, ":method", "CONNECT", ":authority", "example.test:443"),
                status("TRACE", 405, request("TRACE", "/")),
                status("an authority other than host", 400, get("/", "host", "other.test")),
                status("an authority with a user", 400, ":method", "GET", ":scheme", "https", ":path", "/", ":authority", "me@example.test"),
                status("no authority", 400, ":method", "GET", ":scheme", "https", ":path", "/"),
                status("an asterisk to GET", 400, get("*")),
                status("an unknown expectation", 417, get("/", "expect", "the-inquisition")),
                status("a path that is too long", 414, get("/" + "a".repeat(16_400))),
                status("a header that is too long", 400, get("/", "x", "a".repeat(16_400))),
                status("too many headers", 431, get("/", IntStream.range(0, 600).mapToObj(i -> i % 2 == 0 ? "x" + i : "y").toArray(String[]::new))),
                status("more headers than fit", 400, get("/", "a", "x".repeat(15_000), "b", "x".repeat(15_000), "c", "x".repeat(15_000), "d",
                        "x".repeat(15_000), "e", "x".repeat(6000))),
                status("host without authority", 200, ":method", "GET", ":scheme", "https", ":path", "/", "host", "example.test"),
                status("host like the authority", 200, get("/", "host", "EXAMPLE.test")),
                status("an asterisk to OPTIONS", 404, request("OPTIONS", "*")),
                status("what is allowed in a path", 404, get("/a%20b?c=d|e\"f<g>")));
    }

    private static Case malformed(String name, String... fields) {
        return resets(name, PROTOCOL_ERROR, wire -> headers(wire, fields));
    }

    private static Case status(String name, int status, String... fields) {
        return says(name, status, wire -> headers(wire, fields));
    }

    /// In as many frames as it takes.
    private static void headers(Http2Wire wire, String... fields) throws IOException {
        byte[] all = packed(fields);
        for (int from = 0; from < all.length; from += 16_000) {
            boolean last = from + 16_000 >= all.length;
            wire.frame(from == 0 ? HEADERS : CONTINUATION, (last ? END_HEADERS : 0) | (from == 0 ? END_STREAM : 0), 1,
                    Arrays.copyOfRange(all, from, Math.min(all.length, from + 16_000)));
        }
    }

    private static Http2Wire open(Http2Wire wire) throws IOException {
        return wire.headers(1, false, request("POST", "/echo"));
    }

    private static Http2Wire begun(Http2Wire wire) throws IOException {
        return wire.frame(HEADERS, 0, 1, packed(request("POST", "/echo")));
    }

    /// A stream whose request has ended and whose answer has not.
    private static Http2Wire held(Http2Wire wire) throws IOException {
        return wire.headers(1, true, get("/held"));
    }

    private static void tooMany(Http2Wire wire) throws IOException {
        for (int i = 0; i < Http2Limits.MAX_STREAMS; i++) {
            wire.headers(wire.nextStream(), false, request("POST", "/echo"));
        }
        wire.headers(wire.nextStream(), true, get("/"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"frames", "messages"})
    void is_dealt_with_as_the_rfc_says(Case each) throws IOException {
        try (Http2Wire wire = Http2Wire.connect(port)) {
            each.sending().to(wire);
            switch (each.wanted()) {
                case Wanted.Goaway(var errors) -> assertThat(wire.goodbye()).isIn(errors);
                case Wanted.Reset(var errors) -> {
                    assertThat(wire.next(RST_STREAM).number()).isIn(errors);
                    assertStillThere(wire);
                }
                case Wanted.Status(int status) -> {
                    Frame head = wire.next(HEADERS);
                    assertThat(head.fields()).containsEntry(":status", String.valueOf(status));
                    assertStillThere(wire);
                }
                case Wanted.Fine() -> assertStillThere(wire);
            }
        }
    }

    private static void assertStillThere(Http2Wire wire) throws IOException {
        byte[] token = {1, 2, 3, 4, 5, 6, 7, 8};
        wire.frame(PING, 0, 0, token);
        Frame pong = wire.next(PING);
        while (!Arrays.equals(pong.payload(), token)) {
            pong = wire.next(PING);
        }
        assertThat(pong.has(ACK)).isTrue();
    }

    @Test
    void a_preface_that_is_none_ends_the_connection() throws IOException {
        try (Http2Wire wire = Http2Wire.handshake(port, "h2")) {
            wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes());
            assertThat(wire.goodbye()).isEqualTo(PROTOCOL_ERROR);
        }
    }

    @Test
    void something_else_than_settings_first_ends_the_connection() throws IOException {
        try (Http2Wire wire = Http2Wire.handshake(port, "h2")) {
            wire.send(Http2Wire.PREFACE.getBytes()).frame(PING, 0, 0, new byte[8]);
            assertThat(wire.goodbye()).isEqualTo(PROTOCOL_ERROR);
        }
    }

    @Test
    void windows_are_kept_to() throws IOException {
        try (Http2Wire wire = Http2Wire.connect(port, 4, 1)) {
            int stream = wire.nextStream();
            wire.headers(stream, true, get("/"));
            for (int i = 0; i < 3; i++) {
                assertThat(wire.next(DATA).payload()).hasSize(1);
                wire.frame(WINDOW_UPDATE, 0, stream, number(1));
            }
            // 6.9.2: the window of streams that are open changes with the setting.
            assertThat(wire.next(DATA).payload()).hasSize(1);
            int next = wire.nextStream();
            wire.settings(4, 0).headers(next, true, get("/")).settings(4, 3);
            assertThat(wire.next(DATA).payload()).hasSize(3);
            wire.frame(WINDOW_UPDATE, 0, next, number(1));
            Frame last = wire.next(DATA);
            assertThat(last.payload()).hasSize(1);
            assertThat(last.has(END_STREAM)).isTrue();
        }
    }

    @Test
    void padding_and_priorities_are_passed_over() throws IOException {
        byte[] packed = packed(request("POST", "/echo"));
        byte[] payload = new byte[packed.length + 1 + 5 + 3];
        payload[0] = 3;
        payload[5] = 16;
        System.arraycopy(packed, 0, payload, 6, packed.length);
        try (Http2Wire wire = Http2Wire.connect(port)) {
            int stream = wire.nextStream();
            wire.frame(HEADERS, END_HEADERS | PADDED | 0x20, stream, payload).frame(PRIORITY, 0, stream, 0, 0, 0, 0, 200);
            wire.frame(DATA, PADDED | END_STREAM, stream, new byte[] {2, 'o', 'k', 0, 0});
            assertThat(wire.answer(stream).body()).isEqualTo("ok");
        }
    }
}
