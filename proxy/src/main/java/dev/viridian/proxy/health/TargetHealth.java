package dev.viridian.proxy.health;

import dev.viridian.proxy.routing.Target;

/// How a target is, and why.
///
/// @param description a sentence for people; empty when healthy
public record TargetHealth(Target target, State state, Reason reason, String description) {

    /// `UNHEALTHY_DRAINING`: unhealthy, but keeps the connections it has for a while. `UNAVAILABLE`: nobody asks, because checks are disabled; such
    /// a target gets traffic.
    public enum State { INITIAL, HEALTHY, UNHEALTHY, UNHEALTHY_DRAINING, UNUSED, DRAINING, UNAVAILABLE }

    public enum Reason {
        NONE(""),
        REGISTRATION_IN_PROGRESS("Target registration is in progress"),
        INITIAL_CHECKING("Initial health checks in progress"),
        RESPONSE_CODE_MISMATCH("Health checks failed with these codes: [%s]"),
        TIMEOUT("Request timed out"),
        FAILED_CHECKS("Health checks failed"),
        INTERNAL_ERROR("Health checks failed due to an internal error"),
        NOT_REGISTERED("Target is not registered to the target group"),
        NOT_IN_USE("Target group is not configured to receive traffic from the load balancer"),
        DEREGISTRATION_IN_PROGRESS("Target deregistration is in progress"),
        CHECKS_DISABLED("Health checks are disabled");

        private final String description;

        Reason(String description) {
            this.description = description;
        }

        /// @param detail fills the place for particulars, where the text has one
        String describe(Object detail) {
            return description.formatted(detail);
        }
    }

    static TargetHealth of(Target target, State state, Reason reason) {
        return new TargetHealth(target, state, reason, reason.describe(""));
    }
}
