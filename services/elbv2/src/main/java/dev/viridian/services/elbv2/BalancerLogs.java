package dev.viridian.services.elbv2;

import dev.viridian.services.elbv2.logs.AccessLogs;
import dev.viridian.services.elbv2.logs.LogDestination;
import dev.viridian.services.elbv2.logs.LogKind;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;

/// The logs of load balancers, where there is a place for them.
///
/// @param logs empty where there is none: turning one on is refused then
record BalancerLogs(Optional<AccessLogs> logs) implements AutoCloseable {

    void start() {
        logs.ifPresent(AccessLogs::start);
    }

    void check(LoadBalancer balancer, Map<String, String> attributes, Map<String, String> changes) {
        if (logs.isPresent()) {
            logs.get().check(balancer, attributes, changes);
            return;
        }
        Map<String, String> future = new HashMap<>(attributes);
        future.putAll(changes);
        if (Arrays.stream(LogKind.values()).anyMatch(kind -> LogDestination.isOn(kind, future))) {
            throw new UnsupportedOperationException("Logs of load balancers without a place to keep them");
        }
    }

    void follow(LoadBalancer balancer, Map<String, String> attributes) {
        logs.ifPresent(each -> each.follow(balancer, attributes));
    }

    void forget(String loadBalancerArn) {
        logs.ifPresent(each -> each.forget(loadBalancerArn));
    }

    @Override
    public void close() {
        logs.ifPresent(AccessLogs::close);
    }
}
