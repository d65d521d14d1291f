package dev.viridian.proxy.health;

import dev.viridian.proxy.health.TargetHealth.Reason;
import dev.viridian.proxy.health.TargetHealth.State;
import dev.viridian.proxy.routing.HealthCheck;
import dev.viridian.proxy.routing.Target;

/// Counts the checks of one target and says how it is. The routing's lock guards it.
///
/// A target that has never been well becomes healthy with its first passed check; one that was unhealthy needs the whole threshold. Source: target
/// group health checks, user guide of the ELB application load balancer.
public final class HealthTrack {
    private final Target target;
    private TargetHealth health;
    private int passes;
    private int failures;

    public HealthTrack(Target target) {
        this.target = target;
        this.health = TargetHealth.of(target, State.INITIAL, Reason.REGISTRATION_IN_PROGRESS);
    }

    public TargetHealth health() {
        return health;
    }

    /// Begins anew, as a target that nobody has asked yet.
    public void restart(State state, Reason reason) {
        passes = failures = 0;
        health = TargetHealth.of(target, state, reason);
    }

    void checking() {
        if (health.state() == State.INITIAL) {
            health = TargetHealth.of(target, State.INITIAL, Reason.INITIAL_CHECKING);
        }
    }

    void passed(HealthCheck check) {
        failures = 0;
        passes++;
        if (health.state() == State.INITIAL || passes >= check.healthyThreshold()) {
            health = TargetHealth.of(target, State.HEALTHY, Reason.NONE);
        }
    }

    /// @param first what the target is to be once it has failed often enough
    void failed(HealthCheck check, Reason reason, String detail, State first) {
        passes = 0;
        failures++;
        boolean unwell = health.state() == State.UNHEALTHY || health.state() == State.UNHEALTHY_DRAINING;
        if (unwell || failures >= check.unhealthyThreshold()) {
            health = new TargetHealth(target, unwell ? health.state() : first, reason, reason.describe(detail));
        }
    }

    /// What an unhealthy target kept for a while is over.
    public void graceOver() {
        health = new TargetHealth(target, State.UNHEALTHY, health.reason(), health.description());
    }

    /// Whether requests may go here while others are well.
    public boolean fit() {
        return health.state() == State.HEALTHY || health.state() == State.UNAVAILABLE;
    }
}
