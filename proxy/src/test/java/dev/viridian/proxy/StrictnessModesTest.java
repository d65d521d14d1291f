package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.engine.time.SystemTime;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.ListenerSettings;
import dev.viridian.proxy.routing.ListenerSettings.Strictness;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The table of `docs/strictness.md`, row by row: what each mode does with requests that deviate although their end is beyond doubt.
class StrictnessModesTest {
    private static final Map<String, String> REQUESTS = Map.of(
            "plain", "GET /head HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET with a length of 0", "GET /head HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
            "GET with a length", "GET /head HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
            "GET with chunks", "GET /head HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            "coding in disguise", "POST /head HTTP/1.1\r\nHost: a\r\nTransfer_Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc",
            "length in disguise", "GET /head HTTP/1.1\r\nHost: a\r\nContent_Length: 30\r\n\r\n");

    /// One loop, so that all clients share the idle connections to the target.
    private final Rig rig = new Rig(new SystemTime(), Rig.OPTIONS.withLoops(1));

    @AfterEach
    void close() {
        rig.close();
    }

    @ParameterizedTest(name = "{0}: {1} is answered {2}, client goes on: {3}, target goes on: {4}, counted: {5}")
    @CsvSource(delimiter = '|', textBlock = """
            # mode     | request                | status | client goes on | target goes on | counted
            MONITOR    | plain                  | 200    | true           | true           | 0
            DEFENSIVE  | plain                  | 200    | true           | true           | 0
            STRICTEST  | plain                  | 200    | true           | true           | 0
            MONITOR    | GET with a length of 0 | 200    | true           | true           | 1
            DEFENSIVE  | GET with a length of 0 | 200    | true           | true           | 1
            STRICTEST  | GET with a length of 0 | 400    | false          |                | 1
            MONITOR    | GET with a length      | 200    | true           | false          | 1
            DEFENSIVE  | GET with a length      | 200    | false          | false          | 1
            STRICTEST  | GET with a length      | 400    | false          |                | 1
            MONITOR    | GET with chunks        | 200    | true           | false          | 1
            DEFENSIVE  | GET with chunks        | 200    | false          | false          | 1
            STRICTEST  | GET with chunks        | 400    | false          |                | 1
            MONITOR    | coding in disguise     | 200    | true           | false          | 1
            DEFENSIVE  | coding in disguise     | 200    | false          | false          | 1
            STRICTEST  | coding in disguise     | 400    | false          |                | 1
            MONITOR    | length in disguise     | 200    | true           | false          | 1
            DEFENSIVE  | length in disguise     | 200    | false          | false          | 1
            STRICTEST  | length in disguise     | 400    | false          |                | 1
            """)
    void each_mode_does_what_the_table_says(Strictness mode, String request, int status, boolean clientGoesOn, Boolean targetGoesOn, int counted)
            throws IOException {
        Backend blue = rig.backend("blue");
        int port = serve(blue, mode);
        try (Wire wire = new Wire(port)) {
            Wire.Answer answer = wire.send(REQUESTS.get(request)).read();
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.header("Connection")).isEqualTo(clientGoesOn ? "" : "close");
            assertThat(answer.body()).doesNotContain("Transfer_Encoding").doesNotContain("Content_Length");
            if (clientGoesOn) {
                assertThat(wire.get("/").body()).isEqualTo("blue");
            } else {
                wire.endOutput();
                assertThat(wire.closed()).isTrue();
            }
        }
        if (targetGoesOn == null) {
            assertThat(blue.requests.get()).isZero();
        } else {
            try (Wire other = new Wire(port)) {
                other.get("/");
            }
            assertThat(blue.connections.get()).isEqualTo(targetGoesOn ? 1 : 2);
        }
        assertThat(rig.front().malformed()).isEqualTo(counted);
    }

    /// Whatever the mode: what only other readers could read is not passed on.
    @ParameterizedTest
    @EnumSource(Strictness.class)
    void no_mode_lets_through_what_others_would_read_differently(Strictness mode) throws IOException {
        Backend blue = rig.backend("blue");
        int port = serve(blue, mode);
        String post = "POST /echo HTTP/1.1\r\nHost: a\r\n";
        for (String bytes : Stream.of("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx",
                "X-A: b\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", "X-A: b\n\r\n")
                .map(post::concat).toList()) {
            try (Wire wire = new Wire(port)) {
                assertThat(wire.send(bytes).read().status()).as(bytes).isEqualTo(400);
            }
        }
        assertThat(blue.requests.get()).isZero();
    }

    private int serve(Backend blue, Strictness mode) {
        return rig.serve(Rig.listener("front", Action.Forward.to("blue")).withSettings(ListenerSettings.DEFAULT.withStrictness(mode)), Rig.group("blue", blue));
    }
}
