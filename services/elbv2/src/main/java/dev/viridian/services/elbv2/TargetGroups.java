package dev.viridian.services.elbv2;

import dev.viridian.aws.Arn;
import dev.viridian.aws.Ids;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// Target groups and their attributes.
final class TargetGroups {
    private static final Set<ProtocolEnum> SERVED = Set.of(ProtocolEnum.HTTP, ProtocolEnum.HTTPS, ProtocolEnum.TCP, ProtocolEnum.TLS);
    private static final int MOST = 3000;

    private final Rows rows;
    private final Vpcs vpcs;
    private final Tags tags;
    private final boolean functions;

    /// @param functions whether functions can be targets
    TargetGroups(Rows rows, Vpcs vpcs, Tags tags, boolean functions) {
        this.functions = functions;
        this.rows = rows;
        this.vpcs = vpcs;
        this.tags = tags;
    }

    /// The same name with the same settings is the same group, so that a repeated call is harmless.
    TargetGroup create(CreateTargetGroupRequest request) {
        TargetGroup wanted = wanted(request);
        Tags.check(request.tags());
        Optional<TargetGroup> old = rows.ownTargetGroups().stream().filter(each -> each.targetGroupName().equals(request.name())).findFirst();
        if (old.isPresent()) {
            boolean same = old.get().copy(b -> b.targetGroupArn(null)).equals(wanted)
                    && Set.copyOf(tags.of(old.get().targetGroupArn())).equals(Set.copyOf(request.tags()));
            if (!same) {
                throw DuplicateTargetGroupNameException.builder().message("A target group with the same name '" + request.name()
                        + "' exists, but with different settings").build();
            }
            return shown(old.get());
        }
        if (request.vpcId() != null) {
            vpcs.checkVpc(request.vpcId());
        }
        if (rows.ownTargetGroups().size() >= MOST) {
            throw TooManyTargetGroupsException.builder().message("The maximum number of target groups has been reached").build();
        }
        TargetGroup created = wanted.copy(b -> b.targetGroupArn(Arn.here("elasticloadbalancing",
                "targetgroup/" + request.name() + "/" + Ids.hex(16))));
        rows.targetGroups().put(Rows.key(created.targetGroupArn()), created);
        tags.create(created.targetGroupArn(), request.tags());
        return shown(created);
    }

    private TargetGroup wanted(CreateTargetGroupRequest request) {
        checkName(request.name());
        TargetTypeEnum type = request.targetType() == null ? TargetTypeEnum.INSTANCE : request.targetType();
        if (type == TargetTypeEnum.LAMBDA) {
            return ofFunction(request);
        }
        Refusals.require(request.protocol() != null, "A protocol must be specified");
        if (!SERVED.contains(request.protocol())) {
            throw new UnsupportedOperationException("CreateTargetGroup with protocol " + request.protocolAsString()
                    + ": there are HTTP, HTTPS, TCP and TLS");
        }
        // The rule is AWS's, the wording is ours.
        Refusals.require(type != TargetTypeEnum.ALB || request.protocol() == ProtocolEnum.TCP,
                "Target groups with the target type 'alb' must have the protocol 'TCP'");
        Refusals.require(request.port() != null, "A port must be specified");
        Refusals.require(request.vpcId() != null, "A VPC ID must be specified");
        Refusals.require(request.protocolVersion() == null || Set.of("HTTP1", "HTTP2", "GRPC").contains(request.protocolVersion()),
                "Protocol version '" + request.protocolVersion() + "' must be one of 'HTTP1, HTTP2, GRPC'");
        boolean http = HealthSettings.isHttp(request.protocol());
        Refusals.require(http || request.protocolVersion() == null, "Protocol version is not supported for the protocol '"
                + request.protocolAsString() + "'");
        return HealthSettings.completed(TargetGroup.builder().targetGroupName(request.name()).protocol(request.protocol()).port(request.port())
                .vpcId(request.vpcId())
                .protocolVersion(http ? request.protocolVersion() == null ? "HTTP1" : request.protocolVersion() : null).targetType(type)
                .ipAddressType(request.ipAddressType() == null ? TargetGroupIpAddressTypeEnum.IPV4 : request.ipAddressType())
                .healthCheckEnabled(request.healthCheckEnabled()).healthCheckProtocol(request.healthCheckProtocol())
                .healthCheckPort(request.healthCheckPort())
                .healthCheckPath(request.healthCheckPath()).healthCheckIntervalSeconds(request.healthCheckIntervalSeconds())
                .healthCheckTimeoutSeconds(request.healthCheckTimeoutSeconds()).healthyThresholdCount(request.healthyThresholdCount())
                .unhealthyThresholdCount(request.unhealthyThresholdCount()).matcher(request.matcher()).build());
    }

    /// A function has neither protocol nor place. The rules are AWS's, the wordings are ours.
    private TargetGroup ofFunction(CreateTargetGroupRequest request) {
        if (!functions) {
            throw new UnsupportedOperationException("CreateTargetGroup with target type lambda: there is no Lambda");
        }
        Refusals.require(request.protocol() == null && request.protocolVersion() == null,
                "A protocol cannot be specified for target groups with the target type 'lambda'");
        Refusals.require(request.port() == null, "A port cannot be specified for target groups with the target type 'lambda'");
        Refusals.require(request.vpcId() == null, "A VPC ID cannot be specified for target groups with the target type 'lambda'");
        return HealthSettings.completed(TargetGroup.builder().targetGroupName(request.name()).targetType(TargetTypeEnum.LAMBDA)
                .ipAddressType(TargetGroupIpAddressTypeEnum.IPV4).healthCheckEnabled(request.healthCheckEnabled())
                .healthCheckProtocol(request.healthCheckProtocol()).healthCheckPort(request.healthCheckPort()).healthCheckPath(request.healthCheckPath()).healthCheckIntervalSeconds(request.healthCheckIntervalSeconds())
                .healthCheckTimeoutSeconds(request.healthCheckTimeoutSeconds()).healthyThresholdCount(request.healthyThresholdCount())
                .unhealthyThresholdCount(request.unhealthyThresholdCount()).matcher(request.matcher()).build());
    }

    private static void checkName(String name) {
        Refusals.require(!name.isEmpty() && name.length() <= 32, "Target group name '" + name + "' cannot be longer than '32' characters");
        Refusals.require(name.matches("[A-Za-z0-9-]+"), "Target group name '" + name
                + "' can only contain characters that are alphanumeric characters or hyphens(-)");
        Refusals.require(!name.startsWith("-") && !name.endsWith("-"), "Target group name '" + name + "' cannot begin or end with '-'");
    }

    /// What is not given stays, unless the health check becomes one of connections, which have neither path nor codes.
    TargetGroup modify(ModifyTargetGroupRequest request) {
        TargetGroup old = rows.targetGroup(request.targetGroupArn());
        boolean connects = request.healthCheckProtocol() != null && !HealthSettings.isHttp(request.healthCheckProtocol());
        TargetGroup changed = HealthSettings.completed(old.copy(b -> {
            b.healthCheckEnabled(request.healthCheckEnabled() == null ? old.healthCheckEnabled() : request.healthCheckEnabled());
            b.healthCheckProtocol(request.healthCheckProtocol() == null ? old.healthCheckProtocol() : request.healthCheckProtocol());
            b.healthCheckPort(request.healthCheckPort() == null ? old.healthCheckPort() : request.healthCheckPort());
            b.healthCheckPath(request.healthCheckPath() == null && !connects ? old.healthCheckPath() : request.healthCheckPath());
            b.healthCheckIntervalSeconds(request.healthCheckIntervalSeconds() == null ? old.healthCheckIntervalSeconds()
                    : request.healthCheckIntervalSeconds());
            b.healthCheckTimeoutSeconds(request.healthCheckTimeoutSeconds() == null ? old.healthCheckTimeoutSeconds()
                    : request.healthCheckTimeoutSeconds());
            b.healthyThresholdCount(request.healthyThresholdCount() == null ? old.healthyThresholdCount() : request.healthyThresholdCount());
            b.unhealthyThresholdCount(request.unhealthyThresholdCount() == null ? old.unhealthyThresholdCount() : request.unhealthyThresholdCount());
            b.matcher(request.matcher() == null && !connects ? old.matcher() : request.matcher());
        }));
        rows.targetGroups().put(Rows.key(old.targetGroupArn()), changed);
        return shown(changed);
    }

    List<TargetGroup> find(DescribeTargetGroupsRequest request) {
        long ways = java.util.stream.Stream.of(request.hasNames(), request.hasTargetGroupArns(), request.loadBalancerArn() != null).filter(way -> way)
                .count();
        Refusals.require(ways <= 1, "Target group names, target group ARNs, and a load balancer ARN cannot be specified at the same time");
        if (request.loadBalancerArn() != null) {
            rows.loadBalancer(request.loadBalancerArn());
            Set<String> used = rows.groupsOf(request.loadBalancerArn());
            return rows.ownTargetGroups().stream().filter(group -> used.contains(group.targetGroupArn())).map(this::shown).toList();
        }
        request.targetGroupArns().forEach(ArnKind.TARGET_GROUP::checked);
        Set<String> wanted = new HashSet<>(request.hasNames() ? request.names() : request.targetGroupArns());
        List<TargetGroup> found = rows.ownTargetGroups().stream()
                .filter(each -> wanted.isEmpty() || wanted.contains(each.targetGroupArn()) || wanted.contains(each.targetGroupName())).toList();
        if (found.size() < wanted.size()) {
            throw Refusals.noTargetGroup();
        }
        return found.stream().map(this::shown).toList();
    }

    private TargetGroup shown(TargetGroup group) {
        return group.copy(b -> b.loadBalancerArns(rows.usersOf(group.targetGroupArn())));
    }

    /// Deleting one that is not there succeeds, as in AWS.
    void delete(String arn) {
        if (rows.findTargetGroup(arn).isEmpty()) {
            return;
        }
        if (!rows.usersOf(arn).isEmpty()) {
            throw ResourceInUseException.builder().message("Target group '" + arn + "' is currently in use by a listener or a rule").build();
        }
        rows.targetsOf(arn).forEach(target -> rows.targets().delete(Rows.targetKey(arn, target.id(), target.port())));
        rows.targetGroups().delete(Rows.key(arn));
        rows.forgetAttributes(arn);
        tags.forget(arn);
    }

    Map<String, String> attributes(String arn) {
        return Attribute.complete(GroupAttributes.of(rows.targetGroup(arn)), rows.attributes(arn));
    }

    Map<String, String> modifyAttributes(String arn, List<TargetGroupAttribute> changes) {
        TargetGroup group = rows.targetGroup(arn);
        Map<String, String> values = Attribute.values(changes, TargetGroupAttribute::key, TargetGroupAttribute::value);
        Map<String, String> after = new TreeMap<>(attributes(arn));
        GroupAttributes.check(group, values);
        after.putAll(Attribute.checked("Target group", GroupAttributes.of(group), values));
        GroupAttributes.checkTogether(after);
        rows.setAttributes(arn, values);
        return attributes(arn);
    }
}
