package dev.viridian.services.elbv2;

import static dev.viridian.services.elbv2.World.forward;
import static dev.viridian.services.elbv2.World.freePort;
import static dev.viridian.services.elbv2.World.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// A network load balancer before an application load balancer.
class BalancerTargetsTest {
    private final Site site = new Site();
    private final World world = site.world;
    private final LoadBalancer front = world.call(e -> e.createLoadBalancer(r -> r.name("front").type("network").subnets("subnet-a")))
            .loadBalancers().getFirst();
    private final LoadBalancer web = world.balancer("web");

    @AfterEach
    void close() {
        site.close();
    }

    private TargetGroup group(int port) {
        return group(port, r -> { });
    }

    private TargetGroup group(int port, Consumer<CreateTargetGroupRequest.Builder> more) {
        return world.call(e -> e.createTargetGroup(r -> more.accept(r.name("web").protocol("TCP").port(port).vpcId(FixedNetwork.VPC)
                .targetType("alb")))).targetGroups().getFirst();
    }

    private void register(TargetGroup group, String arn) {
        world.call(e -> e.registerTargets(r -> r.targetGroupArn(group.targetGroupArn()).targets(t -> t.id(arn))));
    }

    private void listen(int port, TargetGroup group) {
        world.call(e -> e.createListener(r -> r.loadBalancerArn(front.loadBalancerArn()).protocol("TCP").port(port).defaultActions(forward(group))));
    }

    @Test
    void its_rules_answer_through_the_network_load_balancer_and_it_is_checked_by_http() throws Exception {
        int inner = freePort();
        world.listener(web, inner, say("by the rules"));
        TargetGroup group = group(inner);
        assertThat(group.healthCheckProtocolAsString()).isEqualTo("HTTP");
        assertThat(group.matcher().httpCode()).isEqualTo("200-399");
        register(group, web.loadBalancerArn());
        int port = freePort();
        listen(port, group);
        site.healthy(group);
        assertThat(site.get(port, "/").body()).isEqualTo("by the rules");
        TargetHealthDescription described = world.call(e -> e.describeTargetHealth(r -> r.targetGroupArn(group.targetGroupArn())))
                .targetHealthDescriptions().getFirst();
        assertThat(described.target().id()).isEqualTo(web.loadBalancerArn());
        assertThat(described.target().port()).isEqualTo(inner);
    }

    @Test
    void it_is_found_where_its_listener_really_is() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            world.listener(web, taken.getLocalPort(), say("on a substitute"));
            TargetGroup group = group(taken.getLocalPort());
            register(group, web.loadBalancerArn());
            int port = freePort();
            listen(port, group);
            site.healthy(group);
            assertThat(site.get(port, "/").body()).isEqualTo("on a substitute");
        }
    }

    @Test
    void where_two_share_a_port_the_name_of_the_network_load_balancer_leads_to_its_own() throws Exception {
        int inner = freePort();
        LoadBalancer second = world.balancer("second");
        world.listener(web, inner, say("first"));
        world.listener(second, inner, say("second"));
        TargetGroup group = group(inner);
        register(group, second.loadBalancerArn());
        int port = freePort();
        listen(port, group);
        site.healthy(group);
        assertThat(Site.getByName(front.dnsName(), port)).isEqualTo("second");
    }

    @Test
    void what_cannot_be_such_a_target_is_refused() {
        int inner = freePort();
        world.listener(web, inner, say("here"));
        TargetGroup group = group(inner);
        assertThatThrownBy(() -> register(group, "127.0.0.1")).isInstanceOf(InvalidTargetException.class);
        assertThatThrownBy(() -> register(group, front.loadBalancerArn())).isInstanceOf(InvalidTargetException.class);
        assertThatThrownBy(() -> register(group, world.balancer("deaf").loadBalancerArn()))
                .hasMessageContaining("the target must have at least one listener that matches the target group port or any specified port overrides");
        register(group, web.loadBalancerArn());
        LoadBalancer another = world.balancer("another");
        world.listener(another, inner, say("there"));
        assertThatThrownBy(() -> register(group, another.loadBalancerArn())).isInstanceOf(TooManyTargetsException.class);
        assertThat(world.call(e -> e.describeTargetHealth(r -> r.targetGroupArn(group.targetGroupArn()))).targetHealthDescriptions()).hasSize(1);
    }

    @Test
    void its_groups_speak_tcp_are_always_checked_and_have_fixed_attributes() {
        assertThatThrownBy(() -> group(80, r -> r.protocol("HTTP"))).hasMessageContaining("must have the protocol 'TCP'");
        assertThatThrownBy(() -> group(80, r -> r.healthCheckProtocol("TCP"))).hasMessageContaining("Health check protocol 'TCP' is not supported");
        assertThatThrownBy(() -> group(80, r -> r.healthCheckEnabled(false))).hasMessageContaining("Health check enabled must be true");
        TargetGroup group = group(80);
        assertThatThrownBy(() -> world.call(e -> e.modifyTargetGroupAttributes(r -> r.targetGroupArn(group.targetGroupArn())
                .attributes(a -> a.key("proxy_protocol_v2.enabled").value("true"))))).isInstanceOf(InvalidConfigurationRequestException.class);
    }

    @Test
    void while_it_is_a_target_neither_it_nor_its_listener_can_be_deleted() {
        int inner = freePort();
        Listener listener = world.listener(web, inner, say("here"));
        TargetGroup group = group(inner);
        register(group, web.loadBalancerArn());
        assertThatThrownBy(() -> world.call(e -> e.deleteLoadBalancer(r -> r.loadBalancerArn(web.loadBalancerArn()))))
                .isInstanceOf(ResourceInUseException.class);
        assertThatThrownBy(() -> world.call(e -> e.deleteListener(r -> r.listenerArn(listener.listenerArn()))))
                .isInstanceOf(ResourceInUseException.class);
        world.call(e -> e.deregisterTargets(r -> r.targetGroupArn(group.targetGroupArn()).targets(t -> t.id(web.loadBalancerArn()))));
        world.call(e -> e.deleteListener(r -> r.listenerArn(listener.listenerArn())));
        world.call(e -> e.deleteLoadBalancer(r -> r.loadBalancerArn(web.loadBalancerArn())));
    }
}
