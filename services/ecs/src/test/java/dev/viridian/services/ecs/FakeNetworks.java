package dev.viridian.services.ecs;

import dev.viridian.aws.AwsErrors;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsResponse;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.Subnet;

/// One subnet, `subnet-1`, and one security group, `sg-1`.
final class FakeNetworks implements Ec2Client {
    private final String cidr;

    FakeNetworks(String cidr) {
        this.cidr = cidr;
    }

    @Override
    public DescribeSubnetsResponse describeSubnets(DescribeSubnetsRequest request) {
        String asked = request.subnetIds().getFirst();
        if (!asked.equals("subnet-1")) {
            throw AwsErrors.of(Ec2Exception.builder(), "InvalidSubnetID.NotFound", 400, "The subnet ID '" + asked + "' does not exist");
        }
        return DescribeSubnetsResponse.builder()
                .subnets(Subnet.builder().subnetId("subnet-1").vpcId("vpc-1").cidrBlock(cidr).availabilityZone("us-east-1a").build()).build();
    }

    @Override
    public DescribeSecurityGroupsResponse describeSecurityGroups(DescribeSecurityGroupsRequest request) {
        String asked = request.groupIds().getFirst();
        if (!asked.equals("sg-1")) {
            throw AwsErrors.of(Ec2Exception.builder(), "InvalidGroup.NotFound", 400, "The security group '" + asked + "' does not exist");
        }
        return DescribeSecurityGroupsResponse.builder().securityGroups(SecurityGroup.builder().groupId("sg-1").build()).build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
    }
}
