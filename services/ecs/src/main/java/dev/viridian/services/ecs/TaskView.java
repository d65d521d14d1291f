package dev.viridian.services.ecs;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One task as it is found when it is looked at.
///
/// @param stopWanted whether its desired status is STOPPED
/// @param prepared whether everything that comes before the first container is done
/// @param networkLost whether it had a network of its own and that is gone
/// @param targets what its target groups know of it
/// @param logsKept whether every line its containers wrote has arrived
/// @param forgetAt when a stopped task need no longer be shown; null before it has stopped
/// @param nextLook when to look again when nothing is due before
record TaskView(TaskState state, boolean stopWanted, boolean prepared, boolean networkLost, Targets targets, boolean logsKept, List<Part> parts,
                @Nullable Instant forgetAt, Instant nextLook) {
    TaskView {
        parts = List.copyOf(parts);
    }

    enum Targets {
        /// It has none, or has never been registered.
        NONE,
        REGISTERED,
        DRAINING,
        GONE
    }

    boolean essentialEnded() {
        return parts.stream().anyMatch(part -> part.essential() && part.hasEnded());
    }

    Part part(String name) {
        return parts.stream().filter(part -> part.name().equals(name)).findFirst().orElseThrow();
    }
}
