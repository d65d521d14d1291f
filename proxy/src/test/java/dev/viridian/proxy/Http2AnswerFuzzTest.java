package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.engine.time.SystemTime;
import dev.viridian.proxy.Http2Damage.Made;
import dev.viridian.proxy.Http2Message.Field;
import dev.viridian.proxy.routing.Target;
import dev.viridian.proxy.routing.TargetGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Damaged answers of HTTP/2 through a whole proxy: what the client gets, a second reader must read as what the target said; and what is not a
/// complete answer must not look like one. See decision 0022.
class Http2AnswerFuzzTest {
    private static final String ATTACK = "\r\ncontent-length: 0\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil";
    private static final List<Http2Message> GOOD = List.of(
            Http2Message.of(":status", "200", "content-length", "5", "server", "one").body("hello"),
            Http2Message.of(":status", "200", "content-type", "text/plain", "trailer", "x-sum").body("HTTP/1.1 200 OK\r\n\r\n", "", "0\r\n\r\n")
                    .trailers("x-sum", "1", "x-more", "\u00fc"),
            Http2Message.of(":status", "204", "etag", "\"a\""),
            Http2Message.of(":status", "304", "content-length", "30", "etag", "\"a\""),
            Http2Message.of(":status", "404", "set-cookie", "a=b; Path=/", "set-cookie", "c=d", "content-length", "0")
                    .interim(":status", "103", "link", "</a>"),
            Http2Message.of(":status", "500", "x-a", "\u00fc", "x-empty", "", "x_b", "1").body("y".repeat(9000), "z".repeat(9000)),
            Http2Message.of(":status", "200", "grpc-status", "5", "date", "Sun, 29 Nov 2026 00:00:00 GMT"),
            Http2Message.of(":status", "200").body("").trailers("grpc-status", "0", "grpc-message", "%41"));
    private static final List<Field> FIELDS = Field.list("content-length", "5", "content-length", "0", "content-length", "1", "content-length", "+5",
            "content-length", "5, 5", "content_length", "3", "transfer-encoding", "chunked", "transfer_encoding", "chunked",
            "transfer-encoding", "identity", "connection", "close", "connection", "content-length", "keep-alive", "1", "proxy-connection", "close",
            "upgrade", "websocket", "te", "trailers", "set-cookie", "e=f", ":status", "200", ":status", "101", ":status", "100", ":status", "1000",
            ":status", "20", ":status", "2 0", ":status", "099", ":status", "600", ":method", "GET", ":path", "/", ":x", "y", ":", "y", "", "y",
            "x", ATTACK, "x" + ATTACK, "y", "x", " ", "host", "a", "x-long", "z".repeat(5000), "x-longer", "z".repeat(17_000), "authorization", "x",
            "date", "now");
    private static final List<String> TEXTS = List.of(ATTACK, "\r\n", "\n", "\r", "\0", " ", "\t", ":", ",", "\r\n\r\n", "\u00ff", "\u0001", "1", "0",
            "\r\n0\r\n\r\n", "chunked", "HTTP/1.1 200 OK\r\n\r\n");
    private static final Http2Damage DAMAGE = new Http2Damage(GOOD, FIELDS, TEXTS);
    private static final Set<String> ANEW = Set.of("date");
    private static final Set<String> NEVER_LATE = Set.of("host", "content-length", "transfer-encoding", "connection", "te", "cookie", "set-cookie",
            "authorization", "content-type", "upgrade", "trailer", "keep-alive");
    private static final int ROUNDS_PER_CONNECTION = 400;

    private final AtomicReference<Http2Message> next = new AtomicReference<>();
    private final SelectingTarget target = new SelectingTarget(() -> new FramedConversation() {
        @Override
        void asked(int streamId) {
            send(next.get().frames(streamId));
            frames.streams.clear();
        }
    });
    private final Rig rig = new Rig(new SystemTime(), Rig.OPTIONS.withLoops(1));
    private final int port = rig.serve(Http2Rig.https(),
            Rig.group("group", List.of(Target.at("127.0.0.1", target.port()))).withVersion(TargetGroup.Version.HTTP2));
    private @Nullable Http2Wire client;
    private JettyFrames reading = new JettyFrames(false);
    private int rounds;
    private int compared;

    @AfterEach
    void close() throws IOException {
        hangUp();
        rig.close();
        target.close();
    }

    private void hangUp() throws IOException {
        if (client != null) {
            client.close();
            client = null;
        }
    }

    @Test
    void a_client_of_http2_gets_the_answer_that_was_sent_or_none_that_looks_complete() {
        Rounds.run(300, random -> {
            Made made = DAMAGE.make(random);
            Http2Message before = next.getAndSet(made.message());
            Http2Message said = asItIs(made.message());
            boolean toHead = random.nextInt(8) == 0;
            JettyFrames.Stream got = ask(toHead ? "HEAD" : "POST");
            String story = said.story() + "\n" + (toHead ? "to HEAD " : "") + "came as\n" + got + reading.problem + "\nbehind\n"
                    + (before == null ? "" : before.story());
            assertThat(reading.problem + got.problem).as(story).isEmpty();
            if (got.ended && !refused(said, got.start)) {
                compared++;
                assertThat(got.start).as(story).isEqualTo(said.first(":status"));
                assertThat(got.interim).as(story).containsExactlyInAnyOrderElementsOf(interim(said));
                check(said, toHead, got.fields, got.content(), got.trailers, story);
            } else {
                assertThat(made.damaged()).as(story).isTrue();
            }
        });
        assertThat(compared).as("answers compared").isGreaterThan(Long.getLong("viridian.seed") == null ? 75 : -1);
        Rig.eventually(() -> rig.counts("group").inFlight() == 0);
    }

    /// What was meant to come before the answer is the answer, unless its status says otherwise; and the answer is what comes behind it.
    private static Http2Message asItIs(Http2Message said) {
        boolean early = said.interim().stream().flatMap(head -> Http2Message.values(head, ":status").stream())
                .allMatch(status -> status.startsWith("1"));
        return early ? said : new Http2Message(List.of(), said.interim().getFirst(), said.data(), said.head(), said.ends());
    }

    private static boolean refused(Http2Message said, String status) {
        return status.equals("502") && !said.all(":status").equals(List.of("502"));
    }

    private static List<String> interim(Http2Message said) {
        return said.interim().stream().flatMap(fields -> Stream.concat(Http2Message.values(fields, ":status").stream(),
                Http2Message.shown(fields, Set.of("content-length")).stream())).toList();
    }

    /// An answer that looks complete.
    private static void check(Http2Message said, boolean toHead, List<String> fields, String body, List<String> trailers, String story) {
        assertThat(Http2Message.wellFormed(said.head(), Set.of(":status"), Set.of())).as(story).isTrue();
        assertThat(said.interim()).as(story).allMatch(head -> Http2Message.wellFormed(head, Set.of(":status"), Set.of()));
        // Complete with its head; whatever comes behind that is not part of it.
        boolean bodiless = toHead || said.lengths().equals(List.of("0")) || Set.of("204", "304").contains(said.first(":status"));
        if (!bodiless) {
            assertThat(said.ends() && said.trailersFit() && said.lengthFits()).as(story).isTrue();
        }
        assertThat(body).as(story).isEqualTo(bodiless ? "" : said.content());
        Set<String> but = said.first(":status").equals("204") ? Set.of("date", "content-length") : ANEW;
        List<String> shown = fields.stream().filter(field -> !ANEW.contains(field.substring(0, field.indexOf(':')))).sorted().toList();
        assertThat(shown).as(story).isEqualTo(Http2Message.shown(said.head(), but));
        assertThat(trailers).as(story).isSubsetOf(said.trailers() == null ? List.of() : Http2Message.shown(said.trailers(), NEVER_LATE));
    }

    /// What has come of it when it is over.
    private JettyFrames.Stream ask(String method) {
        try {
            if (client == null || ++rounds % ROUNDS_PER_CONNECTION == 0) {
                hangUp();
                client = Http2Wire.connect(port);
                client.frame(Http2Wire.WINDOW_UPDATE, 0, 0, Http2Wire.number(1 << 30));
                reading = new JettyFrames(false);
            }
            int stream = client.nextStream();
            client.headers(stream, true, Http2Wire.request(method, "/"));
            byte[] buffer = new byte[32 * 1024];
            JettyFrames.Stream got = new JettyFrames.Stream();
            while (!got.ended && got.reset < 0 && got.problem.isEmpty() && reading.problem.isEmpty()) {
                int length = client.in().read(buffer);
                assertThat(length).as("bytes, of %s", next.get().story()).isPositive();
                reading.read(Arrays.copyOf(buffer, length));
                got = reading.streams.getOrDefault(stream, got);
            }
            return got;
        } catch (IOException e) {
            throw new UncheckedIOException(next.get().story(), e);
        }
    }
}
