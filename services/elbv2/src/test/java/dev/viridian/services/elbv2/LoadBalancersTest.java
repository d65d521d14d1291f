package dev.viridian.services.elbv2;

import static dev.viridian.services.elbv2.World.forward;
import static dev.viridian.services.elbv2.World.freePort;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.engine.time.VirtualTime;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// Addresses, networks and limits of load balancers.
class LoadBalancersTest {
    private final World world = new World(new VirtualTime(), Runnable::run);

    @AfterEach
    void close() {
        world.close();
    }

    private LoadBalancer create(Consumer<CreateLoadBalancerRequest.Builder> settings) {
        return world.call(e -> e.createLoadBalancer(r -> settings.accept(r.name("dual")))).loadBalancers().getFirst();
    }

    private LoadBalancer described(LoadBalancer balancer) {
        return world.call(e -> e.describeLoadBalancers(r -> r.loadBalancerArns(balancer.loadBalancerArn()))).loadBalancers().getFirst();
    }

    /// Text seen in a report to Terraform (terraform-provider-aws 34135).
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"network, idle_timeout.timeout_seconds, 60", "network, routing.http2.enabled, true", "network, connection_logs.s3.enabled, nonsense",
        "application, dns_record.client_routing_policy, any_availability_zone"})
    void attributes_of_the_other_type_are_known_and_refused(String type, String key, String value) {
        LoadBalancer balancer = create(r -> r.type(type).subnets("subnet-a", "subnet-b"));

        assertThatThrownBy(() -> world.call(e -> e.modifyLoadBalancerAttributes(r -> r.loadBalancerArn(balancer.loadBalancerArn())
                .attributes(a -> a.key(key).value(value))))).isInstanceOf(InvalidConfigurationRequestException.class)
                .hasMessageContaining("Load balancer attribute key '" + key + "' is not supported on load balancers with type '" + type + "'");
    }

    @ParameterizedTest(name = "{0} {1} {2}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
            application | internet-facing | dualstack                     | InvalidSubnet               | subnets with an associated IPv6 CIDR block.
            application | internet-facing | dualstack-without-public-ipv4 | InvalidSubnet               | subnets with an associated IPv6 CIDR block.
            application | internal        | dualstack-without-public-ipv4 | InvalidConfigurationRequest | is not supported for load balancers with scheme 'internal'
            network     | internet-facing | dualstack                     | InvalidSubnet               | subnets with an associated IPv6 CIDR block.
            network     | internet-facing | dualstack-without-public-ipv4 | ElasticLoadBalancingV2      | is not supported on load balancers with type 'network'.
            """)
    void address_types_need_their_subnets(String type, String scheme, String addresses, String kind, String message) {
        assertThatThrownBy(() -> create(r -> r.type(type).scheme(scheme).ipAddressType(addresses).subnets("subnet-a", "subnet-b")))
                .hasMessageContaining(message).satisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(kind + "Exception"));

        LoadBalancer plain = create(r -> r.type(type).scheme(scheme).subnets("subnet-a", "subnet-b"));
        assertThat(plain.ipAddressTypeAsString()).isEqualTo("ipv4");
        assertThatThrownBy(() -> world.call(e -> e.setIpAddressType(r -> r.loadBalancerArn(plain.loadBalancerArn()).ipAddressType(addresses))))
                .hasMessageContaining(message);
        assertThat(described(plain)).isEqualTo(plain);
    }

    @Test
    void subnets_of_both_kinds_of_addresses_may_be_dualstack_until_other_subnets_come() {
        LoadBalancer dual = create(r -> r.ipAddressType("dualstack").subnets("subnet-a6", "subnet-b6"));
        String arn = dual.loadBalancerArn();
        assertThat(dual.ipAddressTypeAsString()).isEqualTo("dualstack");

        assertThatThrownBy(() -> world.call(e -> e.setSubnets(r -> r.loadBalancerArn(arn).subnets("subnet-a", "subnet-b"))))
                .isInstanceOf(InvalidSubnetException.class);
        SetSubnetsResponse moved = world.call(e -> e.setSubnets(r -> r.loadBalancerArn(arn).subnets("subnet-a", "subnet-b").ipAddressType("ipv4")));
        assertThat(moved.ipAddressTypeAsString()).isEqualTo("ipv4");
        assertThat(moved.availabilityZones()).extracting(AvailabilityZone::subnetId).containsExactly("subnet-a", "subnet-b");

        world.call(e -> e.setSubnets(r -> r.loadBalancerArn(arn).subnets("subnet-a6", "subnet-b6")));
        assertThat(world.call(e -> e.setIpAddressType(r -> r.loadBalancerArn(arn).ipAddressType("dualstack-without-public-ipv4")))
                .ipAddressTypeAsString()).isEqualTo("dualstack-without-public-ipv4");
        assertThat(described(dual).ipAddressTypeAsString()).isEqualTo("dualstack-without-public-ipv4");
    }

    @Test
    void addresses_of_pools_are_not_implemented() {
        List<Consumer<CreateLoadBalancerRequest.Builder>> pools = List.of(r -> r.customerOwnedIpv4Pool("pool"),
                r -> r.ipamPools(p -> p.ipv4IpamPoolId("pool")),
                r -> r.enablePrefixForIpv6SourceNat("on"), r -> r.subnets(List.of()).subnetMappings(m -> m.subnetId("subnet-a").allocationId("eip")));

        assertThat(pools).allSatisfy(pool -> assertThatThrownBy(() -> create(r -> pool.accept(r.subnets("subnet-a", "subnet-b"))))
                .isInstanceOf(UnsupportedOperationException.class));
    }

    @Test
    void security_groups_are_those_of_the_network() {
        LoadBalancer balancer = world.balancer("web");
        String arn = balancer.loadBalancerArn();

        assertThat(world.call(e -> e.setSecurityGroups(r -> r.loadBalancerArn(arn).securityGroups("sg-1"))).securityGroupIds())
                .containsExactly("sg-1");
        assertThatThrownBy(() -> world.call(e -> e.setSecurityGroups(r -> r.loadBalancerArn(arn).securityGroups("sg-x"))))
                .isInstanceOf(InvalidSecurityGroupException.class);
        assertThat(described(balancer).securityGroups()).containsExactly("sg-1");
    }

    @Test
    void limits_are_those_that_are_kept() {
        assertThat(world.call(e -> e.describeAccountLimits(r -> r.pageSize(400))).limits()).extracting(limit -> limit.name() + "=" + limit.max())
                .contains("rules-per-application-load-balancer=100", "condition-wildcards-per-alb-rule=6", "condition-values-per-alb-rule=5",
                        "target-groups-per-action-on-application-load-balancer=5", "target-groups-per-application-load-balancer=100",
                        "targets-per-application-load-balancer=1000", "listeners-per-application-load-balancer=50",
                        "certificates-per-application-load-balancer=25", "application-load-balancers=50", "target-groups=3000");
    }

    @Test
    void a_thousand_targets_behind_one_load_balancer_and_no_more() {
        TargetGroup blue = world.group("blue");
        TargetGroup green = world.group("green");
        world.listener(world.balancer("web"), freePort(), forward(blue, 1, green, 0));
        register(blue, 600);

        assertThatThrownBy(() -> register(green, 401)).isInstanceOf(TooManyTargetsException.class);
        register(green, 400);
    }

    private void register(TargetGroup group, int count) {
        world.call(e -> e.registerTargets(r -> r.targetGroupArn(group.targetGroupArn()).targets(IntStream.range(0, count)
                .mapToObj(i -> TargetDescription.builder().id("127.1." + i / 250 + "." + (1 + i % 250)).port(9).build()).toList())));
    }
}
