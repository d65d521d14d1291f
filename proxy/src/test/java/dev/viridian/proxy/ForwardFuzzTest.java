package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.engine.time.SystemTime;
import dev.viridian.proxy.http.Refusal;
import dev.viridian.proxy.http.RequestHead;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.ListenerSettings;
import dev.viridian.proxy.routing.ListenerSettings.ForwardedFor;
import dev.viridian.proxy.routing.ListenerSettings.Strictness;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Damaged requests through our reader and writer, and what would go to a target through a second reader: both must see the same requests, or the
/// second none. See decision 0022.
class ForwardFuzzTest {
    private static final List<String> GOOD = List.of(
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /a?b=c%20d HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            "HEAD /x HTTP/1.1\r\nHost: a.example:8080\r\nAccept: */*\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n",
            "POST /path?q=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\nConnection: keep-alive, X-A\r\nX-A: b\r\n\r\nhello world!",
            "POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n1\r\n",
            "PUT http://a/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n00b;x=\"y\"\r\nGET / HTTP/1\r\n0\r\n\r\n",
            "PUT /t HTTP/1.1\r\nHost: [::1]\r\ntransfer-encoding:chunked\r\nTrailer: X-Sum\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
            "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
            "GET /body HTTP/1.1\r\nHost: a\r\nContent-Length: 26\r\n\r\nGET / HTTP/1.1\r\nHost: b\r\n\r\n",
            "DELETE /\u00e4/;p HTTP/1.1\r\nHost:a\r\nCookie: a=b; c=\"d\"\r\nX_B: \u00fc\r\nX-Empty:\r\n\r\n");
    private static final List<String> PIECES = List.of("Content-Length: 5\r\n", "Content-Length: 0\r\n", "content-length:3\r\n", "Content-Length : 3\r\n",
            "Content_Length: 3\r\n", "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: identity\r\n", "Transfer_Encoding: chunked\r\n",
            "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding:\u000bchunked\r\n", " chunked\r\n", "\tX: y\r\n", "Host: b\r\n", "Host:\r\n",
            "Connection: close\r\n", "Connection: content-length, host\r\n", "Connection: upgrade\r\nUpgrade: h2c\r\n", "Expect: 100-continue\r\n",
            "0\r\n\r\n", "0\r\nContent-Length: 3\r\n\r\n", "3\r\nabc\r\n", "3\nabc\n", ";x\n", "\r\n", "\n", "\r\n\r\n", "\r", "\0", "GET /y HTTP/1.1\r\n",
            "HTTP/1.1", "HTTP/0.9", "http://b", "@", "#", "%00", "//", "1".repeat(20), "A: b\r\n".repeat(250), "X: " + "y".repeat(5000) + "\r\n");
    private static final Damage DAMAGE = new Damage(GOOD, PIECES);

    private final SystemTime time = new SystemTime();
    private final Proxy proxy = new Proxy(time, ProxyOptions.DEFAULT.withLoops(1));
    private final DefaultEventLoop events = new DefaultEventLoop();
    private final Loop loop = new Loop(0, events, proxy, time, new Bootstrap());
    private final ListenerRoute route = new ListenerRoute(Listener.http("front", "127.0.0.1", 0, Action.Forward.to("group"))
            .withSettings(ListenerSettings.DEFAULT.withForwardedFor(ForwardedFor.PRESERVE, false)), new ListenerState("front", 1), List.of(),
            new ActionRoute.FixedRoute(new Action.FixedResponse(200, "", "")));
    private final ClientSide client = (ClientSide) java.lang.reflect.Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {ClientSide.class},
            (_, method, _) -> switch (method.getName()) {
                case "loop" -> loop;
                case "address" -> ClientAddress.of(new InetSocketAddress("10.9.8.7", 1234));
                case "localAddress" -> "10.1.1.1".getBytes(StandardCharsets.ISO_8859_1);
                default -> throw new AssertionError("a writer of heads asks its client for " + method.getName());
            });

    @AfterEach
    void close() {
        events.shutdownGracefully();
        proxy.close();
        time.close();
    }

    /// @param start  method and target, as a target gets them
    /// @param body   content, framing removed
    record Seen(String start, String host, String body) {}

    /// @param forwarded everything targets would get, in order
    /// @param end       null when nothing was wrong and nothing is missing
    record Reading(List<Seen> seen, byte[] forwarded, @Nullable Refusal end) {}

    /// Reads as a connection does, from bytes that come in pieces.
    private Reading read(byte[] bytes, int... cuts) {
        List<Seen> seen = new ArrayList<>();
        ByteArrayOutputStream forwarded = new ByteArrayOutputStream();
        HeadFinder heads = new HeadFinder(loop);
        RequestFlow flow = new RequestFlow();
        ByteBuf in = Unpooled.buffer();
        Seen begun = null;
        int from = 0;
        for (int cut : cuts) {
            in.writeBytes(bytes, from, cut - from);
            from = cut;
            while (in.isReadable()) {
                if (begun == null) {
                    RequestHead head = loop.requestHead();
                    Refusal refusal = heads.read(head, in);
                    if (refusal == Refusal.INCOMPLETE) {
                        break;
                    }
                    if (refusal != null) {
                        return new Reading(seen, forwarded.toByteArray(), refusal);
                    }
                    flow.begin(head, Strictness.MONITOR);
                    String written = written(head);
                    forwarded.writeBytes(written.getBytes(StandardCharsets.ISO_8859_1));
                    begun = new Seen(written.substring(0, written.indexOf(" HTTP/1.1\r\n")), host(written), "");
                }
                int length = flow.complete() ? 0 : flow.take(in);
                if (length < 0) {
                    // The target has got part of a request whose end never comes.
                    return new Reading(seen, forwarded.toByteArray(), Refusal.BAD_TRANSFER_ENCODING);
                }
                byte[] passed = new byte[length];
                in.readBytes(passed);
                forwarded.writeBytes(passed);
                begun = new Seen(begun.start(), begun.host(), begun.body() + new String(passed, StandardCharsets.ISO_8859_1));
                if (flow.complete()) {
                    seen.add(begun);
                    begun = null;
                    if (!flow.keepsAlive()) {
                        return new Reading(seen, forwarded.toByteArray(), null);
                    }
                }
            }
        }
        return new Reading(seen, forwarded.toByteArray(), begun == null && !in.isReadable() ? null : Refusal.INCOMPLETE);
    }

    private String written(RequestHead head) {
        ByteBuf out = Unpooled.buffer();
        RequestWriter.write(head, route, client, null, out);
        assertThat(out.readableBytes()).isLessThanOrEqualTo(head.end() + RequestWriter.ROOM);
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private static String host(String head) {
        for (String line : head.split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith("host:")) {
                return line.substring(5).strip();
            }
        }
        throw new AssertionError("forwarded without a host: " + head);
    }

    @Test
    void a_second_reader_sees_the_requests_we_saw() {
        int[] compared = new int[1];
        Rounds.run(10_000, random -> {
            byte[] bytes = DAMAGE.make(random);
            Reading ours = read(bytes, bytes.length);
            JettyReader theirs = JettyReader.requests(ours.forwarded());
            String story = show(bytes) + "\nforwarded as\n" + show(ours.forwarded()) + "\nJetty: " + theirs.problem();
            List<JettyReader.Message> messages = theirs.messages();
            if (!theirs.problem().isEmpty()) {
                // An empty port is allowed by RFC 3986; to refuse it is not to misread it.
                assertThat(theirs.problem()).as(story).isEqualTo("400 Bad HostPort");
                assertThat(new String(ours.forwarded(), StandardCharsets.ISO_8859_1)).as(story).containsPattern("(?i)\r\nhost:[^\r]*:[ \t]*\r\n");
            } else {
                assertThat(messages).as(story).hasSize(ours.seen().size());
            }
            assertThat(messages.size()).as(story).isLessThanOrEqualTo(ours.seen().size());
            for (int i = 0; i < messages.size(); i++) {
                Seen mine = ours.seen().get(i);
                JettyReader.Message other = messages.get(i);
                // Jetty takes targets for UTF-8.
                String start = new String(mine.start().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
                assertThat(other.start()).as(story).isEqualTo(start);
                assertThat(other.fields()).as(story).anyMatch(field -> field.equalsIgnoreCase("host: " + mine.host()));
                assertThat(other.body()).as(story).isEqualTo(content(mine.body(), other));
                compared[0]++;
            }
        });
        assertThat(compared[0]).as("requests compared").isGreaterThan(Long.getLong("viridian.seed") == null ? 7000 : -1);
    }

    /// What was passed on, without chunks when there are some.
    private static String content(String passed, JettyReader.Message other) {
        if (other.fields().stream().noneMatch(field -> field.toLowerCase(Locale.ROOT).startsWith("transfer-encoding:"))) {
            return passed;
        }
        StringBuilder content = new StringBuilder();
        String rest = passed;
        while (true) {
            int line = rest.indexOf("\r\n");
            int size = Integer.parseInt(rest.substring(0, line).split(";")[0], 16);
            if (size == 0) {
                return content.toString();
            }
            content.append(rest, line + 2, line + 2 + size);
            rest = rest.substring(line + 2 + size + 2);
        }
    }

    @Test
    void what_was_forwarded_is_forwarded_again_as_it_is() {
        Rounds.run(4_000, random -> {
            byte[] bytes = DAMAGE.make(random);
            Reading once = read(bytes, bytes.length);
            Reading twice = read(once.forwarded(), once.forwarded().length);
            if (twice.end() == Refusal.TOO_MANY_HEADERS) {
                // Ours came on top.
                return;
            }
            assertThat(show(twice.forwarded())).as(show(bytes)).isEqualTo(show(once.forwarded()));
            assertThat(twice.seen()).as(show(bytes)).isEqualTo(once.seen());
        });
    }

    @Test
    void it_does_not_matter_in_which_pieces_bytes_arrive() {
        Rounds.run(4_000, random -> {
            byte[] made = DAMAGE.make(random);
            // Behind an empty line even a head that cannot be one is looked at.
            byte[] bytes = Arrays.copyOf(made, made.length + 4);
            System.arraycopy("\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1), 0, bytes, made.length, 4);
            Reading whole = read(bytes, bytes.length);
            Reading pieces = read(bytes, cuts(bytes.length, random));
            assertThat(pieces.seen()).as(show(bytes)).isEqualTo(whole.seen());
            assertThat(status(pieces)).as(show(bytes)).isEqualTo(status(whole));
            // Of a body that turns out to be malformed, more has left when it came in pieces.
            assertThat(show(pieces.forwarded())).as(show(bytes)).startsWith(show(whole.forwarded()));
        });
    }

    private static int status(Reading reading) {
        return reading.end() == null ? 0 : reading.end().status();
    }

    private static int[] cuts(int length, RandomGenerator random) {
        int pieces = random.nextInt(4) == 0 ? length : 1 + random.nextInt(6);
        int[] cuts = pieces == length ? java.util.stream.IntStream.rangeClosed(1, length).toArray()
                : random.ints(pieces, 1, length + 1).sorted().toArray();
        return java.util.stream.IntStream.concat(Arrays.stream(cuts), java.util.stream.IntStream.of(length)).toArray();
    }

    @Test
    void nothing_behind_the_limit_is_looked_at() {
        RequestHead head = new RequestHead();
        Rounds.run(4_000, random -> {
            byte[] bytes = DAMAGE.make(random);
            int limit = random.nextInt(bytes.length + 1);
            byte[] zeros = Arrays.copyOf(Arrays.copyOf(bytes, limit), bytes.length + 2);
            byte[] junk = Arrays.copyOf(bytes, bytes.length + 2);
            Refusal first = head.read(zeros, 0, limit);
            int end = head.end();
            assertThat(head.read(junk, 0, limit)).as(show(bytes)).isEqualTo(first);
            assertThat(first == null ? head.end() : end).as(show(bytes)).isEqualTo(end);
            assertThat(first != null || end <= limit).as(show(bytes)).isTrue();
        });
    }

    static String show(byte[] bytes) {
        StringBuilder shown = new StringBuilder();
        for (byte b : bytes) {
            if (b == '\r') {
                shown.append("\\r");
            } else if (b == '\n') {
                shown.append("\\n\n");
            } else if (b >= 0x20 && b < 0x7f) {
                shown.append((char) b);
            } else {
                shown.append(String.format("\\x%02x", b));
            }
        }
        return shown.toString().replaceAll("(.)\\1{20,}", "$1...").replaceAll("(A: b....\n){10,}", "A: b ...\n");
    }
}
