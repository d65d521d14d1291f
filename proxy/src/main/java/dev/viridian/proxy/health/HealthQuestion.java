package dev.viridian.proxy.health;

import dev.viridian.proxy.routing.Flows;
import dev.viridian.proxy.routing.HealthCheck;
import dev.viridian.proxy.routing.TargetGroup;

/// What one check wants to know of a target.
///
/// @param version       what the target speaks
/// @param agent         who asks, for `User-Agent`
/// @param timeoutMillis real, not paced
public record HealthQuestion(HealthCheck check, TargetGroup.Version version, Flows flows, String agent, long timeoutMillis) {
    /// Whether it is asked over TLS.
    public boolean secure() {
        return check.protocol() == HealthCheck.Protocol.HTTPS;
    }

    /// Whether it is asked over HTTP/2.
    public boolean multiplexed() {
        return version != TargetGroup.Version.HTTP1 && check.protocol() != HealthCheck.Protocol.TCP;
    }
}
