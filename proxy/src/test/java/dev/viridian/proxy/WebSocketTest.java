package dev.viridian.proxy;

import static dev.viridian.proxy.WebSocketFrames.BINARY;
import static dev.viridian.proxy.WebSocketFrames.CONTINUATION;
import static dev.viridian.proxy.WebSocketFrames.PING;
import static dev.viridian.proxy.WebSocketFrames.TEXT;
import static dev.viridian.proxy.WebSocketFrames.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.proxy.routing.Action;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// WebSocket through the proxy is WebSocket: whatever a client does, well or badly, it sees from others' servers just what it would see without a
/// proxy. The cases follow the chapters of the Autobahn test suite: framing, pings, reserved bits, opcodes, fragments, UTF-8, closing, size.
class WebSocketTest {
    private static final byte[] NONE = {};
    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private static WebSocketFrames frames() {
        return new WebSocketFrames();
    }

    private static Map<String, WebSocketFrames> cases() {
        Map<String, WebSocketFrames> cases = new LinkedHashMap<>();
        for (int length : new int[] {0, 125, 126, 127, 128, 65535, 65536}) {
            cases.put("1 text of " + length, frames().text("*".repeat(length)).close(1000, ""));
            cases.put("1 binary of " + length, frames().binary(length).close(1000, ""));
        }
        cases.put("2 ping without payload", frames().ping(NONE).close(1000, ""));
        cases.put("2 ping with 125 bytes", frames().ping(pattern(125)).close(1000, ""));
        cases.put("2 ping too long", frames().ping(pattern(126)));
        cases.put("2 pong nobody asked for", frames().frame(true, 0, WebSocketFrames.PONG, pattern(8)).text("still here").close(1000, ""));
        WebSocketFrames pings = frames();
        for (int i = 0; i < 10; i++) {
            pings.ping(("ping " + i).getBytes(StandardCharsets.US_ASCII));
        }
        cases.put("2 ten pings", pings.close(1000, ""));
        for (int bits = 1; bits < 8; bits++) {
            cases.put("3 reserved bits " + bits, frames().frame(true, bits, TEXT, pattern(4)));
        }
        for (int opcode : new int[] {3, 7, 11, 15}) {
            cases.put("4 opcode " + opcode, frames().frame(true, 0, opcode, NONE));
        }
        cases.put("5 ping in two fragments", frames().frame(false, 0, PING, pattern(2)).frame(true, 0, CONTINUATION, pattern(2)));
        cases.put("5 text in two fragments", fragments(2, 7, false).close(1000, ""));
        cases.put("5 text in fifty fragments with pings between", fragments(50, 3, true).close(1000, ""));
        cases.put("5 continuation of nothing", frames().frame(true, 0, CONTINUATION, pattern(2)));
        cases.put("5 text within fragments", frames().frame(false, 0, TEXT, "a".getBytes(StandardCharsets.US_ASCII)).text("b"));
        cases.put("6 valid UTF-8", frames().text("κόσμε 🦉 blaugrün").close(1000, ""));
        cases.put("6 invalid UTF-8", frames().frame(true, 0, TEXT, new byte[] {(byte) 0xce, (byte) 0xba, (byte) 0xed, (byte) 0xa0, (byte) 0x80}));
        cases.put("7 close without code", frames().frame(true, 0, WebSocketFrames.CLOSE, NONE));
        cases.put("7 close with one byte", frames().frame(true, 0, WebSocketFrames.CLOSE, pattern(1)));
        cases.put("7 close with a reason", frames().close(1000, "enough"));
        for (int code : new int[] {1001, 1002, 1003, 1007, 1011, 3000, 4999}) {
            cases.put("7 close " + code, frames().close(code, ""));
        }
        for (int code : new int[] {0, 999, 1005, 1006}) {
            cases.put("7 close with forbidden code " + code, frames().close(code, ""));
        }
        cases.put("9 text of 1 MiB", frames().text("x".repeat(1 << 20)).close(1000, ""));
        cases.put("9 binary of 2 MiB", frames().binary(2 << 20).close(1000, ""));
        return cases;
    }

    private static WebSocketFrames fragments(int count, int length, boolean pings) {
        WebSocketFrames frames = frames();
        for (int i = 0; i < count; i++) {
            frames.frame(i == count - 1, 0, i == 0 ? TEXT : CONTINUATION, "y".repeat(length).getBytes(StandardCharsets.US_ASCII));
            if (pings && i < count - 1) {
                frames.ping(("between " + i).getBytes(StandardCharsets.US_ASCII));
            }
        }
        return frames;
    }

    static List<Arguments> servers_and_cuts() {
        List<Arguments> all = new ArrayList<>();
        for (EchoServer.Kind kind : EchoServer.Kind.values()) {
            all.add(Arguments.of(kind, Integer.MAX_VALUE / 2));
            all.add(Arguments.of(kind, 997));
        }
        return all;
    }

    @ParameterizedTest(name = "{0}, in pieces of {1} bytes")
    @MethodSource("servers_and_cuts")
    void a_client_sees_what_it_would_see_without_us(EchoServer.Kind kind, int cut) throws Exception {
        try (EchoServer server = kind.start()) {
            int port = rig.serve(Rig.listener("front", Action.Forward.to("group")), Rig.group("group", List.of(server.target())));
            List<String> differences = new ArrayList<>();
            for (Map.Entry<String, WebSocketFrames> each : cases().entrySet()) {
                List<String> direct = each.getValue().play(server.port(), cut);
                List<String> through = each.getValue().play(port, cut);
                if (!direct.equals(through)) {
                    differences.add(each.getKey() + ": directly " + direct + ", through us " + through);
                }
            }
            assertThat(differences).isEmpty();
            assertThat(cases().get("1 binary of 65536").play(port, cut)).first().asString().startsWith("binary ").endsWith(" of 65536");
            Rig.eventually(() -> rig.counts("group").inFlight() == 0);
        }
    }

    @ParameterizedTest(name = "single bytes to {0}")
    @org.junit.jupiter.params.provider.EnumSource
    void frames_may_arrive_byte_by_byte(EchoServer.Kind kind) throws Exception {
        try (EchoServer server = kind.start()) {
            int port = rig.serve(Rig.listener("front", Action.Forward.to("group")), Rig.group("group", List.of(server.target())));
            WebSocketFrames frames = frames().text("piece by piece").binary(300).ping(pattern(5)).frame(false, 0, BINARY, pattern(10))
                    .frame(true, 0, CONTINUATION, pattern(10)).close(1000, "");
            assertThat(frames.play(port, 1)).hasSize(6).isEqualTo(frames.play(server.port(), 1));
        }
    }
}
