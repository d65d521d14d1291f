package dev.viridian.services.ec2;

import static dev.viridian.services.ec2.Ec2World.filter;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.GroupIdentifier;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;

class SecurityGroupsTest {
    private final Ec2World world = new Ec2World();
    private final Ec2 ec2 = world.ec2;
    private String group;

    @BeforeEach
    void a_group() {
        group = create("web");
    }

    private String create(String name) {
        return world.in(() -> ec2.createSecurityGroup(b -> b.groupName(name).description("for tests"))).groupId();
    }

    private SecurityGroup get(String id) {
        return world.in(() -> ec2.describeSecurityGroups(b -> b.groupIds(id))).securityGroups().getFirst();
    }

    private List<SecurityGroupRule> open(int port, String cidr) {
        return world.in(() -> ec2.authorizeSecurityGroupIngress(b -> b.groupId(group).ipProtocol("tcp").fromPort(port).toPort(port).cidrIp(cidr)))
                .securityGroupRules();
    }

    @Test
    void a_new_group_lets_everything_out_and_nothing_in() {
        SecurityGroup made = get(group);
        assertThat(made.vpcId()).isEqualTo(world.defaultVpc());
        assertThat(made.ipPermissions()).isEmpty();
        assertThat(made.ipPermissionsEgress()).singleElement().satisfies(p -> {
            assertThat(p.ipProtocol()).isEqualTo("-1");
            assertThat(p.ipRanges()).extracting(IpRange::cidrIp).containsExactly("0.0.0.0/0");
        });
    }

    @Test
    void a_name_is_taken_once_per_vpc() {
        world.refused("InvalidGroup.Duplicate", () -> create("web"))
                .hasMessageContaining("The security group 'web' already exists for VPC '" + world.defaultVpc() + "'");
        world.refused("InvalidParameterValue", () -> create("sg-web"));
        world.refused("InvalidParameterValue", () -> create("default"));
        world.refused("InvalidVpcID.NotFound", () -> ec2.createSecurityGroup(b -> b.groupName("x").description("d").vpcId("vpc-0")));
    }

    @Test
    void a_rule_is_added_once_and_revoked_once() {
        assertThat(open(80, "0.0.0.0/0")).singleElement().satisfies(r -> assertThat(r.securityGroupRuleId()).matches("sgr-[0-9a-f]{17}"));
        world.refused("InvalidPermission.Duplicate", () -> open(80, "0.0.0.0/0"))
                .hasMessageContaining("the specified rule \"peer: 0.0.0.0/0, TCP, from port: 80, to port: 80, ALLOW\" already exists");
        open(80, "10.0.0.7/8");
        assertThat(get(group).ipPermissions()).singleElement()
                .satisfies(p -> assertThat(p.ipRanges()).extracting(IpRange::cidrIp).containsExactly("0.0.0.0/0", "10.0.0.0/8"));
        world.in(() -> ec2.revokeSecurityGroupIngress(b -> b.groupId(group).ipProtocol("tcp").fromPort(80).toPort(80).cidrIp("0.0.0.0/0")));
        world.refused("InvalidPermission.NotFound", () ->
                ec2.revokeSecurityGroupIngress(b -> b.groupId(group).ipProtocol("tcp").fromPort(80).toPort(80).cidrIp("0.0.0.0/0")));
        assertThat(get(group).ipPermissions()).hasSize(1);
    }

    @Test
    void a_rule_is_revoked_by_its_id() {
        String rule = open(80, "0.0.0.0/0").getFirst().securityGroupRuleId();
        assertThat(world.in(() -> ec2.describeSecurityGroupRules(b -> b.filters(filter("group-id", group)))).securityGroupRules()).hasSize(2);
        world.in(() -> ec2.revokeSecurityGroupIngress(b -> b.groupId(group).securityGroupRuleIds(rule)));
        world.refused("InvalidSecurityGroupRuleId.NotFound", () -> ec2.revokeSecurityGroupIngress(b -> b.groupId(group).securityGroupRuleIds(rule)));
    }

    @Test
    void of_several_rules_all_are_added_or_none() {
        IpPermission both = IpPermission.builder().ipProtocol("6").fromPort(8080).toPort(8081)
                .ipRanges(IpRange.builder().cidrIp("10.0.0.0/8").description("office").build(),
                IpRange.builder().cidrIp("10.0.0.0/8").build()).build();
        world.refused("InvalidPermission.Duplicate", () -> ec2.authorizeSecurityGroupIngress(b -> b.groupId(group).ipPermissions(both)));
        assertThat(get(group).ipPermissions()).isEmpty();
    }

    @Test
    void a_rule_must_make_sense() {
        world.refused("InvalidParameterValue", () -> open(80, "10.0.0.0/99")).hasMessageContaining("CIDR block 10.0.0.0/99 is malformed");
        world.refused("InvalidParameterValue", () -> open(70000, "10.0.0.0/8"));
        world.refused("InvalidParameterValue", () ->
                ec2.authorizeSecurityGroupIngress(b -> b.groupId(group).ipProtocol("carrier-pigeon").cidrIp("10.0.0.0/8")));
        world.refused("MissingParameter", () -> ec2.authorizeSecurityGroupIngress(b -> b.groupId(group)));
        world.refused("InvalidGroup.NotFound", () ->
                ec2.authorizeSecurityGroupIngress(b -> b.groupId("sg-0").ipProtocol("tcp").fromPort(1).toPort(1).cidrIp("10.0.0.0/8")))
                .hasMessageContaining("The security group 'sg-0' does not exist");
    }

    @Test
    void a_group_named_by_another_cannot_be_deleted() {
        String tasks = create("tasks");
        world.in(() -> ec2.authorizeSecurityGroupIngress(b -> b.groupId(tasks).ipPermissions(p -> p.ipProtocol("tcp").fromPort(80).toPort(80)
                .userIdGroupPairs(u -> u.groupId(group)))));
        assertThat(get(tasks).ipPermissions().getFirst().userIdGroupPairs().getFirst().groupId()).isEqualTo(group);
        world.refused("DependencyViolation", () -> ec2.deleteSecurityGroup(b -> b.groupId(group)))
                .hasMessageContaining("resource " + group + " has a dependent object");
        world.in(() -> ec2.deleteSecurityGroup(b -> b.groupId(tasks)));
        world.in(() -> ec2.deleteSecurityGroup(b -> b.groupName("web")));
        world.refused("InvalidGroup.NotFound", () -> get(group));
    }

    @Test
    void a_group_in_use_cannot_be_deleted_and_the_default_group_never() {
        world.interfaces.add(NetworkInterface.builder().networkInterfaceId("eni-1").groups(GroupIdentifier.builder().groupId(group).build()).build());
        world.refused("DependencyViolation", () -> ec2.deleteSecurityGroup(b -> b.groupId(group)));
        String byDefault = world.in(() -> ec2.describeSecurityGroups(b -> b.groupNames("default"))).securityGroups().getFirst().groupId();
        world.refused("CannotDelete", () -> ec2.deleteSecurityGroup(b -> b.groupId(byDefault)));
    }

    @Test
    void groups_are_found_by_what_they_allow() {
        open(443, "0.0.0.0/0");
        assertThat(world.in(() -> ec2.describeSecurityGroups(b ->
                b.filters(filter("ip-permission.from-port", "443"), filter("ip-permission.cidr", "0.0.0.0/0")))).securityGroups())
                .extracting(SecurityGroup::groupId).containsExactly(group);
    }
}
