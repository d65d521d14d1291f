package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.engine.time.VirtualTime;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.Flows;
import dev.viridian.proxy.routing.HealthCheck;
import dev.viridian.proxy.routing.TargetGroup;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProxyHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final Flows ANNOUNCED = new Flows(true, true, new Flows.WhenUnhealthy.Keep());

    private final Rig rig = new Rig(new VirtualTime(), Rig.OPTIONS);
    private final ManualTarget target = new ManualTarget("target");

    @AfterEach
    void close() throws IOException {
        rig.close();
        target.close();
    }

    private static String hex(Wire wire, int length) throws IOException {
        return HexFormat.of().formatHex(wire.readText(length).getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void the_target_learns_the_client_and_where_it_connected_to_before_anything_else() throws IOException {
        int port = rig.serve(ManualTarget.listener(Action.Forward.to("group")), ManualTarget.group("group", ANNOUNCED, target));
        try (Wire client = new Wire(port); Wire accepted = target.accept()) {
            client.send("hello");
            String header = hex(accepted, 35);
            int from = client.socket().getLocalPort();
            assertThat(header).startsWith(SIGNATURE + "2111" + "0013" + "7f000001" + "7f000001" + "%04x%04x".formatted(from, port) + "03" + "0004");
            assertThat(accepted.readText(5)).isEqualTo("hello");
            assertThat(checksumHolds(HexFormat.of().parseHex(header))).isTrue();
        }
    }

    /// Counted over the header with the checksum itself as zero.
    private static boolean checksumHolds(byte[] header) {
        ByteBuffer bytes = ByteBuffer.wrap(header);
        int said = bytes.getInt(header.length - 4);
        bytes.putInt(header.length - 4, 0);
        CRC32C checksum = new CRC32C();
        checksum.update(header);
        return said == (int) checksum.getValue();
    }

    @Test
    void ipv6_addresses_are_told_whole() {
        ByteBuf out = Unpooled.buffer();
        ProxyHeader.of(new InetSocketAddress("2001:db8::1", 4000), new InetSocketAddress("2001:db8::2", 443)).write(out);
        assertThat(ByteBufUtil.hexDump(out)).startsWith(SIGNATURE + "2121" + "002b" + "20010db8000000000000000000000001"
                + "20010db8000000000000000000000002" + "0fa0" + "01bb" + "030004");
        assertThat(out.readableBytes()).isEqualTo(16 + 0x2b);
    }

    @Test
    void a_health_check_speaks_of_nobody() throws IOException {
        HealthCheck check = new HealthCheck(true, HealthCheck.Protocol.HTTP, OptionalInt.empty(), "/health", Duration.ofSeconds(30),
                Duration.ofSeconds(5), 3, 2, List.of(new HealthCheck.StatusRange(200, 200)));
        TargetGroup plain = ManualTarget.group("group", ANNOUNCED, target);
        rig.serve(ManualTarget.listener(Action.Forward.to("group")), new TargetGroup("group", plain.protocol(), plain.version(), plain.targets(), check,
                plain.deregistrationDelay(), plain.slowStart(), plain.algorithm(), plain.stickiness(), ANNOUNCED));
        try (Wire accepted = target.accept()) {
            assertThat(hex(accepted, 16)).isEqualTo(SIGNATURE + "2000" + "0000");
            assertThat(accepted.readText(11)).isEqualTo("GET /health");
        }
    }
}
