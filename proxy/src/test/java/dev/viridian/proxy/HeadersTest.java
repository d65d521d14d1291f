package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.HeaderEdits;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.ListenerSettings;
import dev.viridian.proxy.routing.ListenerSettings.ForwardedFor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadersTest {
    private final Rig rig = new Rig();
    private final Backend blue = rig.backend("blue");

    @AfterEach
    void close() {
        rig.close();
    }

    private int serve(ListenerSettings settings) {
        return rig.serve(Rig.listener("front", Action.Forward.to("group")).withSettings(settings), Rig.group("group", blue));
    }

    /// What the target saw of a request with these header lines.
    private String seen(int port, String lines) throws IOException {
        try (Wire wire = new Wire(port)) {
            return wire.send("GET /head HTTP/1.1\r\nHost: example.test\r\n" + lines + "\r\n").read().body();
        }
    }

    @Test
    void the_target_learns_who_asked_and_how() throws IOException {
        String head = seen(serve(ListenerSettings.DEFAULT), "Accept: */*\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Port: 1\r\nUser-Agent: test\r\n");
        assertThat(head)
                .startsWith("GET /head HTTP/1.1\r\nHost: example.test\r\nAccept: */*\r\nUser-Agent: test\r\n"
                        + "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\n");
        assertThat(head).containsPattern("X-Trace-Id: Root=1-[0-9a-f]{8}-[0-9a-f]{24}\r\n\r\n$");
    }

    @Test
    void forwarded_for_is_appended_kept_or_removed() throws IOException {
        String lines = "X-Forwarded-For: 10.0.0.1\r\nX-Forwarded-For: 10.0.0.2, 10.0.0.3\r\n";
        assertThat(seen(serve(ListenerSettings.DEFAULT), lines)).contains("X-Forwarded-For: 10.0.0.1, 10.0.0.2, 10.0.0.3, 127.0.0.1\r\n")
                .containsOnlyOnce("X-Forwarded-For");
        assertThat(seen(serve(ListenerSettings.DEFAULT.withForwardedFor(ForwardedFor.PRESERVE, false)), lines)).contains(lines)
                .doesNotContain("127.0.0.1");
        assertThat(seen(serve(ListenerSettings.DEFAULT.withForwardedFor(ForwardedFor.REMOVE, false)), lines)).doesNotContain("X-Forwarded-For");
        assertThat(seen(serve(ListenerSettings.DEFAULT.withForwardedFor(ForwardedFor.APPEND, true)), ""))
                .containsPattern("X-Forwarded-For: 127\\.0\\.0\\.1:\\d+\r\n");
    }

    @Test
    void an_IPv6_client_is_in_brackets_only_with_its_port() {
        ClientAddress client = ClientAddress.of(new InetSocketAddress("2001:DB8:0:0:0:0:0:1", 8080));

        assertThat(new String(client.text(), StandardCharsets.US_ASCII)).isEqualTo("2001:db8::1");
        assertThat(new String(client.textAndPort(), StandardCharsets.US_ASCII)).isEqualTo("[2001:db8::1]:8080");
    }

    @Test
    void thirty_one_forwarding_addresses_are_463() throws IOException {
        int port = serve(ListenerSettings.DEFAULT);
        try (Wire wire = new Wire(port)) {
            assertThat(wire.send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: " + "1.1.1.1, ".repeat(29) + "1.1.1.1\r\n\r\n").read().status())
                    .isEqualTo(200);
            assertThat(wire.send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: " + "1.1.1.1, ".repeat(30) + "1.1.1.1\r\n\r\n").read().status())
                    .isEqualTo(463);
            assertThat(wire.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void a_trace_keeps_its_root() throws IOException {
        int port = serve(ListenerSettings.DEFAULT);
        assertThat(seen(port, "X-Trace-Id: Root=1-67891233-abcdef012345678912345678;CalledFrom=app\r\n"))
                .containsPattern("X-Trace-Id: Self=1-[0-9a-f]{8}-[0-9a-f]{24};Root=1-67891233-abcdef012345678912345678;CalledFrom=app\r\n");
        assertThat(seen(port, "X-Trace-Id: Self=1-67891204-12456789abcdef012345678;Root=1-67891233-abcdef012345678912345678\r\n"))
                .containsPattern("X-Trace-Id: Self=1-[0-9a-f]{8}-[0-9a-f]{24};Root=1-67891233-abcdef012345678912345678\r\n")
                        .doesNotContain("12456789abcdef012345678");
        assertThat(seen(port, "x-trace-id: CalledFrom=app\r\n")).containsPattern("X-Trace-Id: Root=1-[0-9a-f]{8}-[0-9a-f]{24};CalledFrom=app\r\n");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            Root=abc                                                  | Root=NEW
            Root=abc;CalledFrom=app                                   | Root=NEW;CalledFrom=app
            Root=1-6789-abcdef012345678912345678                      | Root=NEW
            Root=1-67891233-abcdef01234567891234567g                  | Root=NEW
            CalledFrom=Root=1-67891233-abcdef012345678912345678       | Root=NEW;CalledFrom=Root=1-67891233-abcdef012345678912345678
            root=1-67891233-ABCDEF012345678912345678 ; Self=x; a=b    | Self=NEW;root=1-67891233-ABCDEF012345678912345678 ;a=b
            ;;                                                        | Root=NEW
            """)
    void a_root_that_is_none_is_replaced(String sent, String kept) throws IOException {
        String expected = "\\QX-Trace-Id: " + kept.replace("NEW", "\\E1-[0-9a-f]{8}-[0-9a-f]{24}\\Q") + "\\E\r\n";
        assertThat(seen(serve(ListenerSettings.DEFAULT), "X-Trace-Id: " + sent + "\r\n")).containsPattern(expected);
    }

    @Test
    void behind_long_headers_a_trace_begins_anew() throws IOException {
        String trace = "X-Trace-Id: Root=1-67891233-abcdef012345678912345678;CalledFrom=app\r\n";
        int port = serve(ListenerSettings.DEFAULT);
        assertThat(seen(port, trace + "X-Long: " + "x".repeat(6000) + "\r\n")).contains("Root=1-67891233-abcdef012345678912345678;CalledFrom=app\r\n");
        assertThat(seen(port, trace + "X-Long: " + "x".repeat(7200) + "\r\n")).doesNotContain("67891233").doesNotContain("CalledFrom")
                .containsPattern("X-Trace-Id: Root=1-[0-9a-f]{8}-[0-9a-f]{24}\r\n");
    }

    @Test
    void what_is_meant_for_one_hop_stays_there() throws IOException {
        String head = seen(serve(ListenerSettings.DEFAULT),
                "Connection: keep-alive, X-Private, X-Forwarded-For, Host\r\nKeep-Alive: 5\r\nProxy-Connection: x\r\nTE: trailers\r\n"
                        + "X-Private: secret\r\nX-Privately: kept\r\nUpgrade: h2c\r\n");
        assertThat(head).doesNotContain("Connection").doesNotContain("Keep-Alive").doesNotContain("TE:").doesNotContain("secret")
                .doesNotContain("h2c");
        assertThat(head).contains("X-Privately: kept\r\n").contains("X-Forwarded-For: 127.0.0.1\r\n").contains("Host: example.test\r\n");
    }

    @Test
    void an_answers_hop_by_hop_headers_stay_with_us_and_the_rest_passes() throws IOException {
        blue.on("/own", request -> Backend.raw(request,
                "HTTP/1.1 200 Fine by me\r\nConnection: keep-alive, X-Hop\r\nKeep-Alive: timeout=5\r\nX-Hop: 1\r\nX-Kept: 2\r\n"
                        + "Date: Sat, 21 Nov 2026 00:00:00 GMT\r\nContent-Length: 0\r\n\r\n"));
        try (Wire wire = new Wire(serve(ListenerSettings.DEFAULT))) {
            assertThat(wire.get("/own").head())
                    .isEqualTo("HTTP/1.1 200 Fine by me\r\nX-Kept: 2\r\nDate: Sat, 21 Nov 2026 00:00:00 GMT\r\nContent-Length: 0\r\n\r\n");
            assertThat(wire.get("/").header("Date")).endsWith("GMT");
        }
    }

    @Test
    void names_that_are_not_letters_digits_and_hyphens_are_dropped_when_asked() throws IOException {
        String lines = "X_Under: 1\r\nX-Fine: 2\r\n";
        assertThat(seen(serve(ListenerSettings.DEFAULT), lines)).contains("X_Under: 1\r\n");
        assertThat(seen(serve(ListenerSettings.DEFAULT.withDropInvalidHeaders(true)), lines)).doesNotContain("X_Under").contains("X-Fine: 2\r\n");
    }

    /// The ports are those the listener wants; the socket may have another one, which is how the usual ones can be tested.
    @ParameterizedTest(name = "port {0}, {1} becomes {2}; preserved: {3}")
    @CsvSource({
        "80, a.test, a.test, false",
        "80, a.test:80, a.test, false",
        "80, a.test:8080, a.test, false",
        "80, a.test:8080, a.test:8080, true",
        "18080, a.test, a.test:18080, false",
        "18080, a.test:18080, a.test:18080, false",
        "18080, a.test, a.test, true",
        "18080, [::1], [::1]:18080, false"
    })
    void the_port_is_explicit_in_host_except_on_usual_ports(int wanted, String sent, String seen, boolean preserve) throws IOException {
        Listener listener = new Listener("front", Listener.Protocol.HTTP, List.of("127.0.0.1"), wanted, List.of(), List.of(),
                Action.Forward.to("group"),
                ListenerSettings.DEFAULT.withPreserveHost(preserve), Optional.empty());
        int port = rig.serve(listener, Rig.group("group", blue));
        try (Wire wire = new Wire(port)) {
            String head = wire.send("GET /head HTTP/1.1\r\nHost: " + sent + "\r\n\r\n").read().body();
            assertThat(head).contains("Host: " + seen + "\r\n").contains("X-Forwarded-Port: " + wanted + "\r\n").containsOnlyOnce("Host:");
        }
    }

    private static final ListenerSettings EDITED = ListenerSettings.DEFAULT.withHeaders(new HeaderEdits(Optional.empty(), false,
            List.of(new HeaderEdits.Field("X-Frame-Options", "DENY"), new HeaderEdits.Field("Access-Control-Max-Age", "60"))));

    @Test
    void a_listeners_headers_are_on_every_answer_in_place_of_the_targets() throws IOException {
        blue.on("/framed", request -> Backend.raw(request, "HTTP/1.1 200 OK\r\nx-frame-options: SAMEORIGIN\r\nX-Frame-Options: ALLOW\r\n"
                + "X-Frame-Optional: 1\r\nContent-Length: 2\r\n\r\nok"));
        blue.on("/interim", request -> Backend.raw(request, "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"));
        try (Wire wire = new Wire(serve(EDITED))) {
            Wire.Answer framed = wire.get("/framed");
            assertThat(framed.head()).contains("\r\nX-Frame-Options: DENY\r\n").contains("\r\nAccess-Control-Max-Age: 60\r\n")
                    .contains("X-Frame-Optional: 1\r\n").doesNotContain("SAMEORIGIN").doesNotContain("ALLOW\r\n");
            assertThat(framed.body()).isEqualTo("ok");
            assertThat(wire.get("/interim").head()).doesNotContain("X-Frame-Options");
            assertThat(wire.read().head()).contains("X-Frame-Options: DENY\r\n");
            Wire.Answer own = wire.send("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n").read();
            assertThat(own.status()).isEqualTo(400);
            assertThat(own.head()).contains("X-Frame-Options: DENY\r\n").doesNotContain("Server:");
        }
        try (Wire wire = new Wire(rig.serve(Rig.listener("front", new Action.FixedResponse(200, "", "x")).withSettings(EDITED)))) {
            Wire.Answer own = wire.get("/");
            assertThat(own.head()).contains("Access-Control-Max-Age: 60\r\n").doesNotContain("Server:");
            assertThat(own.body()).isEqualTo("x");
        }
    }

    @Test
    void a_target_keeps_its_own_name_whether_we_say_ours_or_not() throws IOException {
        blue.on("/named", request -> Backend.raw(request, "HTTP/1.1 200 OK\r\nServer: app/1\r\nContent-Length: 0\r\n\r\n"));
        for (ListenerSettings settings : List.of(EDITED, ListenerSettings.DEFAULT)) {
            try (Wire wire = new Wire(serve(settings))) {
                assertThat(wire.get("/named").header("Server")).isEqualTo("app/1");
            }
        }
    }

    @Test
    void what_a_client_claims_about_its_tls_is_not_passed_on() throws IOException {
        HeaderEdits edits = new HeaderEdits(Optional.of(new HeaderEdits.TlsNames("X-Tls-Version", "X-Tls-Suite")), true, List.of());
        String lines = "x-tls-version: TLSv9\r\nX-TLS-Suite: NONE\r\nX-Tls-Other: 1\r\n";
        assertThat(seen(serve(ListenerSettings.DEFAULT.withHeaders(edits)), lines)).doesNotContain("TLSv9").doesNotContain("NONE")
                .contains("X-Tls-Other: 1");
        assertThat(seen(serve(ListenerSettings.DEFAULT), lines)).contains(lines);
    }

    @Test
    void an_absolute_target_is_forwarded_as_its_path() throws IOException {
        try (Wire wire = new Wire(serve(ListenerSettings.DEFAULT))) {
            assertThat(wire.send("GET http://a.test/head?x=1 HTTP/1.1\r\nHost: a.test\r\n\r\n").read().body())
                    .startsWith("GET /head?x=1 HTTP/1.1\r\n");
        }
    }

    @Test
    void a_client_without_host_gets_one() throws IOException {
        try (Wire wire = new Wire(serve(ListenerSettings.DEFAULT))) {
            assertThat(wire.send("GET /head HTTP/1.0\r\n\r\n").read().body()).contains("Host: 127.0.0.1");
        }
    }
}
