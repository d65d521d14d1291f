package dev.viridian.services.elbv2;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/// One attribute of a load balancer or target group: a text value under a key, with its default and what it may be.
///
/// Values that would turn on something this load balancer does not do are refused rather than stored.
///
/// Source: Elastic Load Balancing API, LoadBalancerAttribute and TargetGroupAttribute.
///
/// @param standard the value when none was set
/// @param valid which texts are accepted
/// @param range how the accepted texts are described in a refusal
record Attribute(String key, String standard, Predicate<String> valid, String range) {

    static final List<Attribute> APPLICATION = List.of(oneOf("deletion_protection.enabled", "false", "true"),
            oneOf("load_balancing.cross_zone.enabled", "true"),
            number("idle_timeout.timeout_seconds", 60, 1, 4000), number("client_keep_alive.seconds", 3600, 60, 604800),
            oneOf("access_logs.s3.enabled", "false", "true"), any("access_logs.s3.bucket"), any("access_logs.s3.prefix"),
            oneOf("connection_logs.s3.enabled", "false", "true"),
            any("connection_logs.s3.bucket"), any("connection_logs.s3.prefix"), oneOf("health_check_logs.s3.enabled", "false"),
            any("health_check_logs.s3.bucket"),
            any("health_check_logs.s3.prefix"), oneOf("ipv6.deny_all_igw_traffic", "false", "true"),
            oneOf("routing.http.desync_mitigation_mode", "defensive", "monitor", "strictest"),
            oneOf("routing.http.drop_invalid_header_fields.enabled", "false", "true"),
            oneOf("routing.http.preserve_host_header.enabled", "false", "true"),
            oneOf("routing.http.x_amzn_tls_version_and_cipher_suite.enabled", "false"),
            oneOf("routing.http.xff_client_port.enabled", "false", "true"),
            oneOf("routing.http.xff_header_processing.mode", "append", "preserve", "remove"),
            oneOf("routing.http2.enabled", "true", "false"), oneOf("waf.fail_open.enabled", "false", "true"),
            oneOf("zonal_shift.config.enabled", "false"));

    static final List<Attribute> NETWORK = List.of(oneOf("deletion_protection.enabled", "false", "true"),
            oneOf("load_balancing.cross_zone.enabled", "false", "true"),
            oneOf("access_logs.s3.enabled", "false"), any("access_logs.s3.bucket"), any("access_logs.s3.prefix"),
            oneOf("ipv6.deny_all_igw_traffic", "false", "true"),
            oneOf("dns_record.client_routing_policy", "any_availability_zone"), oneOf("zonal_shift.config.enabled", "false"));

    /// Of listeners of application load balancers: headers of answers cannot be changed here.
    static final List<Attribute> LISTENER = List.of(oneOf("routing.http.response.server.enabled", "true"));

    /// Of listeners of network load balancers that speak TCP. Those that speak TLS have none: their 350 seconds cannot be changed.
    static final List<Attribute> TCP_LISTENER = List.of(number("tcp.idle_timeout.seconds", 350, 60, 6000));

    static final List<Attribute> TARGET_GROUP = List.of(number("deregistration_delay.timeout_seconds", 300, 0, 3600),
            oneOf("stickiness.enabled", "false", "true"),
            oneOf("stickiness.type", "lb_cookie", "app_cookie"), number("stickiness.lb_cookie.duration_seconds", 86400, 1, 604800),
            new Attribute("stickiness.app_cookie.cookie_name", "", Attribute::isApplicationCookie,
            "a cookie name that does not begin with AWSALB, AWSALBAPP or AWSALBTG"),
            number("stickiness.app_cookie.duration_seconds", 86400, 1, 604800),
            oneOf("load_balancing.algorithm.type", "round_robin", "least_outstanding_requests", "weighted_random"),
            oneOf("load_balancing.algorithm.anomaly_mitigation", "off"),
            new Attribute("slow_start.duration_seconds", "0", value -> value.equals("0") || between(value, 30, 900),
            "0 or between '30-900' inclusive"),
            oneOf("load_balancing.cross_zone.enabled", "use_load_balancer_configuration", "true", "false"),
            oneOf("target_group_health.dns_failover.minimum_healthy_targets.count", "1"),
            oneOf("target_group_health.dns_failover.minimum_healthy_targets.percentage", "off"),
            oneOf("target_group_health.unhealthy_state_routing.minimum_healthy_targets.count", "1"),
            oneOf("target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage", "off"));

    /// The first of the values is the default.
    static Attribute oneOf(String key, String... values) {
        return new Attribute(key, values[0], Arrays.asList(values)::contains, "one of '" + String.join(", ", values) + "'");
    }

    static Attribute number(String key, int standard, int least, int most) {
        return new Attribute(key, Integer.toString(standard), value -> between(value, least, most), "between '" + least + "-" + most + "' inclusive");
    }

    private static Attribute any(String key) {
        return new Attribute(key, "", value -> true, "any text");
    }

    private static boolean between(String value, int least, int most) {
        return value.matches("\\d{1,9}") && Integer.parseInt(value) >= least && Integer.parseInt(value) <= most;
    }

    private static boolean isApplicationCookie(String name) {
        return name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+") && !name.startsWith("AWSALB");
    }

    /// Refuses keys that do not exist and values that may not be.
    static Map<String, String> checked(List<Attribute> known, Map<String, String> changes) {
        changes.forEach((key, value) -> {
            Attribute attribute = known.stream().filter(each -> each.key().equals(key)).findFirst()
                    .orElseThrow(() -> Refusals.configuration("Attribute key '" + key + "' is not recognized"));
            Refusals.require(value != null && attribute.valid().test(value), "'" + key + "' value '" + value + "' must be " + attribute.range());
        });
        return changes;
    }

    /// Every attribute with the value in force.
    static Map<String, String> complete(List<Attribute> known, Map<String, String> set) {
        Map<String, String> all = new TreeMap<>();
        known.forEach(attribute -> all.put(attribute.key(), set.getOrDefault(attribute.key(), attribute.standard())));
        return all;
    }
}
