package dev.viridian.services.codepipeline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codepipeline.model.ActionDeclaration;
import software.amazon.awssdk.services.codepipeline.model.PipelineDeclaration;
import software.amazon.awssdk.services.codepipeline.model.StageDeclaration;

/// One run of a pipeline, with the definition it started with.
///
/// @param number the order of starts within the pipeline, from 1
/// @param stage index of the stage it is in or in front of
/// @param arrived when it came to stand where it stands
/// @param variables what actions produced, by `namespace.name`
/// @param artifacts where output artifacts lie, by name
record Execution(
        String id,
        long number,
        PipelineDeclaration pipeline,
        State state,
        int stage,
        Place place,
        Instant arrived,
        Trigger trigger,
        @Nullable Stop stop,
        List<StageRun> stages,
        List<ActionRun> actions,
        Map<String, ArtifactLocation> artifacts,
        List<Revision> revisions,
        Map<String, String> variables,
        Map<String, String> pipelineVariables,
        Instant started,
        Instant updated) {

    enum State {
        IN_PROGRESS("InProgress"),
        STOPPING("Stopping"),
        STOPPED("Stopped"),
        SUCCEEDED("Succeeded"),
        SUPERSEDED("Superseded"),
        FAILED("Failed");

        private final String wire;

        State(String wire) {
            this.wire = wire;
        }

        String wire() {
            return wire;
        }
    }

    /// @param type e.g. `StartPipelineExecution`
    record Trigger(String type, String detail) {}

    /// A request to stop; `abandon` does not wait for running actions.
    record Stop(boolean abandon, @Nullable String reason) {}

    boolean active() {
        return place != Place.ENDED;
    }

    StageDeclaration stageDeclaration() {
        return pipeline.stages().get(stage);
    }

    String stageName() {
        return stageDeclaration().name();
    }

    /// The runs that count in the current attempt at the current stage.
    List<ActionRun> currentRuns() {
        return stageRun(stageName()).map(run -> stageDeclaration().actions().stream()
                        .flatMap(a -> latestOf(run.stage(), a.name()).stream())
                        .filter(a -> !run.retried().contains(a.id()))
                        .toList())
                .orElse(List.of());
    }

    Optional<StageRun> stageRun(String name) {
        return stages.stream().filter(s -> s.stage().equals(name)).findFirst();
    }

    Optional<ActionRun> action(String actionExecutionId) {
        return actions.stream().filter(a -> a.id().equals(actionExecutionId)).findFirst();
    }

    /// The newest run of an action, if it ever ran in this execution.
    Optional<ActionRun> latestOf(String stageName, String actionName) {
        return actions.stream().filter(a -> a.stage().equals(stageName) && a.name().equals(actionName)).reduce((_, later) -> later);
    }

    boolean isLastStage() {
        return stage == pipeline.stages().size() - 1;
    }

    Execution entered(Instant now) {
        StageRun run = stageRun(stageName()).map(earlier -> earlier.again(now)).orElseGet(() -> StageRun.first(stageName(), now));
        return with(State.IN_PROGRESS, stage, Place.INSIDE, now, stageChanged(run), actions);
    }

    Execution arrivedAtNextStage(Instant now) {
        return with(state, stage + 1, Place.INBOUND, now, stageIn(StageRun.State.SUCCEEDED), actions);
    }

    Execution succeeded(Instant now) {
        return with(State.SUCCEEDED, stage, Place.ENDED, now, stageIn(StageRun.State.SUCCEEDED), actions);
    }

    Execution failed(Instant now) {
        return with(State.FAILED, stage, Place.ENDED, now, stageIn(StageRun.State.FAILED), actions);
    }

    Execution superseded(Instant now) {
        return with(State.SUPERSEDED, stage, Place.ENDED, now, stages, actions);
    }

    Execution stopped(Instant now) {
        List<ActionRun> ended = actions.stream().map(a -> a.inProgress() ? a.abandoned(now) : a).toList();
        return with(State.STOPPED, stage, Place.ENDED, now, place == Place.INSIDE ? stageIn(StageRun.State.STOPPED) : stages, ended);
    }

    Execution asked(Stop request, Instant now) {
        return new Execution(id, number, pipeline, State.STOPPING, stage, place, arrived, trigger, request,
                place == Place.INSIDE ? stageIn(StageRun.State.STOPPING) : stages, actions, artifacts, revisions, variables, pipelineVariables, started, now);
    }

    /// Back in front of the stage that failed or was stopped.
    ///
    /// @param retried ids of the runs that no longer count, because their actions shall run anew
    Execution retrying(int stageIndex, Set<String> retried, Instant now) {
        StageRun run = stageRun(pipeline.stages().get(stageIndex).name()).orElseThrow().ignoring(retried);
        return new Execution(id, number, pipeline, State.IN_PROGRESS, stageIndex, Place.INBOUND, now, trigger, null, stageChanged(run), actions, artifacts,
                revisions, variables, pipelineVariables, started, now);
    }

    Execution running(ActionRun run, Instant now) {
        List<ActionRun> more = new ArrayList<>(actions);
        more.add(run);
        return with(state, stage, place, arrived, stages, more).at(now);
    }

    Execution changing(String actionExecutionId, UnaryOperator<ActionRun> change, Instant now) {
        return with(state, stage, place, arrived, stages, actions.stream().map(a -> a.id().equals(actionExecutionId) ? change.apply(a) : a).toList()).at(now);
    }

    Execution learning(Map<String, ArtifactLocation> newArtifacts, List<Revision> newRevisions, Map<String, String> newVariables) {
        List<Revision> known = new ArrayList<>(revisions);
        newRevisions.forEach(r -> known.removeIf(old -> old.action().equals(r.action())));
        known.addAll(newRevisions);
        return new Execution(id, number, pipeline, state, stage, place, arrived, trigger, stop, stages, actions, merged(artifacts, newArtifacts), known,
                merged(variables, newVariables), pipelineVariables, started, updated);
    }

    /// Actions of the current stage grouped by run order, ascending.
    List<List<ActionDeclaration>> groups() {
        Map<Integer, List<ActionDeclaration>> byOrder = new TreeMap<>();
        stageDeclaration().actions().forEach(a -> byOrder.computeIfAbsent(a.runOrder() == null ? 1 : a.runOrder(), _ -> new ArrayList<>()).add(a));
        return List.copyOf(byOrder.values());
    }

    private Execution at(Instant now) {
        return new Execution(id, number, pipeline, state, stage, place, arrived, trigger, stop, stages, actions, artifacts, revisions, variables,
                pipelineVariables, started, now);
    }

    private Execution with(State nextState, int nextStage, Place nextPlace, Instant since, List<StageRun> nextStages, List<ActionRun> nextActions) {
        return new Execution(id, number, pipeline, nextState, nextStage, nextPlace, since, trigger, stop, nextStages, nextActions, artifacts, revisions,
                variables, pipelineVariables, started, since.isBefore(updated) ? updated : since);
    }

    private List<StageRun> stageIn(StageRun.State next) {
        return stageRun(stageName()).map(run -> stageChanged(run.in(next))).orElse(stages);
    }

    private List<StageRun> stageChanged(StageRun changed) {
        List<StageRun> result = new ArrayList<>(stages);
        result.removeIf(s -> s.stage().equals(changed.stage()));
        result.add(changed);
        return result;
    }

    private static <V> Map<String, V> merged(Map<String, V> old, Map<String, V> added) {
        Map<String, V> result = new LinkedHashMap<>(old);
        result.putAll(added);
        return result;
    }
}
