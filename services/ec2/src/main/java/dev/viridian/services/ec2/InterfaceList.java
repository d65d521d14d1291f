package dev.viridian.services.ec2;

import dev.viridian.aws.shapes.Pages;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfacesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfacesResponse;
import software.amazon.awssdk.services.ec2.model.GroupIdentifier;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;

/// DescribeNetworkInterfaces.
final class InterfaceList {
    private static final Filters<NetworkInterface> FILTERS = new Filters<>(NetworkInterface::tagSet)
            .by("network-interface-id", NetworkInterface::networkInterfaceId)
            .by("vpc-id", NetworkInterface::vpcId).by("subnet-id", NetworkInterface::subnetId).by("description", NetworkInterface::description)
            .by("private-ip-address", NetworkInterface::privateIpAddress).by("addresses.private-ip-address", NetworkInterface::privateIpAddress)
            .by("status", NetworkInterface::statusAsString).by("interface-type", NetworkInterface::interfaceTypeAsString)
            .by("availability-zone", NetworkInterface::availabilityZone).by("owner-id", NetworkInterface::ownerId)
            .by("requester-id", NetworkInterface::requesterId)
            .byAny("group-id", i -> i.groups().stream().map(GroupIdentifier::groupId))
            .byAny("group-name", i -> i.groups().stream().flatMap(g -> Stream.ofNullable(g.groupName())));

    private final NetworkInterfaces source;

    InterfaceList(NetworkInterfaces source) {
        this.source = source;
    }

    DescribeNetworkInterfacesResponse describe(DescribeNetworkInterfacesRequest request) {
        List<NetworkInterface> all = source.list().stream().sorted(Comparator.comparing(NetworkInterface::networkInterfaceId)).toList();
        request.networkInterfaceIds().stream().filter(id -> all.stream().noneMatch(i -> i.networkInterfaceId().equals(id))).findFirst()
                .ifPresent(id -> {
            throw Ec2Errors.of("InvalidNetworkInterfaceID.NotFound", "The networkInterface ID '" + id + "' does not exist");
        });
        List<NetworkInterface> named = all.stream().filter(i -> request.networkInterfaceIds().isEmpty() || request.networkInterfaceIds()
                .contains(i.networkInterfaceId())).toList();
        Pages.Page<NetworkInterface> page = Paging.of(FILTERS.apply(named, request.filters()), NetworkInterface::networkInterfaceId,
                request.nextToken(), request.maxResults());
        return DescribeNetworkInterfacesResponse.builder().networkInterfaces(page.items()).nextToken(page.nextToken()).build();
    }
}
