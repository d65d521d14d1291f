package dev.viridian.services.elbv2;

import static dev.viridian.services.elbv2.Attribute.number;
import static dev.viridian.services.elbv2.Attribute.oneOf;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/// Which attributes a target group has: it depends on what it is a group of.
///
/// Source: Elastic Load Balancing API, TargetGroupAttribute; user guide "Edit target group attributes for your Network Load Balancer".
final class GroupAttributes {
    private static final String STICKINESS = "stickiness.type";
    private static final String TERMINATION = "target_health_state.unhealthy.connection_termination.enabled";
    private static final String INTERVAL = "target_health_state.unhealthy.draining_interval_seconds";

    /// `preserve_client_ip.enabled` is `false` here and cannot be anything else, though AWS begins with `true` for instances: connections to targets
    /// are this machine's own.
    private static final List<Attribute> NETWORK = List.of(number("deregistration_delay.timeout_seconds", 300, 0, 3600),
            oneOf("deregistration_delay.connection_termination.enabled", "false", "true"), oneOf("preserve_client_ip.enabled", "false"),
            oneOf("proxy_protocol_v2.enabled", "false", "true"), oneOf("stickiness.enabled", "false", "true"), oneOf(STICKINESS, "source_ip"),
            oneOf("load_balancing.cross_zone.enabled", "use_load_balancer_configuration", "true", "false"),
            oneOf(TERMINATION, "true", "false"), number(INTERVAL, 0, 0, 360_000),
            oneOf("target_group_health.dns_failover.minimum_healthy_targets.count", "1"),
            oneOf("target_group_health.dns_failover.minimum_healthy_targets.percentage", "off"),
            oneOf("target_group_health.unhealthy_state_routing.minimum_healthy_targets.count", "1"),
            oneOf("target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage", "off"));

    private GroupAttributes() {}

    static List<Attribute> of(TargetGroup group) {
        return HealthSettings.isHttp(group.protocol()) ? Attribute.TARGET_GROUP : NETWORK;
    }

    /// What AWS refuses in words of its own, and what would not be acted upon.
    static void check(TargetGroup group, Map<String, String> changes) {
        if (group.targetType() == TargetTypeEnum.ALB) {
            // The rule is AWS's ("you can't modify the target group attributes"), the wording is ours.
            throw Refusals.configuration("The attributes of target groups with the target type 'alb' cannot be modified");
        }
        String type = changes.get(STICKINESS);
        boolean known = type == null || of(group).stream().anyMatch(each -> each.key().equals(STICKINESS) && each.valid().test(type));
        if (!known && List.of("lb_cookie", "app_cookie", "source_ip", "source_ip_dest_ip", "source_ip_dest_ip_proto").contains(type)) {
            throw Refusals.configuration("Stickiness type '" + type + "' is not supported for target groups with the " + group.protocolAsString()
                    + " protocol");
        }
        if (group.protocol() == ProtocolEnum.TLS && "true".equals(changes.get("stickiness.enabled"))) {
            throw Refusals.configuration("You cannot enable stickiness on target groups with the TLS protocol");
        }
        if (!HealthSettings.isHttp(group.protocol()) && "true".equals(changes.get("preserve_client_ip.enabled"))) {
            throw new UnsupportedOperationException("preserve_client_ip.enabled: targets see this machine's address; proxy_protocol_v2.enabled tells"
                    + " them the client's");
        }
    }

    /// @param after all attributes as they would be
    static void checkTogether(Map<String, String> after) {
        boolean drains = !after.getOrDefault(INTERVAL, "0").equals("0");
        if (drains && after.get(TERMINATION).equals("true")) {
            // The rule is AWS's ("connection termination must be disabled before enabling unhealthy draining interval"), the wording is ours.
            throw Refusals.configuration("'" + INTERVAL + "' can be set only while '" + TERMINATION + "' is 'false'");
        }
    }
}
