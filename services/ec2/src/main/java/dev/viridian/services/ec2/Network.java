package dev.viridian.services.ec2;

import dev.viridian.engine.store.Store;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The tables of everything EC2 keeps, for its parts to share.
final class Network {
    final Store store;
    final NetworkInterfaces interfaces;
    final Home home;
    final Rows<Row.OfVpc> vpcs;
    final Rows<Row.OfSubnet> subnets;
    final Rows<Row.OfGroup> groups;
    final Rows<Row.OfRouteTable> routeTables;
    final Rows<Row.OfInternetGateway> internetGateways;
    final Rows<Row.OfNatGateway> natGateways;
    final Rows<Row.OfAddress> addresses;

    Network(Store store, NetworkInterfaces interfaces) {
        this.store = store;
        this.interfaces = interfaces;
        this.home = new Home(store, this);
        this.vpcs = new Rows<>(store, home, "vpcs", Row.OfVpc.class, "vpc", "InvalidVpcID.NotFound", id -> "The vpc ID '" + id + "' does not exist");
        this.subnets = new Rows<>(store, home, "subnets", Row.OfSubnet.class, "subnet", "InvalidSubnetID.NotFound",
                id -> "The subnet ID '" + id + "' does not exist");
        this.groups = new Rows<>(store, home, "security-groups", Row.OfGroup.class, "sg", "InvalidGroup.NotFound",
                id -> "The security group '" + id + "' does not exist");
        this.routeTables = new Rows<>(store, home, "route-tables", Row.OfRouteTable.class, "rtb", "InvalidRouteTableID.NotFound",
                id -> "The routeTable ID '" + id + "' does not exist");
        this.internetGateways = new Rows<>(store, home, "internet-gateways", Row.OfInternetGateway.class, "igw", "InvalidInternetGatewayID.NotFound",
                id -> "The internetGateway ID '" + id + "' does not exist");
        this.natGateways = new Rows<>(store, home, "nat-gateways", Row.OfNatGateway.class, "nat", "NatGatewayNotFound",
                id -> "The Nat Gateway " + id + " was not found");
        this.addresses = new Rows<>(store, home, "addresses", Row.OfAddress.class, "eipalloc", "InvalidAllocationID.NotFound",
                id -> "The allocation ID '" + id + "' does not exist");
    }

    /// Every kind, for what does not care which (tags).
    List<Rows<? extends Row>> kinds() {
        return List.of(vpcs, subnets, groups, routeTables, internetGateways, natGateways, addresses);
    }

    Optional<Row.OfVpc> defaultVpc() {
        return vpcs.list().stream().filter(row -> row.vpc().isDefault()).findFirst();
    }

    /// The VPC somebody named, or the default one.
    Row.OfVpc vpcOrDefault(@Nullable String id) {
        return id != null ? vpcs.get(id) : defaultVpc().orElseThrow(() -> Ec2Errors.of("VPCIdNotSpecified", "No default VPC for this user"));
    }

    List<Row.OfSubnet> subnetsOf(String vpc) {
        return subnets.list().stream().filter(row -> row.subnet().vpcId().equals(vpc)).toList();
    }

    List<Row.OfGroup> groupsOf(String vpc) {
        return groups.list().stream().filter(row -> row.group().vpcId().equals(vpc)).toList();
    }

    List<Row.OfRouteTable> routeTablesOf(String vpc) {
        return routeTables.list().stream().filter(row -> row.table().vpcId().equals(vpc)).toList();
    }
}
