package dev.viridian.proxy.health;

import dev.viridian.proxy.health.TargetHealth.Reason;
import dev.viridian.proxy.routing.HealthCheck;

/// What came of asking a target once.
///
/// @param reason `NONE` when the target is well
public record HealthAnswer(Reason reason, String detail) {
    public static final HealthAnswer TIMED_OUT = new HealthAnswer(Reason.TIMEOUT, "");
    public static final HealthAnswer FAILED = new HealthAnswer(Reason.FAILED_CHECKS, "");
    static final HealthAnswer PASSED = new HealthAnswer(Reason.NONE, "");

    /// @param status of HTTP, or of gRPC where the check is of gRPC
    public static HealthAnswer of(HealthCheck check, int status) {
        return check.isHealthy(status) ? PASSED : mismatch(String.valueOf(status));
    }

    static HealthAnswer mismatch(String status) {
        return new HealthAnswer(Reason.RESPONSE_CODE_MISMATCH, status);
    }

    boolean passed() {
        return reason == Reason.NONE;
    }
}
