package dev.viridian.container.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class BodyTest {
    private static final Head CHUNKED = Head.response(200, "OK").with("Transfer-Encoding", "chunked");

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    @RepeatedTest(20)
    void what_is_written_in_chunks_is_read_back(RepetitionInfo seed) throws IOException {
        Random random = new Random(seed.getCurrentRepetition());
        byte[] content = new byte[random.nextInt(200_000)];
        random.nextBytes(content);
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        try (OutputStream chunks = Body.chunked(wire)) {
            for (int at = 0; at < content.length; ) {
                int length = Math.min(content.length - at, random.nextInt(70_000));
                chunks.write(content, at, length);
                at += length;
            }
        }
        assertThat(Body.of(CHUNKED, new ByteArrayInputStream(wire.toByteArray())).readAllBytes()).isEqualTo(content);
    }

    @Test
    void a_body_ends_at_its_length_or_with_the_connection() throws IOException {
        assertThat(Body.of(Head.response(200, "OK").with("Content-Length", "3"), bytes("abcdef")).readAllBytes()).asString().isEqualTo("abc");
        assertThat(Body.of(Head.response(200, "OK"), bytes("abcdef")).readAllBytes()).asString().isEqualTo("abcdef");
        assertThat(Body.of(Head.response(204, "No Content"), bytes("abcdef")).readAllBytes()).isEmpty();
        assertThat(Body.ofRequest(Head.request("POST", "/"), bytes("abcdef")).readAllBytes()).isEmpty();
    }

    @Test
    void a_body_that_breaks_off_is_an_error_not_an_end() {
        assertThatThrownBy(() -> Body.of(Head.response(200, "OK").with("Content-Length", "9"), bytes("abc")).readAllBytes())
                .isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> Body.of(CHUNKED, bytes("5\r\nabc")).readAllBytes()).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> Body.of(CHUNKED, bytes("3\r\nabc\r\n")).readAllBytes()).isInstanceOf(EOFException.class);
    }

    @Test
    void heads_keep_their_order_and_find_names_in_any_case() throws IOException {
        Head head = Head.read(bytes("POST /v1.41/build?t=a HTTP/1.1\r\nHost: docker\r\nX-Registry-Config: abc\r\n\r\nrest")).orElseThrow();
        assertThat(head.method()).isEqualTo("POST");
        assertThat(head.target()).isEqualTo("/v1.41/build?t=a");
        assertThat(head.first("x-registry-config")).contains("abc");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        head.with("Connection", "close").without("host").write(out);
        assertThat(out.toString(UTF_8)).isEqualTo("POST /v1.41/build?t=a HTTP/1.1\r\nX-Registry-Config: abc\r\nConnection: close\r\n\r\n");
        assertThat(Head.read(bytes(""))).isEmpty();
        assertThatThrownBy(() -> Head.read(bytes("GET / HTTP/1.1\r\nnonsense\r\n\r\n"))).isInstanceOf(IOException.class);
    }
}
