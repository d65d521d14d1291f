package dev.viridian.services.elbv2;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.AlpnPolicyNotSupportedException;

/// What TLS listeners of network load balancers offer by ALPN.
///
/// Source: user guide "Listeners for your Network Load Balancers", ALPN policies.
final class AlpnPolicies {
    private static final Map<String, List<String>> OFFERS = Map.of("None", List.of(), "HTTP1Only", List.of("http/1.1", "http/1.0"), "HTTP2Only",
            List.of("h2"), "HTTP2Optional", List.of("http/1.1", "http/1.0", "h2"), "HTTP2Preferred", List.of("h2", "http/1.1", "http/1.0"));

    private AlpnPolicies() {}

    /// @param policies of a listener: one or none
    static List<String> offered(List<String> policies) {
        return policies.isEmpty() ? List.of() : OFFERS.getOrDefault(policies.getFirst(), List.of());
    }

    static void check(List<String> policies, boolean tls) {
        if (policies.isEmpty()) {
            return;
        }
        Refusals.require(tls, "An ALPN policy can only be specified for TLS listeners"); // a guess
        Refusals.require(policies.size() == 1, "You can specify exactly one ALPN policy"); // a guess
        if (!OFFERS.containsKey(policies.getFirst())) {
            throw AlpnPolicyNotSupportedException.builder().message("ALPN policy '" + policies.getFirst() + "' not found").build();
        }
    }
}
