package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.Condition;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.ListenerSettings;
import dev.viridian.proxy.routing.RoutingSnapshot;
import dev.viridian.proxy.routing.Rule;
import dev.viridian.proxy.routing.TargetGroup;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutingTest {
    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private static Rule rule(int priority, String body, Condition... conditions) {
        return new Rule("rule-" + priority, priority, List.of(conditions), new Action.FixedResponse(200, "text/plain", body));
    }

    private static final Action NOTHING = new Action.FixedResponse(404, "text/plain", "default");

    @ParameterizedTest(name = "{0} {1} of {2} with {3}: {4}")
    @CsvSource(delimiter = '|', textBlock = """
            GET    | /                | a.test          |             | default
            GET    | /images/cat      | a.test          |             | images
            GET    | /Images/cat      | a.test          |             | default
            GET    | /images/?cat     | a.test          |             | images
            GET    | /x?/images/cat   | a.test          |             | default
            GET    | /                | shop.example    |             | shop
            GET    | /                | SHOP.example:80 |             | shop
            GET    | /images/cat      | shop.example    |             | shop
            GET    | /                | shop.examples   |             | default
            DELETE | /                | a.test          |             | delete
            GET    | /                | a.test          | X-Kind: New | header
            GET    | /                | a.test          | x-kind: NEWEST | header
            GET    | /                | a.test          | X-Kind: old | default
            GET    | /?v=2            | a.test          |             | query
            GET    | /?u=1&V=2        | a.test          |             | query
            GET    | /?v=3            | a.test          |             | default
            GET    | /?q=anything     | a.test          |             | query
            GET    | /both            | b.test          |             | both
            GET    | /both            | a.test          |             | default
            """)
    void the_first_rule_by_priority_whose_conditions_hold_decides(String method, String target, String host, String header,
            String answer) throws IOException {
        int port = rig.serve(Rig.listener("front", NOTHING).withRules(
                rule(20, "images", new Condition.Path(List.of("/images/*"))),
                rule(10, "shop", new Condition.Host(List.of("shop.exampl?"))),
                rule(30, "delete", new Condition.Method(List.of("DELETE"))),
                rule(40, "header", new Condition.Header("X-Kind", List.of("new*"))),
                rule(50, "query", new Condition.Query(List.of(new Condition.Query.Parameter(Optional.of("v"), "2"),
                        new Condition.Query.Parameter(Optional.empty(), "any*")))),
                rule(60, "both", new Condition.Path(List.of("/both")), new Condition.Host(List.of("b.test")))));
        try (Wire wire = new Wire(port)) {
            String line = header == null ? "" : header + "\r\n";
            assertThat(wire.send(method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + line + "\r\n").read().body()).isEqualTo(answer);
        }
    }

    @ParameterizedTest(name = "{0} of {1} with {2}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
            /lang/en/a        | a.test               |              | lang
            /x/lang/en        | a.test               |              | default
            /LANG/en/a        | a.test               |              | default
            /lang/es/a        | a.test               |              | default
            /                 | one.shop.example     |              | shop
            /                 | ONE.Shop.example     |              | shop
            /                 | shop.example         |              | default
            /                 | a.test:8443          |              | port
            /                 | a.test               | X-Kind: newt | header
            /                 | a.test               | X-Kind: NEWT | header
            /                 | a.test               | X-Kind: old  | default
            """)
    void regular_expressions_decide_too(String path, String host, String header, String answer) throws IOException {
        int port = rig.serve(Rig.listener("front", NOTHING).withRules(
                rule(10, "lang", new Condition.Path(List.of(), List.of("^/lang/(en|fr)/"))),
                rule(20, "shop", new Condition.Host(List.of(), List.of("^(.*)\\.shop\\.example$"))),
                rule(30, "port", new Condition.Host(List.of("never.test"), List.of("^a\\.test:8443$"))),
                rule(40, "header", new Condition.Header("X-Kind", List.of(), List.of("new.")))));
        try (Wire wire = new Wire(port)) {
            String line = header == null ? "" : header + "\r\n";
            assertThat(wire.send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + line + "\r\n").read().body()).isEqualTo(answer);
        }
    }

    @ParameterizedTest(name = "{0} is guarded")
    @CsvSource({"/admin/x", "/%61dmin/x", "/%61dmin/%78", "/x/../admin/x", "/./admin/x", "/x/%2e%2E/admin/x", "//../admin/x"})
    void no_spelling_of_a_path_gets_around_a_rule(String path) throws IOException {
        int port = rig.serve(Rig.listener("front", NOTHING).withRules(rule(10, "guard", new Condition.Path(List.of("/admin/x")))));
        try (Wire wire = new Wire(port)) {
            assertThat(wire.get(path).body()).isEqualTo("guard");
            assertThat(wire.get("/adminx").body()).isEqualTo("default");
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"?v=*, star", "?v=x, default", "?w=?, mark", "?w=x, default", "?q=%61bc, abc", "?x=1&&q=ABC&y, abc", "?q, default", "?, default", "?q=abc=d, default"})
    void queries_are_matched_literally_where_a_backslash_says_so(String query, String answer) throws IOException {
        int port = rig.serve(Rig.listener("front", NOTHING).withRules(
                rule(1, "star", new Condition.Query(List.of(new Condition.Query.Parameter(Optional.of("v"), "\\*")))),
                rule(2, "mark", new Condition.Query(List.of(new Condition.Query.Parameter(Optional.of("w"), "\\?")))),
                rule(3, "abc", new Condition.Query(List.of(new Condition.Query.Parameter(Optional.of("q"), "abc"))))));
        try (Wire wire = new Wire(port)) {
            assertThat(wire.get("/" + query).body()).isEqualTo(answer);
        }
    }

    @Test
    void the_source_address_is_that_of_the_socket() throws IOException {
        int port = rig.serve(Rig.listener("front", NOTHING).withRules(
                rule(1, "other", new Condition.SourceIp(List.of("10.0.0.0/8", "2001:db8::/32"))),
                        rule(2, "local", new Condition.SourceIp(List.of("127.0.0.0/8")))));
        try (Wire wire = new Wire(port)) {
            assertThat(wire.send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n").read().body()).isEqualTo("local");
        }
    }

    @Test
    void a_fixed_response_has_its_type_and_counts_as_such() throws IOException {
        int port = rig.serve(Rig.listener("front", new Action.FixedResponse(503, "application/json", "{}")));
        try (Wire wire = new Wire(port)) {
            Wire.Answer answer = wire.get("/");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Content-Type")).isEqualTo("application/json");
            assertThat(answer.body()).isEqualTo("{}");
            assertThat(wire.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").read(false).header("Content-Length")).isEqualTo("2");
        }
        assertThat(rig.front().fixedResponses()).isEqualTo(2);
        assertThat(rig.front().generated().status5xx()).isZero();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            HTTPS,#{host},443,/#{path},#{query}       | https://a.test:443/one/two?x=1
            #{protocol},#{host},#{port},/new/#{path}, | http://a.test:18081/new/one/two
            HTTPS,www.#{host},#{port},/,y=2&#{query}  | https://www.a.test:18081/?y=2&x=1
            """)
    void a_redirect_fills_in_the_parts_of_the_request(String parts, String location) throws IOException {
        String[] part = parts.split(",", -1);
        Listener listener = new Listener("front", Listener.Protocol.HTTP, List.of("127.0.0.1"), 18081, List.of(), List.of(),
                new Action.Redirect(301, part[0], part[1], part[2], part[3], part[4]), ListenerSettings.DEFAULT, Optional.empty());
        try (Wire wire = new Wire(rig.serve(listener))) {
            Wire.Answer answer = wire.send("GET /one/two?x=1 HTTP/1.1\r\nHost: a.test:8080\r\n\r\n").read();
            assertThat(answer.status()).isEqualTo(301);
            assertThat(answer.header("Location")).isEqualTo(location);
            assertThat(answer.body()).hasSize(134);
        }
        assertThat(rig.front().redirects()).isEqualTo(1);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void listeners_on_one_port_are_told_apart_by_host() throws IOException {
        int free = freePort();
        List<Binding> bindings = rig.proxy.apply(new RoutingSnapshot(List.of(
                Listener.http("one", "127.0.0.1", free, new Action.FixedResponse(200, "", "one")).withHostNames("one.test", "first.test"),
                Listener.http("two", "127.0.0.1", free, new Action.FixedResponse(200, "", "two")).withHostNames("two.test")), List.of()));
        assertThat(bindings).extracting(Binding::port).containsOnly(free);
        try (Wire wire = new Wire(free)) {
            assertThat(wire.send("GET / HTTP/1.1\r\nHost: TWO.test:80\r\n\r\n").read().body()).isEqualTo("two");
            assertThat(wire.send("GET / HTTP/1.1\r\nHost: first.test\r\n\r\n").read().body()).isEqualTo("one");
            assertThat(wire.send("GET / HTTP/1.1\r\nHost: nobody.test\r\n\r\n").read().body()).isEqualTo("one");
        }
        assertThat(rig.proxy.traffic().listeners()).extracting(Traffic.ListenerTraffic::listenerId, Traffic.ListenerTraffic::requests)
                .containsExactlyInAnyOrder(org.assertj.core.groups.Tuple.tuple("one", 2L), org.assertj.core.groups.Tuple.tuple("two", 1L));
    }

    @Test
    void a_port_in_use_is_reported_and_substituted_until_the_listener_goes() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"))) {
            RoutingSnapshot snapshot = new RoutingSnapshot(List.of(Listener.http("front", "127.0.0.1", taken.getLocalPort(), NOTHING)), List.of());
            Binding binding = rig.proxy.apply(snapshot).getFirst();
            assertThat(binding.substituted()).isTrue();
            assertThat(binding.problem()).contains("cannot be bound");
            try (Wire wire = new Wire(binding.port())) {
                assertThat(wire.get("/").body()).isEqualTo("default");
            }
            assertThat(rig.proxy.apply(snapshot)).containsExactly(binding);
            assertThat(rig.proxy.bindings()).containsExactly(binding);
        }
    }

    @Test
    void a_listener_that_vanishes_closes_its_port_and_its_idle_connections() throws IOException {
        int port = rig.serve(rig.backend("blue"));
        try (Wire wire = new Wire(port)) {
            wire.get("/");
            rig.proxy.apply(RoutingSnapshot.EMPTY);
            assertThat(wire.closed()).isTrue();
        }
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> new Wire(port)).isInstanceOf(IOException.class);
    }

    @Test
    void a_group_that_speaks_another_version_is_464() throws IOException {
        TargetGroup plain = Rig.group("group", rig.backend("blue"));
        TargetGroup grpc = new TargetGroup("group", plain.protocol(), TargetGroup.Version.GRPC, plain.targets(), plain.healthCheck(),
                plain.deregistrationDelay(), plain.slowStart(),
                plain.algorithm(), plain.stickiness());
        try (Wire wire = new Wire(rig.serve(Rig.listener("front", Action.Forward.to("group")), grpc))) {
            assertThat(wire.get("/").status()).isEqualTo(464);
        }
    }
}
