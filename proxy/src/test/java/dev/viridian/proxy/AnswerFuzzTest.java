package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.engine.time.SystemTime;
import dev.viridian.proxy.http.ChunkScanner;
import dev.viridian.proxy.http.Refusal;
import dev.viridian.proxy.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Damaged answers through a whole proxy: what the client gets, a second reader must read as we read the target's bytes; and what is not a complete
/// answer must not look like one. See decision 0022.
class AnswerFuzzTest {
    private static final List<String> GOOD = List.of(
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n00b;x=\"y\"\r\nHTTP/1.1 20\r\n0\r\nX-Sum: 1\r\n\r\n",
            "HTTP/1.0 200 OK\r\nServer: old\r\n\r\nuntil the end",
            "HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n",
            "HTTP/1.1 304 Not Modified\r\nContent-Length: 30\r\nETag: \"a\"\r\n\r\n",
            "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 404\r\nSet-Cookie: a=b\r\nConnection: keep-alive, X-A\r\nX-A: b\r\n"
                    + "content-length:0\r\n\r\n",
            "HTTP/1.1 500 Caf\u00e9\r\nX-\u0021: \u00fc\r\nConnection: close\r\nContent-Length: 26\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhello!\r");
    private static final List<String> PIECES = List.of("Content-Length: 5\r\n", "Content-Length: 0\r\n", "Content-Length : 3\r\n", "Content_Length: 3\r\n",
            "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: identity\r\n", "Transfer_Encoding: chunked\r\n", "Transfer-Encoding: gzip\r\n",
            " folded\r\n", "Connection: close\r\n", "Connection: upgrade\r\nUpgrade: websocket\r\n", "HTTP/1.1 100 Continue\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\n", "HTTP/1.1 200 OK\r\n", "0\r\n\r\n", "3\r\nabc\r\n", "3\nabc\n", "\r\n", "\n", "\r\n\r\n", "\r", "\0",
            "Set-Cookie: a=b\r\n", "A: b\r\n".repeat(120), "X: " + "y".repeat(5000) + "\r\n");
    private static final Damage DAMAGE = new Damage(GOOD, PIECES);

    private final Rig rig = new Rig(new SystemTime(), Rig.OPTIONS.withLoops(1));

    @AfterEach
    void close() {
        rig.close();
    }

    /// @param status   of the final answer; 0 when it is malformed or does not end
    /// @param body     framing removed
    /// @param lasting  whether the target leaves the connection open behind it
    record Expected(int status, String body, boolean lasting) {
        static final Expected BROKEN = new Expected(0, "", false);
    }

    private record Answer(byte[] bytes, boolean lasting) {}

    /// What these bytes and then the end of the connection mean to us.
    private static Expected expected(byte[] bytes, boolean toHead) {
        ResponseHead head = new ResponseHead();
        int from = 0;
        do {
            byte[] rest = Arrays.copyOfRange(bytes, from, bytes.length + 2);
            Refusal refusal = head.read(rest, 0, bytes.length - from);
            if (refusal != null || head.status() == 101) {
                return Expected.BROKEN;
            }
            from += head.end();
        } while (head.interim());
        ByteBuf body = Unpooled.wrappedBuffer(bytes, from, bytes.length - from);
        if (toHead || !head.allowsBody() || head.contentLength() == 0) {
            return new Expected(head.status(), "", head.keepsAlive());
        }
        if (head.chunked()) {
            ChunkScanner chunks = new ChunkScanner();
            ByteBuf data = Unpooled.buffer();
            chunks.scan(body, data);
            return chunks.done() ? new Expected(head.status(), data.toString(StandardCharsets.ISO_8859_1), head.keepsAlive()) : Expected.BROKEN;
        }
        long length = head.contentLength() < 0 ? body.readableBytes() : head.contentLength();
        return length > body.readableBytes() ? Expected.BROKEN
                : new Expected(head.status(), body.toString(0, (int) length, StandardCharsets.ISO_8859_1), head.contentLength() >= 0 && head.keepsAlive());
    }

    @Test
    void a_client_gets_the_answer_we_read_or_none_that_looks_complete() {
        Backend blue = rig.backend("blue");
        int port = rig.serve(blue);
        AtomicReference<Answer> next = new AtomicReference<>();
        blue.on("/", request -> {
            Answer answer = next.get();
            request.out().write(answer.bytes());
            request.out().flush();
            return answer.lasting();
        });
        Rounds.run(1500, random -> {
            byte[] bytes = DAMAGE.make(random);
            boolean toHead = random.nextInt(8) == 0;
            Expected expected = expected(bytes, toHead);
            // A target that says the connection goes on does not close it: we would be told of it too late.
            next.set(new Answer(bytes, expected.lasting()));
            byte[] got = ask(port, toHead ? "HEAD" : "POST");
            JettyReader theirs = JettyReader.answer(got, toHead);
            String story = ForwardFuzzTest.show(bytes) + "\ncame as\n" + ForwardFuzzTest.show(got) + "\nJetty: " + theirs.problem() + ", expected " + expected;
            List<JettyReader.Message> last = theirs.messages().stream().filter(message -> !message.start().startsWith("1")).toList();
            if (expected.status() == 0) {
                assertThat(last).as(story).allMatch(message -> message.start().equals("502"));
            } else if (!theirs.problem().startsWith("400 Illegal character")) {
                // Jetty wants a reason to begin with a letter; RFC 9112 section 4 does not. Who refuses does not misread.
                assertThat(theirs.problem()).as(story).isEmpty();
                assertThat(last).as(story).extracting(JettyReader.Message::start).containsExactly(String.valueOf(expected.status()));
                assertThat(last.getFirst().body()).as(story).isEqualTo(expected.body());
            }
        });
        Rig.eventually(() -> rig.counts("group").inFlight() == 0);
    }

    /// Everything that comes until the connection ends, however it ends.
    private static byte[] ask(int port, String method) {
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        try (Wire wire = new Wire(port)) {
            wire.send(method + " / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            for (int b = wire.next(); b >= 0; b = wire.next()) {
                got.write(b);
            }
        } catch (SocketException e) {
            // Reset: a broken answer is shown as broken.
            return got.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return got.toByteArray();
    }
}
