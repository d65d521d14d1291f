package dev.viridian.services.ec2;

import static dev.viridian.services.ec2.Ec2World.filter;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.AvailabilityZone;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsResponse;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InternetGateway;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RouteTable;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagDescription;
import software.amazon.awssdk.services.ec2.model.Vpc;

class NetworksTest {
    private final Ec2World world = new Ec2World();
    private final Ec2 ec2 = world.ec2;

    private String vpc(String block) {
        return world.in(() -> ec2.createVpc(b -> b.cidrBlock(block))).vpc().vpcId();
    }

    private String subnet(String vpc, String block) {
        return world.in(() -> ec2.createSubnet(b -> b.vpcId(vpc).cidrBlock(block))).subnet().subnetId();
    }

    @Test
    void a_default_vpc_is_there_from_the_first_look_and_always_the_same() {
        Vpc vpc = world.in(() -> ec2.describeVpcs()).vpcs().getFirst();
        assertThat(vpc.vpcId()).matches("vpc-[0-9a-f]{17}");
        assertThat(vpc.cidrBlock()).isEqualTo("172.31.0.0/16");
        assertThat(vpc.isDefault()).isTrue();
        List<Subnet> subnets = world.in(() -> ec2.describeSubnets(b -> b.filters(filter("vpc-id", vpc.vpcId()), filter("default-for-az", "true"))))
                .subnets();
        assertThat(subnets).extracting(Subnet::availabilityZone).containsExactlyInAnyOrder("us-east-1a", "us-east-1b", "us-east-1c");
        assertThat(subnets).extracting(Subnet::cidrBlock).containsExactlyInAnyOrder("172.31.0.0/20", "172.31.16.0/20", "172.31.32.0/20");
        assertThat(subnets).allSatisfy(s -> assertThat(s.mapPublicIpOnLaunch()).isTrue());
        assertThat(subnets).allSatisfy(s -> assertThat(s.availableIpAddressCount()).isEqualTo(4091));
        assertThat(new Ec2World().defaultVpc()).isEqualTo(vpc.vpcId());
        assertThat(world.as(Ec2World.ACCOUNT, "eu-west-1", () -> ec2.describeVpcs()).vpcs().getFirst().vpcId()).isNotEqualTo(vpc.vpcId());
        assertThat(world.as("444455556666", "us-east-1", () -> ec2.describeVpcs()).vpcs().getFirst().vpcId()).isNotEqualTo(vpc.vpcId());
    }

    @Test
    void the_default_vpc_has_a_way_out_and_a_security_group() {
        String vpc = world.defaultVpc();
        RouteTable table = world.in(() -> ec2.describeRouteTables(b -> b.filters(filter("vpc-id", vpc), filter("association.main", "true"))))
                .routeTables().getFirst();
        InternetGateway gateway = world.in(() -> ec2.describeInternetGateways(b -> b.filters(filter("attachment.vpc-id", vpc)))).internetGateways()
                .getFirst();
        assertThat(table.routes()).extracting(r -> r.destinationCidrBlock() + " " + r.gatewayId())
                .containsExactlyInAnyOrder("172.31.0.0/16 local", "0.0.0.0/0 " + gateway.internetGatewayId());
        assertThat(world.in(() -> ec2.describeSecurityGroups(b -> b.filters(filter("vpc-id", vpc), filter("group-name", "default"))))
                .securityGroups()).hasSize(1);
    }

    @Test
    void a_vpc_comes_with_its_main_route_table_and_default_group() {
        String vpc = vpc("10.0.7.1/16");
        Vpc made = world.in(() -> ec2.describeVpcs(b -> b.vpcIds(vpc))).vpcs().getFirst();
        assertThat(made.cidrBlock()).isEqualTo("10.0.0.0/16");
        assertThat(made.isDefault()).isFalse();
        assertThat(world.in(() -> ec2.describeRouteTables(b -> b.filters(filter("vpc-id", vpc)))).routeTables()).hasSize(1);
        assertThat(world.in(() -> ec2.describeSecurityGroups(b -> b.filters(filter("vpc-id", vpc)))).securityGroups()).hasSize(1);
        world.in(() -> ec2.deleteVpc(b -> b.vpcId(vpc)));
        world.refused("InvalidVpcID.NotFound", () -> ec2.describeVpcs(b -> b.vpcIds(vpc)))
                .hasMessageContaining("The vpc ID '" + vpc + "' does not exist");
        assertThat(world.in(() -> ec2.describeSecurityGroups(b -> b.filters(filter("vpc-id", vpc)))).securityGroups()).isEmpty();
    }

    @Test
    void blocks_must_fit() {
        world.refused("InvalidVpc.Range", () -> ec2.createVpc(b -> b.cidrBlock("10.0.0.0/8")));
        world.refused("InvalidParameterValue", () -> ec2.createVpc(b -> b.cidrBlock("10.0.0.0")));
        String vpc = vpc("10.0.0.0/16");
        subnet(vpc, "10.0.0.0/24");
        world.refused("InvalidSubnet.Conflict", () -> subnet(vpc, "10.0.0.128/25"))
                .hasMessageContaining("The CIDR '10.0.0.128/25' conflicts with another subnet");
        world.refused("InvalidSubnet.Range", () -> subnet(vpc, "10.1.0.0/24"));
        world.refused("InvalidParameterValue", () -> ec2.createSubnet(b -> b.vpcId(vpc).cidrBlock("10.0.1.0/24").availabilityZone("us-east-1z")));
    }

    @Test
    void what_is_in_use_cannot_be_deleted() {
        String vpc = vpc("10.0.0.0/16");
        String subnet = subnet(vpc, "10.0.0.0/24");
        world.refused("DependencyViolation", () -> ec2.deleteVpc(b -> b.vpcId(vpc))).hasMessageContaining("has dependencies and cannot be deleted.");
        world.interfaces.add(NetworkInterface.builder().networkInterfaceId("eni-1").subnetId(subnet)
                .vpcId(vpc).build());
        world.refused("DependencyViolation", () -> ec2.deleteSubnet(b -> b.subnetId(subnet)));
        assertThat(world.in(() -> ec2.describeNetworkInterfaces(b -> b.filters(filter("subnet-id", subnet)))).networkInterfaces()).hasSize(1);
        assertThat(world.in(() -> ec2.describeSubnets(b -> b.subnetIds(subnet))).subnets().getFirst().availableIpAddressCount()).isEqualTo(250);
        world.interfaces.clear();
        world.in(() -> ec2.deleteSubnet(b -> b.subnetId(subnet)));
        world.in(() -> ec2.deleteVpc(b -> b.vpcId(vpc)));
    }

    /// The network of the workshop's stack: public subnets with a way out, private ones behind a NAT gateway.
    @Test
    void the_workshops_network_can_be_built_and_taken_down() {
        String vpc = vpc("10.0.0.0/16");
        world.in(() -> ec2.modifyVpcAttribute(b -> b.vpcId(vpc).enableDnsHostnames(v -> v.value(true))));
        assertThat(world.in(() -> ec2.describeVpcAttribute(b -> b.vpcId(vpc).attribute("enableDnsHostnames"))).enableDnsHostnames().value()).isTrue();
        String open = subnet(vpc, "10.0.0.0/18");
        String closed = subnet(vpc, "10.0.128.0/18");
        String gateway = world.in(() -> ec2.createInternetGateway()).internetGateway().internetGatewayId();
        world.in(() -> ec2.attachInternetGateway(b -> b.internetGatewayId(gateway).vpcId(vpc)));
        world.refused("Resource.AlreadyAssociated", () -> ec2.attachInternetGateway(b -> b.internetGatewayId(gateway).vpcId(vpc)));
        String out = world.in(() -> ec2.createRouteTable(b -> b.vpcId(vpc))).routeTable().routeTableId();
        String association = world.in(() -> ec2.associateRouteTable(b -> b.routeTableId(out).subnetId(open))).associationId();
        world.in(() -> ec2.createRoute(b -> b.routeTableId(out).destinationCidrBlock("0.0.0.0/0").gatewayId(gateway)));
        world.refused("RouteAlreadyExists", () -> ec2.createRoute(b -> b.routeTableId(out).destinationCidrBlock("0.0.0.0/0").gatewayId(gateway)));
        String address = world.in(() -> ec2.allocateAddress(b -> b.domain("vpc"))).allocationId();
        String nat = world.in(() -> ec2.createNatGateway(b -> b.subnetId(open).allocationId(address))).natGateway().natGatewayId();
        assertThat(world.in(() -> ec2.describeNatGateways(b -> b.filter(filter("vpc-id", vpc), filter("state", "available")))).natGateways())
                .hasSize(1);
        world.refused("InvalidIPAddress.InUse", () -> ec2.releaseAddress(b -> b.allocationId(address)));
        String inner = world.in(() -> ec2.createRouteTable(b -> b.vpcId(vpc))).routeTable().routeTableId();
        world.in(() -> ec2.associateRouteTable(b -> b.routeTableId(inner).subnetId(closed)));
        world.in(() -> ec2.createRoute(b -> b.routeTableId(inner).destinationCidrBlock("0.0.0.0/0").natGatewayId(nat)));
        world.refused("DependencyViolation", () -> ec2.deleteRouteTable(b -> b.routeTableId(out)));
        world.in(() -> ec2.deleteNatGateway(b -> b.natGatewayId(nat)));
        world.refused("NatGatewayNotFound", () -> ec2.describeNatGateways(b -> b.natGatewayIds(nat)));
        world.in(() -> ec2.releaseAddress(b -> b.allocationId(address)));
        world.in(() -> ec2.disassociateRouteTable(b -> b.associationId(association)));
        world.in(() -> ec2.deleteRouteTable(b -> b.routeTableId(out)));
        world.in(() -> ec2.deleteSubnet(b -> b.subnetId(open)));
        world.in(() -> ec2.deleteSubnet(b -> b.subnetId(closed)));
        world.in(() -> ec2.deleteRouteTable(b -> b.routeTableId(inner)));
        world.in(() -> ec2.detachInternetGateway(b -> b.internetGatewayId(gateway).vpcId(vpc)));
        world.in(() -> ec2.deleteInternetGateway(b -> b.internetGatewayId(gateway)));
        world.in(() -> ec2.deleteVpc(b -> b.vpcId(vpc)));
    }

    @Test
    void tags_are_put_on_anything_and_found_again() {
        String vpc = world.in(() -> ec2.createVpc(b -> b.cidrBlock("10.0.0.0/16").tagSpecifications(t -> t.resourceType(ResourceType.VPC)
                .tags(Tag.builder().key("Name").value("shop").build())))).vpc().vpcId();
        world.in(() -> ec2.createTags(b -> b.resources(vpc).tags(Tag.builder().key("stage").value("prod").build())));
        assertThat(world.in(() -> ec2.describeVpcs(b -> b.filters(filter("tag:Name", "sh*"), filter("tag-key", "stage")))).vpcs())
                .extracting(Vpc::vpcId).containsExactly(vpc);
        assertThat(world.in(() -> ec2.describeTags(b -> b.filters(filter("resource-id", vpc)))).tags()).extracting(TagDescription::key)
                .containsExactly("Name", "stage");
        world.in(() -> ec2.deleteTags(b -> b.resources(vpc).tags(Tag.builder().key("stage").build())));
        assertThat(world.in(() -> ec2.describeVpcs(b -> b.vpcIds(vpc))).vpcs().getFirst().tags()).extracting(Tag::key).containsExactly("Name");
        world.refused("InvalidVpcID.NotFound", () -> ec2.createTags(b -> b.resources("vpc-0123").tags(Tag.builder().key("a").value("b").build())));
        world.refused("InvalidParameterValue", () -> ec2.createTags(b -> b.resources(vpc).tags(Tag.builder().key("aws:x").value("b").build())));
    }

    @Test
    void an_unknown_filter_is_refused_and_pages_fit_together() {
        world.refused("InvalidParameterValue", () -> ec2.describeVpcs(b -> b.filters(filter("colour", "green"))))
                .hasMessageContaining("The filter 'colour' is invalid");
        DescribeSubnetsResponse first = world.in(() -> ec2.describeSubnets(b -> b.maxResults(2)));
        DescribeSubnetsResponse second = world.in(() -> ec2.describeSubnets(b -> b.maxResults(2).nextToken(first.nextToken())));
        assertThat(first.subnets()).hasSize(2).doesNotContainAnyElementsOf(second.subnets());
        assertThat(second.subnets()).hasSize(1);
        assertThat(second.nextToken()).isNull();
    }

    @Test
    void zones_and_regions_have_their_names() {
        assertThat(world.in(() -> ec2.describeAvailabilityZones()).availabilityZones()).extracting(AvailabilityZone::zoneId)
                .containsExactly("use1-az1", "use1-az2", "use1-az3");
        assertThat(world.as(Ec2World.ACCOUNT, "ap-northeast-2", () -> ec2.describeAvailabilityZones()).availabilityZones())
                .extracting(AvailabilityZone::zoneId)
                .containsExactly("apne2-az1", "apne2-az2", "apne2-az3");
        assertThat(world.in(() -> ec2.describeRegions(b -> b.regionNames("eu-west-1"))).regions()).singleElement()
                .satisfies(r -> assertThat(r.endpoint()).isEqualTo("ec2.eu-west-1.amazonaws.com"));
    }

    @Test
    void a_deleted_default_vpc_stays_away_until_it_is_made_again() {
        String vpc = world.defaultVpc();
        world.in(() -> ec2.describeSubnets()).subnets().forEach(s -> world.in(() -> ec2.deleteSubnet(b -> b.subnetId(s.subnetId()))));
        String gateway = world.in(() -> ec2.describeInternetGateways()).internetGateways().getFirst().internetGatewayId();
        world.in(() -> ec2.detachInternetGateway(b -> b.internetGatewayId(gateway).vpcId(vpc)));
        world.in(() -> ec2.deleteVpc(b -> b.vpcId(vpc)));
        assertThat(world.in(() -> ec2.describeVpcs()).vpcs()).isEmpty();
        world.refused("VPCIdNotSpecified", () -> ec2.createSecurityGroup(b -> b.groupName("g").description("d")));
        assertThat(world.in(() -> ec2.createDefaultVpc(b -> {})).vpc().vpcId()).isNotEqualTo(vpc);
        world.refused("DefaultVpcAlreadyExists", () -> ec2.createDefaultVpc(b -> {}));
    }

    @Test
    void instances_that_others_tell_of_are_found_by_id_and_filter() {
        world.instances.add(Instance.builder().instanceId("i-1").vpcId("vpc-a").state(s -> s.name("running")).build());
        world.instances.add(Instance.builder().instanceId("i-2").vpcId("vpc-b").state(s -> s.name("running")).build());
        assertThat(world.in(() -> ec2.describeInstances(b -> b.filters(filter("vpc-id", "vpc-b"), filter("instance-state-name", "running"))))
                .reservations())
                .singleElement().satisfies(r -> assertThat(r.instances()).extracting(Instance::instanceId).containsExactly("i-2"));
        assertThat(world.in(() -> ec2.describeInstances(b -> b.instanceIds("i-1"))).reservations()).hasSize(1);
        world.refused("InvalidInstanceID.NotFound", () -> ec2.describeInstances(b -> b.instanceIds("i-3")));
    }

    @Test
    void a_dry_run_changes_nothing() {
        world.refused("DryRunOperation", () -> ec2.createVpc(b -> b.cidrBlock("10.0.0.0/16").dryRun(true)));
        assertThat(world.in(() -> ec2.describeVpcs()).vpcs()).hasSize(1);
    }
}
