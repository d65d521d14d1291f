package dev.viridian.services.ec2;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Ids;
import dev.viridian.aws.shapes.Pages;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.AssociateRouteTableRequest;
import software.amazon.awssdk.services.ec2.model.CreateRouteRequest;
import software.amazon.awssdk.services.ec2.model.CreateRouteTableRequest;
import software.amazon.awssdk.services.ec2.model.DescribeRouteTablesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeRouteTablesResponse;
import software.amazon.awssdk.services.ec2.model.ReplaceRouteRequest;
import software.amazon.awssdk.services.ec2.model.Route;
import software.amazon.awssdk.services.ec2.model.RouteOrigin;
import software.amazon.awssdk.services.ec2.model.RouteState;
import software.amazon.awssdk.services.ec2.model.RouteTable;
import software.amazon.awssdk.services.ec2.model.RouteTableAssociation;
import software.amazon.awssdk.services.ec2.model.RouteTableAssociationStateCode;
import software.amazon.awssdk.services.ec2.model.Tag;

/// Operations on route tables, their routes, and which subnets use them.
final class RouteTables {
    private static final Filters<RouteTable> FILTERS = new Filters<>(RouteTable::tags).by("route-table-id", RouteTable::routeTableId)
            .by("vpc-id", RouteTable::vpcId)
            .by("owner-id", RouteTable::ownerId).byAny("association.main", t -> t.associations().stream().map(a -> a.main().toString()))
            .byAny("association.subnet-id", t -> t.associations().stream().flatMap(a -> Stream.ofNullable(a.subnetId())))
            .byAny("association.route-table-association-id", t -> t.associations().stream().map(RouteTableAssociation::routeTableAssociationId))
            .byAny("association.route-table-id", t -> t.associations().stream().map(RouteTableAssociation::routeTableId))
            .byAny("route.destination-cidr-block", t -> t.routes().stream().map(Route::destinationCidrBlock))
            .byAny("route.gateway-id", t -> t.routes().stream().flatMap(r -> Stream.ofNullable(r.gatewayId())))
            .byAny("route.nat-gateway-id", t -> t.routes().stream().flatMap(r -> Stream.ofNullable(r.natGatewayId())));

    private final Network network;

    RouteTables(Network network) {
        this.network = network;
    }

    private static Row.OfRouteTable row(String id, String vpc, Cidr block, List<RouteTableAssociation> associations, List<Tag> tags) {
        Route local = Route.builder().destinationCidrBlock(block.toString()).gatewayId("local").origin(RouteOrigin.CREATE_ROUTE_TABLE)
                .state(RouteState.ACTIVE).build();
        return new Row.OfRouteTable(RouteTable.builder().routeTableId(id).vpcId(vpc).ownerId(Caller.current().account()).routes(local)
                .associations(associations)
                .propagatingVgws(List.of()).tags(tags).build());
    }

    /// The table that subnets of a VPC use unless told otherwise.
    static Row.OfRouteTable main(String id, String association, String vpc, Cidr block) {
        return row(id, vpc, block, List.of(association(association, id, null)), List.of());
    }

    private static RouteTableAssociation association(String id, String table, @Nullable String subnet) {
        return RouteTableAssociation.builder().routeTableAssociationId(id).routeTableId(table).subnetId(subnet).main(subnet == null)
                .associationState(s -> s.state(RouteTableAssociationStateCode.ASSOCIATED)).build();
    }

    static Row.OfRouteTable with(Row.OfRouteTable row, Route route) {
        return new Row.OfRouteTable(row.table().toBuilder().routes(Stream.concat(Stream.of(route), row.table().routes().stream()).toList()).build());
    }

    private static Row.OfRouteTable with(Row.OfRouteTable row, List<RouteTableAssociation> associations) {
        return new Row.OfRouteTable(row.table().toBuilder().associations(associations).build());
    }

    RouteTable create(CreateRouteTableRequest request) {
        Row.OfVpc vpc = network.vpcs.get(request.vpcId());
        Row.OfRouteTable row = row(network.routeTables.newId(), vpc.id(), Cidr.parse(vpc.vpc().cidrBlock()).orElseThrow(), List.of(),
                Tagging.of(request.tagSpecifications(), "route-table"));
        network.routeTables.put(row);
        return row.table();
    }

    DescribeRouteTablesResponse describe(DescribeRouteTablesRequest request) {
        List<RouteTable> named = Paging.named(network.routeTables, request.routeTableIds()).stream().map(Row.OfRouteTable::table).toList();
        Pages.Page<RouteTable> page = Paging.of(FILTERS.apply(named, request.filters()), RouteTable::routeTableId, request.nextToken(),
                request.maxResults());
        return DescribeRouteTablesResponse.builder().routeTables(page.items()).nextToken(page.nextToken()).build();
    }

    void delete(String id) {
        network.store.transact(() -> {
            if (!network.routeTables.get(id).table().associations().isEmpty()) {
                throw Ec2Errors.dependency("The routeTable '" + id + "' has dependencies and cannot be deleted.");
            }
            network.routeTables.delete(id);
        });
    }

    void route(CreateRouteRequest request) {
        network.store.transact(() -> {
            Route route = route(request.destinationCidrBlock(), request.gatewayId(), request.natGatewayId());
            Row.OfRouteTable row = network.routeTables.get(request.routeTableId());
            if (find(row, route.destinationCidrBlock()).isPresent()) {
                throw Ec2Errors.of("RouteAlreadyExists", "The route identified by " + route.destinationCidrBlock() + " already exists.");
            }
            network.routeTables.put(with(row, route));
        });
    }

    void replace(ReplaceRouteRequest request) {
        network.store.transact(() -> {
            Route route = route(request.destinationCidrBlock(), request.gatewayId(), request.natGatewayId());
            network.routeTables.put(with(without(network.routeTables.get(request.routeTableId()), route.destinationCidrBlock()), route));
        });
    }

    void unroute(String table, @Nullable String destination) {
        network.store.transact(() -> network.routeTables.put(without(network.routeTables.get(table), block(destination).toString())));
    }

    private static Optional<Route> find(Row.OfRouteTable row, String destination) {
        return row.table().routes().stream().filter(route -> destination.equals(route.destinationCidrBlock())).findFirst();
    }

    private static Row.OfRouteTable without(Row.OfRouteTable row, String destination) {
        Route gone = find(row, destination).orElseThrow(() -> Ec2Errors.of("InvalidRoute.NotFound",
                "no route with destination-cidr-block " + destination + " in route table " + row.id()));
        if ("local".equals(gone.gatewayId())) {
            throw Ec2Errors.invalidValue("cannot remove local route " + destination + " in route table " + row.id());
        }
        return new Row.OfRouteTable(row.table().toBuilder().routes(row.table().routes().stream().filter(route -> !route.equals(gone)).toList())
                .build());
    }

    private Route route(@Nullable String destination, @Nullable String gateway, @Nullable String nat) {
        if (gateway == null && nat == null) {
            throw Ec2Errors.of("UnsupportedOperation", "Only routes to internet gateways and NAT gateways are implemented here.");
        }
        if (gateway != null) {
            network.internetGateways.get(gateway);
        } else {
            network.natGateways.get(nat);
        }
        return Route.builder().destinationCidrBlock(block(destination).toString()).gatewayId(gateway).natGatewayId(nat)
                .origin(RouteOrigin.CREATE_ROUTE)
                .state(RouteState.ACTIVE).build();
    }

    private static Cidr block(@Nullable String destination) {
        return Optional.ofNullable(destination).flatMap(Cidr::parse)
                .orElseThrow(() -> Ec2Errors.invalidValue("Value (" + destination
                + ") for parameter destinationCidrBlock is invalid. This is not a valid CIDR block."));
    }

    /// @return the id of the association
    String associate(AssociateRouteTableRequest request) {
        if (request.subnetId() == null) {
            throw Ec2Errors.missing("subnetId");
        }
        return network.store.transact(() -> {
            Row.OfRouteTable row = network.routeTables.get(request.routeTableId());
            Row.OfSubnet subnet = network.subnets.get(request.subnetId());
            if (!subnet.subnet().vpcId().equals(row.table().vpcId())) {
                throw Ec2Errors.invalidValue("Route table " + row.id() + " and network " + subnet.subnet().vpcId() + " belong to different networks");
            }
            Optional<RouteTableAssociation> taken = network.routeTables.list().stream().flatMap(other -> other.table().associations().stream())
                    .filter(a -> subnet.id().equals(a.subnetId())).findFirst();
            if (taken.isPresent() && taken.get().routeTableId().equals(row.id())) {
                return taken.get().routeTableAssociationId();
            }
            if (taken.isPresent()) {
                throw Ec2Errors.of("Resource.AlreadyAssociated",
                        "the specified association for route table " + row.id() + " conflicts with an existing association");
            }
            RouteTableAssociation made = association("rtbassoc-" + Ids.hex(17), row.id(), subnet.id());
            network.routeTables.put(with(row, added(row, made)));
            return made.routeTableAssociationId();
        });
    }

    private static List<RouteTableAssociation> added(Row.OfRouteTable row, RouteTableAssociation association) {
        List<RouteTableAssociation> all = new ArrayList<>(row.table().associations());
        all.add(association);
        return all;
    }

    void disassociate(String id) {
        network.store.transact(() -> {
            RouteTableAssociation association = association(id);
            if (association.main()) {
                throw Ec2Errors.of("InvalidParameterValue", "cannot disassociate the main route table association " + id);
            }
            drop(association);
        });
    }

    /// Moves a subnet, or the role of main table, to another table.
    ///
    /// @return the id of the new association
    String reassociate(String id, String table) {
        return network.store.transact(() -> {
            RouteTableAssociation before = association(id);
            network.routeTables.get(table);
            drop(before);
            Row.OfRouteTable row = network.routeTables.get(table);
            RouteTableAssociation made = association("rtbassoc-" + Ids.hex(17), table, before.subnetId());
            network.routeTables.put(with(row, added(row, made)));
            return made.routeTableAssociationId();
        });
    }

    private RouteTableAssociation association(String id) {
        return network.routeTables.list().stream().flatMap(row -> row.table().associations().stream())
                .filter(a -> a.routeTableAssociationId().equals(id)).findFirst()
                .orElseThrow(() -> Ec2Errors.of("InvalidAssociationID.NotFound", "The association ID '" + id + "' does not exist"));
    }

    private void drop(RouteTableAssociation association) {
        Row.OfRouteTable row = network.routeTables.get(association.routeTableId());
        network.routeTables.put(with(row, row.table().associations().stream()
                .filter(a -> !a.routeTableAssociationId().equals(association.routeTableAssociationId())).toList()));
    }

    /// A subnet that goes leaves its table.
    static void forgetSubnet(Rows<Row.OfRouteTable> tables, Row.OfRouteTable row, String subnet) {
        List<RouteTableAssociation> rest = row.table().associations().stream().filter(a -> !Objects.equals(a.subnetId(), subnet)).toList();
        if (rest.size() < row.table().associations().size()) {
            tables.put(with(row, rest));
        }
    }
}
