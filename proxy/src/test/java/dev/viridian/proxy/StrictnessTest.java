package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What two readers could understand differently is refused and never reaches a target.
@TestInstance(TestInstance.Lifecycle.PER_METHOD)
class StrictnessTest {
    private final Rig rig = new Rig();
    private Backend blue;
    private int port;

    @BeforeEach
    void serve() {
        blue = rig.backend("blue");
        port = rig.serve(blue);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private static final String POST = "POST /echo HTTP/1.1\r\nHost: a\r\n";
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n";

    static Stream<Arguments> refused() {
        return Stream.of(
                bad("length and chunks", 400, POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                bad("chunks and length", 400, POST + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
                bad("two equal lengths", 400, POST + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx"),
                bad("two different lengths", 400, POST + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx"),
                bad("list of lengths", 400, POST + "Content-Length: 1, 1\r\n\r\nx"),
                bad("signed length", 400, POST + "Content-Length: +1\r\n\r\nx"),
                bad("negative length", 400, POST + "Content-Length: -1\r\n\r\nx"),
                bad("hexadecimal length", 400, POST + "Content-Length: 0x1\r\n\r\nx"),
                bad("length with a space inside", 400, POST + "Content-Length: 1 1\r\n\r\nx"),
                bad("empty length", 400, POST + "Content-Length:\r\n\r\n"),
                bad("length of 2^64+3", 400, POST + "Content-Length: 18446744073709551619\r\n\r\nxyz"),
                bad("identity, then chunked", 400, POST + "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n"),
                bad("chunked twice in a list", 400, POST + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
                bad("chunked in two lines", 400, POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                bad("gzip coding", 501, POST + "Transfer-Encoding: gzip\r\n\r\n"),
                bad("quoted chunked", 400, POST + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"),
                bad("xchunked", 400, POST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
                bad("vertical tab before chunked", 400, POST + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n"),
                bad("chunks in HTTP/1.0", 400, "POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                bad("folded header", 400, GET + "X-A: b\r\n c\r\n\r\n"),
                bad("folded first header", 400, "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
                bad("bare LF behind a header", 400, GET + "X-A: b\nX-C: d\r\n\r\n"),
                bad("bare LF behind the request line", 400, "GET / HTTP/1.1\nHost: a\r\n\r\n"),
                bad("bare LF as the empty line", 400, GET + "\n"),
                bad("bare CR in a value", 400, GET + "X-A: b\rX-C: d\r\n\r\n"),
                bad("NUL in a value", 400, GET + "X-A: b\0c\r\n\r\n"),
                bad("NUL in a name", 400, GET + "X\0A: b\r\n\r\n"),
                bad("space before the colon", 400, GET + "X-A : b\r\n\r\n"),
                bad("space in a name", 400, GET + "X A: b\r\n\r\n"),
                bad("length with space before the colon", 400, POST + "Content-Length : 5\r\n\r\nhello"),
                bad("empty name", 400, GET + ": b\r\n\r\n"),
                bad("line without a colon", 400, GET + "nonsense\r\n\r\n"),
                bad("name beyond ASCII", 400, GET + "X-\u00e4: b\r\n\r\n"),
                bad("no Host", 400, "GET / HTTP/1.1\r\nAccept: */*\r\n\r\n"),
                bad("two Hosts", 400, GET + "Host: b\r\n\r\n"),
                bad("Host with a path", 400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
                bad("Host with user information", 400, "GET / HTTP/1.1\r\nHost: me@a\r\n\r\n"),
                bad("Host with a list", 400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
                bad("Host with a bad port", 400, "GET / HTTP/1.1\r\nHost: a:8x\r\n\r\n"),
                bad("absolute target against Host", 400, "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("absolute target of another scheme", 400, "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("absolute target with user information", 400, "GET http://me@a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("target without a slash", 400, "GET index.html HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("asterisk for GET", 400, "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("fragment in the target", 400, "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("space in the target", 400, "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("two spaces before the version", 400, "GET /  HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("tab instead of space", 400, "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("control character in the target", 400, "GET /\u0001 HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("HTTP/0.9", 400, "GET /\r\n\r\n"),
                bad("HTTP/1.2", 505, "GET / HTTP/1.2\r\nHost: a\r\n\r\n"),
                bad("HTTP/2.0", 505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
                bad("HTTP/11", 400, "GET / HTTP/11\r\nHost: a\r\n\r\n"),
                bad("lower case version", 400, "GET / http/1.1\r\nHost: a\r\n\r\n"),
                bad("prior knowledge of HTTP/2", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                bad("CONNECT", 405, "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n"),
                bad("TRACE", 405, "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("unknown expectation", 417, POST + "Expect: 200-ok\r\nContent-Length: 0\r\n\r\n"),
                bad("upgrade with a body", 400, GET + "Connection: upgrade\r\nUpgrade: websocket\r\nContent-Length: 5\r\n\r\nhello"),
                bad("chunked upgrade", 400, GET + "Connection: upgrade\r\nUpgrade: websocket\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                bad("identity and length", 400, POST + "Transfer-Encoding: identity\r\nContent-Length: 1\r\n\r\nx"),
                bad("length and identity", 400, POST + "Content-Length: 1\r\nTransfer-Encoding: identity\r\n\r\nx"),
                bad("identity and chunked in two lines", 400, POST + "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                bad("chunked with a parameter", 400, POST + "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n"),
                bad("empty coding", 400, POST + "Transfer-Encoding:\r\n\r\n"),
                bad("length with a thousands separator", 400, POST + "Content-Length: 1,000\r\n\r\nx"),
                bad("length with a fraction", 400, POST + "Content-Length: 1.0\r\n\r\nx"),
                bad("length as a power", 400, POST + "Content-Length: 1e1\r\n\r\nx"),
                bad("length in other digits", 400, POST + "Content-Length: \u00b2\r\n\r\nxx"),
                bad("length with a form feed", 400, POST + "Content-Length: 1\f\r\n\r\nx"),
                bad("coding with space before the colon", 400, POST + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
                bad("coding with tab before the colon", 400, POST + "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n"),
                bad("coding behind a control character", 400, POST + "\u0001Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                bad("coding in a folded line", 400, POST + "X-A: b\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                bad("coding with a dotless i", 400, POST + "Transfer-Encod\u00c4\u00b1ng: chunked\r\n\r\n0\r\n\r\n"),
                bad("coding folded into its own line", 400, POST + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
                bad("line of spaces", 400, GET + "  \r\n\r\n"),
                bad("two empty lines before", 400, "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("bare LF before", 400, "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("bare CR before the version", 400, "GET /\rHTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("NUL in the target", 400, "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("tab in the target", 400, "GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("DEL in the target", 400, "GET /\u007f HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("no target", 400, "GET  HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("no target and no version", 400, "GET\r\nHost: a\r\n\r\n"),
                bad("space behind the version", 400, "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"),
                bad("method with a slash", 400, "GE/T / HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("method of 41 letters", 400, "A".repeat(41) + " / HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("space before the method", 400, " GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("HTTP/1.10", 400, "GET / HTTP/1.10\r\nHost: a\r\n\r\n"),
                bad("HTTP/0.9 by name", 505, "GET / HTTP/0.9\r\nHost: a\r\n\r\n"),
                bad("HTTP/1.,", 400, "GET / HTTP/1.,\r\nHost: a\r\n\r\n"),
                bad("Host with a backslash", 400, "GET / HTTP/1.1\r\nHost: a\\b\r\n\r\n"),
                bad("Host with a scheme", 400, "GET / HTTP/1.1\r\nHost: http://a\r\n\r\n"),
                bad("Host with two ports", 400, "GET / HTTP/1.1\r\nHost: a:80:81\r\n\r\n"),
                bad("Host with a port beyond 65535", 400, "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n"),
                bad("Host with port 0", 400, "GET / HTTP/1.1\r\nHost: a:0\r\n\r\n"),
                bad("Host of nothing but a port", 400, "GET / HTTP/1.1\r\nHost: :80\r\n\r\n"),
                bad("Host with a bad address", 400, "GET / HTTP/1.1\r\nHost: [b:1]\r\n\r\n"),
                bad("Host with an open bracket", 400, "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"),
                bad("Host with a zone", 400, "GET / HTTP/1.1\r\nHost: [fe80::1%eth0]\r\n\r\n"),
                bad("Host beyond ASCII", 400, "GET / HTTP/1.1\r\nHost: \u00e4\r\n\r\n"),
                bad("Host with half a percent sign", 400, "GET / HTTP/1.1\r\nHost: a%2\r\n\r\n"),
                bad("absolute target with a port against Host without", 400, "GET http://a:80/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("absolute target against an empty Host", 400, "GET http://a/ HTTP/1.1\r\nHost:\r\n\r\n"),
                bad("absolute target without Host", 400, "GET http://a/ HTTP/1.1\r\n\r\n"),
                bad("absolute target of nobody", 400, "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("authority as the target", 400, "GET a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n"),
                bad("expectation in a list", 417, POST + "Expect: 100-continue, x\r\nContent-Length: 0\r\n\r\n"),
                bad("header of 17 KB", 400, GET + "X-A: " + "a".repeat(17 * 1024) + "\r\n\r\n"),
                bad("headers of 64 KB", 400, GET + ("X-A: " + "a".repeat(8000) + "\r\n").repeat(9) + "\r\n"),
                bad("target of 64 KB", 414, "GET /" + "a".repeat(64 * 1024) + " HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("1000 headers", 431, GET + "A: b\r\n".repeat(1000) + "\r\n"),
                bad("TLS on a plain port", 400, "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\r\n\r\n"));
    }

    static Stream<Arguments> badChunks() {
        return Stream.of(
                bad("no size", 400, "\r\nabc\r\n0\r\n\r\n"),
                bad("signed size", 400, "+3\r\nabc\r\n0\r\n\r\n"),
                bad("negative size", 400, "-3\r\nabc\r\n0\r\n\r\n"),
                bad("prefixed size", 400, "0x3\r\nabc\r\n0\r\n\r\n"),
                bad("size with a space before", 400, " 3\r\nabc\r\n0\r\n\r\n"),
                bad("size with a space behind", 400, "3 \r\nabc\r\n0\r\n\r\n"),
                bad("size of 17 digits", 400, "10000000000000003\r\nabc\r\n0\r\n\r\n"),
                bad("size ended by LF", 400, "3\nabc\r\n0\r\n\r\n"),
                bad("extension with LF", 400, "3;a\nabc\r\n0\r\n\r\n"),
                bad("extension with bare CR", 400, "3;a\rb\r\nabc\r\n0\r\n\r\n"),
                bad("extension with NUL", 400, "3;\0\r\nabc\r\n0\r\n\r\n"),
                bad("extension without a name", 400, "3;\r\nabc\r\n0\r\n\r\n"),
                bad("extension with nothing but a value", 400, "3;=\"b\"\r\nabc\r\n0\r\n\r\n"),
                bad("extension with a quote inside a token", 400, "3;a=b\"c\"\r\nabc\r\n0\r\n\r\n"),
                bad("extension with an open quote", 400, "3;a=\"b\r\nabc\r\n0\r\n\r\n"),
                bad("extension with an escaped line end", 400, "3;a=\"b\\\r\n\"\r\nabc\r\n0\r\n\r\n"),
                bad("extension with spaces", 400, "3; a = b\r\nabc\r\n0\r\n\r\n"),
                bad("endless extension", 400, "3;" + "a".repeat(5000) + "\r\nabc\r\n0\r\n\r\n"),
                bad("data longer than its size", 400, "3\r\nabcd\r\n0\r\n\r\n"),
                bad("data ended by LF", 400, "3\r\nabc\n0\r\n\r\n"),
                bad("trailer without a colon", 400, "3\r\nabc\r\n0\r\nnonsense\r\n\r\n"),
                bad("trailer ended by LF", 400, "3\r\nabc\r\n0\r\nX-A: b\n\r\n"),
                bad("end ended by LF", 400, "3\r\nabc\r\n0\r\n\n"),
                bad("size in other digits", 400, "\u00b3\r\nabc\r\n0\r\n\r\n"),
                bad("size with a suffix", 400, "3h\r\nabc\r\n0\r\n\r\n"),
                bad("size with underscores", 400, "0_3\r\nabc\r\n0\r\n\r\n"),
                bad("size ended by CR alone", 400, "3\rabc\r\n0\r\n\r\n"),
                bad("size of 16 zeros", 400, "0000000000000003\r\nabc\r\n0\r\n\r\n"),
                bad("data shorter than its size", 400, "4\r\nabc\r\n0\r\n\r\n"),
                bad("data ended by CR alone", 400, "3\r\nabc\r0\r\n\r\n"),
                bad("a chunk right behind the data", 400, "3\r\nabc0\r\n\r\n"),
                bad("length as a trailer", 400, "3\r\nabc\r\n0\r\nContent-Length: 3\r\n\r\n"),
                bad("coding as a trailer", 400, "3\r\nabc\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n"),
                bad("disguised coding as a trailer", 400, "3\r\nabc\r\n0\r\ntransfer_encoding: chunked\r\n\r\n"),
                bad("Host as a trailer", 400, "3\r\nabc\r\n0\r\nHost: b\r\n\r\n"),
                bad("authorization as a trailer", 400, "3\r\nabc\r\n0\r\nAuthorization: Basic YTpi\r\n\r\n"),
                bad("a cookie as a trailer", 400, "3\r\nabc\r\n0\r\nCookie: a=b\r\n\r\n"),
                bad("forwarding as a trailer", 400, "3\r\nabc\r\n0\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n"),
                bad("folded trailer", 400, "3\r\nabc\r\n0\r\nX-A: b\r\n c\r\n\r\n"),
                bad("trailer without a name", 400, "3\r\nabc\r\n0\r\n: b\r\n\r\n"),
                bad("trailers of 18,000 bytes", 400, "3\r\nabc\r\n0\r\n" + "X-A: b\r\n".repeat(3000) + "\r\n"));
    }

    private static Arguments bad(String name, int status, String bytes) {
        return Arguments.of(name, status, bytes);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("refused")
    void a_malformed_request_is_refused_and_the_connection_ends(String name, int status, String bytes) throws IOException {
        try (Wire wire = new Wire(port)) {
            Wire.Answer answer = wire.send(bytes).read();
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.header("Connection")).isEqualTo("close");
            wire.endOutput();
            assertThat(wire.closed()).isTrue();
        }
        assertThat(blue.requests.get()).isZero();
        assertThat(rig.front().malformed()).isEqualTo(status == 405 || status == 417 ? 0 : 1);
        assertThat(rig.front().generated().status4xx() + rig.front().generated().status5xx()).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("badChunks")
    void a_malformed_chunk_ends_the_request(String name, int status, String chunks) throws IOException {
        CountingSink sink = new CountingSink();
        blue.on("/raw-sink", sink::take);
        try (Wire wire = new Wire(port)) {
            Wire.Answer answer = wire.send("POST /raw-sink HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks).read();
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.header("Connection")).isEqualTo("close");
        }
    }

    @Test
    void a_malformed_chunk_behind_an_early_answer_breaks_that_answer_off() throws IOException {
        blue.on("/raw-early", request -> {
            Backend.raw(request, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + "a".repeat(700));
            return request.in().readAllBytes().length == 0;
        });
        try (Wire wire = new Wire(port)) {
            wire.send("POST /raw-early HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            assertThat(wire.read(false).status()).isEqualTo(200);
            assertThat(wire.readText(700)).isEqualTo("a".repeat(700));
            wire.send("nonsense\r\n");
            assertThat(wire.closed()).isTrue();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badChunks")
    void a_malformed_chunked_answer_never_looks_complete(String name, int status, String chunks) throws IOException {
        blue.on("/chunks", request -> {
            Backend.raw(request, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
            return false;
        });
        try (Wire wire = new Wire(port)) {
            String all = wire.send("GET /chunks HTTP/1.1\r\nHost: a\r\n\r\n").readRest();
            assertThat(all.startsWith("HTTP/1.1 502") || !all.endsWith("0\r\n\r\n")).isTrue();
        }
    }

    /// Swallows what comes until the other side ends.
    private static final class CountingSink {
        boolean take(Backend.Request request) throws IOException {
            return request.in().readAllBytes().length < 0;
        }
    }

    static Stream<String> accepted() {
        return Stream.of(
                "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nhOST:a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a:8080\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n",
                "GET / HTTP/1.1\r\nHost:\r\n\r\n",
                "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET http://a HTTP/1.1\r\nHost: A\r\n\r\n",
                "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
                "GET /?q=%20&r=\u00e4 HTTP/1.1\r\nHost: a\r\nX-\u0021: \u00e4\t \r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX-Empty:\r\nX-Long: " + "a".repeat(15_000) + "\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n" + "A: b\r\n".repeat(200) + "\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: CHUNKED\r\n\r\n0000;a=\"b;c\"\r\nX-Checked: yes\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX_A: b\r\n\r\n",
                "GET /?//b/../c\\d HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET http://a?q HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void what_is_well_formed_passes(String bytes) throws IOException {
        try (Wire wire = new Wire(port)) {
            assertThat(wire.send(bytes).read().status()).isEqualTo(200);
        }
        assertThat(blue.requests.get()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void a_head_may_come_in_any_pieces(String bytes) throws IOException {
        try (Wire wire = new Wire(port)) {
            int[] cuts = {1, bytes.length() / 3, bytes.length() / 2, bytes.length() - 3, bytes.length() - 1, bytes.length()};
            Arrays.sort(cuts);
            int from = 0;
            for (int cut : cuts) {
                wire.send(bytes.substring(from, cut));
                from = cut;
            }
            assertThat(wire.read().status()).isEqualTo(200);
        }
    }

    static Stream<String> notForwarded() {
        return Stream.of(
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket, h2c\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nUpgrade: h2c\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: TLS/1.3\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: HTTP/3\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
                "GET / HTTP/1.0\r\nHost: a\r\nConnection: Upgrade, keep-alive\r\nUpgrade: h2c\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("notForwarded")
    void what_would_hide_requests_from_us_is_not_asked_of_a_target(String bytes) throws IOException {
        blue.on("/", request -> Backend.respond(request, 200, request.head()));
        try (Wire wire = new Wire(port)) {
            Wire.Answer answer = wire.send(bytes).read();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).doesNotContainIgnoringCase("upgrade").doesNotContainIgnoringCase("h2c")
                    .doesNotContainIgnoringCase("http2-settings");
            // The connection still speaks HTTP.
            assertThat(wire.get("/").status()).isEqualTo(200);
        }
    }
}
