package dev.viridian.proxy.health;

import dev.viridian.proxy.health.TargetHealth.Reason;
import dev.viridian.proxy.routing.HealthCheck;

/// What came of asking a target once.
///
/// @param reason `NONE` when the target is well
/// @param status what the target said; [#UNSAID] when it said nothing that can be read
public record HealthAnswer(Reason reason, String detail, int status) {
    public static final int UNSAID = -1;
    public static final HealthAnswer TIMED_OUT = new HealthAnswer(Reason.TIMEOUT, "", UNSAID);
    public static final HealthAnswer FAILED = new HealthAnswer(Reason.FAILED_CHECKS, "", UNSAID);
    /// Of a target that only had to accept a connection.
    static final HealthAnswer PASSED = new HealthAnswer(Reason.NONE, "", UNSAID);

    /// @param status of HTTP, or of gRPC where the check is of gRPC
    public static HealthAnswer of(HealthCheck check, int status) {
        return check.isHealthy(status) ? new HealthAnswer(Reason.NONE, "", status) : mismatch(status);
    }

    static HealthAnswer mismatch(int status) {
        return new HealthAnswer(Reason.RESPONSE_CODE_MISMATCH, String.valueOf(status), status);
    }

    public boolean passed() {
        return reason == Reason.NONE;
    }
}
