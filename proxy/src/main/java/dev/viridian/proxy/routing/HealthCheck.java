package dev.viridian.proxy.routing;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/// How a group's targets are asked whether they are well. Asked are only the groups that some listener names, also with weight 0.
///
/// @param port     empty: the port the target gets its traffic on
/// @param interval configured (paced)
/// @param timeout  real, but never longer than the paced interval
/// @param healthy  answers that count as healthy, for HTTP and HTTPS: statuses of HTTP, or of gRPC where the group's targets speak that
public record HealthCheck(boolean enabled, Protocol protocol, OptionalInt port, String path, Duration interval, Duration timeout,
        int healthyThreshold, int unhealthyThreshold, List<StatusRange> healthy) {

    /// TCP: a connection that is accepted is enough.
    public enum Protocol { HTTP, HTTPS, TCP }

    public record StatusRange(int from, int to) {
        public boolean includes(int status) {
            return from <= status && status <= to;
        }
    }

    /// Never asked: every target gets traffic.
    public static final HealthCheck NONE =
            new HealthCheck(false, Protocol.TCP, OptionalInt.empty(), "/", Duration.ofSeconds(30), Duration.ofSeconds(5), 5, 2, List.of());

    public HealthCheck {
        healthy = List.copyOf(healthy);
        if (enabled && (interval.isZero() || interval.isNegative())) {
            throw new IllegalArgumentException("a health check interval must be longer than zero, got " + interval);
        }
        if (healthyThreshold < 1 || unhealthyThreshold < 1) {
            throw new IllegalArgumentException("health check thresholds begin at 1, got " + healthyThreshold + " and " + unhealthyThreshold);
        }
    }

    /// `GET path` on the traffic port must answer 200.
    public static HealthCheck http(String path, Duration interval, Duration timeout, int healthyThreshold, int unhealthyThreshold) {
        return new HealthCheck(true, Protocol.HTTP, OptionalInt.empty(), path, interval, timeout, healthyThreshold, unhealthyThreshold,
                List.of(new StatusRange(200, 200)));
    }

    public boolean isHealthy(int status) {
        return healthy.stream().anyMatch(range -> range.includes(status));
    }
}
