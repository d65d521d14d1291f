package dev.viridian.services.ec2;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Ids;
import dev.viridian.aws.shapes.Pages;
import dev.viridian.engine.time.Time;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.Address;
import software.amazon.awssdk.services.ec2.model.AllocateAddressRequest;
import software.amazon.awssdk.services.ec2.model.AttachmentStatus;
import software.amazon.awssdk.services.ec2.model.ConnectivityType;
import software.amazon.awssdk.services.ec2.model.CreateInternetGatewayRequest;
import software.amazon.awssdk.services.ec2.model.CreateNatGatewayRequest;
import software.amazon.awssdk.services.ec2.model.DescribeAddressesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInternetGatewaysRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInternetGatewaysResponse;
import software.amazon.awssdk.services.ec2.model.DescribeNatGatewaysRequest;
import software.amazon.awssdk.services.ec2.model.DescribeNatGatewaysResponse;
import software.amazon.awssdk.services.ec2.model.DomainType;
import software.amazon.awssdk.services.ec2.model.InternetGateway;
import software.amazon.awssdk.services.ec2.model.InternetGatewayAttachment;
import software.amazon.awssdk.services.ec2.model.NatGateway;
import software.amazon.awssdk.services.ec2.model.NatGatewayAddress;
import software.amazon.awssdk.services.ec2.model.NatGatewayState;

/// Operations on internet gateways, NAT gateways and the elastic addresses these need.
final class Gateways {
    /// Set aside for documentation by RFC 5737, so that no address handed out here is anybody's.
    private static final Cidr PUBLIC = Cidr.parse("203.0.113.0/24").orElseThrow();
    private static final Filters<InternetGateway> INTERNET = new Filters<>(InternetGateway::tags)
            .by("internet-gateway-id", InternetGateway::internetGatewayId)
            .by("owner-id", InternetGateway::ownerId).byAny("attachment.vpc-id", g -> g.attachments().stream().map(InternetGatewayAttachment::vpcId))
            .byAny("attachment.state", g -> g.attachments().stream().map(InternetGatewayAttachment::stateAsString));
    private static final Filters<NatGateway> NAT = new Filters<>(NatGateway::tags).by("nat-gateway-id", NatGateway::natGatewayId)
            .by("vpc-id", NatGateway::vpcId)
            .by("subnet-id", NatGateway::subnetId).by("state", NatGateway::stateAsString);
    private static final Filters<Address> ADDRESSES = new Filters<>(Address::tags).by("allocation-id", Address::allocationId)
            .by("public-ip", Address::publicIp)
            .by("association-id", Address::associationId).by("domain", Address::domainAsString)
            .by("network-interface-id", Address::networkInterfaceId);

    private final Network network;
    private final Time time;

    Gateways(Network network, Time time) {
        this.network = network;
        this.time = time;
    }

    InternetGateway create(CreateInternetGatewayRequest request) {
        InternetGateway gateway = InternetGateway.builder().internetGatewayId(network.internetGateways.newId()).ownerId(Caller.current().account())
                .attachments(List.of())
                .tags(Tagging.of(request.tagSpecifications(), "internet-gateway")).build();
        network.internetGateways.put(new Row.OfInternetGateway(gateway));
        return gateway;
    }

    void attach(String id, String vpc) {
        network.store.transact(() -> {
            network.vpcs.get(vpc);
            Row.OfInternetGateway row = network.internetGateways.get(id);
            if (!row.gateway().attachments().isEmpty()) {
                throw Ec2Errors.of("Resource.AlreadyAssociated", "resource " + id + " is already attached to network " + row.gateway().attachments()
                        .getFirst().vpcId());
            }
            boolean second = network.internetGateways.list().stream().flatMap(other -> other.gateway().attachments().stream())
                    .anyMatch(a -> a.vpcId().equals(vpc));
            if (second) {
                throw Ec2Errors.invalidValue("Network " + vpc + " already has an internet gateway attached");
            }
            InternetGatewayAttachment attachment = InternetGatewayAttachment.builder().vpcId(vpc).state(AttachmentStatus.fromValue("available"))
                    .build();
            network.internetGateways.put(new Row.OfInternetGateway(row.gateway().toBuilder().attachments(attachment).build()));
        });
    }

    void detach(String id, String vpc) {
        network.store.transact(() -> {
            Row.OfInternetGateway row = network.internetGateways.get(id);
            if (row.gateway().attachments().stream().noneMatch(a -> a.vpcId().equals(vpc))) {
                throw Ec2Errors.of("Gateway.NotAttached", "resource " + id + " is not attached to network " + vpc);
            }
            network.internetGateways.put(new Row.OfInternetGateway(row.gateway().toBuilder().attachments(List.of()).build()));
        });
    }

    void deleteInternet(String id) {
        network.store.transact(() -> {
            if (!network.internetGateways.get(id).gateway().attachments().isEmpty()) {
                throw Ec2Errors.dependency("The internetGateway '" + id + "' has dependencies and cannot be deleted.");
            }
            network.internetGateways.delete(id);
        });
    }

    DescribeInternetGatewaysResponse describe(DescribeInternetGatewaysRequest request) {
        List<InternetGateway> named = Paging.named(network.internetGateways, request.internetGatewayIds()).stream()
                .map(Row.OfInternetGateway::gateway).toList();
        Pages.Page<InternetGateway> page = Paging.of(INTERNET.apply(named, request.filters()), InternetGateway::internetGatewayId,
                request.nextToken(), request.maxResults());
        return DescribeInternetGatewaysResponse.builder().internetGateways(page.items()).nextToken(page.nextToken()).build();
    }

    Address allocate(AllocateAddressRequest request) {
        return network.store.transact(() -> {
            List<String> taken = network.addresses.list().stream().map(row -> row.address().publicIp()).toList();
            String free = Stream.iterate(1, n -> n < PUBLIC.size() - 1, n -> n + 1).map(n -> PUBLIC.part(n, 32).toString().replace("/32", ""))
                    .filter(ip -> !taken.contains(ip)).findFirst()
                    .orElseThrow(() -> Ec2Errors.of("AddressLimitExceeded", "The maximum number of addresses has been reached."));
            Address address = Address.builder().allocationId(network.addresses.newId()).publicIp(free).domain(DomainType.VPC).publicIpv4Pool("amazon")
                    .networkBorderGroup(Caller.current().region()).tags(Tagging.of(request.tagSpecifications(), "elastic-ip")).build();
            network.addresses.put(new Row.OfAddress(address));
            return address;
        });
    }

    List<Address> describe(DescribeAddressesRequest request) {
        List<Address> named = Paging.named(network.addresses, request.allocationIds()).stream().map(Row.OfAddress::address)
                .filter(a -> request.publicIps().isEmpty() || request.publicIps().contains(a.publicIp())).toList();
        return ADDRESSES.apply(named, request.filters());
    }

    void release(String id) {
        network.store.transact(() -> {
            if (network.addresses.get(id).address().associationId() != null) {
                throw Ec2Errors.of("InvalidIPAddress.InUse", "Address " + id + " is in use.");
            }
            network.addresses.delete(id);
        });
    }

    NatGateway create(CreateNatGatewayRequest request) {
        boolean open = request.connectivityType() != ConnectivityType.PRIVATE;
        if (open && request.allocationId() == null) {
            throw Ec2Errors.missing("AllocationId");
        }
        return network.store.transact(() -> {
            Row.OfSubnet subnet = network.subnets.get(request.subnetId());
            NatGatewayAddress.Builder address = NatGatewayAddress.builder().isPrimary(true).networkInterfaceId("eni-" + Ids.hex(17));
            if (open) {
                Address held = hold(request.allocationId());
                address.allocationId(held.allocationId()).publicIp(held.publicIp()).associationId(held.associationId());
            }
            NatGateway gateway = NatGateway.builder().natGatewayId(network.natGateways.newId()).subnetId(subnet.id()).vpcId(subnet.subnet().vpcId())
                    .state(NatGatewayState.AVAILABLE).createTime(time.now())
                    .connectivityType(open ? ConnectivityType.PUBLIC : ConnectivityType.PRIVATE)
                    .natGatewayAddresses(address.build()).tags(Tagging.of(request.tagSpecifications(), "natgateway")).build();
            network.natGateways.put(new Row.OfNatGateway(gateway));
            return gateway;
        });
    }

    private Address hold(String allocation) {
        Address address = network.addresses.get(allocation).address();
        if (address.associationId() != null) {
            throw Ec2Errors.of("Resource.AlreadyAssociated", "Elastic IP address [" + allocation + "] is already associated");
        }
        Address held = address.toBuilder().associationId("eipassoc-" + Ids.hex(17)).build();
        network.addresses.put(new Row.OfAddress(held));
        return held;
    }

    void deleteNat(String id) {
        network.store.transact(() -> {
            network.natGateways.get(id).gateway().natGatewayAddresses().stream().map(NatGatewayAddress::allocationId)
                    .filter(Objects::nonNull)
                    .forEach(allocation -> network.addresses.change(allocation,
                    row -> new Row.OfAddress(row.address().toBuilder().associationId(null).build())));
            network.natGateways.delete(id);
        });
    }

    DescribeNatGatewaysResponse describe(DescribeNatGatewaysRequest request) {
        List<NatGateway> named = Paging.named(network.natGateways, request.natGatewayIds()).stream().map(Row.OfNatGateway::gateway).toList();
        Pages.Page<NatGateway> page = Paging.of(NAT.apply(named, request.filter()), NatGateway::natGatewayId, request.nextToken(),
                request.maxResults());
        return DescribeNatGatewaysResponse.builder().natGateways(page.items()).nextToken(page.nextToken()).build();
    }
}
