package dev.viridian.services.codedeploy.deployment;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What people and functions asked of a deployment while it ran. Only API calls write here, only the reconciler writes [Progress].
///
/// @param continued READY_WAIT was ended by hand
/// @param terminateNow TERMINATION_WAIT was ended by hand
/// @param hookResults by lifecycle event
public record Signals(Optional<Stop> stop, boolean continued, boolean terminateNow, Map<String, HookResult> hookResults) {

    /// @param rollBack what the caller wants in place of the group's setting, when they said so
    public record Stop(Optional<Boolean> rollBack) {}

    public static final Signals NONE = new Signals(Optional.empty(), false, false, Map.of());

    public Signals {
        hookResults = Map.copyOf(hookResults);
    }

    public Signals withStop(Optional<Boolean> rollBack) {
        return new Signals(Optional.of(new Stop(rollBack)), continued, terminateNow, hookResults);
    }

    public Signals withContinued() {
        return new Signals(stop, true, terminateNow, hookResults);
    }

    public Signals withTerminateNow() {
        return new Signals(stop, continued, true, hookResults);
    }

    public Signals withHookResult(String event, HookResult status) {
        Map<String, HookResult> results = new HashMap<>(hookResults);
        results.put(event, status);
        return new Signals(stop, continued, terminateNow, results);
    }
}
