package dev.viridian.services.codedeploy.deployment;

import dev.viridian.services.codedeploy.appspec.AppSpec;

/// The world as one deployment saw it just now. Phases that need not know something leave it at its neutral value.
///
/// @param listenerPrepared whether production serves only blue and green's group stands ready behind the listener with weight 0
public record Observed(Alarms alarms, Readiness readiness, Fleet fleet, boolean listenerPrepared) {

    /// Whether a deployment that was just created can begin.
    public sealed interface Readiness {
        record NotAsked() implements Readiness {}

        record Fit(AppSpec spec, Colors colors) implements Readiness {}

        record Unfit(Fault fault) implements Readiness {}
    }

    static Observed onlyAlarms(Alarms alarms) {
        return new Observed(alarms, new Readiness.NotAsked(), Fleet.EMPTY, false);
    }
}
