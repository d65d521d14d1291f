package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.viridian.proxy.health.TargetHealth;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.Action.CookieStickiness;
import dev.viridian.proxy.routing.Condition;
import dev.viridian.proxy.routing.HealthCheck;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.ListenerSettings;
import dev.viridian.proxy.routing.Rule;
import dev.viridian.proxy.routing.RoutingSnapshot;
import dev.viridian.proxy.routing.Target;
import dev.viridian.proxy.routing.TargetGroup;
import dev.viridian.proxy.routing.TlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What is counted besides requests and answers.
class CountingTest {
    private final Rig rig = new Rig();
    private final Backend blue = rig.backend("blue");

    @AfterEach
    void close() {
        rig.close();
    }

    private static Listener listener(Action action, List<Rule> rules, ListenerSettings settings) {
        return new Listener("front", Listener.Protocol.HTTP, List.of("127.0.0.1"), 0, List.of(), rules, action, settings, Optional.empty());
    }

    private static Action say(String text) {
        return new Action.FixedResponse(200, "text/plain", text);
    }

    @Test
    void rules_are_counted_as_they_are_tried_and_apart_beyond_the_tenth() throws IOException {
        List<Rule> rules = IntStream.rangeClosed(1, 12)
                .mapToObj(i -> new Rule("rule" + i, i, List.of(new Condition.Path(List.of("/" + i))), say("rule " + i))).toList();
        int port = rig.serve(listener(say("default"), rules, ListenerSettings.DEFAULT));
        try (Wire wire = new Wire(port)) {
            assertThat(wire.get("/3").body()).isEqualTo("rule 3");
            assertThat(rig.front().ruleEvaluations()).isEqualTo(3);
            assertThat(wire.get("/12").body()).isEqualTo("rule 12");
            assertThat(wire.get("/none").body()).isEqualTo("default");
        }
        assertThat(rig.front().ruleEvaluations()).isEqualTo(3 + 12 + 12);
        assertThat(rig.front().furtherEvaluations()).isEqualTo(2 + 2);
    }

    @Test
    void a_connection_to_a_target_counts_once_however_many_requests_it_carries_and_is_open_until_it_closes() throws IOException {
        int port = rig.serve(blue);
        try (Wire wire = new Wire(port)) {
            wire.get("/");
            wire.get("/");
        }
        assertThat(rig.counts("group").newConnections()).isEqualTo(1);
        assertThat(rig.counts("group").openConnections()).isEqualTo(1);

        rig.serve(Rig.listener("front", Action.Forward.to("group")), Rig.group("group", List.of()));
        Rig.eventually(() -> rig.counts("group").openConnections() == 0);
        assertThat(rig.counts("group").newConnections()).isEqualTo(1);
        assertThat(rig.counts("group").requests()).isEqualTo(2);
    }

    @Test
    void a_client_that_will_not_encrypt_counts_as_a_failed_handshake() throws IOException {
        Certificates own = Certificates.forName("one.test");
        Listener secure = new Listener("front", Listener.Protocol.HTTPS, List.of("127.0.0.1"), 0, List.of(), List.of(), say("secret"),
                ListenerSettings.DEFAULT, Optional.of(TlsIdentity.of(own.pem())));
        int port = rig.serve(secure);
        try (Wire wire = new Wire(port)) {
            wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readRest();
        }
        Rig.eventually(() -> rig.front().tlsErrors() == 1);
        assertThat(rig.front().requests()).isZero();
    }

    @Test
    void a_target_that_will_not_encrypt_is_no_unreachable_one() throws IOException {
        try (ServerSocket rude = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"))) {
            Thread.ofVirtual().start(() -> answerInPlainText(rude));
            TargetGroup plain = Rig.group("group", List.of(new Target("rude", "127.0.0.1", rude.getLocalPort())));
            int port = rig.serve(Rig.listener("front", Action.Forward.to("group")), new TargetGroup("group", TargetGroup.Protocol.HTTPS,
                    plain.version(), plain.targets(), plain.healthCheck(), plain.deregistrationDelay(), plain.slowStart(), plain.algorithm(),
                    plain.stickiness()));
            try (Wire wire = new Wire(port)) {
                assertThat(wire.get("/").status()).isEqualTo(502);
            }
        }
        assertThat(rig.counts("group").tlsErrors()).isEqualTo(1);
        assertThat(rig.counts("group").connectionErrors()).isZero();
    }

    private static void answerInPlainText(ServerSocket server) {
        try {
            while (true) {
                try (Socket socket = server.accept()) {
                    socket.getInputStream().read(new byte[8192]);
                    socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    socket.shutdownOutput();
                    socket.getInputStream().readAllBytes();
                }
            }
        } catch (IOException e) {
            // closed: the test is over
        }
    }

    @Test
    void requests_with_unusual_header_names_are_counted_as_dropped_or_as_forwarded() throws IOException {
        String unusual = "GET /head HTTP/1.1\r\nHost: a\r\nX_Odd: 1\r\n\r\n";
        int port = rig.serve(Rig.listener("front", Action.Forward.to("group")), Rig.group("group", blue));
        try (Wire wire = new Wire(port)) {
            wire.get("/");
            assertThat(wire.send(unusual).read().body()).contains("X_Odd: 1");
        }
        assertThat(rig.front().headersForwarded()).isEqualTo(1);
        assertThat(rig.front().headersDropped()).isZero();

        ListenerSettings dropping = ListenerSettings.DEFAULT.withDropInvalidHeaders(true);
        int again = rig.serve(listener(Action.Forward.to("group"), List.of(), dropping), Rig.group("group", blue));
        try (Wire wire = new Wire(again)) {
            assertThat(wire.send(unusual).read().body()).doesNotContain("X_Odd");
        }
        assertThat(rig.front().headersForwarded()).isEqualTo(1);
        assertThat(rig.front().headersDropped()).isEqualTo(1);
    }

    @Test
    void only_requests_that_bring_no_usable_cookie_count_as_unstuck() throws IOException {
        TargetGroup plain = Rig.group("group", blue);
        TargetGroup sticky = plain.withStickiness(new TargetGroup.Stickiness.ByProxyCookie(
                new CookieStickiness("STICK", Optional.empty(), Duration.ofHours(1))));
        int port = rig.serve(Rig.listener("front", Action.Forward.to("group")), sticky);
        try (Wire wire = new Wire(port)) {
            String cookie = wire.get("/").header("Set-Cookie").split(";")[0];
            assertThat(rig.front().unstuck()).isEqualTo(1);
            wire.send("GET / HTTP/1.1\r\nHost: a\r\nCookie: " + cookie + "\r\n\r\n").read();
            assertThat(rig.front().unstuck()).isEqualTo(1);
            wire.send("GET / HTTP/1.1\r\nHost: a\r\nCookie: STICK=nonsense\r\n\r\n").read();
        }
        assertThat(rig.front().unstuck()).isEqualTo(2);
    }

    @Test
    void requests_to_a_group_in_which_nobody_is_healthy_are_counted() throws IOException {
        blue.on("/health", request -> Backend.respond(request, 500, ""));
        HealthCheck failing = new HealthCheck(true, HealthCheck.Protocol.HTTP, OptionalInt.empty(), "/health", Duration.ofHours(1),
                Duration.ofSeconds(5), 1, 1, List.of(new HealthCheck.StatusRange(200, 200)));
        int port = rig.serve(Rig.listener("front", Action.Forward.to("group")), TargetGroup.http("group", failing, List.of(blue.target())));
        Rig.eventually(() -> rig.proxy.health("group").getFirst().state() == TargetHealth.State.UNHEALTHY);
        try (Wire wire = new Wire(port)) {
            assertThat(wire.get("/").body()).isEqualTo("blue");
        }
        assertThat(rig.counts("group").unhealthyRouting()).isEqualTo(1);
    }

    @Test
    void a_client_that_leaves_before_its_answer_is_an_error_of_the_clients() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        blue.on("/slow", request -> {
            asked.countDown();
            awaitOn(left);
            return false;
        });
        int port = rig.serve(blue);
        try (Wire wire = new Wire(port)) {
            wire.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            asked.await();
        }
        Rig.eventually(() -> rig.front().generated().status4xx() == 1);
        left.countDown();
        assertThat(rig.front().generated().status5xx()).isZero();
    }

    private static void awaitOn(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_redirect_to_a_name_of_more_than_8_K_is_not_given() throws IOException {
        Action away = new Action.Redirect(302, "#{protocol}", "#{host}", "443", "/#{path}", "#{query}&again=#{query}");
        int port = rig.serve(Rig.listener("front", away));
        try (Wire wire = new Wire(port)) {
            assertThat(wire.get("/?q=" + "x".repeat(1000)).status()).isEqualTo(302);
            assertThat(wire.get("/?q=" + "x".repeat(5000)).status()).isEqualTo(500);
        }
        assertThat(rig.front().redirects()).isEqualTo(1);
        assertThat(rig.front().endlessRedirects()).isEqualTo(1);
    }

    @Test
    void requests_and_bytes_of_ipv6_clients_are_counted_apart() throws IOException {
        List<Binding> bindings = rig.proxy.apply(new RoutingSnapshot(List.of(new Listener("front", Listener.Protocol.HTTP,
                List.of("127.0.0.1", "::1"), 0, List.of(), List.of(), say("hello"), ListenerSettings.DEFAULT, Optional.empty())), List.of()));
        Binding six = bindings.stream().filter(binding -> binding.address().equals("::1")).findFirst().orElseThrow();
        assumeTrue(six.reachable(), "this machine has no IPv6");
        try (Wire four = new Wire(bindings.getFirst().port()); Wire wire = new Wire("::1", six.port())) {
            four.get("/");
            assertThat(rig.front().ipv6Requests()).isZero();
            wire.get("/");
        }
        assertThat(rig.front().ipv6Requests()).isEqualTo(1);
        assertThat(rig.front().ipv6Bytes()).isPositive().isEqualTo((rig.front().bytesIn() + rig.front().bytesOut()) / 2);
    }

    @Test
    void bytes_of_ipv6_clients_are_counted_apart_behind_an_upgrade_too() throws IOException {
        blue.on("/socket", request -> {
            Backend.raw(request, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n");
            return Backend.raw(request, new String(request.in().readNBytes(5), StandardCharsets.ISO_8859_1));
        });
        Listener listener = new Listener("front", Listener.Protocol.HTTP, List.of("::1"), 0, List.of(), List.of(), Action.Forward.to("group"),
                ListenerSettings.DEFAULT, Optional.empty());
        Binding six = rig.proxy.apply(new RoutingSnapshot(List.of(listener), List.of(Rig.group("group", blue)))).getFirst();
        assumeTrue(six.reachable(), "this machine has no IPv6");
        try (Wire wire = new Wire("::1", six.port())) {
            wire.send("GET /socket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n").read();
            long before = rig.front().ipv6Bytes();
            assertThat(wire.send("hello").readText(5)).isEqualTo("hello");
            assertThat(rig.front().ipv6Bytes()).isEqualTo(before + 10).isEqualTo(rig.front().bytesIn() + rig.front().bytesOut());
        }
    }
}
