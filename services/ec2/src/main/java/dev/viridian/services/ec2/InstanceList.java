package dev.viridian.services.ec2;

import dev.viridian.aws.Caller;
import dev.viridian.aws.shapes.Pages;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.GroupIdentifier;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.Reservation;

/// DescribeInstances: every instance is a reservation of its own.
final class InstanceList {
    private static final Filters<Instance> FILTERS = new Filters<>(Instance::tags).by("instance-id", Instance::instanceId)
            .by("instance-state-name", i -> i.state() == null ? null : i.state().nameAsString()).by("instance-type", Instance::instanceTypeAsString)
            .by("vpc-id", Instance::vpcId).by("network-interface.vpc-id", Instance::vpcId).by("subnet-id", Instance::subnetId)
            .by("private-ip-address", Instance::privateIpAddress).by("private-dns-name", Instance::privateDnsName)
            .by("ip-address", Instance::publicIpAddress).by("dns-name", Instance::publicDnsName).by("image-id", Instance::imageId)
            .by("availability-zone", i -> i.placement() == null ? null : i.placement().availabilityZone())
            .byAny("instance.group-id", i -> i.securityGroups().stream().map(GroupIdentifier::groupId))
            .byAny("instance.group-name", i -> i.securityGroups().stream().flatMap(g -> Stream.ofNullable(g.groupName())));

    private final Instances source;

    InstanceList(Instances source) {
        this.source = source;
    }

    DescribeInstancesResponse describe(DescribeInstancesRequest request) {
        List<Instance> all = source.list().stream().sorted(Comparator.comparing(Instance::instanceId)).toList();
        request.instanceIds().stream().filter(id -> all.stream().noneMatch(i -> i.instanceId().equals(id))).findFirst().ifPresent(id -> {
            throw Ec2Errors.of("InvalidInstanceID.NotFound", "The instance ID '" + id + "' does not exist");
        });
        List<Instance> named = all.stream().filter(i -> request.instanceIds().isEmpty() || request.instanceIds().contains(i.instanceId())).toList();
        Pages.Page<Instance> page = Paging.of(FILTERS.apply(named, request.filters()), Instance::instanceId, request.nextToken(),
                request.maxResults());
        return DescribeInstancesResponse.builder().reservations(page.items().stream().map(InstanceList::alone).toList()).nextToken(page.nextToken())
                .build();
    }

    private static Reservation alone(Instance instance) {
        return Reservation.builder().ownerId(Caller.current().account()).reservationId("r" + instance.instanceId().substring(1)).instances(instance)
                .build();
    }
}
