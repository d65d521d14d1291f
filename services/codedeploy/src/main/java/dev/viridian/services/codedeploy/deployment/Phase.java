package dev.viridian.services.codedeploy.deployment;

import java.util.Optional;
import software.amazon.awssdk.services.codedeploy.model.DeploymentStatus;

/// Where a deployment stands. Finer than AWS's status: most phases are one lifecycle event of the target.
public enum Phase {
    CREATED(DeploymentStatus.CREATED),
    BEFORE_INSTALL("BeforeInstall"),
    INSTALL("Install"),
    AFTER_INSTALL("AfterInstall"),
    ALLOW_TEST_TRAFFIC("AllowTestTraffic"),
    AFTER_ALLOW_TEST_TRAFFIC("AfterAllowTestTraffic"),
    /// Waits for somebody to say that production traffic may move.
    READY(DeploymentStatus.READY),
    BEFORE_ALLOW_TRAFFIC("BeforeAllowTraffic"),
    ALLOW_TRAFFIC("AllowTraffic"),
    AFTER_ALLOW_TRAFFIC("AfterAllowTraffic"),
    /// Green serves everything, blue is kept in case an alarm goes off.
    TERMINATION_WAIT(DeploymentStatus.IN_PROGRESS),
    /// The point of no return: recorded before blue is touched, so that nothing rolls back to a task set that is already gone.
    TERMINATING_BLUE(DeploymentStatus.IN_PROGRESS),
    /// Failed or stopped with a rollback: production is put back on blue before the end is announced.
    RETURNING_TRAFFIC(DeploymentStatus.IN_PROGRESS),
    /// Only of a rollback deployment: traffic and primacy go back to blue.
    RESTORING_BLUE("AllowTraffic"),
    /// Only of a rollback deployment.
    REMOVING_GREEN(DeploymentStatus.IN_PROGRESS),
    SUCCEEDED(DeploymentStatus.SUCCEEDED),
    FAILED(DeploymentStatus.FAILED),
    STOPPED(DeploymentStatus.STOPPED);

    private final DeploymentStatus status;
    private final Optional<String> event;

    Phase(DeploymentStatus status) {
        this.status = status;
        this.event = Optional.empty();
    }

    Phase(String event) {
        this.status = DeploymentStatus.IN_PROGRESS;
        this.event = Optional.of(event);
    }

    public DeploymentStatus status() {
        return status;
    }

    /// The lifecycle event that happens during this phase.
    public Optional<String> event() {
        return event;
    }

    /// Whether it is over, one way or the other.
    public boolean isFinal() {
        return DeploymentLifecycle.TABLE.isFinal(this);
    }

    /// Whether alarms, a stop request or a failure can still end it.
    public boolean canBeInterrupted() {
        return DeploymentLifecycle.TABLE.allows(this, Event.STOPPED) && this != RETURNING_TRAFFIC;
    }
}
