package dev.viridian.services.ec2;

import java.util.List;
import software.amazon.awssdk.services.ec2.model.Address;
import software.amazon.awssdk.services.ec2.model.InternetGateway;
import software.amazon.awssdk.services.ec2.model.NatGateway;
import software.amazon.awssdk.services.ec2.model.RouteTable;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.Vpc;

/// A resource as it is stored.
sealed interface Row {
    String id();

    List<Tag> tags();

    /// The same resource with other tags.
    Row tagged(List<Tag> tags);

    /// @param dnsSupport whether names resolve, an attribute that no description shows
    record OfVpc(Vpc vpc, boolean dnsSupport, boolean dnsHostnames) implements Row {
        @Override
        public String id() {
            return vpc.vpcId();
        }

        @Override
        public List<Tag> tags() {
            return vpc.tags();
        }

        @Override
        public OfVpc tagged(List<Tag> tags) {
            return new OfVpc(vpc.toBuilder().tags(tags).build(), dnsSupport, dnsHostnames);
        }
    }

    record OfSubnet(Subnet subnet) implements Row {
        @Override
        public String id() {
            return subnet.subnetId();
        }

        @Override
        public List<Tag> tags() {
            return subnet.tags();
        }

        @Override
        public OfSubnet tagged(List<Tag> tags) {
            return new OfSubnet(subnet.toBuilder().tags(tags).build());
        }
    }

    /// @param group without its permissions, which follow from the rules
    record OfGroup(SecurityGroup group, List<SecurityGroupRule> rules) implements Row {
        @Override
        public String id() {
            return group.groupId();
        }

        @Override
        public List<Tag> tags() {
            return group.tags();
        }

        @Override
        public OfGroup tagged(List<Tag> tags) {
            return new OfGroup(group.toBuilder().tags(tags).build(), rules);
        }
    }

    record OfRouteTable(RouteTable table) implements Row {
        @Override
        public String id() {
            return table.routeTableId();
        }

        @Override
        public List<Tag> tags() {
            return table.tags();
        }

        @Override
        public OfRouteTable tagged(List<Tag> tags) {
            return new OfRouteTable(table.toBuilder().tags(tags).build());
        }
    }

    record OfInternetGateway(InternetGateway gateway) implements Row {
        @Override
        public String id() {
            return gateway.internetGatewayId();
        }

        @Override
        public List<Tag> tags() {
            return gateway.tags();
        }

        @Override
        public OfInternetGateway tagged(List<Tag> tags) {
            return new OfInternetGateway(gateway.toBuilder().tags(tags).build());
        }
    }

    record OfNatGateway(NatGateway gateway) implements Row {
        @Override
        public String id() {
            return gateway.natGatewayId();
        }

        @Override
        public List<Tag> tags() {
            return gateway.tags();
        }

        @Override
        public OfNatGateway tagged(List<Tag> tags) {
            return new OfNatGateway(gateway.toBuilder().tags(tags).build());
        }
    }

    record OfAddress(Address address) implements Row {
        @Override
        public String id() {
            return address.allocationId();
        }

        @Override
        public List<Tag> tags() {
            return address.tags();
        }

        @Override
        public OfAddress tagged(List<Tag> tags) {
            return new OfAddress(address.toBuilder().tags(tags).build());
        }
    }
}
