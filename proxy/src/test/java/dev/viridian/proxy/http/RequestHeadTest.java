package dev.viridian.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestHeadTest {
    private static final List<String> SEEDS = List.of(
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /path?q=1 HTTP/1.1\r\nHost: a.example:8080\r\nContent-Length: 12\r\nConnection: keep-alive, X-A\r\nX-A: b\r\n\r\n",
            "PUT http://a/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\nHost: [::1]\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
    private static final String SPICE = "\r\n\t :;,\0\u007f\u00ff/*#?[]0123456789abcXYZ-_\"";

    /// A second reader, slow and plain: the whole head must have this shape, in so many words.
    private static final Pattern SHAPE = Pattern.compile("[!#$%&'*+\\-.^_`|~0-9A-Za-z]{1,40} [\\x21-\\x22\\x24-\\x7e\\x80-\\xff]+ HTTP/1\\.[01]\r\n"
            + "(?:[!#$%&'*+\\-.^_`|~0-9A-Za-z]+:[\\t\\x20-\\x7e\\x80-\\xff]*\r\n)*\r\n", Pattern.DOTALL);

    private static @Nullable Refusal read(RequestHead head, String text) {
        byte[] bytes = new byte[text.length() + 2];
        System.arraycopy(text.getBytes(StandardCharsets.ISO_8859_1), 0, bytes, 0, text.length());
        return head.read(bytes, 0, text.length());
    }

    @Test
    void every_beginning_of_a_good_head_is_incomplete() {
        for (String seed : SEEDS) {
            for (int length = 0; length < seed.length(); length++) {
                assertThat(read(new RequestHead(), seed.substring(0, length))).as("%d of %s", length, seed).isEqualTo(Refusal.INCOMPLETE);
            }
            assertThat(read(new RequestHead(), seed)).isNull();
        }
    }

    /// Random damage to good heads: whatever is accepted has the shape a plain reading of the grammar gives it, and ends where that reading ends.
    @Test
    void nothing_is_accepted_that_the_grammar_does_not_allow() {
        Random random = new Random(20261121);
        RequestHead head = new RequestHead();
        int accepted = 0;
        for (int round = 0; round < 200_000; round++) {
            StringBuilder text = new StringBuilder(SEEDS.get(random.nextInt(SEEDS.size())));
            for (int damage = 1 + random.nextInt(3); damage > 0; damage--) {
                int at = random.nextInt(text.length());
                char spice = SPICE.charAt(random.nextInt(SPICE.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.insert(at, spice);
                    case 1 -> text.setCharAt(at, spice);
                    default -> text.deleteCharAt(at);
                }
            }
            if (read(head, text.toString()) == null) {
                accepted++;
                Matcher shape = SHAPE.matcher(text);
                assertThat(shape.lookingAt()).as(text.toString()).isTrue();
                assertThat(head.end()).as(text.toString()).isEqualTo(shape.end());
                assertThat(text.substring(0, head.end()).lines().filter(line -> line.regionMatches(true, 0, "host:", 0, 5)).count())
                        .as(text.toString()).isLessThanOrEqualTo(1);
            }
        }
        assertThat(accepted).isGreaterThan(10_000);
    }
}
