package dev.viridian.services.codedeploy.deployment;

import dev.viridian.engine.Decision;
import java.time.Duration;

/// The three ways CodeDeploy moves production traffic from blue to green.
///
/// Source: CodeDeploy API, `TrafficRoutingConfig`.
public sealed interface TrafficRouting {
    record AllAtOnce() implements TrafficRouting {}

    record Canary(int percent, Duration interval) implements TrafficRouting {}

    record Linear(int percent, Duration interval) implements TrafficRouting {}

    /// The step after `current`: never backwards, never more than one, clipped at 100. A step that was missed (the process was away) is not made up
    /// for by a bigger one.
    @Decision
    default TrafficSplit after(TrafficSplit current) {
        return switch (this) {
            case AllAtOnce() -> TrafficSplit.ALL_GREEN;
            case Canary(int percent, Duration _) -> current.greenPercent() < percent ? new TrafficSplit(percent) : TrafficSplit.ALL_GREEN;
            case Linear(int percent, Duration _) -> current.plus(percent);
        };
    }

    /// How long each step but the last is held.
    @Decision
    default Duration interval() {
        return switch (this) {
            case AllAtOnce() -> Duration.ZERO;
            case Canary(int _, Duration interval) -> interval;
            case Linear(int _, Duration interval) -> interval;
        };
    }
}
