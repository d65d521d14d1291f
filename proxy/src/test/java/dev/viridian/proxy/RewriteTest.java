package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.Condition;
import dev.viridian.proxy.routing.Rewrite;
import dev.viridian.proxy.routing.Rewrite.Replacement;
import dev.viridian.proxy.routing.Rule;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Rules that change a request on its way.
class RewriteTest {
    private final Rig rig = new Rig();
    private final Backend blue = rig.backend("blue");

    @AfterEach
    void close() {
        rig.close();
    }

    private int serve(Rewrite rewrite) {
        Rule rule = new Rule("rule", 1, List.of(new Condition.Path(List.of("/from*"))), Action.Forward.to("group"), rewrite);
        return rig.serve(Rig.listener("front", Action.Forward.to("group")).withRules(rule), Rig.group("group", blue));
    }

    private static Rewrite url(String regex, String with) {
        return new Rewrite(Optional.empty(), Optional.of(new Replacement(regex, with)));
    }

    private static Rewrite host(String regex, String with) {
        return new Rewrite(Optional.of(new Replacement(regex, with)), Optional.empty());
    }

    /// The head the target got for this path.
    private static String seen(int port, String path, String host) throws IOException {
        try (Wire wire = new Wire(port)) {
            return wire.send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nAccept: */*\r\n\r\n").read().body();
        }
    }

    @ParameterizedTest(name = "{0} to {1}: {2} becomes {3}")
    @CsvSource(delimiter = '|', textBlock = """
            ^/from/(.*)$            | /head?was=$1     | /from/a         | /head?was=a
            ^/from/(.*)$            | /head?was=$1     | /from/a?b=1     | /head?was=a?b=1
            ^/from$                 | /head            | /from?x         | /from?x
            ^([^?]*)                | /head            | /from/here?x=1  | /head?x=1
            ^/(fr)(om)/([0-9]+)/?$  | /head?$3-$2-$1   | /from/42/       | /head?42-om-fr
            ^/from/(.)              | /head?${1}1$12   | /from/z         | /head?z1z2
            ^/from/(.)              | /head?$9x$       | /from/z         | /head?x$
            from                    | head             | /from?from      | /head?from
            ^/FROM                  | /head            | /from           | /from
            """)
    void the_first_match_in_path_and_query_is_replaced(String regex, String with, String path, String target) throws IOException {
        blue.on("/from", request -> Backend.respond(request, 200, request.head()));
        assertThat(seen(serve(url(regex, with)), path, "a.test")).startsWith("GET " + target + " HTTP/1.1\r\nHost: a.test\r\n");
    }

    @ParameterizedTest(name = "{0} to {1}: {2} becomes {3}")
    @CsvSource(delimiter = '|', textBlock = """
            ^mywebsite-(.+).com$ | internal.dev.$1.myweb.com | mywebsite-example.com      | internal.dev.example.myweb.com
            ^mywebsite-(.+).com$ | internal.dev.$1.myweb.com | MyWebsite-example.com:8080 | internal.dev.example.myweb.com
            .*                   | backend.internal:9000     | a.test                     | backend.internal:9000
            ^other$              | x                         | a.test                     | a.test
            """)
    void the_host_is_replaced(String regex, String with, String sent, String seen) throws IOException {
        blue.on("/from", request -> Backend.respond(request, 200, request.head()));
        assertThat(seen(serve(host(regex, with)), "/from", sent)).contains("\r\nHost: " + seen + "\r\n").containsOnlyOnce("Host:");
    }

    @Test
    void both_are_replaced_and_routing_is_by_what_the_client_sent() throws IOException {
        Rewrite both = new Rewrite(Optional.of(new Replacement("^(.*)$", "b.internal")), Optional.of(new Replacement("^/from", "/head")));
        int port = serve(both);
        assertThat(seen(port, "/from", "a.test")).startsWith("GET /head HTTP/1.1\r\n").contains("\r\nHost: b.internal\r\n");
        assertThat(seen(port, "/head", "a.test")).startsWith("GET /head HTTP/1.1\r\nHost: a.test\r\n");
    }

    @ParameterizedTest(name = "{0} becomes {1}")
    @CsvSource({"^/from, no-slash", "^/from, '/with blank'", "^/from, ''"})
    void a_path_that_is_none_is_500(String regex, String with) throws IOException {
        try (Wire wire = new Wire(serve(url(regex, with)))) {
            Wire.Answer answer = wire.get("/from");
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.body()).contains("500 Internal Server Error");
            assertThat(wire.get("/").status()).isEqualTo(200);
        }
        assertThat(rig.front().generated().status500()).isEqualTo(1);
        assertThat(blue.requests).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({"'a b'", "''", "a/b", "'a\r\nX-Evil: 1'"})
    void a_host_that_is_none_is_500(String with) throws IOException {
        try (Wire wire = new Wire(serve(host("^.*$", with)))) {
            assertThat(wire.get("/from").status()).isEqualTo(500);
        }
    }

    @Test
    void a_request_sent_again_is_rewritten_too() throws IOException {
        blue.on("/from", request -> false);
        Backend green = rig.backend("green");
        Rule rule = new Rule("rule", 1, List.of(), Action.Forward.to("group"), url("^/to", "/from"));
        green.on("/from", request -> Backend.respond(request, 200, "green " + request.path()));
        int port = rig.serve(Rig.listener("front", Action.Forward.to("group")).withRules(rule), Rig.group("group", blue, green));
        try (Wire wire = new Wire(port)) {
            assertThat(wire.get("/to").body()).isEqualTo("green /from");
            assertThat(wire.get("/to").body()).isEqualTo("green /from");
        }
    }

    @Test
    void an_expression_that_cannot_be_used_changes_nothing() throws IOException {
        int port = serve(url("^/from", "/head"));
        assertThatThrownBy(() -> serve(url("(?=x)", "/"))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("(?=x)");
        assertThatThrownBy(() -> serve(url("((a{100}){100}){100}", "/"))).isInstanceOf(IllegalArgumentException.class);
        assertThat(seen(port, "/from", "a.test")).startsWith("GET /head HTTP/1.1\r\n");
    }

    /// In time that grows with the square of the text or worse, this would never come back.
    @Test
    void no_expression_takes_longer_than_its_text() throws IOException {
        int port = serve(url("^(/from)?(a|aa|a*)*$", "/head"));
        assertThat(seen(port, "/from/head?" + "a".repeat(12_000) + "b", "a.test")).isEqualTo("blue");
    }
}
