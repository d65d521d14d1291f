package dev.viridian.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkScannerTest {
    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    @Test
    void a_body_ends_behind_its_trailers_and_not_a_byte_later() {
        ChunkScanner scanner = new ChunkScanner();
        ByteBuf data = Unpooled.buffer();
        ByteBuf in = bytes("4\r\nWiki\r\nA;name=\"v\"\r\n0123456789\r\n0\r\nX-A: b\r\n\r\nGET /");
        assertThat(scanner.scan(in, data)).isEqualTo(in.readableBytes() - 5);
        assertThat(scanner.done()).isTrue();
        assertThat(data.toString(StandardCharsets.ISO_8859_1)).isEqualTo("Wiki0123456789");
    }

    @Test
    void cuts_anywhere_make_no_difference() {
        Random random = new Random(20261121);
        for (int round = 0; round < 2000; round++) {
            StringBuilder body = new StringBuilder();
            StringBuilder content = new StringBuilder();
            for (int chunk = random.nextInt(4); chunk > 0; chunk--) {
                String data = "d".repeat(1 + random.nextInt(40));
                body.append(Integer.toHexString(data.length())).append(random.nextBoolean() ? ";e=1" : "").append("\r\n").append(data).append("\r\n");
                content.append(data);
            }
            body.append("0\r\n").append(random.nextBoolean() ? "T: v\r\n" : "").append("\r\n");
            ChunkScanner scanner = new ChunkScanner();
            ByteBuf out = Unpooled.buffer();
            int at = 0;
            while (at < body.length()) {
                int to = Math.min(body.length(), at + 1 + random.nextInt(7));
                assertThat(scanner.done()).isFalse();
                assertThat(scanner.scan(bytes(body.substring(at, to)), out)).isEqualTo(to - at);
                at = to;
            }
            assertThat(scanner.done()).as(body.toString()).isTrue();
            assertThat(out.toString(StandardCharsets.ISO_8859_1)).isEqualTo(content.toString());
        }
    }
}
