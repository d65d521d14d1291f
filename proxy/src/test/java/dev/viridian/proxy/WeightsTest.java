package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.Action.Forward.WeightedGroup;
import dev.viridian.proxy.routing.TargetGroup;
import dev.viridian.proxy.routing.TargetGroup.Stickiness;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightsTest {
    private final Rig rig = new Rig();
    private final Backend blue = rig.backend("blue");
    private final Backend green = rig.backend("green");

    @AfterEach
    void close() {
        rig.close();
    }

    private int serve(Action action) {
        return rig.serve(Rig.listener("front", action), Rig.group("blue", blue), Rig.group("green", green));
    }

    private static Map<String, Integer> ask(int port, int times) throws IOException {
        Map<String, Integer> answers = new HashMap<>();
        try (Wire wire = new Wire(port)) {
            for (int i = 0; i < times; i++) {
                answers.merge(wire.get("/").body(), 1, Integer::sum);
            }
        }
        return answers;
    }

    @ParameterizedTest(name = "weights {0} and {1}: {2} and {3} of 100")
    @CsvSource({"90, 10, 90, 10", "10, 90, 10, 90", "1, 0, 100, 0", "0, 5, 0, 100", "1, 1, 50, 50", "75, 25, 75, 25", "99, 1, 99, 1"})
    void one_connection_gets_exactly_the_shares(int first, int second, int blues, int greens) throws IOException {
        Map<String, Integer> answers = ask(serve(Rig.weights("blue", first, "green", second)), 100);
        assertThat(answers.getOrDefault("blue", 0)).isEqualTo(blues);
        assertThat(answers.getOrDefault("green", 0)).isEqualTo(greens);
    }

    @Test
    void a_tenth_is_spread_evenly() throws IOException {
        int port = serve(Rig.weights("blue", 90, "green", 10));
        for (int i = 0; i < 5; i++) {
            assertThat(ask(port, 20).getOrDefault("green", 0)).isCloseTo(2, within(1));
        }
    }

    @Test
    void a_small_share_is_served_even_when_the_routing_changes_all_the_time() throws IOException {
        int green = 0;
        int port = serve(Rig.weights("blue", 90, "green", 10));
        try (Wire wire = new Wire(port)) {
            for (int i = 0; i < 200; i++) {
                serve(Rig.weights("blue", i % 2 == 0 ? 90 : 900, "green", i % 2 == 0 ? 10 : 100));
                if (wire.get("/").body().equals("green")) {
                    green++;
                }
            }
        }
        assertThat(green).isEqualTo(20);
    }

    @Test
    void weights_that_are_all_zero_are_503() throws IOException {
        try (Wire wire = new Wire(serve(Rig.weights("blue", 0, "green", 0)))) {
            assertThat(wire.get("/").status()).isEqualTo(503);
        }
    }

    @Test
    void targets_of_a_group_take_turns() throws IOException {
        int port = rig.serve(blue, green);
        assertThat(ask(port, 10)).containsEntry("blue", 5).containsEntry("green", 5);
    }

    @Test
    void the_least_busy_target_is_preferred_when_asked() throws Exception {
        java.util.concurrent.CountDownLatch entered = new java.util.concurrent.CountDownLatch(2);
        java.util.concurrent.CountDownLatch released = new java.util.concurrent.CountDownLatch(1);
        blue.holding("/hold", entered, released);
        green.holding("/hold", entered, released);
        TargetGroup group = Rig.group("group", blue, green).withAlgorithm(TargetGroup.Algorithm.LEAST_OUTSTANDING);
        int port = rig.serve(Rig.listener("front", Action.Forward.to("group")), group);
        try (Wire first = new Wire(port); Wire second = new Wire(port); Wire third = new Wire(port)) {
            first.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
            Rig.eventually(() -> entered.getCount() == 1);
            String idle = third.get("/").body();
            assertThat(ask(port, 10)).containsOnlyKeys(idle);
            second.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(entered.await(5, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
            released.countDown();
            assertThat(List.of(first.read().body(), second.read().body())).containsExactlyInAnyOrder("blue", "green");
        }
    }

    private static String cookie(Wire.Answer answer) {
        return answer.header("Set-Cookie").split(";")[0];
    }

    /// The cookie of that name which an answer sets.
    private static String cookie(Wire.Answer answer, String name) {
        return answer.head().lines().filter(each -> each.startsWith("Set-Cookie: " + name + "=")).findFirst().orElseThrow().substring(12).split(";")[0];
    }

    private static Wire.Answer with(Wire wire, String cookie) throws IOException {
        return wire.send("GET / HTTP/1.1\r\nHost: a\r\nCookie: other=1; " + cookie + "; more=2\r\n\r\n").read();
    }

    @Test
    void a_client_stays_with_its_group_even_at_weight_zero() throws IOException {
        Action.CookieStickiness sticky = new Action.CookieStickiness("STICKTG", Optional.of("STICKTGCORS"), Duration.ofMinutes(5));
        int port = serve(new Action.Forward(List.of(new WeightedGroup("blue", 1), new WeightedGroup("green", 0)), Optional.of(sticky)));
        try (Wire wire = new Wire(port)) {
            Wire.Answer first = wire.get("/");
            assertThat(first.body()).isEqualTo("blue");
            assertThat(first.head()).contains("Set-Cookie: STICKTG=").contains("Set-Cookie: STICKTGCORS=").contains("SameSite=None; Secure");
            serve(new Action.Forward(List.of(new WeightedGroup("blue", 0), new WeightedGroup("green", 1)), Optional.of(sticky)));
            assertThat(with(wire, cookie(first)).body()).isEqualTo("blue");
            assertThat(with(wire, cookie(first, "STICKTGCORS")).body()).isEqualTo("blue");
            assertThat(wire.get("/").body()).isEqualTo("green");
            assertThat(with(wire, "STICKTG=0123456789abcdef").body()).isEqualTo("green");
        }
    }

    @Test
    void a_client_stays_with_its_target() throws IOException {
        Stickiness sticky = new Stickiness.ByProxyCookie(new Action.CookieStickiness("STICK", Optional.empty(), Duration.ofMinutes(5)));
        int port = rig.serve(Rig.listener("front", Action.Forward.to("group")), Rig.group("group", blue, green).withStickiness(sticky));
        try (Wire wire = new Wire(port)) {
            Wire.Answer first = wire.get("/");
            for (int i = 0; i < 5; i++) {
                assertThat(with(wire, cookie(first)).body()).isEqualTo(first.body());
            }
        }
    }

    @Test
    void the_applications_cookie_decides_when_asked() throws IOException {
        for (Backend backend : List.of(blue, green)) {
            backend.on("/login", request -> Backend.raw(request,
                    "HTTP/1.1 200 OK\r\nSet-Cookie: session=1; Path=/\r\nContent-Length: " + backend.name().length() + "\r\n\r\n" + backend.name()));
        }
        Stickiness sticky = new Stickiness.ByApplicationCookie("session",
                new Action.CookieStickiness("STICKAPP", Optional.empty(), Duration.ofMinutes(5)));
        int port = rig.serve(Rig.listener("front", Action.Forward.to("group")), Rig.group("group", blue, green).withStickiness(sticky));
        try (Wire wire = new Wire(port)) {
            assertThat(wire.get("/").head()).doesNotContain("Set-Cookie");
            Wire.Answer login = wire.get("/login");
            String ours = cookie(login, "STICKAPP");
            for (int i = 0; i < 5; i++) {
                Wire.Answer answer = with(wire, "session=1; " + ours);
                assertThat(answer.body()).isEqualTo(login.body());
                assertThat(answer.head()).contains("Set-Cookie: " + ours + "; Expires=");
            }
            // Without the application's cookie ours means nothing: that is how an application ends a session.
            assertThat(List.of(with(wire, ours).body(), with(wire, "xsession=1; " + ours).body())).containsExactlyInAnyOrder("blue", "green");
            assertThat(with(wire, ours).head()).doesNotContain("Set-Cookie");
        }
    }

    @Test
    void a_client_whose_target_is_gone_sticks_to_another_from_then_on() throws IOException {
        Stickiness sticky = new Stickiness.ByApplicationCookie("session",
                new Action.CookieStickiness("STICKAPP", Optional.empty(), Duration.ofMinutes(5)));
        Listener listener = Rig.listener("front", Action.Forward.to("group"));
        int port = rig.serve(listener, Rig.group("group", blue, green).withStickiness(sticky));
        blue.on("/login", request -> Backend.raw(request, "HTTP/1.1 200 OK\r\nSet-Cookie: session=1\r\nContent-Length: 0\r\n\r\n"));
        green.on("/login", request -> Backend.raw(request, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        try (Wire wire = new Wire(port)) {
            Wire.Answer first = wire.get("/login");
            String ours = "session=1; " + cookie(first.head().contains("STICKAPP") ? first : wire.get("/login"), "STICKAPP");
            rig.serve(listener, Rig.group("group", green).withStickiness(sticky));
            Wire.Answer moved = with(wire, ours);
            assertThat(moved.body()).isEqualTo("green");
            rig.serve(listener, Rig.group("group", blue, green).withStickiness(sticky));
            for (int i = 0; i < 3; i++) {
                assertThat(with(wire, "session=1; " + cookie(moved, "STICKAPP")).body()).isEqualTo("green");
            }
        }
    }
}
