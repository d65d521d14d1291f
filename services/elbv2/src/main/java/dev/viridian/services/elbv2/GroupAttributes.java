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
/// Source: Elastic Load Balancing API, TargetGroupAttribute; user guides "Edit target group attributes" for both kinds of load balancers.
final class GroupAttributes {
    private static final String STICKINESS = "stickiness.type";
    private static final String TERMINATION = "target_health_state.unhealthy.connection_termination.enabled";
    private static final String ALGORITHM = "load_balancing.algorithm.type";
    private static final String INTERVAL = "target_health_state.unhealthy.draining_interval_seconds";

    /// `preserve_client_ip.enabled` is `false` here and cannot be anything else, though AWS begins with `true` for instances: connections to targets
    /// are this machine's own.
    private static final List<Attribute> NETWORK = List.of(number("deregistration_delay.timeout_seconds", 300, 0, 3600),
            oneOf("deregistration_delay.connection_termination.enabled", "false", "true"), oneOf("preserve_client_ip.enabled", "false"),
            oneOf("proxy_protocol_v2.enabled", "false", "true"), oneOf("stickiness.enabled", "false", "true"), oneOf(STICKINESS, "source_ip"),
            oneOf("load_balancing.cross_zone.enabled", "use_load_balancer_configuration", "true", "false"),
            oneOf(TERMINATION, "true", "false"), number(INTERVAL, 0, 0, 360_000),
            Attribute.DNS_FAILOVER_COUNT, Attribute.DNS_FAILOVER_PERCENTAGE, Attribute.MINIMUM_COUNT, Attribute.MINIMUM_PERCENTAGE);

    private static final List<Attribute> FUNCTION = List.of(oneOf("lambda.multi_value_headers.enabled", "false", "true"));

    private GroupAttributes() {}

    static List<Attribute> of(TargetGroup group) {
        if (group.targetType() == TargetTypeEnum.LAMBDA) {
            return FUNCTION;
        }
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
        if (!known && group.protocol() != null && List.of("lb_cookie", "app_cookie", "source_ip", "source_ip_dest_ip", "source_ip_dest_ip_proto").contains(type)) {
            throw Refusals.configuration("Stickiness type '" + type + "' is not supported for target groups with the " + group.protocolAsString()
                    + " protocol");
        }
        if (group.protocol() == ProtocolEnum.TLS && "true".equals(changes.get("stickiness.enabled"))) {
            throw Refusals.configuration("You cannot enable stickiness on target groups with the TLS protocol");
        }
        if (of(group) == NETWORK && "true".equals(changes.get("preserve_client_ip.enabled"))) {
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
        if (after.containsKey(ALGORITHM)) {
            checkRequests(after);
        }
    }

    /// Texts seen in reports of Terraform and of the AWS load balancer controller, but for those marked ours.
    private static void checkRequests(Map<String, String> after) {
        boolean slow = !"0".equals(after.get("slow_start.duration_seconds"));
        boolean sticky = "true".equals(after.get("stickiness.enabled"));
        boolean random = "weighted_random".equals(after.get(ALGORITHM));
        refuseBoth(slow, random, "You cannot enable both slow start and weighted random algorithm on a target group");
        // Ours, after the one before.
        refuseBoth(slow, "least_outstanding_requests".equals(after.get(ALGORITHM)),
                "You cannot enable both slow start and least outstanding requests algorithm on a target group");
        refuseBoth(sticky, random, "You cannot have both stickiness and weighted random algorithm enabled on the same target group.");
        Refusals.require(!sticky || !"app_cookie".equals(after.get(STICKINESS)) || !"".equals(after.get("stickiness.app_cookie.cookie_name")),
                "'stickiness.app_cookie.cookie_name' must be specified for stickiness of type 'app_cookie'");
    }

    private static void refuseBoth(boolean one, boolean other, String message) {
        if (one && other) {
            throw Refusals.configuration(message);
        }
    }
}
