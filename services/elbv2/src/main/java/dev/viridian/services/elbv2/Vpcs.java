package dev.viridian.services.elbv2;

import dev.viridian.aws.Caller;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.InvalidSecurityGroupException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.InvalidTargetException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SubnetNotFoundException;

/// What a load balancer must know of the network it stands in, asked of EC2 on behalf of the service itself.
final class Vpcs {
    private final Ec2Client ec2;
    private final String instanceAddress;

    Vpcs(Ec2Client ec2, String instanceAddress) {
        this.ec2 = ec2;
        this.instanceAddress = instanceAddress;
    }

    List<Subnet> subnets(List<String> ids) {
        return ids.stream().map(this::subnet).toList();
    }

    private Subnet subnet(String id) {
        List<Subnet> none = List.of();
        return orElse(() -> ec2.describeSubnets(r -> r.subnetIds(id)).subnets(), none).stream().filter(subnet -> subnet.subnetId().equals(id))
                .findFirst()
                .orElseThrow(() -> SubnetNotFoundException.builder().message("The subnet ID '" + id + "' does not exist").build());
    }

    void checkVpc(String id) {
        boolean known = orElse(() -> ec2.describeVpcs(r -> r.vpcIds(id)).vpcs().stream().anyMatch(vpc -> vpc.vpcId().equals(id)), false);
        Refusals.require(known, "The VPC ID '" + id + "' is not found");
    }

    void checkSecurityGroups(List<String> ids, String vpc) {
        List<SecurityGroup> found = orElse(() -> ec2.describeSecurityGroups(r -> r.groupIds(ids)).securityGroups(), List.of());
        if (ids.stream().anyMatch(id -> found.stream().noneMatch(group -> group.groupId().equals(id) && vpc.equals(group.vpcId())))) {
            throw InvalidSecurityGroupException.builder().message("One or more security groups are invalid").build();
        }
    }

    List<String> defaultSecurityGroups(String vpc) {
        List<SecurityGroup> none = List.of();
        return orElse(() -> ec2.describeSecurityGroups(r -> r.filters(f -> f.name("vpc-id").values(vpc), f -> f.name("group-name").values("default")))
                .securityGroups(), none)
                .stream().filter(group -> vpc.equals(group.vpcId())).map(SecurityGroup::groupId).toList();
    }

    /// Where an instance is reached.
    String addressOf(String instance) {
        Optional<Instance> found;
        try {
            found = asService(() -> ec2.describeInstances(r -> r.instanceIds(instance)).reservations()).stream()
                    .flatMap(reservation -> reservation.instances().stream()).findFirst();
        } catch (UnsupportedOperationException e) {
            // This EC2 knows no instances of its own: container instances are this machine.
            return instanceAddress;
        } catch (AwsServiceException e) {
            throw InvalidTargetException.builder().message("The instance IDs '" + instance + "' are not valid").cause(e).build();
        }
        return found.map(Instance::privateIpAddress).orElse(instanceAddress);
    }

    /// EC2 refuses unknown ids as a whole; to us they are simply not there.
    private static <T> T orElse(Supplier<T> question, T none) {
        try {
            return asService(question);
        } catch (AwsServiceException e) {
            String code = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode();
            if (!code.contains("NotFound") && !code.contains("Malformed")) {
                throw e;
            }
            return none;
        }
    }

    private static <T> T asService(Supplier<T> question) {
        Caller caller = Caller.current();
        return Caller.get(Caller.service("elasticloadbalancing.amazonaws.com", caller.account(), caller.region()), question);
    }
}
