package dev.viridian.services.ec2;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Ids;
import dev.viridian.aws.shapes.Pages;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.CreateSecurityGroupRequest;
import software.amazon.awssdk.services.ec2.model.CreateSecurityGroupResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupRulesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupRulesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsResponse;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.UserIdGroupPair;

/// Operations on security groups and their rules.
final class SecurityGroups {
    private static final int MOST_RULES = 60;
    private static final Filters<SecurityGroup> FILTERS = new Filters<>(SecurityGroup::tags).by("group-id", SecurityGroup::groupId)
            .by("group-name", SecurityGroup::groupName).by("vpc-id", SecurityGroup::vpcId).by("description", SecurityGroup::description)
            .by("owner-id", SecurityGroup::ownerId)
            .byAny("ip-permission.cidr", g -> g.ipPermissions().stream().flatMap(p -> p.ipRanges().stream()).map(r -> r.cidrIp()))
            .byAny("ip-permission.from-port", g -> g.ipPermissions().stream().flatMap(p -> Stream.ofNullable(p.fromPort())).map(Object::toString))
            .byAny("ip-permission.to-port", g -> g.ipPermissions().stream().flatMap(p -> Stream.ofNullable(p.toPort())).map(Object::toString))
            .byAny("ip-permission.protocol", g -> g.ipPermissions().stream().map(IpPermission::ipProtocol))
            .byAny("ip-permission.group-id", g -> g.ipPermissions().stream().flatMap(p -> p.userIdGroupPairs().stream())
            .map(UserIdGroupPair::groupId))
            .byAny("egress.ip-permission.cidr", g -> g.ipPermissionsEgress().stream().flatMap(p -> p.ipRanges().stream()).map(r -> r.cidrIp()))
            .byAny("egress.ip-permission.protocol", g -> g.ipPermissionsEgress().stream().map(IpPermission::ipProtocol));
    private static final Filters<SecurityGroupRule> RULE_FILTERS = new Filters<>(SecurityGroupRule::tags).by("group-id", SecurityGroupRule::groupId)
            .by("security-group-rule-id", SecurityGroupRule::securityGroupRuleId);

    private final Network network;

    SecurityGroups(Network network) {
        this.network = network;
    }

    /// The group every VPC has: its members talk to each other and to the world.
    static Row.OfGroup defaultGroup(String id, String vpc, String inRule, String outRule) {
        String account = Caller.current().account();
        SecurityGroup group = group(id, "default", "default VPC security group", vpc, List.of());
        SecurityGroupRule in = SecurityGroupRule.builder().securityGroupRuleId(inRule).securityGroupRuleArn(Vpcs.arn("security-group-rule", inRule))
                .groupId(id)
                .groupOwnerId(account).isEgress(false).ipProtocol("-1").fromPort(-1).toPort(-1)
                .referencedGroupInfo(r -> r.groupId(id).userId(account)).build();
        return new Row.OfGroup(group, List.of(in, anywhere(group, outRule)));
    }

    private static SecurityGroup group(String id, String name, String description, String vpc, List<Tag> tags) {
        return SecurityGroup.builder().groupId(id).groupName(name).description(description).vpcId(vpc).ownerId(Caller.current().account())
                .securityGroupArn(Vpcs.arn("security-group", id)).tags(tags).build();
    }

    private static SecurityGroupRule anywhere(SecurityGroup group, String id) {
        return SecurityGroupRule.builder().securityGroupRuleId(id).securityGroupRuleArn(Vpcs.arn("security-group-rule", id)).groupId(group.groupId())
                .groupOwnerId(group.ownerId()).isEgress(true).ipProtocol("-1").fromPort(-1).toPort(-1).cidrIpv4("0.0.0.0/0").build();
    }

    CreateSecurityGroupResponse create(CreateSecurityGroupRequest request) {
        checkName(request.groupName());
        List<Tag> tags = Tagging.of(request.tagSpecifications(), "security-group");
        return network.store.transact(() -> {
            String vpc = network.vpcOrDefault(request.vpcId()).id();
            if (network.groupsOf(vpc).stream().anyMatch(row -> row.group().groupName().equals(request.groupName()))) {
                throw Ec2Errors.of("InvalidGroup.Duplicate", "The security group '" + request.groupName() + "' already exists for VPC '" + vpc + "'");
            }
            SecurityGroup group = group(network.groups.newId(), request.groupName(), request.description(), vpc, tags);
            network.groups.put(new Row.OfGroup(group, List.of(anywhere(group, "sgr-" + Ids.hex(17)))));
            return CreateSecurityGroupResponse.builder().groupId(group.groupId()).securityGroupArn(group.securityGroupArn()).tags(tags).build();
        });
    }

    private static void checkName(String name) {
        if (name.startsWith("sg-")) {
            throw Ec2Errors.invalidValue("Invalid value '" + name + "' for groupName. Group names may not be in the format sg-*.");
        }
        if (name.equals("default")) {
            throw Ec2Errors.of("InvalidParameterValue", "Cannot use reserved security group name: default");
        }
    }

    DescribeSecurityGroupsResponse describe(DescribeSecurityGroupsRequest request) {
        List<SecurityGroup> named = named(request).stream().map(SecurityGroups::view).toList();
        Pages.Page<SecurityGroup> page = Paging.of(FILTERS.apply(named, request.filters()), SecurityGroup::groupId, request.nextToken(),
                request.maxResults());
        return DescribeSecurityGroupsResponse.builder().securityGroups(page.items()).nextToken(page.nextToken()).build();
    }

    private List<Row.OfGroup> named(DescribeSecurityGroupsRequest request) {
        request.groupIds().forEach(SecurityGroups::checkId);
        if (request.groupNames().isEmpty()) {
            return Paging.named(network.groups, request.groupIds());
        }
        return request.groupNames().stream().map(name -> byName(name, null)).sorted(Comparator.comparing(Row.OfGroup::id)).toList();
    }

    private static void checkId(String id) {
        if (!id.startsWith("sg-")) {
            throw Ec2Errors.of("InvalidGroupId.Malformed", "Invalid id: \"" + id + "\" (expecting \"sg-...\")");
        }
    }

    private static SecurityGroup view(Row.OfGroup row) {
        return row.group().toBuilder().ipPermissions(GroupRules.gather(row.rules(), false)).ipPermissionsEgress(GroupRules.gather(row.rules(), true))
                .build();
    }

    /// A group by its name in the default VPC, the only place where names are enough.
    private Row.OfGroup byName(String name, @Nullable String vpc) {
        String where = vpc != null ? vpc : network.defaultVpc().map(Row.OfVpc::id).orElse("");
        return network.groupsOf(where).stream().filter(row -> row.group().groupName().equals(name)).findFirst()
                .orElseThrow(() -> Ec2Errors.of("InvalidGroup.NotFound",
                "The security group '" + name + "' does not exist in default VPC '" + where + "'"));
    }

    Row.OfGroup get(@Nullable String id, @Nullable String name) {
        if (id == null && name == null) {
            throw Ec2Errors.missing("groupName or groupId");
        }
        if (id != null) {
            checkId(id);
            return network.groups.get(id);
        }
        return byName(name, null);
    }

    void delete(@Nullable String id, @Nullable String name) {
        network.store.transact(() -> {
            Row.OfGroup row = get(id, name);
            if (row.group().groupName().equals("default")) {
                throw Ec2Errors.of("CannotDelete", "the specified group: \"" + row.id() + "\" name: \"default\" cannot be deleted by a user");
            }
            boolean used = network.groups.list().stream().filter(other -> !other.id().equals(row.id())).flatMap(other -> other.rules().stream())
                    .anyMatch(rule -> rule.referencedGroupInfo() != null && row.id().equals(rule.referencedGroupInfo().groupId()))
                    || network.interfaces.list().stream().flatMap(i -> i.groups().stream()).anyMatch(g -> row.id().equals(g.groupId()));
            if (used) {
                throw Ec2Errors.dependency("resource " + row.id() + " has a dependent object");
            }
            network.groups.delete(row.id());
        });
    }

    /// All the rules or none.
    List<SecurityGroupRule> authorize(Row.OfGroup row, boolean egress, List<IpPermission> permissions, List<Tag> tags) {
        return network.store.transact(() -> {
            List<SecurityGroupRule> added = GroupRules.expand(row.group(), egress, permissions, pair -> peer(row, pair)).stream()
                    .map(rule -> tags.isEmpty() ? rule : rule.toBuilder().tags(tags).build()).toList();
            if (added.isEmpty()) {
                throw Ec2Errors.missing("ipPermissions");
            }
            network.groups.change(row.id(), now -> new Row.OfGroup(now.group(), with(now.rules(), added, egress)));
            return added;
        });
    }

    private static List<SecurityGroupRule> with(List<SecurityGroupRule> rules, List<SecurityGroupRule> added, boolean egress) {
        List<SecurityGroupRule> all = new ArrayList<>(rules);
        for (SecurityGroupRule rule : added) {
            if (all.stream().anyMatch(other -> GroupRules.same(other, rule))) {
                throw Ec2Errors.of("InvalidPermission.Duplicate", "the specified rule \"" + GroupRules.describe(rule) + "\" already exists");
            }
            all.add(rule);
        }
        if (all.stream().filter(rule -> rule.isEgress() == egress).count() > MOST_RULES) {
            throw Ec2Errors.of("RulesPerSecurityGroupLimitExceeded", "The maximum number of rules per security group has been reached.");
        }
        return all;
    }

    private SecurityGroup peer(Row.OfGroup row, UserIdGroupPair pair) {
        return pair.groupId() != null ? network.groups.get(pair.groupId()).group() : byName(pair.groupName(), row.group().vpcId()).group();
    }

    /// @return the rules that are gone
    List<SecurityGroupRule> revoke(Row.OfGroup row, boolean egress, List<IpPermission> permissions, List<String> ruleIds) {
        return network.store.transact(() -> {
            List<SecurityGroupRule> gone = new ArrayList<>();
            for (String id : ruleIds) {
                gone.add(row.rules().stream().filter(rule -> rule.securityGroupRuleId().equals(id) && rule.isEgress() == egress).findFirst()
                        .orElseThrow(() -> Ec2Errors.of("InvalidSecurityGroupRuleId.NotFound",
                        "The security group rule ID '" + id + "' does not exist")));
            }
            for (SecurityGroupRule wished : GroupRules.expand(row.group(), egress, permissions, pair -> peer(row, pair))) {
                gone.add(row.rules().stream().filter(rule -> GroupRules.same(rule, wished)).findFirst()
                        .orElseThrow(() -> Ec2Errors.of("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")));
            }
            network.groups.change(row.id(), now -> new Row.OfGroup(now.group(), now.rules().stream()
                    .filter(rule -> gone.stream().noneMatch(g -> g.securityGroupRuleId().equals(rule.securityGroupRuleId()))).toList()));
            return gone;
        });
    }

    DescribeSecurityGroupRulesResponse rules(DescribeSecurityGroupRulesRequest request) {
        List<SecurityGroupRule> all = network.groups.list().stream().flatMap(row -> row.rules().stream())
                .sorted(Comparator.comparing(SecurityGroupRule::securityGroupRuleId)).toList();
        for (String id : request.securityGroupRuleIds()) {
            Optional.of(id).filter(wanted -> all.stream().anyMatch(rule -> rule.securityGroupRuleId().equals(wanted)))
                    .orElseThrow(() -> Ec2Errors.of("InvalidSecurityGroupRuleId.NotFound", "The security group rule ID '" + id + "' does not exist"));
        }
        List<SecurityGroupRule> named = all.stream().filter(rule -> request.securityGroupRuleIds().isEmpty() || request.securityGroupRuleIds()
                .contains(rule.securityGroupRuleId())).toList();
        Pages.Page<SecurityGroupRule> page = Paging.of(RULE_FILTERS.apply(named, request.filters()), SecurityGroupRule::securityGroupRuleId,
                request.nextToken(), request.maxResults());
        return DescribeSecurityGroupRulesResponse.builder().securityGroupRules(page.items()).nextToken(page.nextToken()).build();
    }

    /// The permission that the older, flat parameters describe; none when they are absent.
    static List<IpPermission> flat(List<IpPermission> permissions, @Nullable String protocol, @Nullable Integer from, @Nullable Integer to,
            @Nullable String cidr,
            @Nullable String groupName) {
        if (protocol == null && cidr == null && groupName == null) {
            return permissions;
        }
        IpPermission.Builder flat = IpPermission.builder().ipProtocol(protocol == null ? "-1" : protocol).fromPort(from).toPort(to);
        if (cidr != null) {
            flat.ipRanges(r -> r.cidrIp(cidr));
        }
        if (groupName != null) {
            flat.userIdGroupPairs(p -> p.groupName(groupName));
        }
        return Stream.concat(permissions.stream(), Stream.of(flat.build())).toList();
    }
}
