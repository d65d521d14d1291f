package dev.viridian.services.codedeploy.deployment;

/// What can happen to a deployment.
enum Event {
    STARTED,
    /// The phase did what it is there for.
    PASSED,
    /// There is a test listener to be moved first.
    TEST_ROUTED,
    /// Somebody has to say that production may move.
    HELD,
    CONTINUED,
    /// The group keeps the original task set.
    BLUE_KEPT,
    FAILED,
    STOPPED,
    /// Failed or stopped, and traffic goes back first.
    ROLLED_BACK,
    ROLLBACK_STARTED
}
