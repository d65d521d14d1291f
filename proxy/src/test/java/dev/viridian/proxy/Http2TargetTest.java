package dev.viridian.proxy;

import static dev.viridian.proxy.Http2Wire.ACK;
import static dev.viridian.proxy.Http2Wire.DATA;
import static dev.viridian.proxy.Http2Wire.END_STREAM;
import static dev.viridian.proxy.Http2Wire.GOAWAY;
import static dev.viridian.proxy.Http2Wire.HEADERS;
import static dev.viridian.proxy.Http2Wire.PING;
import static dev.viridian.proxy.Http2Wire.RST_STREAM;
import static dev.viridian.proxy.Http2Wire.SETTINGS;
import static dev.viridian.proxy.Http2Wire.WINDOW_UPDATE;
import static dev.viridian.proxy.Http2Wire.get;
import static dev.viridian.proxy.Http2Wire.number;
import static dev.viridian.proxy.Http2Wire.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.proxy.Http2Wire.Answer;
import dev.viridian.proxy.Http2Wire.Frame;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.Condition;
import dev.viridian.proxy.routing.ListenerSettings;
import dev.viridian.proxy.routing.Rewrite;
import dev.viridian.proxy.routing.Rule;
import dev.viridian.proxy.routing.Target;
import dev.viridian.proxy.routing.TargetGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Targets that speak HTTP/2, played by the test frame by frame.
class Http2TargetTest {
    private static final int REFUSED_STREAM = 7;

    private final Rig rig = new Rig(new dev.viridian.engine.time.SystemTime(), Rig.OPTIONS.withLoops(1));
    private final ServerSocket server = listen();

    private static ServerSocket listen() {
        try {
            ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
            server.setSoTimeout(10_000);
            return server;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
        server.close();
    }

    private TargetGroup group() {
        return Rig.group("group", List.of(Target.at("127.0.0.1", server.getLocalPort()))).withVersion(TargetGroup.Version.HTTP2)
                .withDeregistrationDelay(Duration.ofSeconds(2));
    }

    private Http2Wire client() throws IOException {
        return client(ListenerSettings.DEFAULT);
    }

    private Http2Wire client(ListenerSettings settings) throws IOException {
        return Http2Wire.connect(rig.serve(Http2Rig.https(settings), group()));
    }

    private Http2Wire target(int... settings) throws IOException {
        return Http2Wire.accept(server.accept(), settings);
    }

    private static Http2Wire answer(Http2Wire target, int stream) throws IOException {
        return target.headers(stream, false, ":status", "200").data(stream, true, (byte) 'o', (byte) 'k');
    }

    @Test
    void a_request_is_one_stream_and_so_is_its_answer() throws IOException {
        try (Http2Wire client = client()) {
            int stream = client.nextStream();
            client.headers(stream, true, get("/path?q", "x-one", "1", "te", "trailers"));
            try (Http2Wire target = target()) {
                Frame head = target.next(HEADERS);
                assertThat(head.has(END_STREAM)).isTrue();
                assertThat(head.fields()).containsEntry(":method", "GET").containsEntry(":path", "/path?q").containsEntry(":scheme", "http")
                        .containsEntry("x-one", "1").containsEntry("x-forwarded-for", "127.0.0.1").containsEntry("x-forwarded-proto", "https")
                        .doesNotContainKeys("host", "te", "connection");
                assertThat(head.fields().get(":authority")).startsWith("example.test");
                target.headers(head.stream(), false, ":status", "103", "link", "</a.css>");
                target.headers(head.stream(), false, ":status", "200", "content-length", "4", "x-two", "2");
                target.data(head.stream(), false, (byte) 'o', (byte) 'k').data(head.stream(), false, (byte) '!', (byte) '!');
                target.headers(head.stream(), true, "x-sum", "17");
                assertThat(client.next(HEADERS).fields()).containsEntry(":status", "103");
                Answer answer = client.answer(stream);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.headers()).containsEntry("x-two", "2").containsEntry("content-length", "4").containsKey("date");
                assertThat(answer.body()).isEqualTo("ok!!");
                assertThat(answer.trailers()).containsEntry("x-sum", "17");
            }
        }
        Rig.eventually(() -> rig.counts("group").inFlight() == 0);
        assertThat(rig.counts("group").status2xx()).isEqualTo(1);
    }

    @Test
    void an_answer_of_headers_alone_stays_one() throws IOException {
        try (Http2Wire client = client()) {
            client.headers(client.nextStream(), true, get("/"));
            try (Http2Wire target = target()) {
                target.headers(target.next(HEADERS).stream(), true, ":status", "200", "grpc-status", "5");
                Frame answer = client.next(HEADERS);
                assertThat(answer.has(END_STREAM)).isTrue();
                assertThat(answer.fields()).containsEntry("grpc-status", "5");
            }
        }
    }

    @Test
    void bodies_and_trailers_of_requests_arrive() throws IOException {
        try (Http2Wire client = client()) {
            int stream = client.nextStream();
            client.headers(stream, false, request("POST", "/"));
            try (Http2Wire target = target()) {
                Frame head = target.next(HEADERS);
                assertThat(head.has(END_STREAM)).isFalse();
                assertThat(head.fields()).doesNotContainKeys("transfer-encoding", "content-length");
                client.data(stream, false, (byte) 'a');
                assertThat(target.next(DATA).payload()).containsExactly('a');
                client.headers(stream, true, "x-sum", "1");
                Frame trailers = target.next(HEADERS);
                assertThat(trailers.has(END_STREAM)).isTrue();
                assertThat(trailers.fields()).containsEntry("x-sum", "1");
                answer(target, head.stream());
                assertThat(client.answer(stream).body()).isEqualTo("ok");

                int sized = client.nextStream();
                client.headers(sized, false, request("POST", "/", "content-length", "1")).data(sized, true, (byte) 'b');
                head = target.next(HEADERS);
                assertThat(head.fields()).containsEntry("content-length", "1");
                Frame data = target.next(DATA);
                assertThat(data.has(END_STREAM)).isTrue();
                answer(target, head.stream());
                assertThat(client.answer(sized).body()).isEqualTo("ok");
            }
        }
    }

    @Test
    void streams_share_a_connection_as_far_as_the_target_allows() throws IOException {
        try (Http2Wire client = client()) {
            int first = client.nextStream();
            int second = client.nextStream();
            int third = client.nextStream();
            client.headers(first, true, get("/1")).headers(second, true, get("/2"));
            try (Http2Wire target = target(3, 2)) {
                Frame one = target.next(HEADERS);
                Frame two = target.next(HEADERS);
                client.headers(third, true, get("/3"));
                try (Http2Wire another = target(3, 2)) {
                    Frame three = another.next(HEADERS);
                    answer(another, three.stream());
                    answer(target, two.stream());
                    answer(target, one.stream());
                    for (int stream : new int[] {first, second, third}) {
                        assertThat(client.answer(stream).body()).isEqualTo("ok");
                    }
                }
            }
        }
    }

    @Test
    void streams_the_target_did_not_look_at_are_asked_again() throws IOException {
        try (Http2Wire client = client()) {
            int stream = client.nextStream();
            client.headers(stream, true, request("POST", "/once"));
            try (Http2Wire target = target()) {
                target.next(HEADERS);
                // A POST is never repeated, unless it is known that nothing was done about it.
                target.frame(GOAWAY, 0, 0, new byte[8]);
                try (Http2Wire another = target()) {
                    answer(another, another.next(HEADERS).stream());
                    assertThat(client.answer(stream).body()).isEqualTo("ok");
                    int refused = client.nextStream();
                    client.headers(refused, true, request("POST", "/once"));
                    another.frame(RST_STREAM, 0, another.next(HEADERS).stream(), number(7));
                    try (Http2Wire third = target()) {
                        answer(third, third.next(HEADERS).stream());
                        assertThat(client.answer(refused).body()).isEqualTo("ok");
                    }
                }
            }
        }
    }

    @Test
    void what_a_target_ignored_after_it_had_some_of_the_body_is_for_the_client_to_send_again() throws IOException {
        try (Http2Wire client = client()) {
            int stream = client.nextStream();
            client.headers(stream, false, request("POST", "/")).data(stream, true, (byte) 'a');
            try (Http2Wire target = target()) {
                target.next(DATA);
                target.frame(GOAWAY, 0, 0, new byte[8]);
                Frame reset = client.next(RST_STREAM);
                assertThat(reset.stream()).isEqualTo(stream);
                assertThat(reset.number()).isEqualTo(REFUSED_STREAM);
            }
            assertThat(rig.front().generated().status502()).isEqualTo(1);
            Rig.eventually(() -> rig.counts("group").inFlight() == 0);
        }
    }

    @Test
    void what_nobody_takes_is_for_the_client_to_send_again() throws IOException {
        try (Http2Wire client = client()) {
            client.headers(client.nextStream(), true, request("POST", "/"));
            for (int i = 0; i < 3; i++) {
                Http2Wire target = target();
                target.frame(RST_STREAM, 0, target.next(HEADERS).stream(), number(REFUSED_STREAM));
            }
            assertThat(client.next(RST_STREAM).number()).isEqualTo(REFUSED_STREAM);
        }
    }

    @Test
    void streams_that_are_asked_again_share_one_new_connection() throws IOException {
        try (Http2Wire client = client()) {
            int[] streams = new int[20];
            for (int i = 0; i < streams.length; i++) {
                streams[i] = client.nextStream();
                client.headers(streams[i], true, get("/"));
            }
            try (Http2Wire target = target()) {
                for (int i = 0; i < streams.length; i++) {
                    target.next(HEADERS);
                }
                target.frame(GOAWAY, 0, 0, new byte[8]);
                try (Http2Wire another = target()) {
                    for (int i = 0; i < streams.length; i++) {
                        answer(another, another.next(HEADERS).stream());
                    }
                    for (int stream : streams) {
                        assertThat(client.answer(stream).body()).isEqualTo("ok");
                    }
                }
            }
        }
    }

    @Test
    void a_stream_that_has_ended_on_both_sides_is_not_reset() throws IOException {
        try (Http2Wire client = client()) {
            int stream = client.nextStream();
            client.headers(stream, true, get("/"));
            try (Http2Wire target = target()) {
                answer(target, target.next(HEADERS).stream());
                assertThat(client.answer(stream).body()).isEqualTo("ok");
                int second = client.nextStream();
                client.headers(second, true, get("/"));
                Frame head = nextRequest(target);
                target.headers(head.stream(), false, ":status", "200").headers(head.stream(), true, "x-sum", "1");
                assertThat(client.answer(second).trailers()).containsEntry("x-sum", "1");
                client.headers(client.nextStream(), true, get("/"));
                nextRequest(target);
            }
        }
    }

    @Test
    void streams_that_are_given_up_do_not_cost_others_their_connection_however_many_they_are() throws IOException {
        try (Http2Wire client = client()) {
            int held = client.nextStream();
            client.headers(held, true, request("POST", "/"));
            try (Http2Wire target = target()) {
                Frame head = target.next(HEADERS);
                for (int i = 0; i < 250; i++) {
                    int stream = client.nextStream();
                    client.headers(stream, true, request("POST", "/")).frame(RST_STREAM, 0, stream, number(8));
                    target.next(RST_STREAM);
                    int refused = client.nextStream();
                    client.headers(refused, true, request("POST", "/"));
                    target.headers(target.next(HEADERS).stream(), true, ":status", "x");
                    assertThat(client.answer(refused).status()).isEqualTo(502);
                }
                answer(target, head.stream());
                assertThat(client.answer(held).body()).isEqualTo("ok");
            }
        }
    }

    /// Nothing else comes before it than what keeps the connection going.
    private static Frame nextRequest(Http2Wire target) throws IOException {
        Frame frame = target.next();
        while (frame.type() == SETTINGS || frame.type() == WINDOW_UPDATE) {
            frame = target.next();
        }
        assertThat(frame.type()).isEqualTo(HEADERS);
        return frame;
    }

    @Test
    void a_goodbye_of_the_target_lets_what_it_has_taken_finish() throws IOException {
        try (Http2Wire client = client()) {
            int stream = client.nextStream();
            client.headers(stream, true, request("POST", "/"));
            try (Http2Wire target = target()) {
                Frame head = target.next(HEADERS);
                target.frame(GOAWAY, 0, 0, 0, 0, 0, head.stream(), 0, 0, 0, 0);
                theNextTakesAnotherConnectionAndThisOneEnds(client, stream, target, head.stream());
            }
        }
    }

    /// @param running of the client, for which `target` has not answered `heard` yet
    private void theNextTakesAnotherConnectionAndThisOneEnds(Http2Wire client, int running, Http2Wire target, int heard) throws IOException {
        int next = client.nextStream();
        client.headers(next, true, get("/"));
        try (Http2Wire another = target()) {
            answer(another, another.next(HEADERS).stream());
            assertThat(client.answer(next).body()).isEqualTo("ok");
            answer(target, heard);
            assertThat(client.answer(running).body()).isEqualTo("ok");
        }
    }

    @Test
    void a_lost_connection_is_502_for_what_may_have_been_heard_and_repeated_where_that_does_no_harm() throws IOException {
        try (Http2Wire client = client()) {
            int before = client.nextStream();
            client.headers(before, true, get("/"));
            Http2Wire target = target();
            answer(target, target.next(HEADERS).stream());
            assertThat(client.answer(before).body()).isEqualTo("ok");
            int post = client.nextStream();
            int get = client.nextStream();
            client.headers(post, true, request("POST", "/")).headers(get, true, get("/"));
            target.next(HEADERS);
            target.next(HEADERS);
            target.close();
            assertThat(client.answer(post).status()).isEqualTo(502);
            try (Http2Wire another = target()) {
                answer(another, another.next(HEADERS).stream());
                assertThat(client.answer(get).body()).isEqualTo("ok");
            }
        }
    }

    @Test
    void a_target_that_breaks_off_is_seen_as_broken_off() throws IOException {
        try (Http2Wire client = client()) {
            int reset = client.nextStream();
            client.headers(reset, true, get("/"));
            try (Http2Wire target = target()) {
                Frame head = target.next(HEADERS);
                target.headers(head.stream(), false, ":status", "200").data(head.stream(), false, (byte) 'h');
                assertThat(client.next(DATA).payload()).containsExactly('h');
                target.frame(RST_STREAM, 0, head.stream(), number(2));
                assertThatThrownBy(() -> client.answer(reset)).hasMessageContaining("was reset");

                int shortened = client.nextStream();
                client.headers(shortened, true, get("/"));
                head = target.next(HEADERS);
                target.headers(head.stream(), false, ":status", "200", "content-length", "9").data(head.stream(), true, (byte) 'h');
                assertThatThrownBy(() -> client.answer(shortened)).hasMessageContaining("was reset");

                int none = client.nextStream();
                client.headers(none, true, get("/"));
                target.headers(target.next(HEADERS).stream(), true, ":status", "200", "content-length", "9");
                assertThat(client.answer(none).status()).isEqualTo(502);
            }
        }
    }

    @Test
    void what_is_not_http_2_is_502() throws IOException {
        try (Http2Wire client = client()) {
            int stream = client.nextStream();
            client.headers(stream, true, request("POST", "/"));
            // Each try meets a server that does not know the protocol.
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        try (var old = server.accept()) {
                            old.getOutputStream().write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".getBytes());
                        }
                    }
                } catch (IOException e) {
                    // The test is over.
                }
            });
            assertThat(client.answer(stream).status()).isEqualTo(502);
        }
    }

    @Test
    void a_target_whose_handshake_does_not_choose_http_2_is_502() throws IOException {
        try (Backend old = new Backend("old", Http2Rig.CERTIFICATE.server().getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1")))) {
            TargetGroup group = Rig.group("group", old).withVersion(TargetGroup.Version.HTTP2).withProtocol(TargetGroup.Protocol.HTTPS);
            try (Http2Wire client = Http2Wire.connect(rig.serve(Http2Rig.https(), group))) {
                assertThat(client.get("/").status()).isEqualTo(502);
            }
        }
    }

    @Test
    void malformed_answers_are_502() throws IOException {
        try (Http2Wire client = client()) {
            int upper = client.nextStream();
            client.headers(upper, true, get("/"));
            try (Http2Wire target = target()) {
                target.headers(target.next(HEADERS).stream(), true, ":status", "200", "X-Upper", "1");
                assertThat(client.answer(upper).status()).isEqualTo(502);
                for (String[] fields : new String[][] {{":status", "200", "connection", "close"}, {":status", "20"}, {"x", "y"},
                        {":status", "101"}, {":status", "200", "a", "b\rc"}}) {
                    int stream = client.nextStream();
                    client.headers(stream, true, get("/"));
                    target.headers(target.next(HEADERS).stream(), true, fields);
                    assertThat(client.answer(stream).status()).as(String.join(" ", fields)).isEqualTo(502);
                }
            }
        }
    }

    @Test
    void uploads_that_their_target_does_not_take_hold_up_no_upload_to_another() throws IOException {
        int stuck = 16;
        Rule echo = new Rule("echo", 1, List.of(new Condition.Path(List.of("/echo"))), Action.Forward.to("blue"));
        int port = rig.serve(Http2Rig.https().withRules(echo), group(), Rig.group("blue", rig.backend("blue")));
        try (Http2Wire client = Http2Wire.connect(port)) {
            for (int i = 0; i < stuck; i++) {
                int stream = client.nextStream();
                client.headers(stream, false, request("POST", "/stuck"));
                for (int left = Http2Limits.STREAM_WINDOW; left > 0; left -= 16_000) {
                    client.data(stream, false, new byte[Math.min(left, 16_000)]);
                }
            }
            try (Http2Wire target = target(4, 0)) {
                for (int i = 0; i < stuck; i++) {
                    target.next(HEADERS);
                }
                byte[] body = new byte[1000];
                while (client.window - stuck * Http2Limits.STREAM_WINDOW < body.length) {
                    client.next(WINDOW_UPDATE);
                }
                assertThat(client.post("/echo", body).body()).hasSize(body.length);
            }
        }
    }

    @Test
    void a_slow_client_holds_its_stream_back_and_no_other() throws IOException {
        try (Http2Wire client = client()) {
            client.frame(WINDOW_UPDATE, 0, 0, number(10_000_000));
            int slow = client.nextStream();
            client.headers(slow, true, get("/slow"));
            try (Http2Wire target = target()) {
                Frame head = target.next(HEADERS);
                target.headers(head.stream(), false, ":status", "200");
                int window = Http2Limits.TARGET_STREAM_WINDOW;
                byte[] piece = new byte[16_000];
                while (window >= piece.length) {
                    target.data(head.stream(), false, piece);
                    window -= piece.length;
                }
                int got = 0;
                while (got < 65_535) {
                    got += client.next(DATA).payload().length;
                }
                // The rest stays where it is; another stream is answered meanwhile.
                int quick = client.nextStream();
                client.headers(quick, true, get("/quick"));
                answer(target, target.next(HEADERS).stream());
                assertThat(client.answer(quick).body()).isEqualTo("ok");
                client.frame(WINDOW_UPDATE, 0, slow, number(1_000_000));
                while (got < Http2Limits.TARGET_STREAM_WINDOW - window) {
                    got += client.next(DATA).payload().length;
                }
                assertThat(target.next(WINDOW_UPDATE).number()).isPositive();
            }
        }
    }

    @Test
    void a_target_that_drains_finishes_its_streams_and_is_cut_in_the_end() throws IOException {
        try (Http2Wire client = client()) {
            int finishing = client.nextStream();
            int stuck = client.nextStream();
            client.headers(finishing, true, get("/")).headers(stuck, true, get("/"));
            try (Http2Wire target = target()) {
                Frame one = target.next(HEADERS);
                Frame two = target.next(HEADERS);
                target.headers(two.stream(), false, ":status", "200");
                client.next(HEADERS);
                rig.serve(Http2Rig.https(), group().withTargets(List.of()));
                answer(target, one.stream());
                assertThat(client.answer(finishing).body()).isEqualTo("ok");
                assertThatThrownBy(() -> client.answer(stuck)).hasMessageContaining("was reset");
                assertThat(target.goodbye()).isZero();
            }
        }
        Rig.eventually(() -> rig.proxy.health("group").isEmpty());
    }

    @Test
    void a_client_that_goes_while_the_connection_is_made_leaves_no_claim() throws IOException {
        try (Http2Wire client = client()) {
            for (int i = 0; i < 50; i++) {
                int stream = client.nextStream();
                client.headers(stream, true, get("/")).frame(RST_STREAM, 0, stream, number(8));
            }
            try (Http2Wire target = target()) {
                int stream = client.nextStream();
                client.headers(stream, true, get("/"));
                Frame head = target.next(HEADERS);
                while (target.socket().getInputStream().available() > 0) {
                    target.next();
                }
                answer(target, head.stream());
                Rig.eventually(() -> rig.counts("group").inFlight() <= 1);
            }
        }
        Rig.eventually(() -> rig.counts("group").inFlight() == 0);
    }

    @Test
    void a_silent_target_is_504() throws IOException {
        try (Http2Wire client = client(ListenerSettings.DEFAULT.withIdleTimeout(Duration.ofMillis(1500)))) {
            int stream = client.nextStream();
            client.headers(stream, true, get("/"));
            try (Http2Wire target = target()) {
                Frame head = target.next(HEADERS);
                assertThat(client.answer(stream).status()).isEqualTo(504);
                assertThat(target.next(RST_STREAM).stream()).isEqualTo(head.stream());
            }
        }
    }

    @Test
    void a_target_that_falls_silent_is_asked_whether_it_is_there_and_gets_nothing_new_meanwhile() throws IOException {
        try (Rig impatient = new Rig(new dev.viridian.engine.time.SystemTime(), Rig.OPTIONS.withLoops(1).withConnectTimeout(Duration.ofSeconds(2)));
                Http2Wire client = Http2Wire.connect(impatient.serve(Http2Rig.https(), group()))) {
            int waiting = client.nextStream();
            client.headers(waiting, true, request("POST", "/"));
            try (Http2Wire target = target()) {
                Frame head = target.next(HEADERS);
                target.next(PING);
                int next = client.nextStream();
                client.headers(next, true, get("/"));
                try (Http2Wire another = target()) {
                    answer(another, another.next(HEADERS).stream());
                    assertThat(client.answer(next).body()).isEqualTo("ok");
                }
                target.next(GOAWAY);
                // Only busy after all.
                answer(target, head.stream());
                assertThat(client.answer(waiting).body()).isEqualTo("ok");
                assertThat(target.goodbye()).isZero();
            }
        }
    }

    @Test
    void a_target_that_shows_that_it_is_there_is_used_on() throws IOException {
        try (Rig impatient = new Rig(new dev.viridian.engine.time.SystemTime(), Rig.OPTIONS.withLoops(1).withConnectTimeout(Duration.ofSeconds(2)));
                Http2Wire client = Http2Wire.connect(impatient.serve(Http2Rig.https(), group()))) {
            int waiting = client.nextStream();
            client.headers(waiting, true, get("/"));
            try (Http2Wire target = target()) {
                Frame head = target.next(HEADERS);
                target.frame(PING, ACK, 0, target.next(PING).payload());
                // Answered behind the other, so that it has been read.
                target.frame(PING, 0, 0, new byte[8]);
                assertThat(target.next(PING).has(ACK)).isTrue();
                int next = client.nextStream();
                client.headers(next, true, get("/"));
                answer(target, target.next(HEADERS).stream());
                assertThat(client.answer(next).body()).isEqualTo("ok");
                answer(target, head.stream());
                assertThat(client.answer(waiting).body()).isEqualTo("ok");
            }
        }
    }

    @Test
    void after_a_request_in_vain_the_next_does_not_go_to_the_same_connection() throws IOException {
        try (Http2Wire client = client(ListenerSettings.DEFAULT.withIdleTimeout(Duration.ofMillis(1500)))) {
            int first = client.nextStream();
            client.headers(first, true, get("/"));
            try (Http2Wire target = target()) {
                answer(target, target.next(HEADERS).stream());
                assertThat(client.answer(first).body()).isEqualTo("ok");
                assertThat(client.get("/").status()).isEqualTo(504);
                int third = client.nextStream();
                client.headers(third, true, get("/"));
                try (Http2Wire another = target()) {
                    answer(another, another.next(HEADERS).stream());
                    assertThat(client.answer(third).body()).isEqualTo("ok");
                }
            }
        }
    }

    @Test
    void a_connection_that_is_left_is_closed_also_when_its_target_does_not_take_the_last_bytes() throws IOException {
        try (Http2Wire client = client()) {
            int upload = client.nextStream();
            client.headers(upload, false, request("POST", "/"));
            try (Http2Wire target = target(4, 1 << 30)) {
                Frame head = target.frame(WINDOW_UPDATE, 0, 0, number(1 << 30)).next(HEADERS);
                byte[] piece = new byte[16_000];
                int window = 65_535;
                client.socket().setSoTimeout(500);
                try {
                    while (true) {
                        for (; window >= piece.length; window -= piece.length) {
                            client.data(upload, false, piece);
                        }
                        Frame update = client.next(WINDOW_UPDATE);
                        window += update.stream() == upload ? update.number() : 0;
                    }
                } catch (java.net.SocketTimeoutException e) {
                    // Nothing is taken any more.
                    assertThat(rig.counts("group").openConnections()).isEqualTo(1);
                }
                target.frame(GOAWAY, 0, 0, 0, 0, 0, head.stream(), 0, 0, 0, 0);
                client.frame(RST_STREAM, 0, upload, number(8));
                Rig.eventually(() -> rig.counts("group").openConnections() == 0);
            }
        }
    }

    @Test
    void before_the_numbers_of_streams_run_out_a_new_connection_is_made() throws Exception {
        try (Http2Wire client = client()) {
            int first = client.nextStream();
            client.headers(first, true, get("/"));
            try (Http2Wire target = target()) {
                answer(target, target.next(HEADERS).stream());
                assertThat(client.answer(first).body()).isEqualTo("ok");
                TargetOnLoop seen = rig.proxy.routing().groups().get("group").targets()[0].onLoops()[0];
                seen.loop().eventLoop().submit(() -> seen.multiplexed().getFirst().connection().local()
                        .createStream(Http2Limits.LAST_STREAM - 2, true).close()).get();
                int last = client.nextStream();
                client.headers(last, true, get("/"));
                Frame head = target.next(HEADERS);
                assertThat(head.stream()).isEqualTo(Http2Limits.LAST_STREAM);
                theNextTakesAnotherConnectionAndThisOneEnds(client, last, target, head.stream());
            }
        }
    }

    @Test
    void trailers_that_must_not_come_late_are_left_out() throws IOException {
        try (Http2Wire client = client()) {
            int stream = client.nextStream();
            client.headers(stream, false, request("POST", "/"));
            try (Http2Wire target = target()) {
                Frame head = target.next(HEADERS);
                client.headers(stream, true, "x-sum", "1", "x-forwarded-for", "10.0.0.1", "authorization", "Bearer a");
                assertThat(target.next(HEADERS).fields()).containsOnlyKeys("x-sum");
                target.headers(head.stream(), false, ":status", "200");
                target.headers(head.stream(), true, "grpc-status", "0", "grpc-message", "fine", "content-length", "9", "set-cookie", "a=b");
                assertThat(client.answer(stream).trailers()).containsOnlyKeys("grpc-status", "grpc-message");

                int bare = client.nextStream();
                client.headers(bare, false, request("POST", "/"));
                head = target.next(HEADERS);
                client.headers(bare, true, "authorization", "Bearer a");
                assertThat(target.next(DATA).has(END_STREAM)).isTrue();
                target.headers(head.stream(), false, ":status", "200").headers(head.stream(), true, "content-type", "text/html");
                assertThat(client.answer(bare).trailers()).isEmpty();

                int malformed = client.nextStream();
                client.headers(malformed, true, get("/"));
                head = target.next(HEADERS);
                target.headers(head.stream(), false, ":status", "200").headers(head.stream(), true, "x-sum", "1\r\nset-cookie: a=b");
                assertThatThrownBy(() -> client.answer(malformed)).hasMessageContaining("was reset");
            }
        }
    }

    @Test
    void clients_of_http_1_are_464() throws IOException {
        int port = rig.serve(Rig.listener("front", dev.viridian.proxy.routing.Action.Forward.to("group")), group());
        try (Wire wire = new Wire(port)) {
            assertThat(wire.get("/").status()).isEqualTo(464);
        }
    }

    @Test
    void settings_pings_and_pushes_of_a_target_are_dealt_with() throws IOException {
        try (Http2Wire client = client()) {
            int stream = client.nextStream();
            client.headers(stream, true, get("/"));
            try (Http2Wire target = target()) {
                Frame head = target.next(HEADERS);
                target.frame(PING, 0, 0, new byte[8]);
                assertThat(target.next(PING).has(ACK)).isTrue();
                target.frame(Http2Wire.PUSH_PROMISE, Http2Wire.END_HEADERS, head.stream(), new byte[] {0, 0, 0, 2});
                assertThat(target.goodbye()).isPositive();
            }
            assertThat(client.answer(stream).status()).isEqualTo(502);
        }
    }

    @Test
    void a_rewritten_request_has_its_new_authority_and_path() throws IOException {
        Rewrite rewrite = new Rewrite(Optional.of(new Rewrite.Replacement(".*", "other.internal:99")),
                Optional.of(new Rewrite.Replacement("^/path", "/new")));
        Rule rule = new Rule("rule", 1, List.of(), Action.Forward.to("group"), rewrite);
        try (Http2Wire client = Http2Wire.connect(rig.serve(Http2Rig.https().withRules(rule), group()))) {
            client.headers(client.nextStream(), true, get("/path?q"));
            try (Http2Wire target = target()) {
                assertThat(target.next(HEADERS).fields()).containsEntry(":path", "/new?q").containsEntry(":authority", "other.internal:99");
            }
        }
    }
}
