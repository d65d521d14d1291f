package dev.viridian.services.codepipeline;

import dev.viridian.engine.Decision;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.codepipeline.model.ActionDeclaration;
import software.amazon.awssdk.services.codepipeline.model.ExecutionMode;

/// Who may enter which stage, and what follows inside one: pure rules over the executions of one pipeline.
///
/// Source: CodePipeline user guide, "How pipeline executions work": a stage processes one execution at a time; one execution waits in front of
/// it; superseding happens only between stages; a stopped or failed execution frees its stage.
@Decision
final class Flow {
    /// One thing to do next; each is applied on its own, and the rules are asked again.
    sealed interface Step {
        record Enter(Execution execution) implements Step {}

        record Supersede(Execution execution) implements Step {}

        record Start(Execution execution, List<ActionDeclaration> actions) implements Step {}

        record Advance(Execution execution) implements Step {}

        record Fail(Execution execution) implements Step {}

        record EndStopped(Execution execution) implements Step {}
    }

    private Flow() {}

    /// @param active the executions of one pipeline that have not ended
    /// @param closed names of stages whose inbound transition is disabled
    static List<Step> next(List<Execution> active, ExecutionMode mode, Set<String> closed) {
        List<Step> steps = new ArrayList<>();
        active.stream().filter(e -> e.stop() != null).forEach(e -> stop(e, steps));
        List<Execution> going = active.stream().filter(e -> e.stop() == null).toList();
        going.stream().filter(e -> e.place() == Place.INSIDE).forEach(e -> inside(e, steps));
        if (steps.isEmpty()) {
            inbound(going, active, mode, closed, steps);
        }
        return steps;
    }

    /// Stop-and-wait lets running actions end; abandon does not.
    private static void stop(Execution execution, List<Step> steps) {
        boolean waits = !execution.stop().abandon() && execution.place() == Place.INSIDE && execution.currentRuns().stream().anyMatch(ActionRun::inProgress);
        if (!waits) {
            steps.add(new Step.EndStopped(execution));
        }
    }

    private static void inside(Execution execution, List<Step> steps) {
        List<ActionRun> runs = execution.currentRuns();
        if (runs.stream().anyMatch(ActionRun::inProgress)) {
            return;
        }
        if (runs.stream().anyMatch(r -> r.state() != ActionRun.State.SUCCEEDED)) {
            steps.add(new Step.Fail(execution));
            return;
        }
        for (List<ActionDeclaration> group : execution.groups()) {
            List<ActionDeclaration> missing = group.stream().filter(a -> runs.stream().noneMatch(r -> r.name().equals(a.name()))).toList();
            if (!missing.isEmpty()) {
                steps.add(new Step.Start(execution, missing));
                return;
            }
        }
        steps.add(new Step.Advance(execution));
    }

    private static void inbound(List<Execution> going, List<Execution> active, ExecutionMode mode, Set<String> closed, List<Step> steps) {
        int stages = going.stream().mapToInt(e -> e.pipeline().stages().size()).max().orElse(0);
        for (int stage = stages - 1; stage >= 0; stage--) {
            int here = stage;
            List<Execution> waiting = going.stream()
                    .filter(e -> e.place() == Place.INBOUND && e.stage() == here)
                    .sorted(Comparator.comparingLong(Execution::number))
                    .toList();
            if (waiting.isEmpty()) {
                continue;
            }
            if (mode == ExecutionMode.SUPERSEDED) {
                waiting.subList(0, waiting.size() - 1).forEach(e -> steps.add(new Step.Supersede(e)));
                waiting = List.of(waiting.getLast());
            }
            boolean open = !closed.contains(waiting.getFirst().stageName());
            boolean free = active.stream().noneMatch(e -> e.place() == Place.INSIDE && e.stage() == here);
            if (mode == ExecutionMode.PARALLEL) {
                waiting.forEach(e -> steps.add(new Step.Enter(e)));
            } else if (open && free) {
                steps.add(new Step.Enter(waiting.getFirst()));
            }
        }
    }
}
