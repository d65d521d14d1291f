package dev.viridian.proxy;

import static dev.viridian.proxy.Http2Wire.CONTINUATION;
import static dev.viridian.proxy.Http2Wire.DATA;
import static dev.viridian.proxy.Http2Wire.END_HEADERS;
import static dev.viridian.proxy.Http2Wire.END_STREAM;
import static dev.viridian.proxy.Http2Wire.HEADERS;
import static dev.viridian.proxy.Http2Wire.PING;
import static dev.viridian.proxy.Http2Wire.PRIORITY;
import static dev.viridian.proxy.Http2Wire.RST_STREAM;
import static dev.viridian.proxy.Http2Wire.SETTINGS;
import static dev.viridian.proxy.Http2Wire.WINDOW_UPDATE;
import static dev.viridian.proxy.Http2Wire.bytes;
import static dev.viridian.proxy.Http2Wire.get;
import static dev.viridian.proxy.Http2Wire.number;
import static dev.viridian.proxy.Http2Wire.packed;
import static dev.viridian.proxy.Http2Wire.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.proxy.routing.ListenerSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Clients that mean harm. Each flood is bounded, and must be over before its end.
class Http2FloodTest {
    private static final int ENHANCE_YOUR_CALM = 11;
    private static final int MUCH = 50_000;

    private final Rig rig = new Rig();
    private final Backend blue = rig.backend("blue");

    @AfterEach
    void close() {
        rig.close();
    }

    private Http2Wire connect() throws IOException {
        return Http2Wire.connect(rig.serve(Http2Rig.https(), Rig.group("group", blue)));
    }

    /// Sends the same again and again, until the other side has had enough.
    private static void flood(Http2Wire wire, byte[] frame, int times) throws IOException {
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        for (int i = 0; i < 100; i++) {
            many.writeBytes(frame);
        }
        for (int i = 0; i < times / 100; i++) {
            try {
                wire.send(many.toByteArray());
            } catch (SocketException e) {
                return;
            }
        }
    }

    /// The connection has ended because of the flood, and the proxy is there for others.
    private void assertOver(Http2Wire wire, int error) throws IOException {
        // A reset may overtake the goodbye.
        assertThat(wire.goodbye()).isIn(error, -1);
        try (Http2Wire another = connect()) {
            assertThat(another.get("/").body()).isEqualTo("blue");
        }
        Rig.eventually(() -> rig.counts("group").inFlight() == 0);
        Rig.eventually(() -> rig.front().activeConnections() == 0);
    }

    @Test
    void streams_that_are_reset_as_soon_as_they_are_opened() throws IOException {
        CountDownLatch released = new CountDownLatch(1);
        blue.holding("/held", new CountDownLatch(1), released);
        try (Http2Wire wire = connect()) {
            for (int i = 0; i < MUCH; i++) {
                int stream = wire.nextStream();
                try {
                    wire.send(bytes(HEADERS, END_HEADERS | END_STREAM, stream, packed(get("/held")))).frame(RST_STREAM, 0, stream, number(8));
                } catch (SocketException e) {
                    break;
                }
            }
            released.countDown();
            assertOver(wire, ENHANCE_YOUR_CALM);
        }
        assertThat(rig.front().requests()).isLessThan(Http2Limits.MAX_RESETS + 200L);
    }

    @Test
    void headers_that_never_end() throws IOException {
        try (Http2Wire wire = connect()) {
            wire.frame(HEADERS, 0, 1, packed(get("/")));
            flood(wire, bytes(CONTINUATION, 0, 1, packed("x-a", "b")), MUCH);
            assertOver(wire, ENHANCE_YOUR_CALM);
        }
        try (Http2Wire wire = connect()) {
            wire.frame(HEADERS, 0, 1, packed(get("/")));
            flood(wire, bytes(CONTINUATION, 0, 1, packed("x-a", "b".repeat(16_000))), 1000);
            assertThat(wire.goodbye()).isNotZero();
        }
    }

    @Test
    void headers_that_unpack_to_much_more_than_they_are() throws IOException {
        try (Http2Wire wire = connect()) {
            ByteArrayOutputStream bomb = new ByteArrayOutputStream();
            bomb.writeBytes(packed(get("/")));
            // Into the table, and then out of it as often as fits.
            bomb.write(0x40);
            bomb.writeBytes(java.util.Arrays.copyOfRange(packed("x-bomb", "b".repeat(4000)), 1, packed("x-bomb", "b".repeat(4000)).length));
            for (int i = 0; i < 10_000; i++) {
                bomb.write(0x80 | 62);
            }
            wire.frame(HEADERS, END_HEADERS | END_STREAM, 1, bomb.toByteArray());
            assertThat(wire.next(HEADERS).fields()).containsEntry(":status", "400");
        }
        assertThat(blue.requests.get()).isZero();
    }

    @Test
    void frames_that_carry_nothing() throws IOException {
        for (byte[] frame : new byte[][] {bytes(SETTINGS, 0, 0, new byte[0]), bytes(PING, 0, 0, new byte[8]),
                bytes(PRIORITY, 0, 1, new byte[] {0, 0, 0, 0, 16})}) {
            try (Http2Wire wire = connect()) {
                flood(wire, frame, MUCH);
                assertOver(wire, ENHANCE_YOUR_CALM);
            }
        }
    }

    @Test
    void data_of_no_bytes() throws IOException {
        try (Http2Wire wire = connect()) {
            wire.headers(1, false, request("POST", "/echo"));
            flood(wire, bytes(DATA, 0, 1, new byte[0]), MUCH);
            assertOver(wire, ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void a_client_that_reads_nothing_is_let_go() throws IOException {
        blue.on("/large", request -> Backend.respond(request, 200, "x".repeat(100_000)));
        int port = rig.serve(Http2Rig.https(ListenerSettings.DEFAULT.withIdleTimeout(Duration.ofMillis(1500))), Rig.group("group", blue));
        try (Http2Wire wire = Http2Wire.connect(port)) {
            for (int i = 0; i < Http2Limits.MAX_STREAMS; i++) {
                wire.headers(wire.nextStream(), true, get("/large"));
            }
            Rig.eventually(() -> rig.counts("group").inFlight() > 0);
            Rig.eventually(() -> rig.counts("group").inFlight() == 0);
        }
        Rig.eventually(() -> rig.front().activeConnections() == 0);
    }

    @Test
    void a_window_of_one_byte_at_a_time_does_not_keep_others_waiting() throws IOException {
        try (Http2Wire wire = Http2Wire.connect(rig.serve(Http2Rig.https(), Rig.group("group", blue)), 4, 0)) {
            int trickle = wire.nextStream();
            wire.headers(trickle, true, get("/"));
            int quick = wire.nextStream();
            wire.headers(quick, true, get("/")).frame(WINDOW_UPDATE, 0, quick, number(100));
            assertThat(wire.answer(quick).body()).isEqualTo("blue");
            for (int i = 0; i < 4; i++) {
                wire.frame(WINDOW_UPDATE, 0, trickle, number(1));
            }
            assertThat(wire.answer(trickle).body()).isEqualTo("blue");
        }
    }

    @Test
    void after_many_requests_a_client_is_asked_to_come_anew() throws IOException {
        int port = rig.serve(Http2Rig.https("front", new dev.viridian.proxy.routing.Action.FixedResponse(200, "", ""), ListenerSettings.DEFAULT));
        try (Http2Wire wire = Http2Wire.connect(port)) {
            for (int i = 0; i < Http2Limits.MAX_REQUESTS; i += 100) {
                ByteArrayOutputStream hundred = new ByteArrayOutputStream();
                for (int j = 0; j < 100; j++) {
                    hundred.writeBytes(bytes(HEADERS, END_HEADERS | END_STREAM, wire.nextStream(), packed(get("/"))));
                }
                wire.send(hundred.toByteArray());
                for (int j = 0; j < 100; j++) {
                    assertThat(wire.next(HEADERS).fields()).containsEntry(":status", "200");
                }
            }
            assertThat(wire.frame(PING, Http2Wire.ACK, 0, new byte[8]).goodbye()).isZero();
        }
        assertThat(rig.front().requests()).isEqualTo(Http2Limits.MAX_REQUESTS);
    }
}
