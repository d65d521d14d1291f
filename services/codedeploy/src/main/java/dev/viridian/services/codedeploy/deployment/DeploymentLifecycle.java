package dev.viridian.services.codedeploy.deployment;

import static dev.viridian.services.codedeploy.deployment.Phase.*;

import dev.viridian.engine.lifecycle.Lifecycle;
import java.util.List;

/// The legal moves of a deployment, drawn in `docs/lifecycles/codedeploy-deployment.md`.
///
/// Source: CodeDeploy user guide, "List of lifecycle event hooks for an Amazon ECS deployment", and deployments observed on AWS.
final class DeploymentLifecycle {
    static final List<Phase> INTERRUPTIBLE = List.of(
            CREATED, BEFORE_INSTALL, INSTALL, AFTER_INSTALL, ALLOW_TEST_TRAFFIC, AFTER_ALLOW_TEST_TRAFFIC, READY, BEFORE_ALLOW_TRAFFIC,
            ALLOW_TRAFFIC, AFTER_ALLOW_TRAFFIC, TERMINATION_WAIT);

    static final Lifecycle<Phase, Event> TABLE = table();

    private DeploymentLifecycle() {}

    private static Lifecycle<Phase, Event> table() {
        Lifecycle.Builder<Phase, Event> table = Lifecycle.<Phase, Event>startingIn(CREATED)
                .move(CREATED, Event.STARTED, BEFORE_INSTALL)
                .move(BEFORE_INSTALL, Event.PASSED, INSTALL)
                .move(INSTALL, Event.PASSED, AFTER_INSTALL)
                .move(AFTER_INSTALL, Event.TEST_ROUTED, ALLOW_TEST_TRAFFIC)
                .move(AFTER_INSTALL, Event.HELD, READY)
                .move(AFTER_INSTALL, Event.PASSED, BEFORE_ALLOW_TRAFFIC)
                .move(ALLOW_TEST_TRAFFIC, Event.PASSED, AFTER_ALLOW_TEST_TRAFFIC)
                .move(AFTER_ALLOW_TEST_TRAFFIC, Event.HELD, READY)
                .move(AFTER_ALLOW_TEST_TRAFFIC, Event.PASSED, BEFORE_ALLOW_TRAFFIC)
                .move(READY, Event.CONTINUED, BEFORE_ALLOW_TRAFFIC)
                .move(BEFORE_ALLOW_TRAFFIC, Event.PASSED, ALLOW_TRAFFIC)
                .move(ALLOW_TRAFFIC, Event.PASSED, AFTER_ALLOW_TRAFFIC)
                .move(AFTER_ALLOW_TRAFFIC, Event.PASSED, TERMINATION_WAIT)
                .move(AFTER_ALLOW_TRAFFIC, Event.BLUE_KEPT, SUCCEEDED)
                .move(TERMINATION_WAIT, Event.PASSED, TERMINATING_BLUE)
                .move(TERMINATING_BLUE, Event.PASSED, SUCCEEDED)
                .move(TERMINATING_BLUE, Event.FAILED, FAILED);
        for (Phase phase : INTERRUPTIBLE) {
            table.move(phase, Event.FAILED, FAILED).move(phase, Event.STOPPED, STOPPED).move(phase, Event.ROLLED_BACK, RETURNING_TRAFFIC);
        }
        return table.move(RETURNING_TRAFFIC, Event.FAILED, FAILED)
                .move(RETURNING_TRAFFIC, Event.STOPPED, STOPPED)
                .move(CREATED, Event.ROLLBACK_STARTED, RESTORING_BLUE)
                .move(RESTORING_BLUE, Event.PASSED, REMOVING_GREEN)
                .move(RESTORING_BLUE, Event.FAILED, FAILED)
                .move(REMOVING_GREEN, Event.PASSED, SUCCEEDED)
                .move(REMOVING_GREEN, Event.FAILED, FAILED)
                .build();
    }
}
