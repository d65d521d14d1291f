package dev.viridian.services.ec2;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Ids;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.Ipv6Range;
import software.amazon.awssdk.services.ec2.model.PrefixListId;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;
import software.amazon.awssdk.services.ec2.model.UserIdGroupPair;

/// The two ways EC2 speaks of the same thing: rules, each with one peer and an id, and permissions, which gather the peers of a port range.
final class GroupRules {
    private GroupRules() {}

    /// One rule for every peer.
    ///
    /// @param groupOf resolves a group that is named instead of identified
    static List<SecurityGroupRule> expand(SecurityGroup group, boolean egress, List<IpPermission> permissions, Function<UserIdGroupPair,
            SecurityGroup> groupOf) {
        List<SecurityGroupRule> rules = new ArrayList<>();
        for (IpPermission permission : permissions) {
            SecurityGroupRule.Builder rule = SecurityGroupRule.builder().groupId(group.groupId()).groupOwnerId(group.ownerId()).isEgress(egress);
            ports(permission, rule);
            permission.ipRanges()
                    .forEach(range -> rules.add(made(rule.build().toBuilder().cidrIpv4(canonical(range.cidrIp())).description(range.description()))));
            permission.ipv6Ranges().forEach(range ->
                    rules.add(made(rule.build().toBuilder().cidrIpv6(range.cidrIpv6()).description(range.description()))));
            permission.prefixListIds().forEach(list ->
                    rules.add(made(rule.build().toBuilder().prefixListId(list.prefixListId()).description(list.description()))));
            permission.userIdGroupPairs().forEach(pair -> {
                SecurityGroup peer = groupOf.apply(pair);
                rules.add(made(rule.build().toBuilder().referencedGroupInfo(r -> r.groupId(peer.groupId()).userId(peer.ownerId()))
                        .description(pair.description())));
            });
        }
        return rules;
    }

    private static SecurityGroupRule made(SecurityGroupRule.Builder rule) {
        String id = "sgr-" + Ids.hex(17);
        return rule.securityGroupRuleId(id).securityGroupRuleArn(Vpcs.arn("security-group-rule", id)).build();
    }

    private static void ports(IpPermission permission, SecurityGroupRule.Builder rule) {
        if (permission.ipProtocol() == null) {
            throw Ec2Errors.missing("ipProtocol");
        }
        String protocol = protocol(permission.ipProtocol());
        rule.ipProtocol(protocol);
        if (protocol.equals("-1")) {
            rule.fromPort(-1).toPort(-1);
            return;
        }
        Integer from = permission.fromPort();
        Integer to = permission.toPort();
        if (protocol.equals("tcp") || protocol.equals("udp")) {
            checkRange(protocol, from, to);
        }
        rule.fromPort(from == null ? -1 : from).toPort(to == null ? -1 : to);
    }

    private static void checkRange(String protocol, @Nullable Integer from, @Nullable Integer to) {
        if (from == null || to == null || from < 0 || to > 65535) {
            throw Ec2Errors.invalidValue("Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.");
        }
        if (from > to) {
            throw Ec2Errors.invalidValue("Invalid " + protocol.toUpperCase(Locale.ROOT) + " port range: " + from + "-" + to);
        }
    }

    /// Numbers become names where EC2 has one.
    private static String protocol(String protocol) {
        return switch (protocol.toLowerCase(Locale.ROOT)) {
            case "6", "tcp" -> "tcp";
            case "17", "udp" -> "udp";
            case "1", "icmp" -> "icmp";
            case "58", "icmpv6" -> "icmpv6";
            case "-1", "all" -> "-1";
            default -> {
                if (!protocol.matches("\\d{1,3}")) {
                    throw Ec2Errors.invalidValue("Invalid value '" + protocol + "' for IP protocol. Unknown protocol.");
                }
                yield protocol;
            }
        };
    }

    private static String canonical(@Nullable String cidr) {
        return Optional.ofNullable(cidr).flatMap(Cidr::parse).orElseThrow(() -> Ec2Errors.invalidValue("CIDR block " + cidr + " is malformed"))
                .toString();
    }

    /// Whether two rules let the same through; ids and descriptions aside.
    static boolean same(SecurityGroupRule a, SecurityGroupRule b) {
        return a.isEgress().equals(b.isEgress()) && a.ipProtocol().equals(b.ipProtocol()) && Objects.equals(a.fromPort(), b.fromPort())
                && Objects.equals(a.toPort(), b.toPort()) && peer(a).equals(peer(b));
    }

    static String peer(SecurityGroupRule rule) {
        return Optional.ofNullable(rule.cidrIpv4()).or(() -> Optional.ofNullable(rule.cidrIpv6())).or(() -> Optional.ofNullable(rule.prefixListId()))
                .orElseGet(() -> rule.referencedGroupInfo().groupId());
    }

    /// As EC2's messages describe a rule.
    static String describe(SecurityGroupRule rule) {
        String ports = rule.fromPort() == -1 ? "" : ", from port: " + rule.fromPort() + ", to port: " + rule.toPort();
        return "peer: " + peer(rule) + ", " + (rule.ipProtocol().equals("-1") ? "ALL" : rule.ipProtocol().toUpperCase(Locale.ROOT)) + ports
                + ", ALLOW";
    }

    /// Rules gathered into permissions, in the order in which their ports first appear.
    static List<IpPermission> gather(List<SecurityGroupRule> rules, boolean egress) {
        record Ports(String protocol, Integer from, Integer to) {}
        Map<Ports, List<SecurityGroupRule>> byPorts = new LinkedHashMap<>();
        rules.stream().filter(rule -> rule.isEgress() == egress)
                .forEach(rule -> byPorts.computeIfAbsent(new Ports(rule.ipProtocol(), rule.fromPort(), rule.toPort()), _ -> new ArrayList<>())
                .add(rule));
        return byPorts.entrySet().stream().map(entry ->
                permission(entry.getKey().protocol(), entry.getKey().from(), entry.getKey().to(), entry.getValue())).toList();
    }

    private static IpPermission permission(String protocol, Integer from, Integer to, List<SecurityGroupRule> rules) {
        boolean all = protocol.equals("-1");
        return IpPermission.builder().ipProtocol(protocol).fromPort(all ? null : from).toPort(all ? null : to)
                .ipRanges(rules.stream().filter(r -> r.cidrIpv4() != null)
                .map(r -> IpRange.builder().cidrIp(r.cidrIpv4()).description(r.description()).build()).toList())
                .ipv6Ranges(rules.stream().filter(r -> r.cidrIpv6() != null)
                .map(r -> Ipv6Range.builder().cidrIpv6(r.cidrIpv6()).description(r.description()).build()).toList())
                .prefixListIds(rules.stream().filter(r -> r.prefixListId() != null)
                        .map(r -> PrefixListId.builder().prefixListId(r.prefixListId()).description(r.description()).build()).toList())
                .userIdGroupPairs(rules.stream().filter(r -> r.referencedGroupInfo() != null).map(r -> UserIdGroupPair.builder()
                        .groupId(r.referencedGroupInfo().groupId()).userId(Caller.current().account()).description(r.description()).build()).toList())
                .build();
    }
}
