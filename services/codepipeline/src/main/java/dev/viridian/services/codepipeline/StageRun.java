package dev.viridian.services.codepipeline;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/// How an execution fared in one stage it entered.
///
/// @param attempt 1 for the first time, one more with every retry
/// @param retried ids of action runs of earlier attempts that no longer count
record StageRun(String stage, State state, Instant entered, int attempt, Set<String> retried) {
    enum State {
        IN_PROGRESS("InProgress"),
        SUCCEEDED("Succeeded"),
        FAILED("Failed"),
        STOPPED("Stopped"),
        STOPPING("Stopping");

        private final String wire;

        State(String wire) {
            this.wire = wire;
        }

        String wire() {
            return wire;
        }
    }

    static StageRun first(String stage, Instant now) {
        return new StageRun(stage, State.IN_PROGRESS, now, 1, Set.of());
    }

    StageRun again(Instant now) {
        return new StageRun(stage, State.IN_PROGRESS, now, attempt + 1, retried);
    }

    StageRun ignoring(Set<String> runs) {
        Set<String> all = new HashSet<>(retried);
        all.addAll(runs);
        return new StageRun(stage, state, entered, attempt, all);
    }

    StageRun in(State next) {
        return new StageRun(stage, next, entered, attempt, retried);
    }
}
