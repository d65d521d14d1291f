package dev.viridian.services.elbv2;

import dev.viridian.aws.Arn;
import dev.viridian.aws.Caller;
import dev.viridian.aws.Ids;
import dev.viridian.engine.time.Time;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// Load balancers and their attributes.
final class LoadBalancers {
    private static final Map<String, String> HOSTED_ZONES = Map.of("us-east-1", "Z35SXDOTRQ7X7K", "us-east-2", "Z3AADJGX6KTTL2", "us-west-1",
            "Z368ELLRRE2KJ0",
            "us-west-2", "Z1H1FL5HABSF5", "eu-west-1", "Z32O12XQLNTSW2", "eu-central-1", "Z215JYRZR1TBD5", "ap-northeast-1", "Z14GRHDCWA56QT",
            "ap-northeast-2", "ZWKZPGTI48KDX", "ap-southeast-1", "Z1LMS91P8CMLE5");
    private static final int MOST = 50;

    private final Rows rows;
    private final Vpcs vpcs;
    private final Tags tags;
    private final Time time;

    LoadBalancers(Rows rows, Vpcs vpcs, Tags tags, Time time) {
        this.rows = rows;
        this.vpcs = vpcs;
        this.tags = tags;
        this.time = time;
    }

    /// The same name with the same settings is the same load balancer, so that a repeated call is harmless.
    LoadBalancer create(CreateLoadBalancerRequest request) {
        checkName(request.name());
        Tags.check(request.tags());
        LoadBalancerTypeEnum type = request.type() == null ? LoadBalancerTypeEnum.APPLICATION : request.type();
        if (type == LoadBalancerTypeEnum.GATEWAY) {
            throw new UnsupportedOperationException("CreateLoadBalancer of type gateway: there are application and network load balancers");
        }
        if (request.customerOwnedIpv4Pool() != null || request.ipamPools() != null
                || request.enablePrefixForIpv6SourceNat() == EnablePrefixForIpv6SourceNatEnum.ON) {
            throw new UnsupportedOperationException("Load balancers with addresses of a pool");
        }
        List<Subnet> subnets = subnets(request.subnets(), request.subnetMappings(), type);
        LoadBalancerSchemeEnum scheme = request.scheme() == null ? LoadBalancerSchemeEnum.INTERNET_FACING : request.scheme();
        checkAddresses(request.ipAddressType(), type, scheme, subnets);
        String vpc = subnets.getFirst().vpcId();
        LoadBalancer wanted = LoadBalancer.builder().loadBalancerName(request.name()).type(type)
                .scheme(scheme)
                .ipAddressType(request.ipAddressType() == null ? IpAddressType.IPV4 : request.ipAddressType()).vpcId(vpc)
                .availabilityZones(zones(subnets))
                .securityGroups(securityGroups(request, type, vpc)).build();
        Optional<LoadBalancer> old = rows.ownLoadBalancers().stream().filter(each -> each.loadBalancerName().equals(request.name())).findFirst();
        if (old.isPresent()) {
            return existing(old.get(), wanted, request.tags());
        }
        if (rows.ownLoadBalancers().size() >= MOST) {
            throw TooManyLoadBalancersException.builder().message("The maximum number of load balancers has been reached").build();
        }
        LoadBalancer created = born(wanted);
        rows.loadBalancers().put(Rows.key(created.loadBalancerArn()), created);
        tags.create(created.loadBalancerArn(), request.tags());
        return created;
    }

    private static void checkName(String name) {
        Refusals.require(name.length() <= 32, "Load balancer name '" + name + "' cannot be longer than '32' characters");
        Refusals.require(name.matches("[A-Za-z0-9-]+"), "Load balancer name '" + name
                + "' can only contain characters that are alphanumeric characters or hyphens(-)");
        Refusals.require(!name.startsWith("-") && !name.endsWith("-"), "Load balancer name '" + name + "' cannot begin or end with '-'");
        Refusals.require(!name.startsWith("internal-"), "Load balancer name '" + name + "' cannot begin with 'internal-'");
    }

    private List<Subnet> subnets(List<String> plain, List<SubnetMapping> mappings, LoadBalancerTypeEnum type) {
        Refusals.require(plain.isEmpty() || mappings.isEmpty(), "You must specify either subnets or subnet mappings");
        if (mappings.stream().anyMatch(mapping -> mapping.allocationId() != null || mapping.privateIPv4Address() != null
                || mapping.iPv6Address() != null)) {
            throw new UnsupportedOperationException("SubnetMappings with addresses of their own");
        }
        List<String> ids = Stream.concat(plain.stream(), mappings.stream().map(SubnetMapping::subnetId)).distinct().toList();
        Refusals.require(!ids.isEmpty(), "At least one subnet must be specified");
        List<Subnet> subnets = vpcs.subnets(ids);
        long zones = subnets.stream().map(Subnet::availabilityZone).distinct().count();
        Refusals.require(type != LoadBalancerTypeEnum.APPLICATION || zones >= 2,
                "At least two subnets in two different Availability Zones must be specified");
        if (zones < subnets.size()) {
            throw Refusals.configuration("A load balancer cannot be attached to multiple subnets in the same Availability Zone");
        }
        if (subnets.stream().map(Subnet::vpcId).distinct().count() > 1) {
            throw Refusals.configuration("All subnets must belong to the same VPC");
        }
        return subnets;
    }

    /// @param wanted null when it was not said
    private static void checkAddresses(@Nullable IpAddressType wanted, LoadBalancerTypeEnum type, LoadBalancerSchemeEnum scheme,
            List<Subnet> subnets) {
        boolean noPublicIpv4 = wanted == IpAddressType.DUALSTACK_WITHOUT_PUBLIC_IPV4;
        Refusals.require(!noPublicIpv4 || type == LoadBalancerTypeEnum.APPLICATION,
                "The specified IP address type is not supported on load balancers with type '" + type + "'.");
        if (noPublicIpv4 && scheme == LoadBalancerSchemeEnum.INTERNAL) {
            throw Refusals.configuration("The IP address type '" + wanted + "' is not supported for load balancers with scheme 'internal'");
        }
        if (wanted != null && wanted != IpAddressType.IPV4 && subnets.stream().anyMatch(subnet -> subnet.ipv6CidrBlockAssociationSet().isEmpty())) {
            throw InvalidSubnetException.builder().message("You must specify subnets with an associated IPv6 CIDR block.").build();
        }
    }

    private static List<AvailabilityZone> zones(List<Subnet> subnets) {
        return subnets.stream().map(subnet -> AvailabilityZone.builder().zoneName(subnet.availabilityZone()).subnetId(subnet.subnetId())
                .loadBalancerAddresses(List.of()).build())
                .sorted(java.util.Comparator.comparing(AvailabilityZone::zoneName)).toList();
    }

    private List<String> securityGroups(CreateLoadBalancerRequest request, LoadBalancerTypeEnum type, String vpc) {
        if (!request.securityGroups().isEmpty()) {
            vpcs.checkSecurityGroups(request.securityGroups(), vpc);
            return request.securityGroups();
        }
        return type == LoadBalancerTypeEnum.APPLICATION ? vpcs.defaultSecurityGroups(vpc) : List.of();
    }

    private LoadBalancer existing(LoadBalancer old, LoadBalancer wanted, List<Tag> wantedTags) {
        boolean same = old.type() == wanted.type() && old.scheme() == wanted.scheme() && old.ipAddressType() == wanted.ipAddressType()
                && old.availabilityZones().equals(wanted.availabilityZones())
                && Set.copyOf(old.securityGroups()).equals(Set.copyOf(wanted.securityGroups()))
                && Set.copyOf(tags.of(old.loadBalancerArn())).equals(Set.copyOf(wantedTags));
        if (!same) {
            throw DuplicateLoadBalancerNameException.builder()
                    .message("A load balancer with the same name '" + old.loadBalancerName() + "' exists, but with different settings").build();
        }
        return old;
    }

    private LoadBalancer born(LoadBalancer wanted) {
        Caller caller = Caller.current();
        String kind = wanted.type() == LoadBalancerTypeEnum.APPLICATION ? "app" : "net";
        String prefix = wanted.scheme() == LoadBalancerSchemeEnum.INTERNAL ? "internal-" : "";
        return wanted.copy(b -> b.loadBalancerArn(Arn.here("elasticloadbalancing",
                "loadbalancer/" + kind + "/" + wanted.loadBalancerName() + "/" + Ids.hex(16)))
                .dnsName(prefix + wanted.loadBalancerName() + "-" + Ids.digits(10) + "." + caller.region() + ".elb.localhost")
                .canonicalHostedZoneId(HOSTED_ZONES.getOrDefault(caller.region(), "Z35SXDOTRQ7X7K")).createdTime(time.now()));
    }

    List<LoadBalancer> find(DescribeLoadBalancersRequest request) {
        Refusals.require(!request.hasNames() || !request.hasLoadBalancerArns(),
                "Load balancer names and load balancer ARNs cannot be specified at the same time");
        request.loadBalancerArns().forEach(ArnKind.LOAD_BALANCER::checked);
        List<LoadBalancer> all = rows.ownLoadBalancers();
        Set<String> wanted = new HashSet<>(request.hasNames() ? request.names() : request.loadBalancerArns());
        List<LoadBalancer> found = all.stream()
                .filter(each -> wanted.isEmpty() || wanted.contains(each.loadBalancerArn()) || wanted.contains(each.loadBalancerName())).toList();
        if (found.size() < wanted.size()) {
            throw request.hasNames() ? Refusals.noLoadBalancers(missing(request.names(), found)) : Refusals.noLoadBalancer();
        }
        return found;
    }

    private static List<String> missing(List<String> names, List<LoadBalancer> found) {
        return names.stream().distinct().filter(name -> found.stream().noneMatch(each -> each.loadBalancerName().equals(name))).toList();
    }

    /// Deleting one that is not there succeeds, as in AWS. Its target groups stay.
    void delete(String arn) {
        if (rows.findLoadBalancer(arn).isEmpty()) {
            return;
        }
        if (attributes(arn).get("deletion_protection.enabled").equals("true")) {
            throw Refusals.notPermitted("Load balancer '" + arn + "' cannot be deleted because deletion protection is enabled");
        }
        if (rows.targets().list().stream().anyMatch(target -> target.id().equals(arn) && !target.draining())) {
            throw ResourceInUseException.builder().message("Load balancer '" + arn
                    + "' cannot be deleted because it is currently associated with another service").build();
        }
        rows.listenersOf(arn).forEach(listener -> {
            rows.rulesOf(listener.listenerArn()).forEach(rule -> {
                rows.rules().delete(Rows.key(rule.ruleArn()));
                tags.forget(rule.ruleArn());
            });
            rows.listeners().delete(Rows.key(listener.listenerArn()));
            rows.forgetAttributes(listener.listenerArn());
            tags.forget(listener.listenerArn());
        });
        rows.loadBalancers().delete(Rows.key(arn));
        rows.forgetAttributes(arn);
        tags.forget(arn);
    }

    Map<String, String> attributes(String arn) {
        return Attribute.complete(known(rows.loadBalancer(arn)), rows.attributes(arn));
    }

    static List<Attribute> known(LoadBalancer balancer) {
        return balancer.type() == LoadBalancerTypeEnum.APPLICATION ? Attribute.APPLICATION : Attribute.NETWORK;
    }

    /// What the user sets, refused when it may not be.
    Map<String, String> checked(String arn, List<LoadBalancerAttribute> changes) {
        LoadBalancer balancer = rows.loadBalancer(arn);
        Map<String, String> values = Attribute.values(changes, LoadBalancerAttribute::key, LoadBalancerAttribute::value);
        values.keySet().forEach(key -> refuseOfOtherType(balancer, key));
        return Attribute.checked("Load balancer", known(balancer), values);
    }

    /// Text seen in a report to Terraform (terraform-provider-aws 34135).
    private static void refuseOfOtherType(LoadBalancer balancer, String key) {
        boolean somebodys = Stream.of(Attribute.APPLICATION, Attribute.NETWORK).anyMatch(all -> Attribute.isAmong(all, key));
        if (somebodys && !Attribute.isAmong(known(balancer), key)) {
            throw Refusals.configuration("Load balancer attribute key '" + key + "' is not supported on load balancers with type '"
                    + balancer.typeAsString() + "'");
        }
    }

    Map<String, String> modifyAttributes(String arn, Map<String, String> checked) {
        rows.setAttributes(arn, checked);
        return attributes(arn);
    }

    LoadBalancer setSubnets(SetSubnetsRequest request) {
        LoadBalancer old = rows.loadBalancer(request.loadBalancerArn());
        List<Subnet> subnets = subnets(request.subnets(), request.subnetMappings(), old.type());
        if (!subnets.getFirst().vpcId().equals(old.vpcId())) {
            throw Refusals.configuration("The subnets must belong to the VPC of the load balancer, '" + old.vpcId() + "'");
        }
        checkAddresses(request.ipAddressType() == null ? old.ipAddressType() : request.ipAddressType(), old.type(), old.scheme(), subnets);
        return changed(old.copy(b -> b.availabilityZones(zones(subnets)).ipAddressType(request.ipAddressType() == null ? old.ipAddressType()
                : request.ipAddressType())));
    }

    LoadBalancer setSecurityGroups(SetSecurityGroupsRequest request) {
        LoadBalancer old = rows.loadBalancer(request.loadBalancerArn());
        vpcs.checkSecurityGroups(request.securityGroups(), old.vpcId());
        return changed(old.copy(b -> b.securityGroups(request.securityGroups())));
    }

    LoadBalancer setIpAddressType(SetIpAddressTypeRequest request) {
        LoadBalancer old = rows.loadBalancer(request.loadBalancerArn());
        List<Subnet> subnets = vpcs.subnets(old.availabilityZones().stream().map(AvailabilityZone::subnetId).toList());
        checkAddresses(request.ipAddressType(), old.type(), old.scheme(), subnets);
        return changed(old.copy(b -> b.ipAddressType(request.ipAddressType())));
    }

    private LoadBalancer changed(LoadBalancer balancer) {
        rows.loadBalancers().put(Rows.key(balancer.loadBalancerArn()), balancer);
        return balancer;
    }
}
