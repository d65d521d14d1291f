package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.proxy.http.Ascii;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnAnswerTest {
    private static String written(OwnAnswer answer, String server, boolean close, boolean withBody) {
        ByteBuf out = Unpooled.buffer(answer.room());
        answer.write(out, server, Ascii.bytes("Date: Sun, 29 Nov 2026 18:00:00 GMT\r\n"), null, close, withBody);
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    /// Lengths as captured from ELB where the figure is known to us.
    @ParameterizedTest(name = "{0} {1}: {2} bytes")
    @CsvSource({
        "301, Moved Permanently, 134", "302, Found, 110", "400, Bad Request, 122", "403, Forbidden, 118", "502, Bad Gateway, 122",
        "503, Service Temporarily Unavailable, 162", "504, Gateway Time-out, 132"
    })
    void pages_are_those_of_elb(int status, String reason, int length) {
        String body = "<html>\r\n<head><title>" + status + " " + reason + "</title></head>\r\n<body>\r\n<center><h1>" + status + " " + reason
                + "</h1></center>\r\n</body>\r\n</html>\r\n";
        assertThat(body).hasSize(length);
        assertThat(written(OwnAnswer.page(status), "awselb/2.0", false, true)).isEqualTo("HTTP/1.1 " + status + " " + reason
                + "\r\nServer: awselb/2.0\r\nDate: Sun, 29 Nov 2026 18:00:00 GMT\r\nContent-Type: text/html\r\nContent-Length: " + length
                + "\r\nConnection: keep-alive\r\n\r\n" + body);
    }

    @Test
    void an_answer_to_HEAD_is_the_same_without_its_body_and_one_that_ends_the_connection_says_so() {
        assertThat(written(OwnAnswer.page(502), "", true, false)).startsWith("HTTP/1.1 502 Bad Gateway\r\nDate:")
                .endsWith("Content-Length: 122\r\nConnection: close\r\n\r\n");
    }

    @Test
    void a_204_has_no_length() {
        assertThat(written(OwnAnswer.fixed(204, "text/plain", "x"), "", false, true)).doesNotContain("Content-Length").endsWith("\r\n\r\n");
    }
}
