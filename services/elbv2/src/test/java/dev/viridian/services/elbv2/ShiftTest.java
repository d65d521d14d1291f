package dev.viridian.services.elbv2;

import static dev.viridian.services.elbv2.World.forward;
import static dev.viridian.services.elbv2.World.freePort;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// Traffic that moves between two groups, as a deployment moves it.
class ShiftTest {
    private final Site site = new Site();
    private final World world = site.world;
    private final int port = freePort();
    private TargetGroup blue;
    private TargetGroup green;
    private Listener listener;

    @BeforeEach
    void blueServes() throws Exception {
        blue = site.group("blue", site.server("blue", 200));
        green = site.group("green", site.server("green", 200));
        listener = world.listener(world.balancer("web"), port, forward(blue, 100, green, 0));
        site.healthy(blue);
        site.healthy(green);
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void a_shift_in_ten_steps_under_load_loses_no_request() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
        List<Thread> clients = java.util.stream.Stream.generate(() -> Thread.startVirtualThread(() -> {
            while (!over.get()) {
                answers.computeIfAbsent(answer(), key -> new AtomicInteger()).incrementAndGet();
            }
        })).limit(4).toList();

        for (int percent = 10; percent <= 100; percent += 10) {
            int share = percent;
            world.call(e -> e.modifyListener(r -> r.listenerArn(listener.listenerArn()).defaultActions(forward(blue, 100 - share, green, share))));
            int target = total(answers) + 50;
            site.until(() -> total(answers) >= target);
        }
        over.set(true);
        for (Thread client : clients) {
            client.join();
        }

        assertThat(answers).containsOnlyKeys("blue", "green");
        assertThat(site.answers(port, 10)).containsOnlyKeys("green");
    }

    private String answer() {
        try {
            HttpResponse<String> response = site.get(port, "/");
            return response.statusCode() == 200 ? response.body() : "status " + response.statusCode();
        } catch (Exception e) {
            return e.toString();
        }
    }

    private static int total(Map<String, AtomicInteger> answers) {
        return answers.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    @Test
    void a_sticky_client_stays_with_its_group_although_the_weights_change() throws Exception {
        Action sticky = Action.builder().type(ActionTypeEnum.FORWARD).forwardConfig(f -> f.targetGroups(t -> t.targetGroupArn(blue.targetGroupArn())
                .weight(1),
                t -> t.targetGroupArn(green.targetGroupArn()).weight(0)).targetGroupStickinessConfig(s -> s.enabled(true).durationSeconds(3600)))
                .build();
        world.call(e -> e.modifyListener(r -> r.listenerArn(listener.listenerArn()).defaultActions(sticky)));
        HttpResponse<String> first = site.get(port, "/");
        String cookie = first.headers().allValues("set-cookie").stream().filter(value -> value.startsWith("AWSALBTG=")).findFirst().orElseThrow()
                .split(";")[0];
        assertThat(first.headers().allValues("set-cookie")).anyMatch(value -> value.startsWith("AWSALBTGCORS=") && value.contains("SameSite=None"));

        Action swapped = sticky.copy(b -> b.forwardConfig(f -> f.targetGroups(t -> t.targetGroupArn(blue.targetGroupArn()).weight(0),
                t -> t.targetGroupArn(green.targetGroupArn()).weight(1)).targetGroupStickinessConfig(s -> s.enabled(true).durationSeconds(3600))));
        world.call(e -> e.modifyListener(r -> r.listenerArn(listener.listenerArn()).defaultActions(swapped)));

        HttpRequest again = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).header("Cookie", cookie).build();
        assertThat(site.client.send(again, HttpResponse.BodyHandlers.ofString()).body()).isEqualTo("blue");
        assertThat(site.get(port, "/").body()).isEqualTo("green");
    }
}
