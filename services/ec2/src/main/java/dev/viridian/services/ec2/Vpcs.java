package dev.viridian.services.ec2;

import dev.viridian.aws.Arn;
import dev.viridian.aws.Caller;
import dev.viridian.aws.Ids;
import dev.viridian.aws.shapes.Pages;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.AttributeBooleanValue;
import software.amazon.awssdk.services.ec2.model.CreateVpcRequest;
import software.amazon.awssdk.services.ec2.model.DescribeVpcAttributeRequest;
import software.amazon.awssdk.services.ec2.model.DescribeVpcAttributeResponse;
import software.amazon.awssdk.services.ec2.model.DescribeVpcsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeVpcsResponse;
import software.amazon.awssdk.services.ec2.model.ModifyVpcAttributeRequest;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.Tenancy;
import software.amazon.awssdk.services.ec2.model.Vpc;
import software.amazon.awssdk.services.ec2.model.VpcAttributeName;
import software.amazon.awssdk.services.ec2.model.VpcCidrBlockAssociation;
import software.amazon.awssdk.services.ec2.model.VpcCidrBlockState;
import software.amazon.awssdk.services.ec2.model.VpcCidrBlockStateCode;
import software.amazon.awssdk.services.ec2.model.VpcState;

/// Operations on VPCs.
final class Vpcs {
    private static final Filters<Vpc> FILTERS = new Filters<>(Vpc::tags).by("vpc-id", Vpc::vpcId).by("cidr", Vpc::cidrBlock)
            .by("cidr-block-association.cidr-block", Vpc::cidrBlock).by("isDefault", Vpc::isDefault).by("is-default", Vpc::isDefault)
            .by("owner-id", Vpc::ownerId)
            .by("state", Vpc::stateAsString).by("dhcp-options-id", Vpc::dhcpOptionsId);

    private final Network network;

    Vpcs(Network network) {
        this.network = network;
    }

    static Row.OfVpc row(String id, Cidr block, boolean isDefault, List<Tag> tags) {
        VpcCidrBlockState associated = VpcCidrBlockState.builder().state(VpcCidrBlockStateCode.ASSOCIATED).build();
        Vpc vpc = Vpc.builder().vpcId(id).cidrBlock(block.toString()).isDefault(isDefault).state(VpcState.AVAILABLE).instanceTenancy(Tenancy.DEFAULT)
                .ownerId(Caller.current().account()).dhcpOptionsId("dopt-" + id.substring(id.indexOf('-') + 1)).tags(tags)
                .cidrBlockAssociationSet(VpcCidrBlockAssociation.builder().associationId("vpc-cidr-assoc-" + id.substring(id.indexOf('-') + 1))
                        .cidrBlock(block.toString()).cidrBlockState(associated).build())
                .build();
        return new Row.OfVpc(vpc, true, isDefault);
    }

    Vpc create(CreateVpcRequest request) {
        if (request.cidrBlock() == null) {
            throw Ec2Errors.missing("cidrBlock or ipv4IpamPoolId");
        }
        if (request.instanceTenancy() == Tenancy.DEDICATED || Boolean.TRUE.equals(request.amazonProvidedIpv6CidrBlock())) {
            throw Ec2Errors.of("UnsupportedOperation", "Dedicated tenancy and IPv6 are not implemented here.");
        }
        Cidr block = Cidr.parse(request.cidrBlock())
                .orElseThrow(() -> Ec2Errors.invalidValue("Value (" + request.cidrBlock()
                + ") for parameter cidrBlock is invalid. This is not a valid CIDR block."));
        if (block.bits() < 16 || block.bits() > 28) {
            throw Ec2Errors.of("InvalidVpc.Range", "The CIDR '" + request.cidrBlock() + "' is invalid.");
        }
        List<Tag> tags = Tagging.of(request.tagSpecifications(), "vpc");
        return network.store.transact(() -> {
            Row.OfVpc row = row(network.vpcs.newId(), block, false, tags);
            network.vpcs.put(row);
            network.groups.put(SecurityGroups.defaultGroup(network.groups.newId(), row.id(), "sgr-" + Ids.hex(17), "sgr-" + Ids.hex(17)));
            network.routeTables.put(RouteTables.main(network.routeTables.newId(), "rtbassoc-" + Ids.hex(17), row.id(), block));
            return row.vpc();
        });
    }

    Vpc createDefault(Home home) {
        return network.store.transact(() -> {
            if (network.defaultVpc().isPresent()) {
                throw Ec2Errors.of("DefaultVpcAlreadyExists", "A Default VPC already exists for this account in this region.");
            }
            return network.vpcs.get(home.build(_ -> Ids.hex(17))).vpc();
        });
    }

    DescribeVpcsResponse describe(DescribeVpcsRequest request) {
        List<Vpc> found = FILTERS.apply(Paging.named(network.vpcs, request.vpcIds()).stream().map(Row.OfVpc::vpc).toList(), request.filters());
        Pages.Page<Vpc> page = Paging.of(found, Vpc::vpcId, request.nextToken(), request.maxResults());
        return DescribeVpcsResponse.builder().vpcs(page.items()).nextToken(page.nextToken()).build();
    }

    void modify(ModifyVpcAttributeRequest request) {
        network.store.transact(() -> network.vpcs.change(request.vpcId(),
                row -> new Row.OfVpc(row.vpc(), value(request.enableDnsSupport(), row.dnsSupport()),
                value(request.enableDnsHostnames(), row.dnsHostnames()))));
    }

    static boolean value(@Nullable AttributeBooleanValue wished, boolean now) {
        return wished == null || wished.value() == null ? now : wished.value();
    }

    DescribeVpcAttributeResponse attribute(DescribeVpcAttributeRequest request) {
        Row.OfVpc row = network.vpcs.get(request.vpcId());
        DescribeVpcAttributeResponse.Builder answer = DescribeVpcAttributeResponse.builder().vpcId(row.id());
        if (request.attribute() == VpcAttributeName.ENABLE_DNS_SUPPORT) {
            answer.enableDnsSupport(v -> v.value(row.dnsSupport()));
        } else if (request.attribute() == VpcAttributeName.ENABLE_DNS_HOSTNAMES) {
            answer.enableDnsHostnames(v -> v.value(row.dnsHostnames()));
        } else {
            answer.enableNetworkAddressUsageMetrics(v -> v.value(false));
        }
        return answer.build();
    }

    void delete(String id) {
        network.store.transact(() -> {
            network.vpcs.get(id);
            boolean used = !network.subnetsOf(id).isEmpty() || network.groupsOf(id).size() > 1 || network.routeTablesOf(id).size() > 1
                    || network.internetGateways.list().stream()
                    .anyMatch(row -> row.gateway().attachments().stream().anyMatch(a -> a.vpcId().equals(id)));
            if (used) {
                throw Ec2Errors.dependency("The vpc '" + id + "' has dependencies and cannot be deleted.");
            }
            network.groupsOf(id).forEach(row -> network.groups.delete(row.id()));
            network.routeTablesOf(id).forEach(row -> network.routeTables.delete(row.id()));
            network.vpcs.delete(id);
        });
    }

    static String arn(String type, String id) {
        return Arn.here("ec2", type + "/" + id);
    }
}
