package dev.viridian.services.codedeploy.deployment;

import java.time.Duration;

/// How long things may take, in AWS's terms; the clock makes real moments of them.
///
/// Source: CodeDeploy user guide, quotas and troubleshooting; the polling intervals are ours.
final class Limits {
    static final Duration INSTALL = Duration.ofMinutes(60);
    static final Duration HOOK = Duration.ofHours(1);
    static final Duration UNSTEADY = Duration.ofMinutes(5);
    /// How long errors that may pass are borne.
    static final Duration TROUBLE = Duration.ofMinutes(60);
    /// AWS reacts to an alarm within about 20 seconds.
    static final Duration LOOK_AT_ALARMS = Duration.ofSeconds(10);
    static final Duration LOOK_AT_TASKS = Duration.ofSeconds(5);
    static final Duration AFTER_TROUBLE = Duration.ofSeconds(5);

    private Limits() {}
}
