package dev.viridian.services.elbv2;

import dev.viridian.aws.AwsErrors;
import java.util.List;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.*;

/// One VPC with a subnet in each of two zones and a second one in the first, two that have IPv6 addresses too, and a security group.
final class FixedNetwork implements Ec2Client {
    static final String VPC = "vpc-1";
    private static final List<Subnet> SUBNETS = List.of(subnet("subnet-a", "us-east-1a"), subnet("subnet-b", "us-east-1b"),
            subnet("subnet-a2", "us-east-1a"), dual("subnet-a6", "us-east-1a"), dual("subnet-b6", "us-east-1b"));
    private static final List<SecurityGroup> GROUPS = List.of(SecurityGroup.builder().groupId("sg-1").groupName("default").vpcId(VPC).build());

    private static Subnet subnet(String id, String zone) {
        return Subnet.builder().subnetId(id).availabilityZone(zone).vpcId(VPC).build();
    }

    private static Subnet dual(String id, String zone) {
        return subnet(id, zone).copy(b -> b.ipv6CidrBlockAssociationSet(block -> block.ipv6CidrBlock("2001:db8::/64")));
    }

    @Override
    public DescribeSubnetsResponse describeSubnets(DescribeSubnetsRequest request) {
        refuseUnknown(request.subnetIds(), SUBNETS.stream().map(Subnet::subnetId).toList(), "InvalidSubnetID.NotFound");
        return DescribeSubnetsResponse.builder().subnets(SUBNETS.stream().filter(subnet -> request.subnetIds().contains(subnet.subnetId())).toList())
                .build();
    }

    @Override
    public DescribeVpcsResponse describeVpcs(DescribeVpcsRequest request) {
        refuseUnknown(request.vpcIds(), List.of(VPC), "InvalidVpcID.NotFound");
        return DescribeVpcsResponse.builder().vpcs(Vpc.builder().vpcId(VPC).build()).build();
    }

    @Override
    public DescribeSecurityGroupsResponse describeSecurityGroups(DescribeSecurityGroupsRequest request) {
        refuseUnknown(request.groupIds(), List.of("sg-1"), "InvalidGroup.NotFound");
        return DescribeSecurityGroupsResponse.builder().securityGroups(GROUPS).build();
    }

    private static void refuseUnknown(List<String> asked, List<String> known, String code) {
        asked.stream().filter(id -> !known.contains(id)).findFirst().ifPresent(id -> {
            throw AwsErrors.of(Ec2Exception.builder(), code, 400, "The ID '" + id + "' does not exist");
        });
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // holds nothing
    }
}
