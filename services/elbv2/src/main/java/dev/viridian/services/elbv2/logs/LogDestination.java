package dev.viridian.services.elbv2.logs;

import dev.viridian.aws.AwsErrors;
import java.util.EnumMap;
import java.util.Map;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Exception;

/// Where a log goes.
///
/// @param prefix of keys, without slashes at its ends; empty for none
public record LogDestination(String bucket, String prefix) {

    /// The logs that are wanted, and where, by a load balancer's complete attributes.
    ///
    /// @param changes what the user has just set; a bucket set to nothing is refused also when it would not be used, as AWS does
    static Map<LogKind, LogDestination> checked(Map<String, String> attributes, Map<String, String> changes) {
        Map<LogKind, LogDestination> wanted = of(attributes);
        for (LogKind kind : LogKind.values()) {
            String bucket = kind.attribute() + ".bucket";
            String prefix = kind.attribute() + ".prefix";
            require(!changes.getOrDefault(bucket, "-").isEmpty() && !(wanted.containsKey(kind) && wanted.get(kind).bucket().isEmpty()),
                    "The value of '" + bucket + "' cannot be empty");
            String value = changes.getOrDefault(prefix, "");
            require(!value.startsWith("/") && !value.endsWith("/"), "The value of '" + prefix + "' cannot start or end with '/'");
            // Source: user guide, "The prefix that you specify must not include the string AWSLogs"; the wording is ours.
            require(!value.contains("AWSLogs"), "The value of '" + prefix + "' cannot include 'AWSLogs'");
        }
        return wanted;
    }

    static Map<LogKind, LogDestination> of(Map<String, String> attributes) {
        Map<LogKind, LogDestination> wanted = new EnumMap<>(LogKind.class);
        for (LogKind kind : LogKind.values()) {
            if (isOn(kind, attributes)) {
                wanted.put(kind, new LogDestination(attributes.getOrDefault(kind.attribute() + ".bucket", ""),
                        attributes.getOrDefault(kind.attribute() + ".prefix", "")));
            }
        }
        return wanted;
    }

    /// Whether a load balancer with these attributes writes this log.
    public static boolean isOn(LogKind kind, Map<String, String> attributes) {
        return "true".equals(attributes.get(kind.attribute() + ".enabled"));
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw AwsErrors.of(ElasticLoadBalancingV2Exception.builder(), "ValidationError", 400, message);
        }
    }
}
