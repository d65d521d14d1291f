package dev.viridian.services.elbv2;

import static dev.viridian.services.elbv2.World.forward;
import static dev.viridian.services.elbv2.World.freePort;
import static dev.viridian.services.elbv2.World.say;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// Real requests through the real proxy, with configured time passing sixty times as fast.
class LoadBalancingTest {
    private final Site site = new Site();
    private final World world = site.world;

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void weights_divide_traffic_between_groups_and_a_shift_takes_effect_at_once() throws Exception {
        TargetGroup blue = site.group("blue", site.server("blue", 200));
        TargetGroup green = site.group("green", site.server("green", 200));
        int port = freePort();
        Listener listener = world.listener(world.balancer("web"), port, forward(blue, 90, green, 10));
        site.healthy(blue);
        site.healthy(green);

        assertThat(site.answers(port, 100)).containsEntry("blue", 90).containsEntry("green", 10);

        world.call(e -> e.modifyListener(r -> r.listenerArn(listener.listenerArn()).defaultActions(forward(blue, 0, green, 100))));
        assertThat(site.answers(port, 20)).containsOnly(Map.entry("green", 20));
    }

    @Test
    void a_target_is_initial_then_healthy_and_unhealthy_with_the_reason_once_it_fails() throws Exception {
        AtomicInteger status = new AtomicInteger(200);
        HttpServer server = site.server("app", status);
        TargetGroup group = site.group("app", server);
        assertThat(world.health(group).stateAsString()).isEqualTo("unused");
        assertThat(world.health(group).reasonAsString()).isEqualTo("Target.NotInUse");

        world.listener(world.balancer("web"), freePort(), forward(group));
        site.healthy(group);
        assertThat(world.health(group).reason()).isNull();

        status.set(500);
        site.until(() -> world.health(group).state() == TargetHealthStateEnum.UNHEALTHY);
        assertThat(world.health(group).reasonAsString()).isEqualTo("Target.ResponseCodeMismatch");
        assertThat(world.health(group).description()).isEqualTo("Health checks failed with these codes: [500]");
    }

    @Test
    void an_empty_group_answers_503_as_the_balancer_itself() throws Exception {
        int port = freePort();
        world.listener(world.balancer("web"), port, forward(world.group("empty")));

        HttpResponse<String> response = site.get(port, "/");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Server")).hasValue("awselb/2.0");
        assertThat(response.body()).hasSize(162).contains("503 Service Temporarily Unavailable");
    }

    @Test
    void traffic_is_reported_by_the_minute_under_the_dimensions_of_alb() throws Exception {
        TargetGroup group = site.group("app", site.server("boom", 500));
        world.call(e -> e.modifyTargetGroup(r -> r.targetGroupArn(group.targetGroupArn()).healthCheckPath("/health")));
        TargetGroup empty = world.group("empty");
        LoadBalancer balancer = world.balancer("web");
        int port = freePort();
        int other = freePort();
        world.listener(balancer, port, forward(group));
        world.listener(balancer, other, forward(empty));
        site.healthy(group);

        site.answers(port, 5);
        site.get(other, "/");
        site.until(() -> world.metrics.sum("HTTPCode_Target_5XX_Count", "TargetGroup", "LoadBalancer") == 5
                && world.metrics.sum("HTTPCode_ELB_5XX_Count", "LoadBalancer") == 1);

        MetricDatum datum = world.metrics.data("HTTPCode_Target_5XX_Count", "TargetGroup", "LoadBalancer").getFirst();
        assertThat(MetricsRecorder.names(datum)).containsEntry("TargetGroup", group.targetGroupArn().replaceFirst(".*:", ""))
                .containsEntry("LoadBalancer", balancer.loadBalancerArn().replaceFirst(".*:loadbalancer/", ""));
        assertThat(world.metrics.sum("HTTPCode_Target_5XX_Count", "TargetGroup", "AvailabilityZone", "LoadBalancer")).isEqualTo(5);
        assertThat(world.metrics.sum("HTTPCode_Target_5XX_Count", "LoadBalancer")).isEqualTo(5);
        assertThat(world.metrics.data("HTTPCode_Target_2XX_Count", "LoadBalancer")).isEmpty();
        assertThat(world.metrics.data("HTTPCode_ELB_5XX_Count", "TargetGroup", "LoadBalancer")).isEmpty();
        assertThat(world.metrics.sum("RequestCount", "LoadBalancer")).isEqualTo(5);
        assertThat(world.metrics.data("HealthyHostCount", "TargetGroup", "LoadBalancer")).isNotEmpty();
        assertThat(world.metrics.data("TargetResponseTime", "TargetGroup", "LoadBalancer")).isNotEmpty();
        assertThat(world.metrics.requests).allMatch(request -> request.namespace().equals("AWS/ApplicationELB"));
    }

    @Test
    void rules_are_tried_by_priority_before_the_default() throws Exception {
        int port = freePort();
        Listener listener = world.listener(world.balancer("web"), port, say("default"));
        rule(listener, 20, "/api/*", say("low"));
        Rule high = rule(listener, 10, "/api/v2/*", say("high"));

        assertThat(site.get(port, "/api/v2/x").body()).isEqualTo("high");
        assertThat(site.get(port, "/api/x").body()).isEqualTo("low");
        assertThat(site.get(port, "/API/x").body()).isEqualTo("default");

        world.call(e -> e.setRulePriorities(r -> r.rulePriorities(p -> p.ruleArn(high.ruleArn()).priority(30))));
        assertThat(site.get(port, "/api/v2/x").body()).isEqualTo("low");
    }

    @Test
    void a_rule_by_regular_expression_sends_on_what_its_transforms_make_of_the_request() throws Exception {
        HttpServer server = site.server("app", 200);
        server.createContext("/internal", exchange -> {
            byte[] seen = (exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("Host")).getBytes();
            exchange.sendResponseHeaders(200, seen.length);
            exchange.getResponseBody().write(seen);
            exchange.close();
        });
        TargetGroup group = site.group("app", server);
        int port = freePort();
        Listener listener = world.listener(world.balancer("web"), port, say("default"));
        world.call(e -> e.createRule(r -> r.listenerArn(listener.listenerArn()).priority(1)
                .conditions(c -> c.field("path-pattern").pathPatternConfig(p -> p.regexValues("^/api/v[0-9]+/"))).actions(forward(group))
                .transforms(t -> t.type("url-rewrite").urlRewriteConfig(u -> u.rewrites(w -> w.regex("^/api/v(\\d+)/(.*)$").replace("/internal/$2?v=$1"))),
                        t -> t.type("host-header-rewrite").hostHeaderRewriteConfig(h -> h.rewrites(w -> w.regex(".*").replace("app.internal"))))));
        site.healthy(group);

        assertThat(site.get(port, "/api/v2/users").body()).isEqualTo("/internal/users?v=2 app.internal");
        assertThat(site.get(port, "/api/vx/users").body()).isEqualTo("default");
    }

    @Test
    void a_listeners_headers_are_set_on_its_next_answer() throws Exception {
        int port = freePort();
        Listener listener = world.listener(world.balancer("web"), port, say("x"));
        assertThat(site.get(port, "/").headers().firstValue("Server")).hasValue("awselb/2.0");
        assertThat(site.get(port, "/").headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");

        world.call(e -> e.modifyListenerAttributes(r -> r.listenerArn(listener.listenerArn()).attributes(
                a -> a.key("routing.http.response.server.enabled").value("false"),
                a -> a.key("routing.http.response.x_frame_options.header_value").value("DENY"))));
        assertThat(site.get(port, "/").headers().firstValue("X-Frame-Options")).hasValue("DENY");
        assertThat(site.get(port, "/").headers().firstValue("Server")).isEmpty();
    }

    @Test
    void balancers_on_one_port_are_told_apart_by_name() throws Exception {
        int port = freePort();
        LoadBalancer first = world.balancer("first");
        LoadBalancer second = world.balancer("second");
        world.listener(first, port, say("first"));
        world.listener(second, port, say("second"));

        assertThat(second.dnsName()).matches("second-\\d+\\.us-east-1\\.elb\\.localhost");
        assertThat(Site.getByName(second.dnsName(), port)).isEqualTo("second");
        assertThat(Site.getByName(first.dnsName(), port)).isEqualTo("first");
    }

    @Test
    void a_port_that_is_taken_gets_a_substitute_that_everybody_is_told() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            LoadBalancer balancer = world.balancer("web");
            world.listener(balancer, taken.getLocalPort(), say("here"));

            ListenerBinding binding = world.elb.bindings().getFirst();
            assertThat(binding.substituted()).isTrue();
            assertThat(site.get(binding.port(), "/").body()).isEqualTo("here");
            LoadBalancerState state = world.call(ElasticLoadBalancingV2::describeLoadBalancers).loadBalancers().getFirst().state();
            assertThat(state.code()).isEqualTo(LoadBalancerStateEnum.ACTIVE);
            assertThat(state.reason()).contains("Port " + taken.getLocalPort() + " could not be bound")
                    .contains("port " + binding.port() + " instead");
        }
    }

    @Test
    void a_deregistered_target_drains_until_its_last_request_has_ended() throws Exception {
        var arrived = new java.util.concurrent.CountDownLatch(1);
        var release = new java.util.concurrent.CountDownLatch(1);
        HttpServer server = site.server("slow", 200);
        server.createContext("/slow", exchange -> {
            arrived.countDown();
            Site.await(release);
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        TargetGroup group = site.group("app", server);
        int port = freePort();
        world.listener(world.balancer("web"), port, forward(group));
        site.healthy(group);
        var slow = site.client.sendAsync(Site.request(port, "/slow"), HttpResponse.BodyHandlers.ofString());
        Site.await(arrived);

        world.call(e -> e.deregisterTargets(r -> r.targetGroupArn(group.targetGroupArn())
                .targets(t -> t.id("127.0.0.1").port(server.getAddress().getPort()))));
        assertThat(world.health(group).stateAsString()).isEqualTo("draining");
        assertThat(world.health(group).reasonAsString()).isEqualTo("Target.DeregistrationInProgress");
        assertThat(site.get(port, "/").statusCode()).isEqualTo(503);

        release.countDown();
        assertThat(slow.get().statusCode()).isEqualTo(200);
        site.until(() -> world.call(e -> e.describeTargetHealth(r -> r.targetGroupArn(group.targetGroupArn()))).targetHealthDescriptions().isEmpty());
    }

    @Test
    void when_the_deregistration_delay_is_over_what_still_runs_is_cut_off() throws Exception {
        var arrived = new java.util.concurrent.CountDownLatch(1);
        var release = new java.util.concurrent.CountDownLatch(1);
        HttpServer server = site.server("slow", 200);
        server.createContext("/slow", exchange -> {
            arrived.countDown();
            Site.await(release);
            exchange.close();
        });
        TargetGroup group = site.group("app", server);
        world.call(e -> e.modifyTargetGroupAttributes(r -> r.targetGroupArn(group.targetGroupArn())
                .attributes(a -> a.key("deregistration_delay.timeout_seconds").value("60"))));
        int port = freePort();
        world.listener(world.balancer("web"), port, forward(group));
        site.healthy(group);
        var slow = site.client.sendAsync(Site.request(port, "/slow"), HttpResponse.BodyHandlers.ofString());
        Site.await(arrived);

        world.call(e -> e.deregisterTargets(r -> r.targetGroupArn(group.targetGroupArn())
                .targets(t -> t.id("127.0.0.1").port(server.getAddress().getPort()))));
        assertThat(slow.get().statusCode()).isEqualTo(502);
        release.countDown();
        site.until(() -> world.call(e -> e.describeTargetHealth(r -> r.targetGroupArn(group.targetGroupArn()))).targetHealthDescriptions().isEmpty());
    }

    private Rule rule(Listener listener, int priority, String path, Action action) {
        return world.call(e -> e.createRule(r -> r.listenerArn(listener.listenerArn()).priority(priority)
                .conditions(c -> c.field("path-pattern").values(path)).actions(action)))
                .rules().getFirst();
    }
}
