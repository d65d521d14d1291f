package dev.viridian.services.codedeploy.deployment;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What was agreed when the deployment was created, in the words decisions are made with. Changes of the group afterwards do not touch it.
///
/// @param hasTestRoute whether the group names a test listener
/// @param readyWait how long to wait for permission to move production; absent means none is needed
/// @param terminationWait how long blue stays after the shift; absent means for good
/// @param alarms names that must not be in ALARM; empty when alarms are off
public record Terms(
        TrafficRouting routing,
        boolean hasTestRoute,
        Optional<Duration> readyWait,
        Optional<Duration> terminationWait,
        List<String> alarms,
        boolean ignoreUnreadableAlarms,
        Set<Cause> rollbackOn) {

    /// What can end a deployment early.
    public enum Cause { FAILURE, ALARM, REQUEST }

    boolean rollsBackOn(Cause cause) {
        return rollbackOn.contains(cause);
    }
}
