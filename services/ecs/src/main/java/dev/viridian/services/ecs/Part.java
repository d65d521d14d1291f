package dev.viridian.services.ecs;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One container of a task, as far as a decision needs to know it.
///
/// @param waits what must have happened to other containers before this one starts
/// @param startTimeout how long others wait for this one to come up to what they wait for; null for ever
/// @param killAt when its patience with the stop signal ends; null while it has not been asked to stop
record Part(String name, boolean essential, List<Wait> waits, @Nullable Duration startTimeout, Phase phase, @Nullable Instant killAt) {
    Part {
        waits = List.copyOf(waits);
    }

    enum Condition { START, COMPLETE, SUCCESS, HEALTHY }

    record Wait(String container, Condition condition) {}

    sealed interface Phase {
        /// Neither created nor started.
        record Absent() implements Phase {}

        record Running(Instant since, boolean healthy) implements Phase {}

        record Ended(int exitCode) implements Phase {}
    }

    boolean isAbsent() {
        return phase instanceof Phase.Absent;
    }

    boolean isRunning() {
        return phase instanceof Phase.Running;
    }

    boolean hasEnded() {
        return phase instanceof Phase.Ended;
    }

    boolean satisfies(Condition condition) {
        return switch (condition) {
            case START -> !isAbsent();
            case COMPLETE -> hasEnded();
            case SUCCESS -> phase instanceof Phase.Ended(int exitCode) && exitCode == 0;
            case HEALTHY -> phase instanceof Phase.Running(Instant _, boolean healthy) && healthy;
        };
    }

    /// Whether what is waited for cannot come about any more.
    boolean precludes(Condition condition, Instant now) {
        boolean late = startTimeout != null && phase instanceof Phase.Running(Instant since, boolean _) && !now.isBefore(since.plus(startTimeout));
        return !satisfies(condition) && (hasEnded() || late);
    }
}
