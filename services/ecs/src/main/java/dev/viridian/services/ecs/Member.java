package dev.viridian.services.ecs;

import java.time.Instant;

/// One task of a workload that is meant to run, as a decision sees it.
///
/// @param since when it was created
/// @param complaint why it is bad, in the words that become its `stoppedReason`; empty when it is not
record Member(String taskId, Standing standing, Instant since, String complaint) {
    enum Standing {
        STARTING,
        /// Up, but its health is not known yet or does not count yet.
        UNPROVEN,
        GOOD,
        /// Its health checks say no, and the grace period is over.
        BAD
    }

    boolean is(Standing one) {
        return standing == one;
    }

    /// Whether it is on its way to being good, or there.
    boolean counts() {
        return standing != Standing.BAD;
    }
}
