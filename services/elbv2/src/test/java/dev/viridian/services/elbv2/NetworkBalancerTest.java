package dev.viridian.services.elbv2;

import static dev.viridian.services.elbv2.World.forward;
import static dev.viridian.services.elbv2.World.freePort;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// Network load balancers: connections through the real proxy, and their settings.
class NetworkBalancerTest {
    private final Site site = new Site();
    private final World world = site.world;
    private final LoadBalancer balancer = world.call(e -> e.createLoadBalancer(r -> r.name("net").type("network").subnets("subnet-a")))
            .loadBalancers().getFirst();

    @AfterEach
    void close() {
        site.close();
    }

    private TargetGroup group(String name, String protocol) {
        return world.call(e -> e.createTargetGroup(r -> r.name(name).protocol(protocol).port(80).vpcId(FixedNetwork.VPC).targetType("ip")))
                .targetGroups().getFirst();
    }

    private TargetGroup serving(String name) throws IOException {
        TargetGroup group = group(name, "TCP");
        world.register(group, site.server(name, 200).getAddress().getPort());
        return group;
    }

    private Listener listener(int port, Action action) {
        return world.call(e -> e.createListener(r -> r.loadBalancerArn(balancer.loadBalancerArn()).protocol("TCP").port(port).defaultActions(action)))
                .listeners().getFirst();
    }

    private Map<String, String> set(TargetGroup group, String key, String value) {
        return attributes(world.call(e -> e.modifyTargetGroupAttributes(r -> r.targetGroupArn(group.targetGroupArn())
                .attributes(a -> a.key(key).value(value)))).attributes());
    }

    private Map<String, String> attributes(TargetGroup group) {
        return attributes(world.call(e -> e.describeTargetGroupAttributes(r -> r.targetGroupArn(group.targetGroupArn()))).attributes());
    }

    private static Map<String, String> attributes(List<TargetGroupAttribute> attributes) {
        return attributes.stream().collect(Collectors.toMap(TargetGroupAttribute::key, TargetGroupAttribute::value, (a, b) -> a, TreeMap::new));
    }

    /// One connection for each.
    private static String answer(int port) throws IOException {
        return Site.getByName("any", port);
    }

    @Test
    void weights_divide_connections_and_a_shift_under_load_breaks_none() throws Exception {
        TargetGroup blue = serving("blue");
        TargetGroup green = serving("green");
        int port = freePort();
        Listener listener = listener(port, forward(blue, 100, green, 0));
        site.healthy(blue);
        site.healthy(green);
        AtomicBoolean over = new AtomicBoolean();
        Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
        List<Thread> clients = Stream.generate(() -> Thread.startVirtualThread(() -> {
            while (!over.get()) {
                answers.computeIfAbsent(orFailure(port), key -> new AtomicInteger()).incrementAndGet();
            }
        })).limit(3).toList();
        for (int percent = 20; percent <= 100; percent += 20) {
            int share = percent;
            world.call(e -> e.modifyListener(r -> r.listenerArn(listener.listenerArn()).defaultActions(forward(blue, 100 - share, green, share))));
            int wanted = total(answers) + 20;
            site.until(() -> total(answers) >= wanted);
        }
        over.set(true);
        for (Thread client : clients) {
            client.join();
        }
        assertThat(answers).containsOnlyKeys("blue", "green");
        for (int i = 0; i < 5; i++) {
            assertThat(answer(port)).isEqualTo("green");
        }
    }

    private static String orFailure(int port) {
        try {
            return answer(port);
        } catch (IOException | RuntimeException e) {
            return e.toString();
        }
    }

    private static int total(Map<String, AtomicInteger> answers) {
        return answers.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    @Test
    void groups_of_connections_have_the_attributes_aws_documents_and_say_that_addresses_are_not_preserved() {
        assertThat(attributes(group("raw", "TCP"))).containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                Map.entry("deregistration_delay.timeout_seconds", "300"),
                Map.entry("deregistration_delay.connection_termination.enabled", "false"),
                Map.entry("preserve_client_ip.enabled", "false"),
                Map.entry("proxy_protocol_v2.enabled", "false"),
                Map.entry("stickiness.enabled", "false"),
                Map.entry("stickiness.type", "source_ip"),
                Map.entry("load_balancing.cross_zone.enabled", "use_load_balancer_configuration"),
                Map.entry("target_health_state.unhealthy.connection_termination.enabled", "true"),
                Map.entry("target_health_state.unhealthy.draining_interval_seconds", "0"),
                Map.entry("target_group_health.dns_failover.minimum_healthy_targets.count", "1"),
                Map.entry("target_group_health.dns_failover.minimum_healthy_targets.percentage", "off"),
                Map.entry("target_group_health.unhealthy_state_routing.minimum_healthy_targets.count", "1"),
                Map.entry("target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage", "off")));
    }

    @ParameterizedTest(name = "{0} group, {1} = {2}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
            TCP | stickiness.type    | lb_cookie  | Stickiness type 'lb_cookie' is not supported for target groups with the TCP protocol
            HTTP | stickiness.type   | source_ip  | Stickiness type 'source_ip' is not supported for target groups with the HTTP protocol
            TLS | stickiness.enabled | true       | You cannot enable stickiness on target groups with the TLS protocol
            TCP | target_health_state.unhealthy.draining_interval_seconds | 60 | can be set only while
            """)
    void what_does_not_fit_a_group_is_refused_and_changes_nothing(String protocol, String key, String value, String message) {
        TargetGroup group = group("raw", protocol);
        Map<String, String> before = attributes(group);
        assertThatThrownBy(() -> set(group, key, value)).isInstanceOf(InvalidConfigurationRequestException.class).hasMessageContaining(message);
        assertThat(attributes(group)).isEqualTo(before);
    }

    @ParameterizedTest(name = "{0} group: {1}")
    @CsvSource({"TCP, slow_start.duration_seconds, 30", "HTTP, proxy_protocol_v2.enabled, true"})
    void attributes_of_other_groups_are_not_recognized(String protocol, String key, String value) {
        assertThatThrownBy(() -> set(group("raw", protocol), key, value)).isInstanceOf(ElasticLoadBalancingV2Exception.class)
                .hasMessageContaining("Target group attribute key '" + key + "' is not recognized");
    }

    @Test
    void client_addresses_cannot_be_preserved_and_the_refusal_says_what_can_be_done() {
        TargetGroup group = group("raw", "TCP");
        assertThatThrownBy(() -> set(group, "preserve_client_ip.enabled", "true")).isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("proxy_protocol_v2.enabled");
        assertThat(set(group, "preserve_client_ip.enabled", "false")).containsEntry("preserve_client_ip.enabled", "false");
    }

    @Test
    void a_target_is_told_who_the_client_is_once_proxy_protocol_is_on() throws Exception {
        TargetGroup group = group("raw", "TCP");
        set(group, "proxy_protocol_v2.enabled", "true");
        try (ServerSocket target = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            target.setSoTimeout(10_000);
            world.register(group, target.getLocalPort());
            int port = freePort();
            listener(port, forward(group));
            try (Socket client = new Socket("127.0.0.1", port)) {
                String expected = "0d0a0d0a000d0a515549540a2111" + "0013" + "7f0000017f000001%04x%04x".formatted(client.getLocalPort(), port);
                assertThat(headersAt(target, expected.length() / 2)).contains(expected);
            }
        }
    }

    /// Among the first connections are health checks, which tell of nobody and send no more than that.
    private static List<String> headersAt(ServerSocket target, int length) throws IOException {
        List<String> headers = new java.util.ArrayList<>();
        while (headers.stream().noneMatch(header -> header.length() == 2 * length)) {
            try (Socket accepted = target.accept()) {
                headers.add(HexFormat.of().formatHex(accepted.getInputStream().readNBytes(length)));
            }
        }
        return headers;
    }

    @Test
    void a_client_sticks_to_its_target_by_its_address() throws Exception {
        TargetGroup group = group("raw", "TCP");
        for (String name : List.of("one", "two", "three")) {
            world.register(group, site.server(name, 200).getAddress().getPort());
        }
        set(group, "stickiness.enabled", "true");
        int port = freePort();
        listener(port, forward(group));
        site.until(() -> world.call(e -> e.describeTargetHealth(r -> r.targetGroupArn(group.targetGroupArn()))).targetHealthDescriptions().stream()
                .allMatch(each -> each.targetHealth().state() == TargetHealthStateEnum.HEALTHY));
        String first = answer(port);
        for (int i = 0; i < 8; i++) {
            assertThat(answer(port)).isEqualTo(first);
        }
        set(group, "stickiness.enabled", "false");
        assertThat(Stream.generate(() -> orFailure(port)).limit(6).distinct()).containsExactlyInAnyOrder("one", "two", "three");
    }

    @Test
    void a_health_check_that_becomes_one_of_connections_has_neither_path_nor_codes() {
        TargetGroup group = world.call(e -> e.createTargetGroup(r -> r.name("checked").protocol("TCP").port(80).vpcId(FixedNetwork.VPC)
                .targetType("ip").healthCheckProtocol("HTTP").healthCheckPath("/health").matcher(m -> m.httpCode("200")))).targetGroups().getFirst();
        String arn = group.targetGroupArn();

        assertThatThrownBy(() -> world.call(e -> e.modifyTargetGroup(r -> r.targetGroupArn(arn).healthCheckProtocol("TCP").healthCheckPath("/x"))))
                .hasMessageContaining("Health check path is not supported for TCP health checks");
        TargetGroup connects = world.call(e -> e.modifyTargetGroup(r -> r.targetGroupArn(arn).healthCheckProtocol("TCP"))).targetGroups().getFirst();
        assertThat(connects.healthCheckProtocol()).isEqualTo(ProtocolEnum.TCP);
        assertThat(connects.healthCheckPath()).isNull();
        assertThat(connects.matcher()).isNull();
        TargetGroup asks = world.call(e -> e.modifyTargetGroup(r -> r.targetGroupArn(arn).healthCheckProtocol("HTTP"))).targetGroups().getFirst();
        assertThat(asks.healthCheckPath()).isEqualTo("/");
        assertThat(asks.matcher().httpCode()).isEqualTo("200-399");
    }

    @Test
    void the_idle_timeout_of_a_tcp_listener_can_be_set_and_that_of_a_tls_listener_is_fixed() {
        Listener listener = listener(freePort(), forward(group("raw", "TCP")));
        assertThat(timeout(listener)).isEqualTo("350");
        world.call(e -> e.modifyListenerAttributes(r -> r.listenerArn(listener.listenerArn())
                .attributes(a -> a.key("tcp.idle_timeout.seconds").value("6000"))));
        assertThat(timeout(listener)).isEqualTo("6000");
        assertThatThrownBy(() -> world.call(e -> e.modifyListenerAttributes(r -> r.listenerArn(listener.listenerArn())
                .attributes(a -> a.key("tcp.idle_timeout.seconds").value("59"))))).hasMessageContaining("must be between '60-6000' inclusive");
        assertThat(timeout(listener)).isEqualTo("6000");
    }

    private String timeout(Listener listener) {
        return world.call(e -> e.describeListenerAttributes(r -> r.listenerArn(listener.listenerArn()))).attributes().getFirst().value();
    }

    @Test
    void an_unhealthy_target_loses_its_connections_after_its_grace_and_the_state_says_so() throws Exception {
        AtomicInteger status = new AtomicInteger(200);
        var server = site.server("app", status);
        server.createContext("/check", exchange -> {
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        TargetGroup group = world.call(e -> e.createTargetGroup(r -> r.name("raw").protocol("TCP").port(80).vpcId(FixedNetwork.VPC).targetType("ip")
                .healthCheckProtocol("HTTP").healthCheckPath("/check"))).targetGroups().getFirst();
        world.call(e -> e.modifyTargetGroupAttributes(r -> r.targetGroupArn(group.targetGroupArn()).attributes(
                a -> a.key("target_health_state.unhealthy.connection_termination.enabled").value("false"),
                a -> a.key("target_health_state.unhealthy.draining_interval_seconds").value("300"))));
        world.register(group, server.getAddress().getPort());
        int port = freePort();
        listener(port, forward(group));
        site.healthy(group);
        try (Socket client = new Socket("127.0.0.1", port)) {
            client.setSoTimeout(10_000);
            client.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(client.getInputStream().readNBytes(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
            status.set(500);
            site.until(() -> world.health(group).stateAsString().equals("unhealthy.draining"));
            assertThat(world.health(group).reasonAsString()).isEqualTo("Target.ResponseCodeMismatch");
            site.until(() -> world.health(group).state() == TargetHealthStateEnum.UNHEALTHY);
            assertThatThrownBy(() -> client.getInputStream().readAllBytes()).hasMessageContaining("reset");
        }
    }

    @Test
    void connections_are_reported_by_the_minute_under_the_dimensions_of_nlb() throws Exception {
        TargetGroup group = serving("app");
        int port = freePort();
        int refusing = freePort();
        listener(port, forward(group));
        listener(refusing, forward(group("empty", "TCP")));
        site.healthy(group);
        answer(port);
        answer(port);
        orFailure(refusing);
        site.until(() -> world.metrics.sum("NewFlowCount_TCP", "LoadBalancer") == 3 && world.metrics.sum("TCP_ELB_Reset_Count", "LoadBalancer") == 1);

        assertThat(MetricsRecorder.names(world.metrics.data("NewFlowCount", "LoadBalancer").getFirst()))
                .containsEntry("LoadBalancer", balancer.loadBalancerArn().replaceFirst(".*:loadbalancer/", ""));
        assertThat(world.metrics.sum("NewFlowCount", "AvailabilityZone", "LoadBalancer")).isEqualTo(3);
        assertThat(world.metrics.sum("RejectedFlowCount", "LoadBalancer")).isEqualTo(1);
        assertThat(world.metrics.sum("ProcessedBytes_TCP", "LoadBalancer")).isPositive();
        assertThat(world.metrics.sum("ConsumedLCUs", "LoadBalancer")).isPositive();
        assertThat(world.metrics.data("ActiveFlowCount", "LoadBalancer")).isNotEmpty();
        assertThat(world.metrics.data("TCP_Client_Reset_Count", "LoadBalancer")).isNotEmpty().allMatch(datum -> datum.values().equals(List.of(0.0)));
        assertThat(world.metrics.data("NewFlowCount_TLS", "LoadBalancer")).isEmpty();
        assertThat(world.metrics.data("HealthyHostCount", "TargetGroup", "LoadBalancer")).isNotEmpty()
                .allMatch(datum -> MetricsRecorder.names(datum).get("TargetGroup").equals(group.targetGroupArn().replaceFirst(".*:", "")));
        assertThat(world.metrics.data("RequestCount", "LoadBalancer")).isEmpty();
        assertThat(world.metrics.requests).allMatch(request -> request.namespace().equals("AWS/NetworkELB"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UDP", "TCP_UDP", "QUIC", "TCP_QUIC"})
    void what_is_not_tcp_is_not_there_and_nothing_is_stored(String protocol) {
        assertThatThrownBy(() -> world.call(e -> e.createListener(r -> r.loadBalancerArn(balancer.loadBalancerArn()).protocol(protocol).port(freePort())
                .defaultActions(forward(group("raw", "TCP")))))).isInstanceOf(UnsupportedOperationException.class).hasMessageContaining(protocol)
                .hasMessageContaining("TCP and TLS");
        assertThatThrownBy(() -> group("datagrams", protocol)).isInstanceOf(UnsupportedOperationException.class).hasMessageContaining(protocol);
        assertThat(world.call(e -> e.describeListeners(r -> r.loadBalancerArn(balancer.loadBalancerArn()))).listeners()).isEmpty();
        assertThat(world.call(ElasticLoadBalancingV2::describeTargetGroups).targetGroups()).extracting(TargetGroup::targetGroupName)
                .doesNotContain("datagrams");
    }

    @Test
    void gateways_are_not_there() {
        assertThatThrownBy(() -> world.call(e -> e.createLoadBalancer(r -> r.name("gate").type("gateway").subnets("subnet-a"))))
                .isInstanceOf(UnsupportedOperationException.class).hasMessageContaining("gateway");
        assertThatThrownBy(() -> group("tunnel", "GENEVE")).isInstanceOf(UnsupportedOperationException.class).hasMessageContaining("GENEVE");
    }

    @Test
    void sticking_to_a_group_by_cookie_is_refused_where_there_are_no_cookies() {
        Action sticky = Action.builder().type(ActionTypeEnum.FORWARD).forwardConfig(f -> f.targetGroups(t -> t.targetGroupArn(
                group("raw", "TCP").targetGroupArn())).targetGroupStickinessConfig(s -> s.enabled(true).durationSeconds(60))).build();
        assertThatThrownBy(() -> listener(freePort(), sticky)).isInstanceOf(InvalidConfigurationRequestException.class);
    }
}
