package dev.viridian.services.elbv2;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// One attribute of a load balancer or target group: a text value under a key, with its default and what it may be.
///
/// Values that would turn on something this load balancer does not do are refused rather than stored.
///
/// Source: Elastic Load Balancing API, LoadBalancerAttribute and TargetGroupAttribute.
///
/// @param standard the value when none was set
/// @param valid which texts are accepted
/// @param refusal what is said of a text that is not accepted
/// @param served which of the accepted texts this load balancer acts upon; others are refused as not implemented
record Attribute(String key, String standard, Predicate<String> valid, UnaryOperator<String> refusal, Predicate<String> served) {

    /// @param range how the accepted texts are described in a refusal
    Attribute(String key, String standard, Predicate<String> valid, String range) {
        this(key, standard, valid, value -> "'" + key + "' value '" + value + "' must be " + range, _ -> true);
    }

    static final List<Attribute> APPLICATION = List.of(flag("deletion_protection.enabled", false),
            new Attribute("load_balancing.cross_zone.enabled", "true", "true"::equals,
            _ -> "The value for 'load_balancing.cross_zone.enabled' must always be 'true' for an Application Load Balancer", _ -> true),
            number("idle_timeout.timeout_seconds", 60, 1, 4000), number("client_keep_alive.seconds", 3600, 60, 604800),
            oneOf("access_logs.s3.enabled", "false", "true"), any("access_logs.s3.bucket"), any("access_logs.s3.prefix"),
            oneOf("connection_logs.s3.enabled", "false", "true"),
            any("connection_logs.s3.bucket"), any("connection_logs.s3.prefix"), oneOf("health_check_logs.s3.enabled", "false", "true"),
            any("health_check_logs.s3.bucket"),
            any("health_check_logs.s3.prefix"), flag("ipv6.deny_all_igw_traffic", false).serving("false"),
            oneOf("routing.http.desync_mitigation_mode", "defensive", "monitor", "strictest"),
            flag("routing.http.drop_invalid_header_fields.enabled", false),
            flag("routing.http.preserve_host_header.enabled", false),
            flag("routing.http.x_amzn_tls_version_and_cipher_suite.enabled", false),
            flag("routing.http.xff_client_port.enabled", false),
            oneOf("routing.http.xff_header_processing.mode", "append", "preserve", "remove"),
            flag("routing.http2.enabled", true), flag("waf.fail_open.enabled", false).serving("false"),
            flag("zonal_shift.config.enabled", false).serving("false"));

    static final List<Attribute> NETWORK = List.of(flag("deletion_protection.enabled", false),
            flag("load_balancing.cross_zone.enabled", false),
            oneOf("access_logs.s3.enabled", "false", "true"), any("access_logs.s3.bucket"), any("access_logs.s3.prefix"),
            flag("ipv6.deny_all_igw_traffic", false),
            oneOf("dns_record.client_routing_policy", "any_availability_zone"), oneOf("zonal_shift.config.enabled", "false"));

    /// Of listeners of network load balancers that speak TCP. Those that speak TLS have none: their 350 seconds cannot be changed.
    static final List<Attribute> TCP_LISTENER = List.of(number("tcp.idle_timeout.seconds", 350, 60, 6000));

    /// There is one node and no zone to send clients to instead: only what changes nothing can be served.
    static final Attribute DNS_FAILOVER_COUNT =
            offOr("target_group_health.dns_failover.minimum_healthy_targets.count", "1", 1000).serving("off", "1");
    static final Attribute DNS_FAILOVER_PERCENTAGE =
            offOr("target_group_health.dns_failover.minimum_healthy_targets.percentage", "off", 100).serving("off");
    static final Attribute MINIMUM_COUNT = number("target_group_health.unhealthy_state_routing.minimum_healthy_targets.count", 1, 1, 1000);
    static final Attribute MINIMUM_PERCENTAGE =
            offOr("target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage", "off", 100);

    static final List<Attribute> TARGET_GROUP = List.of(number("deregistration_delay.timeout_seconds", 300, 0, 3600),
            flag("stickiness.enabled", false),
            oneOf("stickiness.type", "lb_cookie", "app_cookie"), number("stickiness.lb_cookie.duration_seconds", 86400, 1, 604800),
            new Attribute("stickiness.app_cookie.cookie_name", "", Attribute::isApplicationCookie,
            "a cookie name that does not begin with AWSALB, AWSALBAPP or AWSALBTG"),
            number("stickiness.app_cookie.duration_seconds", 86400, 1, 604800),
            oneOf("load_balancing.algorithm.type", "round_robin", "least_outstanding_requests", "weighted_random"),
            oneOf("load_balancing.algorithm.anomaly_mitigation", "off", "on").serving("off"),
            new Attribute("slow_start.duration_seconds", "0", value -> value.equals("0") || between(value, 30, 900),
            "0 or between '30-900' inclusive"),
            oneOf("load_balancing.cross_zone.enabled", "use_load_balancer_configuration", "true", "false")
                    .serving("use_load_balancer_configuration", "true"),
            DNS_FAILOVER_COUNT, DNS_FAILOVER_PERCENTAGE, MINIMUM_COUNT, MINIMUM_PERCENTAGE);

    /// The first of the values is the default.
    static Attribute oneOf(String key, String... values) {
        return new Attribute(key, values[0], Arrays.asList(values)::contains, "one of '" + String.join(", ", values) + "'");
    }

    static Attribute flag(String key, boolean standard) {
        return new Attribute(key, Boolean.toString(standard), value -> value.equals("true") || value.equals("false"),
                value -> "The value of '" + key + "' must be 'true' or 'false', but was '" + value + "'", _ -> true);
    }

    static Attribute number(String key, int standard, int least, int most) {
        return new Attribute(key, Integer.toString(standard), value -> between(value, least, most),
                "between '" + least + "-" + most + "' inclusive");
    }

    private static Attribute offOr(String key, String standard, int most) {
        return new Attribute(key, standard, value -> value.equals("off") || between(value, 1, most), "'off' or between '1-" + most + "' inclusive");
    }

    static Attribute any(String key) {
        return new Attribute(key, "", value -> true, "any text");
    }

    /// The same with only some of its values acted upon.
    Attribute serving(String... values) {
        return new Attribute(key, standard, valid, refusal, Arrays.asList(values)::contains);
    }

    private static boolean between(String value, int least, int most) {
        return value.matches("\\d{1,9}") && Integer.parseInt(value) >= least && Integer.parseInt(value) <= most;
    }

    private static boolean isApplicationCookie(String name) {
        return name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+") && !name.startsWith("AWSALB");
    }

    /// Refuses keys that do not exist and values that may not be.
    ///
    /// @param what whose attributes they are, as AWS begins its sentence: `Load balancer`
    static Map<String, String> checked(String what, List<Attribute> known, Map<String, String> changes) {
        changes.forEach((key, value) -> {
            Attribute attribute = known.stream().filter(each -> each.key().equals(key)).findFirst()
                    .orElseThrow(() -> Refusals.validation(what + " attribute key '" + key + "' is not recognized"));
            attribute.check(value);
        });
        return changes;
    }

    static boolean isAmong(List<Attribute> all, String key) {
        return all.stream().anyMatch(each -> each.key().equals(key));
    }

    private void check(@Nullable String value) {
        Refusals.require(value != null && valid.test(value), refusal.apply(String.valueOf(value)));
        if (!served.test(value)) {
            throw new UnsupportedOperationException("The attribute " + key + " with the value " + value);
        }
    }

    /// What a call sets, by key.
    static <T> Map<String, String> values(List<T> changes, Function<T, String> key, Function<T, String> value) {
        Map<String, String> values = new TreeMap<>();
        changes.forEach(change -> {
            Refusals.require(!values.containsKey(key.apply(change)), "Attribute key '" + key.apply(change) + "' has been specified more than once");
            values.put(key.apply(change), value.apply(change));
        });
        return values;
    }

    /// Every attribute with the value in force.
    static Map<String, String> complete(List<Attribute> known, Map<String, String> set) {
        Map<String, String> all = new TreeMap<>();
        known.forEach(attribute -> all.put(attribute.key(), set.getOrDefault(attribute.key(), attribute.standard())));
        return all;
    }
}
