package dev.viridian.services.ecs;

import java.util.List;

/// What is to change about one workload's tasks.
///
/// @param start how many to start
/// @param stop which to stop
record Moves(int start, List<Stop> stop) {
    static final Moves NONE = new Moves(0, List.of());

    Moves {
        stop = List.copyOf(stop);
    }

    /// @param complaint why, when it is for its health; empty when there are simply too many
    record Stop(String taskId, String complaint) {
        static Stop of(Member member) {
            return new Stop(member.taskId(), member.complaint());
        }
    }

    boolean isNothing() {
        return start == 0 && stop.isEmpty();
    }
}
