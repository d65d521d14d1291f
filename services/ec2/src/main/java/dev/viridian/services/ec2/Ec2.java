package dev.viridian.services.ec2;

import dev.viridian.aws.shapes.Shape;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.Time;
import java.util.List;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.*;

/// Amazon EC2's network of this process. See the package for what differs from AWS.
public final class Ec2 implements Ec2Client {
    private final Network network;
    private final Vpcs vpcs;
    private final Subnets subnets;
    private final SecurityGroups groups;
    private final RouteTables routeTables;
    private final Gateways gateways;
    private final Tagging tagging;
    private final Places places;
    private final InterfaceList interfaces;
    private final InstanceList instances;

    public Ec2(Store store, Time time) {
        this(store, time, NetworkInterfaces.NONE, Instances.NONE);
    }

    /// @param interfaces what hangs on the network: subnets and security groups in use there cannot be deleted
    /// @param instances the machines there are; nobody can launch one
    public Ec2(Store store, Time time, NetworkInterfaces interfaces, Instances instances) {
        this.network = new Network(store, interfaces);
        this.vpcs = new Vpcs(network);
        this.subnets = new Subnets(network);
        this.groups = new SecurityGroups(network);
        this.routeTables = new RouteTables(network);
        this.gateways = new Gateways(network, time);
        this.tagging = new Tagging(network);
        this.places = new Places(network);
        this.interfaces = new InterfaceList(interfaces);
        this.instances = new InstanceList(instances);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // the store belongs to the assembly
    }

    /// A dry run asks whether one may; who gets this far, may.
    private static void refuseDryRun(SdkPojo request) {
        Shape.of(request.getClass()).member("DryRun").map(member -> member.get(request)).filter(Boolean.TRUE::equals).ifPresent(_ -> {
            throw Ec2Errors.dryRun();
        });
    }

    // VPCs

    @Override
    public CreateVpcResponse createVpc(CreateVpcRequest request) {
        refuseDryRun(request);
        return CreateVpcResponse.builder().vpc(vpcs.create(request)).build();
    }

    @Override
    public CreateDefaultVpcResponse createDefaultVpc(CreateDefaultVpcRequest request) {
        refuseDryRun(request);
        return CreateDefaultVpcResponse.builder().vpc(vpcs.createDefault(network.home)).build();
    }

    @Override
    public DescribeVpcsResponse describeVpcs(DescribeVpcsRequest request) {
        refuseDryRun(request);
        return vpcs.describe(request);
    }

    @Override
    public DeleteVpcResponse deleteVpc(DeleteVpcRequest request) {
        refuseDryRun(request);
        vpcs.delete(request.vpcId());
        return DeleteVpcResponse.builder().build();
    }

    @Override
    public ModifyVpcAttributeResponse modifyVpcAttribute(ModifyVpcAttributeRequest request) {
        refuseDryRun(request);
        vpcs.modify(request);
        return ModifyVpcAttributeResponse.builder().build();
    }

    @Override
    public DescribeVpcAttributeResponse describeVpcAttribute(DescribeVpcAttributeRequest request) {
        refuseDryRun(request);
        return vpcs.attribute(request);
    }

    // subnets

    @Override
    public CreateSubnetResponse createSubnet(CreateSubnetRequest request) {
        refuseDryRun(request);
        return CreateSubnetResponse.builder().subnet(subnets.create(request)).build();
    }

    @Override
    public DescribeSubnetsResponse describeSubnets(DescribeSubnetsRequest request) {
        refuseDryRun(request);
        return subnets.describe(request);
    }

    @Override
    public DeleteSubnetResponse deleteSubnet(DeleteSubnetRequest request) {
        refuseDryRun(request);
        subnets.delete(request.subnetId());
        return DeleteSubnetResponse.builder().build();
    }

    @Override
    public ModifySubnetAttributeResponse modifySubnetAttribute(ModifySubnetAttributeRequest request) {
        refuseDryRun(request);
        subnets.modify(request);
        return ModifySubnetAttributeResponse.builder().build();
    }

    // security groups

    @Override
    public CreateSecurityGroupResponse createSecurityGroup(CreateSecurityGroupRequest request) {
        refuseDryRun(request);
        return groups.create(request);
    }

    @Override
    public DescribeSecurityGroupsResponse describeSecurityGroups(DescribeSecurityGroupsRequest request) {
        refuseDryRun(request);
        return groups.describe(request);
    }

    @Override
    public DescribeSecurityGroupRulesResponse describeSecurityGroupRules(DescribeSecurityGroupRulesRequest request) {
        refuseDryRun(request);
        return groups.rules(request);
    }

    @Override
    public DeleteSecurityGroupResponse deleteSecurityGroup(DeleteSecurityGroupRequest request) {
        refuseDryRun(request);
        String id = groups.get(request.groupId(), request.groupName()).id();
        groups.delete(id, null);
        return DeleteSecurityGroupResponse.builder().returnValue(true).groupId(id).build();
    }

    @Override
    public AuthorizeSecurityGroupIngressResponse authorizeSecurityGroupIngress(AuthorizeSecurityGroupIngressRequest request) {
        refuseDryRun(request);
        Row.OfGroup group = groups.get(request.groupId(), request.groupName());
        List<IpPermission> wished = SecurityGroups.flat(request.ipPermissions(), request.ipProtocol(), request.fromPort(), request.toPort(),
                request.cidrIp(), request.sourceSecurityGroupName());
        List<SecurityGroupRule> added = groups.authorize(group, false, wished, Tagging.of(request.tagSpecifications(), "security-group-rule"));
        return AuthorizeSecurityGroupIngressResponse.builder().returnValue(true).securityGroupRules(added).build();
    }

    @Override
    public RevokeSecurityGroupIngressResponse revokeSecurityGroupIngress(RevokeSecurityGroupIngressRequest request) {
        refuseDryRun(request);
        Row.OfGroup group = groups.get(request.groupId(), request.groupName());
        List<IpPermission> wished = SecurityGroups.flat(request.ipPermissions(), request.ipProtocol(), request.fromPort(), request.toPort(),
                request.cidrIp(), request.sourceSecurityGroupName());
        List<SecurityGroupRule> gone = groups.revoke(group, false, wished, request.securityGroupRuleIds());
        return RevokeSecurityGroupIngressResponse.builder().returnValue(true).revokedSecurityGroupRules(gone.stream().map(Ec2::revoked).toList())
                .build();
    }

    @Override
    public AuthorizeSecurityGroupEgressResponse authorizeSecurityGroupEgress(AuthorizeSecurityGroupEgressRequest request) {
        refuseDryRun(request);
        Row.OfGroup group = groups.get(request.groupId(), null);
        List<IpPermission> wished = SecurityGroups.flat(request.ipPermissions(), request.ipProtocol(), request.fromPort(), request.toPort(),
                request.cidrIp(), request.sourceSecurityGroupName());
        List<SecurityGroupRule> added = groups.authorize(group, true, wished, Tagging.of(request.tagSpecifications(), "security-group-rule"));
        return AuthorizeSecurityGroupEgressResponse.builder().returnValue(true).securityGroupRules(added).build();
    }

    @Override
    public RevokeSecurityGroupEgressResponse revokeSecurityGroupEgress(RevokeSecurityGroupEgressRequest request) {
        refuseDryRun(request);
        Row.OfGroup group = groups.get(request.groupId(), null);
        List<IpPermission> wished = SecurityGroups.flat(request.ipPermissions(), request.ipProtocol(), request.fromPort(), request.toPort(),
                request.cidrIp(), request.sourceSecurityGroupName());
        List<SecurityGroupRule> gone = groups.revoke(group, true, wished, request.securityGroupRuleIds());
        return RevokeSecurityGroupEgressResponse.builder().returnValue(true).revokedSecurityGroupRules(gone.stream().map(Ec2::revoked).toList())
                .build();
    }

    private static RevokedSecurityGroupRule revoked(SecurityGroupRule rule) {
        return RevokedSecurityGroupRule.builder().securityGroupRuleId(rule.securityGroupRuleId()).groupId(rule.groupId()).isEgress(rule.isEgress())
                .ipProtocol(rule.ipProtocol()).fromPort(rule.fromPort()).toPort(rule.toPort()).cidrIpv4(rule.cidrIpv4()).cidrIpv6(rule.cidrIpv6())
                .prefixListId(rule.prefixListId()).referencedGroupId(rule.referencedGroupInfo() == null ? null : rule.referencedGroupInfo().groupId())
                .description(rule.description()).build();
    }

    // route tables

    @Override
    public CreateRouteTableResponse createRouteTable(CreateRouteTableRequest request) {
        refuseDryRun(request);
        return CreateRouteTableResponse.builder().routeTable(routeTables.create(request)).build();
    }

    @Override
    public DescribeRouteTablesResponse describeRouteTables(DescribeRouteTablesRequest request) {
        refuseDryRun(request);
        return routeTables.describe(request);
    }

    @Override
    public DeleteRouteTableResponse deleteRouteTable(DeleteRouteTableRequest request) {
        refuseDryRun(request);
        routeTables.delete(request.routeTableId());
        return DeleteRouteTableResponse.builder().build();
    }

    @Override
    public CreateRouteResponse createRoute(CreateRouteRequest request) {
        refuseDryRun(request);
        routeTables.route(request);
        return CreateRouteResponse.builder().returnValue(true).build();
    }

    @Override
    public ReplaceRouteResponse replaceRoute(ReplaceRouteRequest request) {
        refuseDryRun(request);
        routeTables.replace(request);
        return ReplaceRouteResponse.builder().build();
    }

    @Override
    public DeleteRouteResponse deleteRoute(DeleteRouteRequest request) {
        refuseDryRun(request);
        routeTables.unroute(request.routeTableId(), request.destinationCidrBlock());
        return DeleteRouteResponse.builder().build();
    }

    @Override
    public AssociateRouteTableResponse associateRouteTable(AssociateRouteTableRequest request) {
        refuseDryRun(request);
        return AssociateRouteTableResponse.builder().associationId(routeTables.associate(request)).associationState(s -> s.state("associated"))
                .build();
    }

    @Override
    public DisassociateRouteTableResponse disassociateRouteTable(DisassociateRouteTableRequest request) {
        refuseDryRun(request);
        routeTables.disassociate(request.associationId());
        return DisassociateRouteTableResponse.builder().build();
    }

    @Override
    public ReplaceRouteTableAssociationResponse replaceRouteTableAssociation(ReplaceRouteTableAssociationRequest request) {
        refuseDryRun(request);
        String id = routeTables.reassociate(request.associationId(), request.routeTableId());
        return ReplaceRouteTableAssociationResponse.builder().newAssociationId(id).associationState(s -> s.state("associated")).build();
    }

    // gateways and addresses

    @Override
    public CreateInternetGatewayResponse createInternetGateway(CreateInternetGatewayRequest request) {
        refuseDryRun(request);
        return CreateInternetGatewayResponse.builder().internetGateway(gateways.create(request)).build();
    }

    @Override
    public DescribeInternetGatewaysResponse describeInternetGateways(DescribeInternetGatewaysRequest request) {
        refuseDryRun(request);
        return gateways.describe(request);
    }

    @Override
    public AttachInternetGatewayResponse attachInternetGateway(AttachInternetGatewayRequest request) {
        refuseDryRun(request);
        gateways.attach(request.internetGatewayId(), request.vpcId());
        return AttachInternetGatewayResponse.builder().build();
    }

    @Override
    public DetachInternetGatewayResponse detachInternetGateway(DetachInternetGatewayRequest request) {
        refuseDryRun(request);
        gateways.detach(request.internetGatewayId(), request.vpcId());
        return DetachInternetGatewayResponse.builder().build();
    }

    @Override
    public DeleteInternetGatewayResponse deleteInternetGateway(DeleteInternetGatewayRequest request) {
        refuseDryRun(request);
        gateways.deleteInternet(request.internetGatewayId());
        return DeleteInternetGatewayResponse.builder().build();
    }

    @Override
    public CreateNatGatewayResponse createNatGateway(CreateNatGatewayRequest request) {
        refuseDryRun(request);
        return CreateNatGatewayResponse.builder().natGateway(gateways.create(request)).build();
    }

    @Override
    public DescribeNatGatewaysResponse describeNatGateways(DescribeNatGatewaysRequest request) {
        refuseDryRun(request);
        return gateways.describe(request);
    }

    @Override
    public DeleteNatGatewayResponse deleteNatGateway(DeleteNatGatewayRequest request) {
        refuseDryRun(request);
        gateways.deleteNat(request.natGatewayId());
        return DeleteNatGatewayResponse.builder().natGatewayId(request.natGatewayId()).build();
    }

    @Override
    public AllocateAddressResponse allocateAddress(AllocateAddressRequest request) {
        refuseDryRun(request);
        Address address = gateways.allocate(request);
        return AllocateAddressResponse.builder().allocationId(address.allocationId()).publicIp(address.publicIp()).domain(address.domain())
                .publicIpv4Pool(address.publicIpv4Pool()).networkBorderGroup(address.networkBorderGroup()).build();
    }

    @Override
    public DescribeAddressesResponse describeAddresses(DescribeAddressesRequest request) {
        refuseDryRun(request);
        return DescribeAddressesResponse.builder().addresses(gateways.describe(request)).build();
    }

    @Override
    public ReleaseAddressResponse releaseAddress(ReleaseAddressRequest request) {
        refuseDryRun(request);
        gateways.release(request.allocationId());
        return ReleaseAddressResponse.builder().build();
    }

    // tags

    @Override
    public CreateTagsResponse createTags(CreateTagsRequest request) {
        refuseDryRun(request);
        tagging.create(request);
        return CreateTagsResponse.builder().build();
    }

    @Override
    public DeleteTagsResponse deleteTags(DeleteTagsRequest request) {
        refuseDryRun(request);
        tagging.delete(request);
        return DeleteTagsResponse.builder().build();
    }

    @Override
    public DescribeTagsResponse describeTags(DescribeTagsRequest request) {
        refuseDryRun(request);
        return tagging.describe(request);
    }

    // places

    @Override
    public DescribeAvailabilityZonesResponse describeAvailabilityZones(DescribeAvailabilityZonesRequest request) {
        refuseDryRun(request);
        return DescribeAvailabilityZonesResponse.builder().availabilityZones(places.zones(request)).build();
    }

    @Override
    public DescribeRegionsResponse describeRegions(DescribeRegionsRequest request) {
        refuseDryRun(request);
        return DescribeRegionsResponse.builder().regions(places.regions(request)).build();
    }

    @Override
    public DescribeAccountAttributesResponse describeAccountAttributes(DescribeAccountAttributesRequest request) {
        refuseDryRun(request);
        return DescribeAccountAttributesResponse.builder().accountAttributes(places.attributes(request)).build();
    }

    // what hangs on the network, and what there is none of

    @Override
    public DescribeNetworkInterfacesResponse describeNetworkInterfaces(DescribeNetworkInterfacesRequest request) {
        refuseDryRun(request);
        return interfaces.describe(request);
    }

    @Override
    public DescribeInstancesResponse describeInstances(DescribeInstancesRequest request) {
        refuseDryRun(request);
        return instances.describe(request);
    }

    /// CDK asks for these when it looks a VPC up.
    @Override
    public DescribeVpnGatewaysResponse describeVpnGateways(DescribeVpnGatewaysRequest request) {
        refuseDryRun(request);
        request.vpnGatewayIds().stream().findFirst().ifPresent(id -> {
            throw Ec2Errors.of("InvalidVpnGatewayID.NotFound", "The vpnGateway ID '" + id + "' does not exist");
        });
        return DescribeVpnGatewaysResponse.builder().vpnGateways(List.of()).build();
    }

    @Override
    public DescribeVpcEndpointsResponse describeVpcEndpoints(DescribeVpcEndpointsRequest request) {
        refuseDryRun(request);
        request.vpcEndpointIds().stream().findFirst().ifPresent(id -> {
            throw Ec2Errors.of("InvalidVpcEndpointId.NotFound", "The Vpc Endpoint Id '" + id + "' does not exist");
        });
        return DescribeVpcEndpointsResponse.builder().vpcEndpoints(List.of()).build();
    }
}
