package dev.viridian.services.ec2;

import dev.viridian.aws.Caller;
import dev.viridian.aws.shapes.Pages;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.model.CreateSubnetRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsResponse;
import software.amazon.awssdk.services.ec2.model.ModifySubnetAttributeRequest;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.SubnetState;
import software.amazon.awssdk.services.ec2.model.Tag;

/// Operations on subnets.
final class Subnets {
    private static final Filters<Subnet> FILTERS = new Filters<>(Subnet::tags).by("subnet-id", Subnet::subnetId).by("subnetId", Subnet::subnetId)
            .by("vpc-id", Subnet::vpcId)
            .by("cidr-block", Subnet::cidrBlock).by("cidr", Subnet::cidrBlock).by("cidrBlock", Subnet::cidrBlock)
            .by("availability-zone", Subnet::availabilityZone)
            .by("availabilityZone", Subnet::availabilityZone).by("availability-zone-id", Subnet::availabilityZoneId)
            .by("default-for-az", Subnet::defaultForAz)
            .by("defaultForAz", Subnet::defaultForAz).by("map-public-ip-on-launch", Subnet::mapPublicIpOnLaunch).by("owner-id", Subnet::ownerId)
            .by("state", Subnet::stateAsString).by("subnet-arn", Subnet::subnetArn).by("available-ip-address-count", Subnet::availableIpAddressCount);

    private final Network network;

    Subnets(Network network) {
        this.network = network;
    }

    static Row.OfSubnet row(String id, String vpc, Cidr block, String zone, boolean isDefault, List<Tag> tags) {
        return new Row.OfSubnet(Subnet.builder().subnetId(id).subnetArn(Vpcs.arn("subnet", id)).vpcId(vpc).cidrBlock(block.toString())
                .availabilityZone(zone)
                .availabilityZoneId(Zones.id(zone)).availableIpAddressCount(block.usable()).defaultForAz(isDefault).mapPublicIpOnLaunch(isDefault)
                .assignIpv6AddressOnCreation(false).ipv6Native(false).enableDns64(false).mapCustomerOwnedIpOnLaunch(false)
                .privateDnsNameOptionsOnLaunch(o -> o.hostnameType("ip-name").enableResourceNameDnsARecord(false)
                .enableResourceNameDnsAAAARecord(false))
                .ownerId(Caller.current().account()).state(SubnetState.AVAILABLE).tags(tags).build());
    }

    Subnet create(CreateSubnetRequest request) {
        Row.OfVpc vpc = network.vpcs.get(request.vpcId());
        if (request.cidrBlock() == null) {
            throw Ec2Errors.missing("cidrBlock");
        }
        Cidr block = Cidr.parse(request.cidrBlock())
                .orElseThrow(() -> Ec2Errors.invalidValue("Value (" + request.cidrBlock()
                + ") for parameter cidrBlock is invalid. This is not a valid CIDR block."));
        if (block.bits() > 28 || Cidr.parse(vpc.vpc().cidrBlock()).filter(whole -> whole.contains(block)).isEmpty()) {
            throw Ec2Errors.of("InvalidSubnet.Range", "The CIDR '" + request.cidrBlock() + "' is invalid.");
        }
        String zone = zone(request);
        List<Tag> tags = Tagging.of(request.tagSpecifications(), "subnet");
        return network.store.transact(() -> {
            boolean taken = network.subnetsOf(vpc.id()).stream().map(row -> Cidr.parse(row.subnet().cidrBlock())).flatMap(Optional::stream)
                    .anyMatch(block::overlaps);
            if (taken) {
                throw Ec2Errors.of("InvalidSubnet.Conflict", "The CIDR '" + request.cidrBlock() + "' conflicts with another subnet");
            }
            Row.OfSubnet row = row(network.subnets.newId(), vpc.id(), block, zone, false, tags);
            network.subnets.put(row);
            return row.subnet();
        });
    }

    private static String zone(CreateSubnetRequest request) {
        List<String> zones = Zones.of(Caller.current().region());
        if (request.availabilityZoneId() != null) {
            return zones.stream().filter(zone -> Zones.id(zone).equals(request.availabilityZoneId())).findFirst()
                    .orElseThrow(() -> Ec2Errors.invalidValue("Value (" + request.availabilityZoneId()
                    + ") for parameter availabilityZoneId is invalid."));
        }
        String wished = request.availabilityZone();
        if (wished != null && !zones.contains(wished)) {
            throw Ec2Errors.invalidValue("Value (" + wished
                    + ") for parameter availabilityZone is invalid. Subnets can currently only be created in the "
                    + "following availability zones: " + String.join(", ", zones) + ".");
        }
        return wished == null ? zones.getFirst() : wished;
    }

    DescribeSubnetsResponse describe(DescribeSubnetsRequest request) {
        List<Subnet> found = FILTERS.apply(Paging.named(network.subnets, request.subnetIds()).stream().map(this::view).toList(), request.filters());
        Pages.Page<Subnet> page = Paging.of(found, Subnet::subnetId, request.nextToken(), request.maxResults());
        return DescribeSubnetsResponse.builder().subnets(page.items()).nextToken(page.nextToken()).build();
    }

    /// With the addresses counted that are in use now.
    private Subnet view(Row.OfSubnet row) {
        long used = network.interfaces.list().stream().filter(i -> row.id().equals(i.subnetId())).count();
        return row.subnet().toBuilder().availableIpAddressCount((int) Math.max(0, row.subnet().availableIpAddressCount() - used)).build();
    }

    void modify(ModifySubnetAttributeRequest request) {
        boolean unsupported = Vpcs.value(request.assignIpv6AddressOnCreation(), false) || Vpcs.value(request.enableDns64(), false);
        if (unsupported) {
            throw Ec2Errors.of("UnsupportedOperation", "IPv6 is not implemented here.");
        }
        network.store.transact(() -> network.subnets.change(request.subnetId(), row -> new Row.OfSubnet(row.subnet().toBuilder()
                .mapPublicIpOnLaunch(Vpcs.value(request.mapPublicIpOnLaunch(), row.subnet().mapPublicIpOnLaunch())).build())));
    }

    void delete(String id) {
        network.store.transact(() -> {
            network.subnets.get(id);
            boolean used = network.natGateways.list().stream().anyMatch(row -> id.equals(row.gateway().subnetId()))
                    || network.interfaces.list().stream().anyMatch(i -> id.equals(i.subnetId()));
            if (used) {
                throw Ec2Errors.dependency("The subnet '" + id + "' has dependencies and cannot be deleted.");
            }
            network.routeTables.list().forEach(table -> RouteTables.forgetSubnet(network.routeTables, table, id));
            network.subnets.delete(id);
        });
    }
}
