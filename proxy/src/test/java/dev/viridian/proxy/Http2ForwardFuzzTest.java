package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.engine.time.SystemTime;
import dev.viridian.proxy.Http2Damage.Made;
import dev.viridian.proxy.Http2Message.Field;
import dev.viridian.proxy.Http2Wire.Frame;
import dev.viridian.proxy.routing.Target;
import dev.viridian.proxy.routing.TargetGroup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Damaged requests of HTTP/2 through a whole proxy: what the target gets, a second reader must read as what the client said, and as one request; or
/// nothing of it gets there. See decision 0022.
class Http2ForwardFuzzTest {
    private static final String ATTACK = "\r\nhost: evil\r\n\r\nGET /evil HTTP/1.1\r\nhost: evil\r\n\r\n";
    private static final String[] POST = {":method", "POST", ":scheme", "https", ":path", "/p?q=1", ":authority", "a.example:8080"};
    private static final List<Http2Message> GOOD = List.of(
            Http2Message.of(":method", "GET", ":scheme", "https", ":path", "/", ":authority", "a.example"),
            Http2Message.of(":path", "/a/%20?b=c|d&e", ":scheme", "https", ":authority", "[::1]:443", ":method", "HEAD", "accept", "*/*",
                    "te", "trailers", "x-forwarded-for", "10.0.0.1", "user-agent", "curl/8"),
            Http2Message.of(":method", "GET", ":scheme", "https", ":path", "/x", "host", "b.example", "cookie", "a=b", "x-a", "1",
                    "cookie", "c=\"d\"", "x-a", "2", "cookie", "e"),
            Http2Message.of(with(POST, "content-length", "12", "content-type", "text/plain")).body("hello", " world!"),
            Http2Message.of(with(POST, "content-length", "27")).body("GET / HTTP/1.1\r\nHost: b\r\n\r\n"),
            Http2Message.of(with(POST, "trailer", "x-sum", "te", "trailers")).body("5\r\nhello\r\n0\r\n\r\n", "x")
                    .trailers("x-sum", "1", "x-more", "\u00fc"),
            Http2Message.of(with(POST, "content-type", "application/grpc-web")).body("\0\0\0\0\1a"),
            Http2Message.of(with(POST)).body("y".repeat(9000), "", "0\r\n\r\n"),
            Http2Message.of(with(POST, "expect", "100-continue", "content-length", "1")).body("x"),
            Http2Message.of(":method", "PUT", ":scheme", "https", ":path", "/\u00e4/;p", ":authority", "a", "host", "A",
                    "x_b", "\u00fc", "x-empty", ""),
            Http2Message.of(":method", "DELETE", ":scheme", "http", ":path", "//../x", ":authority", "a", "content-length", "0").body(""),
            Http2Message.of(":method", "OPTIONS", ":scheme", "https", ":path", "*", ":authority", "a", "x-long", "v".repeat(9000)));
    private static final List<Field> FIELDS = Field.list("content-length", "5", "content-length", "0", "content-length", "1", "content-length", "+1",
            "content-length", "1, 1", "content_length", "3", "transfer-encoding", "chunked", "transfer_encoding", "chunked",
            "transfer-encoding", "identity", "host", "a", "host", "evil", "host", "", "connection", "close", "connection", "x-a", "keep-alive", "1",
            "proxy-connection", "close", "upgrade", "h2c", "te", "gzip", "te", "trailers", "te", "trailers, gzip", "expect", "100-continue",
            "expect", "x", "cookie", "", "cookie", "f=g; h", ":method", "GET", ":path", "/evil", ":path", "", ":path", "*", ":path", "http://evil/",
            ":path", "evil", ":scheme", "https", ":scheme", "javascript", ":authority", "evil", ":authority", "", ":authority", "me@evil",
            ":authority", "evil:", ":authority", "a/b", ":status", "200", ":protocol", "websocket", ":x", "y", ":", "y", "", "y", "x", ATTACK,
            "x" + ATTACK, "y", "x", " ", "x-forwarded-for", "1.2.3.4", "x-forwarded-proto", "ftp", "authorization", "Basic YQ==",
            "trailer", "content-length", "x-long", "z".repeat(5000), "x-longer", "z".repeat(17_000), "http2-settings", "AAMAAABkAAQAAP__",
            "x-many", "z".repeat(16_000));
    private static final List<String> TEXTS = List.of(ATTACK, "\r\n", "\n", "\r", "\0", " ", "\t", ":", ",", "\r\n\r\n", "\u00ff", "\u0001", "#", "?",
            "/", "//", "@", "%", "%00", "%0d%0a", " HTTP/1.1\r\n\r\n", "1", "0", "\r\n0\r\n\r\n", "\r\nContent-Length: 3", "chunked");
    private static final Http2Damage DAMAGE = new Http2Damage(GOOD, FIELDS, TEXTS);
    /// What each hop says anew.
    private static final Set<String> ANEW = Set.of("host", "te", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-port", "x-trace-id");
    private static final Set<String> NEVER_LATE = Set.of("host", "content-length", "transfer-encoding", "connection", "te", "cookie", "authorization",
            "content-type", "x-forwarded-for", "x-forwarded-proto", "expect", "upgrade", "trailer", "keep-alive");
    private static final int ROUNDS_PER_CONNECTION = 400;

    private final Rig rig = new Rig(new SystemTime(), Rig.OPTIONS.withLoops(1));
    private @Nullable SelectingTarget target;
    private @Nullable Http2Wire client;
    private int rounds;
    private int answered;

    private static String[] with(String[] fields, String... more) {
        List<String> all = new ArrayList<>(List.of(fields));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @AfterEach
    void close() throws IOException {
        hangUp();
        rig.close();
        if (target != null) {
            target.close();
        }
    }

    private int serve(TargetGroup.Version version, Supplier<SelectingTarget.Conversation> conversations) {
        target = new SelectingTarget(conversations);
        return rig.serve(Http2Rig.https(), Rig.group("group", List.of(Target.at("127.0.0.1", target.port()))).withVersion(version));
    }

    private void hangUp() throws IOException {
        if (client != null) {
            client.close();
            client = null;
        }
    }

    private Http2Wire client(int port) throws IOException {
        if (client == null || ++rounds % ROUNDS_PER_CONNECTION == 0) {
            hangUp();
            client = Http2Wire.connect(port);
            client.frame(Http2Wire.WINDOW_UPDATE, 0, 0, Http2Wire.number(1 << 30));
        }
        return client;
    }

    /// What has come of a request: who answered or that nobody did, and perhaps that the whole connection ends.
    private enum Outcome { ANSWERED, REFUSED, RESET, GIVEN_UP }

    private Outcome ask(int port, Http2Message message) {
        try {
            Http2Wire wire = client(port);
            int stream = wire.nextStream();
            wire.send(message.frames(stream));
            Outcome outcome = message.ends() ? outcome(wire, stream) : Outcome.RESET;
            if (outcome == Outcome.ANSWERED) {
                answered++;
            } else if (outcome != Outcome.GIVEN_UP) {
                // Whatever went to the target, it has seen when it has answered this.
                int next = wire.nextStream();
                wire.headers(next, true, Http2Wire.request("GET", "/next"));
                assertThat(outcome(wire, next)).as("of a good request behind it").isEqualTo(Outcome.ANSWERED);
            }
            return outcome;
        } catch (IOException e) {
            throw new UncheckedIOException(message.story(), e);
        }
    }

    private static Outcome outcome(Http2Wire wire, int stream) throws IOException {
        Outcome said = Outcome.REFUSED;
        while (true) {
            Frame frame = wire.next();
            if (frame.type() == Http2Wire.GOAWAY) {
                return Outcome.GIVEN_UP;
            }
            if (frame.stream() != stream) {
                continue;
            }
            if (frame.type() == Http2Wire.RST_STREAM) {
                return Outcome.RESET;
            }
            said = frame.fields().containsKey("x-answered") ? Outcome.ANSWERED : said;
            boolean message = frame.type() == Http2Wire.HEADERS || frame.type() == Http2Wire.DATA;
            if (message && frame.has(Http2Wire.END_STREAM)) {
                return said;
            }
        }
    }

    /// @param reading what all that came on a connection since the last request means to the second reader
    private record Arrival(byte[] bytes, JettyReader reading) {}

    /// Answers each request, and closes behind anything that is not exactly one.
    private static final class PlainConversation extends SelectingTarget.Conversation {
        private static final byte[] ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Answered: 1\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
        private final Queue<Arrival> arrivals;
        private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

        PlainConversation(Queue<Arrival> arrivals) {
            this.arrivals = arrivals;
        }

        @Override
        void received(byte[] bytes) {
            pending.writeBytes(bytes);
            byte[] all = pending.toByteArray();
            JettyReader reading = JettyReader.requests(all);
            if (reading.messages().isEmpty() && reading.problem().isEmpty()) {
                return;
            }
            pending.reset();
            arrivals.add(new Arrival(all, reading));
            if (reading.problem().isEmpty() && reading.messages().size() == 1 && reading.messages().getFirst().end() == all.length) {
                send(ANSWER);
            } else {
                close();
            }
        }

        @Override
        void ended() {
            if (pending.size() > 0) {
                arrivals.add(new Arrival(pending.toByteArray(), JettyReader.requests(pending.toByteArray())));
            }
        }
    }

    @Test
    void a_target_of_http1_gets_the_request_that_was_sent_or_none() {
        Queue<Arrival> arrivals = new ConcurrentLinkedQueue<>();
        int port = serve(TargetGroup.Version.HTTP1, () -> new PlainConversation(arrivals));
        Rounds.run(300, random -> {
            Made made = DAMAGE.make(random);
            Http2Message said = made.message();
            Outcome outcome = ask(port, said);
            List<Arrival> got = new ArrayList<>();
            for (Arrival each = arrivals.poll(); each != null; each = arrivals.poll()) {
                boolean next = each.reading().messages().size() == 1 && each.reading().messages().getFirst().start().equals("GET /next");
                if (!next || each.reading().messages().getFirst().end() != each.bytes().length) {
                    got.add(each);
                }
            }
            String story = said.story() + "\n" + outcome + "\narrived as\n"
                    + String.join("\n---\n", got.stream().map(each -> ForwardFuzzTest.show(each.bytes()) + each.reading().problem()).toList());
            assertThat(got).as(story).hasSizeLessThanOrEqualTo(1);
            assertThat(outcome).as(story).isNotEqualTo(Outcome.GIVEN_UP);
            if (!made.damaged()) {
                assertThat(outcome).as(story).isEqualTo(Outcome.ANSWERED);
            }
            if (!got.isEmpty()) {
                check(said, outcome, got.getFirst(), story);
            }
        });
        assertAnswered(75);
    }

    private void assertAnswered(int usual) {
        assertThat(answered).as("requests that were answered").isGreaterThan(Long.getLong("viridian.seed") == null ? usual : -1);
        Rig.eventually(() -> rig.counts("group").inFlight() == 0);
    }

    private static void check(Http2Message said, Outcome outcome, Arrival arrival, String story) {
        if (arrival.reading().problem().equals("400 Bad HostPort") && authority(said).endsWith(":")) {
            // An empty port is allowed by RFC 3986; to refuse it is not to misread it.
            return;
        }
        assertThat(outcome).as(story).isNotEqualTo(Outcome.REFUSED);
        assertThat(allowed(said)).as(story).isTrue();
        JettyReader reading = arrival.reading();
        assertThat(reading.problem()).as(story).isEmpty();
        if (reading.messages().isEmpty()) {
            assertThat(outcome).as(story).isEqualTo(Outcome.RESET);
            return;
        }
        assertThat(reading.messages()).as(story).hasSize(1);
        JettyReader.Message message = reading.messages().getFirst();
        assertThat(message.end()).as(story).isEqualTo(arrival.bytes().length);
        String start = said.first(":method") + " " + said.first(":path");
        assertThat(message.start()).as(story).isEqualTo(new String(start.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
        List<String> fields = lowerCaseNames(message.fields());
        assertThat(fields.stream().filter(field -> field.startsWith("host:")).toList()).as(story).containsExactly("host: " + authority(said));
        checkRest(said, fields, message.body(), lowerCaseNames(message.trailers()), story);
    }

    /// Answers each request that has come to its end.
    private static final class RecordingConversation extends FramedConversation {
        private final Queue<JettyFrames.Stream> arrivals;
        private final Queue<String> problems;

        RecordingConversation(Queue<JettyFrames.Stream> arrivals, Queue<String> problems) {
            this.arrivals = arrivals;
            this.problems = problems;
        }

        @Override
        void asked(int streamId) {
            send(Http2Wire.bytes(Http2Wire.HEADERS, Http2Wire.END_HEADERS | Http2Wire.END_STREAM, streamId,
                    Http2Wire.packed(":status", "200", "x-answered", "1")));
        }

        @Override
        void received(byte[] bytes) {
            super.received(bytes);
            if (!frames.problem.isEmpty()) {
                problems.add(frames.problem);
            }
            // Those that go on are looked at before they end: the next answer tells that they got no further.
            arrivals.addAll(frames.streams.values());
            frames.streams.values().removeIf(stream -> stream.ended || stream.reset >= 0);
        }
    }

    @Test
    void a_target_of_http2_gets_the_request_that_was_sent_or_none() {
        Queue<JettyFrames.Stream> arrivals = new ConcurrentLinkedQueue<>();
        Queue<String> problems = new ConcurrentLinkedQueue<>();
        int port = serve(TargetGroup.Version.HTTP2, () -> new RecordingConversation(arrivals, problems));
        Rounds.run(300, random -> {
            Made made = DAMAGE.make(random);
            Http2Message said = made.message();
            if (authority(said).endsWith(":")) {
                // Jetty wants no empty port, which RFC 3986 allows, so badly that it breaks off.
                return;
            }
            Outcome outcome = ask(port, said);
            Set<JettyFrames.Stream> got = new LinkedHashSet<>();
            for (JettyFrames.Stream each = arrivals.poll(); each != null; each = arrivals.poll()) {
                // Who resets a stream twice says nothing with that.
                boolean nothing = each.heads == 0 && each.body.size() == 0 && each.trailers.isEmpty();
                if ((!nothing && !each.start.equals("GET http /next")) || !each.problem.isEmpty()) {
                    got.add(each);
                }
            }
            String story = said.story() + "\n" + outcome + "\narrived as\n" + got + problems;
            assertThat(problems).as(story).isEmpty();
            assertThat(got).as(story).hasSizeLessThanOrEqualTo(1);
            assertThat(outcome).as(story).isNotEqualTo(Outcome.GIVEN_UP);
            if (!made.damaged()) {
                assertThat(outcome).as(story).isEqualTo(Outcome.ANSWERED);
            }
            if (!got.isEmpty()) {
                check(said, outcome, got.iterator().next(), story);
            }
        });
        assertAnswered(75);
    }

    private static void check(Http2Message said, Outcome outcome, JettyFrames.Stream stream, String story) {
        if (stream.problem.contains("Invalid URI")) {
            // It looks into paths and ports. Who refuses a request does not misread it.
            return;
        }
        assertThat(outcome).as(story).isNotEqualTo(Outcome.REFUSED);
        assertThat(allowed(said)).as(story).isTrue();
        assertThat(stream.problem).as(story).isEmpty();
        assertThat(stream.heads).as(story).isLessThanOrEqualTo(1);
        if (!stream.ended) {
            assertThat(outcome).as(story).isEqualTo(Outcome.RESET);
            return;
        }
        assertThat(stream.start).as(story).isEqualTo(said.first(":method") + " http " + said.first(":path"));
        // Jetty has read the port.
        assertThat(stream.authority).as(story).isEqualTo(authority(said).replaceFirst(":0+([0-9]+)$", ":$1"));
        assertThat(stream.fields).as(story).noneMatch(field -> field.startsWith("host:"));
        checkRest(said, stream.fields, stream.content(), stream.trailers, story);
    }

    private static boolean allowed(Http2Message said) {
        List<String> hosts = said.all("host");
        return Http2Message.wellFormed(said.head(), Set.of(":method", ":scheme", ":path"), Set.of(":authority"))
                && (said.all(":authority").isEmpty() ? hosts.size() == 1 : hosts.stream().allMatch(said.first(":authority")::equalsIgnoreCase));
    }

    private static String authority(Http2Message said) {
        return said.all(":authority").isEmpty() ? said.first("host") : said.first(":authority");
    }

    /// What is the same for both kinds of targets.
    private static void checkRest(Http2Message said, List<String> fields, String body, List<String> trailers, String story) {
        List<String> lengths = said.lengths();
        Set<String> ours = new HashSet<>(Set.of("transfer-encoding: chunked"));
        if (lengths.isEmpty()) {
            ours.add("content-length: 0");
        }
        List<String> shown = fields.stream().filter(field -> !ANEW.contains(name(field)) && !ours.contains(field)).sorted().toList();
        assertThat(shown).as(story).isEqualTo(Http2Message.shown(said.head(), ANEW));
        if (lengths.isEmpty()) {
            // Complete only if it was.
            assertThat(said.ends() && said.trailersFit()).as(story).isTrue();
            assertThat(body).as(story).isEqualTo(said.content());
        } else {
            // As much as was announced; what is wrong behind that resets the stream when the target has it all.
            assertThat(lengths).as(story).hasSize(1);
            assertThat(String.valueOf(body.length())).as(story).isEqualTo(lengths.getFirst());
            assertThat(said.content()).as(story).startsWith(body);
        }
        assertThat(trailers).as(story).isSubsetOf(said.trailers() == null ? List.of() : Http2Message.shown(said.trailers(), NEVER_LATE));
    }

    private static String name(String field) {
        return field.substring(0, field.indexOf(':'));
    }

    private static List<String> lowerCaseNames(List<String> fields) {
        return fields.stream().map(field -> name(field).toLowerCase(Locale.ROOT) + field.substring(field.indexOf(':'))).toList();
    }
}
