package dev.viridian.services.codedeploy.deployment;

import dev.viridian.services.codedeploy.appspec.AppSpec;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codedeploy.model.ECSTaskSet;

/// How far a deployment is. Only the reconciler writes here.
///
/// @param due when the wait of the current phase is over (hook, install, next traffic step, ready wait, termination wait), once it has begun
/// @param unsteadyUntil when a green that stopped being steady under traffic fails the deployment
/// @param troubleUntil when errors that may pass (throttling, a service that is away) are taken for final
/// @param rollbackId the rollback deployment this one brought about
/// @param taskSets as last seen; what a finished deployment shows
public record Progress(
        Phase phase,
        Optional<Instant> started,
        Optional<Instant> completed,
        Instant updated,
        EventLog events,
        Optional<AppSpec> spec,
        Optional<Colors> colors,
        TrafficSplit split,
        Optional<Instant> due,
        Optional<Instant> unsteadyUntil,
        Optional<Instant> troubleUntil,
        Optional<Ending> ending,
        Optional<String> rollbackId,
        boolean terminationWaitStarted,
        List<ECSTaskSet> taskSets) {

    public Progress {
        taskSets = List.copyOf(taskSets);
    }

    static Progress created(EventLog events, Instant now) {
        return new Draft(Phase.CREATED, events).finish(now);
    }

    Draft draft() {
        Draft draft = new Draft(phase, events);
        draft.started = started.orElse(null);
        draft.completed = completed.orElse(null);
        draft.spec = spec.orElse(null);
        draft.colors = colors.orElse(null);
        draft.split = split;
        draft.due = due.orElse(null);
        draft.unsteadyUntil = unsteadyUntil.orElse(null);
        draft.troubleUntil = troubleUntil.orElse(null);
        draft.ending = ending.orElse(null);
        draft.rollbackId = rollbackId.orElse(null);
        draft.terminationWaitStarted = terminationWaitStarted;
        draft.taskSets = taskSets;
        return draft;
    }

    /// A progress being rewritten, inside one transaction.
    static final class Draft {
        Phase phase;
        EventLog events;
        @Nullable Instant started;
        @Nullable Instant completed;
        @Nullable AppSpec spec;
        @Nullable Colors colors;
        TrafficSplit split = TrafficSplit.ALL_BLUE;
        @Nullable Instant due;
        @Nullable Instant unsteadyUntil;
        @Nullable Instant troubleUntil;
        @Nullable Ending ending;
        @Nullable String rollbackId;
        boolean terminationWaitStarted;
        List<ECSTaskSet> taskSets = List.of();

        Draft(Phase phase, EventLog events) {
            this.phase = phase;
            this.events = events;
        }

        Progress finish(Instant now) {
            return new Progress(
                    phase,
                    Optional.ofNullable(started),
                    Optional.ofNullable(completed),
                    now,
                    events,
                    Optional.ofNullable(spec),
                    Optional.ofNullable(colors),
                    split,
                    Optional.ofNullable(due),
                    Optional.ofNullable(unsteadyUntil),
                    Optional.ofNullable(troubleUntil),
                    Optional.ofNullable(ending),
                    Optional.ofNullable(rollbackId),
                    terminationWaitStarted,
                    taskSets);
        }
    }
}
