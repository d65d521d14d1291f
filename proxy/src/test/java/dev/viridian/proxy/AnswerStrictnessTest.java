package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.engine.time.SystemTime;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Targets are read as strictly as clients: an answer that two readers could understand differently becomes 502, and nothing that follows an answer
/// is taken for the next one.
class AnswerStrictnessTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    /// One loop, so that all clients share the idle connections to the target.
    private final Rig rig = new Rig(new SystemTime(), Rig.OPTIONS.withLoops(1));
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

    static Stream<Arguments> refused() {
        return Stream.of(
                bad("length and chunks", OK + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
                bad("two equal lengths", OK + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc"),
                bad("two different lengths", OK + "Content-Length: 3\r\nContent-Length: 2\r\n\r\nabc"),
                bad("list of lengths", OK + "Content-Length: 3, 3\r\n\r\nabc"),
                bad("signed length", OK + "Content-Length: +3\r\n\r\nabc"),
                bad("empty length", OK + "Content-Length:\r\n\r\nabc"),
                bad("endless length", OK + "Content-Length: 18446744073709551619\r\n\r\nabc"),
                bad("length with space before the colon", OK + "Content-Length : 3\r\n\r\nabc"),
                bad("gzip coding", OK + "Transfer-Encoding: gzip, chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
                bad("identity coding", OK + "Transfer-Encoding: identity\r\n\r\nabc"),
                bad("chunked twice", OK + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
                bad("chunks in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                bad("folded header", OK + "X-A: b\r\n c\r\nContent-Length: 0\r\n\r\n"),
                bad("bare LF", OK + "X-A: b\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"),
                bad("bare CR", OK + "X-A: b\rSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"),
                bad("NUL", OK + "X-A: b\0\r\nContent-Length: 0\r\n\r\n"),
                bad("space in a name", OK + "X A: b\r\nContent-Length: 0\r\n\r\n"),
                bad("line without a colon", OK + "nonsense\r\nContent-Length: 0\r\n\r\n"),
                bad("HTTP/2", "HTTP/2 200\r\nContent-Length: 0\r\n\r\n"),
                bad("HTTP/1.2", "HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n"),
                bad("status 99", "HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n"),
                bad("status 600", "HTTP/1.1 600 OK\r\nContent-Length: 0\r\n\r\n"),
                bad("status of two digits", "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n"),
                bad("status of four digits", "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n"),
                bad("two spaces before the status", "HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n"),
                bad("control character in the reason", "HTTP/1.1 200 O\u0001K\r\nContent-Length: 0\r\n\r\n"),
                bad("status line ended by LF", "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n"),
                bad("no status line at all", "hello\r\n\r\n"),
                bad("a request", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("an empty line before", "\r\n" + OK + "Content-Length: 0\r\n\r\n"),
                bad("a switch nobody asked for", "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"),
                bad("257 headers", OK + "A: b\r\n".repeat(256) + "Content-Length: 0\r\n\r\n"),
                bad("header of 17 KB", OK + "X-A: " + "a".repeat(17 * 1024) + "\r\nContent-Length: 0\r\n\r\n"),
                bad("headers of 33 KB", OK + ("X-A: " + "a".repeat(11 * 1024) + "\r\n").repeat(3) + "Content-Length: 0\r\n\r\n"),
                bad("answers before the answer without end", "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(101) + OK + "Content-Length: 0\r\n\r\n"));
    }

    private static Arguments bad(String name, String bytes) {
        return Arguments.of(name, bytes);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void a_malformed_answer_becomes_502_and_its_connection_ends(String name, String bytes) throws IOException {
        blue.on("/bad", request -> Backend.raw(request, bytes));
        try (Wire wire = new Wire(port)) {
            Wire.Answer answer = wire.send("GET /bad HTTP/1.1\r\nHost: a\r\n\r\n").read();
            while (answer.status() == 103) {
                answer = wire.read();
            }
            assertThat(answer.status()).isEqualTo(502);
            assertThat(wire.get("/").body()).isEqualTo("blue");
        }
        assertThat(blue.connections.get()).isEqualTo(2);
    }

    @ParameterizedTest(name = "a switch answered with {0} is 502")
    @CsvSource(delimiter = '|', textBlock = """
            Upgrade: websocket
            Connection: upgrade
            Connection: upgrade\\r\\nUpgrade: h2c
            Connection: upgrade\\r\\nUpgrade: websocket, h2c
            """)
    void a_switch_must_name_a_protocol_we_let_through(String headers) throws IOException {
        blue.on("/raw", request -> Backend.raw(request, "HTTP/1.1 101 Switching Protocols\r\n" + headers.replace("\\r\\n", "\r\n") + "\r\n\r\n"));
        try (Wire wire = new Wire(port)) {
            assertThat(wire.send("GET /raw HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n").read().status()).isEqualTo(502);
        }
    }

    @ParameterizedTest(name = "{0} {1} with {2}")
    @CsvSource(delimiter = '|', textBlock = """
            HEAD | 200 | Content-Length: 9
            HEAD | 200 | Transfer-Encoding: chunked
            GET  | 204 | X-A: b
            GET  | 204 | Content-Length: 9
            GET  | 204 | Transfer-Encoding: chunked
            GET  | 304 | Content-Length: 9
            GET  | 200 | Content-Length: 0
            """)
    void what_follows_a_complete_answer_is_never_the_next_one(String method, int status, String header) throws IOException {
        String poison = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";
        blue.on("/two", request -> Backend.raw(request, "HTTP/1.1 " + status + " Fine\r\n" + header + "\r\n\r\n" + poison));
        try (Wire wire = new Wire(port); Wire other = new Wire(port)) {
            Wire.Answer answer = wire.send(method + " /two HTTP/1.1\r\nHost: a\r\n\r\n").read(false);
            assertThat(answer.status()).isEqualTo(status);
            assertThat(other.get("/").body()).isEqualTo("blue");
            assertThat(wire.get("/").body()).isEqualTo("blue");
        }
        assertThat(blue.connections.get()).isEqualTo(2);
    }

    @Test
    void what_comes_on_an_idle_connection_ends_it() throws IOException {
        blue.on("/late", request -> {
            Backend.respond(request, 200, "in time");
            Thread.ofVirtual().start(() -> {
                try {
                    Backend.raw(request, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison");
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            return request.in().read() >= 0;
        });
        try (Wire wire = new Wire(port)) {
            assertThat(wire.get("/late").body()).isEqualTo("in time");
            // The script returns when the proxy has closed the connection.
            Rig.eventually(() -> blue.open() == 0);
            assertThat(wire.get("/").body()).isEqualTo("blue");
        }
    }

    @ParameterizedTest(name = "{0} with {1}")
    @CsvSource({"204,Content-Length: 5", "204,Transfer-Encoding: chunked", "103,Content-Length: 5"})
    void a_length_where_no_body_can_be_is_not_passed_on(int status, String header) throws IOException {
        blue.on("/bare", request -> Backend.raw(request, "HTTP/1.1 " + status + " Fine\r\n" + header + "\r\nX-A: b\r\n\r\n"
                + (status < 200 ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" : "")));
        try (Wire wire = new Wire(port)) {
            Wire.Answer answer = wire.send("GET /bare HTTP/1.1\r\nHost: a\r\n\r\n").read();
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.head()).contains("X-A: b\r\n").doesNotContain("Content-Length").doesNotContain("Transfer-Encoding");
        }
    }
}
