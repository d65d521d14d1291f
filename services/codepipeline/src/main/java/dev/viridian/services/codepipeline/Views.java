package dev.viridian.services.codepipeline;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codepipeline.model.ActionDeclaration;
import software.amazon.awssdk.services.codepipeline.model.ActionExecution;
import software.amazon.awssdk.services.codepipeline.model.ActionExecutionDetail;
import software.amazon.awssdk.services.codepipeline.model.ActionRevision;
import software.amazon.awssdk.services.codepipeline.model.ActionState;
import software.amazon.awssdk.services.codepipeline.model.ArtifactDetail;
import software.amazon.awssdk.services.codepipeline.model.ArtifactRevision;
import software.amazon.awssdk.services.codepipeline.model.ErrorDetails;
import software.amazon.awssdk.services.codepipeline.model.ExecutionMode;
import software.amazon.awssdk.services.codepipeline.model.ExecutionTrigger;
import software.amazon.awssdk.services.codepipeline.model.ExecutionType;
import software.amazon.awssdk.services.codepipeline.model.GetPipelineStateResponse;
import software.amazon.awssdk.services.codepipeline.model.PipelineExecution;
import software.amazon.awssdk.services.codepipeline.model.PipelineExecutionSummary;
import software.amazon.awssdk.services.codepipeline.model.ResolvedPipelineVariable;
import software.amazon.awssdk.services.codepipeline.model.SourceRevision;
import software.amazon.awssdk.services.codepipeline.model.StageDeclaration;
import software.amazon.awssdk.services.codepipeline.model.StageExecution;
import software.amazon.awssdk.services.codepipeline.model.StageState;
import software.amazon.awssdk.services.codepipeline.model.StopExecutionTrigger;
import software.amazon.awssdk.services.codepipeline.model.TransitionState;

/// Executions as AWS's answers show them.
final class Views {
    private Views() {}

    /// @param executions all executions of the pipeline, oldest first
    static GetPipelineStateResponse state(Pipeline pipeline, List<Execution> executions) {
        return GetPipelineStateResponse.builder()
                .pipelineName(pipeline.declaration().name())
                .pipelineVersion(pipeline.declaration().version())
                .created(pipeline.created())
                .updated(pipeline.updated())
                .stageStates(pipeline.declaration().stages().stream().map(s -> stage(pipeline, s, executions)).toList())
                .build();
    }

    private static StageState stage(Pipeline pipeline, StageDeclaration stage, List<Execution> executions) {
        Optional<Execution> latest = executions.stream()
                .filter(e -> e.stageRun(stage.name()).isPresent())
                .max(Comparator.comparing(e -> e.stageRun(stage.name()).orElseThrow().entered()));
        List<StageExecution> inbound = executions.stream()
                .filter(e -> e.place() == Place.INBOUND && e.stageName().equals(stage.name()))
                .map(e -> StageExecution.builder().pipelineExecutionId(e.id()).status(e.state().wire()).type(ExecutionType.STANDARD).build())
                .toList();
        return StageState.builder()
                .stageName(stage.name())
                .inboundExecution(inbound.isEmpty() ? null : inbound.getFirst())
                .inboundExecutions(inbound)
                .inboundTransitionState(transition(pipeline.closed().get(stage.name())))
                .actionStates(stage.actions().stream().map(a -> action(stage, a, latest)).toList())
                .latestExecution(latest.map(e -> StageExecution.builder()
                        .pipelineExecutionId(e.id())
                        .status(e.stageRun(stage.name()).orElseThrow().state().wire())
                        .type(ExecutionType.STANDARD)
                        .build()).orElse(null))
                .build();
    }

    private static TransitionState transition(Pipeline.@Nullable Closed closed) {
        return closed == null
                ? TransitionState.builder().enabled(true).build()
                : TransitionState.builder().enabled(false).disabledReason(closed.reason()).lastChangedBy(closed.by()).lastChangedAt(closed.at()).build();
    }

    private static ActionState action(StageDeclaration stage, ActionDeclaration action, Optional<Execution> latest) {
        Optional<ActionRun> run = latest.flatMap(e -> e.latestOf(stage.name(), action.name()));
        Optional<Revision> revision = latest.stream().flatMap(e -> e.revisions().stream()).filter(r -> r.action().equals(action.name())).findFirst();
        return ActionState.builder()
                .actionName(action.name())
                .currentRevision(revision.map(r -> ActionRevision.builder().revisionId(r.id()).revisionChangeId(r.id()).created(r.created()).build()).orElse(null))
                .latestExecution(run.map(Views::actionExecution).orElse(null))
                .revisionUrl(revision.map(Revision::url).orElse(null))
                .build();
    }

    private static ActionExecution actionExecution(ActionRun run) {
        return ActionExecution.builder()
                .actionExecutionId(run.id())
                .status(run.state().wire())
                .summary(run.summary())
                .lastStatusChange(run.updated())
                .token(run.inProgress() ? run.token() : null)
                .lastUpdatedBy(run.updatedBy())
                .externalExecutionId(run.externalId())
                .externalExecutionUrl(run.externalUrl())
                .errorDetails(error(run))
                .build();
    }

    private static @Nullable ErrorDetails error(ActionRun run) {
        return run.failure() == null ? null : ErrorDetails.builder().code(run.failure().code()).message(run.failure().message()).build();
    }

    static PipelineExecution execution(Execution e) {
        return PipelineExecution.builder()
                .pipelineName(e.pipeline().name())
                .pipelineVersion(e.pipeline().version())
                .pipelineExecutionId(e.id())
                .status(e.state().wire())
                .statusSummary(e.stop() == null ? null : e.stop().reason())
                .artifactRevisions(e.revisions().stream().map(r -> ArtifactRevision.builder()
                        .name(r.artifact()).revisionId(r.id()).revisionSummary(r.summary()).revisionUrl(r.url()).created(r.created()).build()).toList())
                .variables(e.pipelineVariables().entrySet().stream()
                        .map(v -> ResolvedPipelineVariable.builder().name(v.getKey()).resolvedValue(v.getValue()).build())
                        .toList())
                .trigger(trigger(e))
                .executionMode(mode(e))
                .executionType(ExecutionType.STANDARD)
                .build();
    }

    static PipelineExecutionSummary summary(Execution e) {
        return PipelineExecutionSummary.builder()
                .pipelineExecutionId(e.id())
                .status(e.state().wire())
                .startTime(e.started())
                .lastUpdateTime(e.updated())
                .sourceRevisions(e.revisions().stream().map(r -> SourceRevision.builder()
                        .actionName(r.action()).revisionId(r.id()).revisionSummary(r.summary()).revisionUrl(r.url()).build()).toList())
                .trigger(trigger(e))
                .stopTrigger(e.stop() == null ? null
                        : StopExecutionTrigger.builder().reason(e.stop().reason()).build())
                .executionMode(mode(e))
                .executionType(ExecutionType.STANDARD)
                .build();
    }

    private static ExecutionTrigger trigger(Execution e) {
        return ExecutionTrigger.builder().triggerType(e.trigger().type()).triggerDetail(e.trigger().detail()).build();
    }

    private static ExecutionMode mode(Execution e) {
        return e.pipeline().executionMode() == null ? ExecutionMode.SUPERSEDED : e.pipeline().executionMode();
    }

    /// Newest first.
    static Stream<ActionExecutionDetail> actions(Execution e) {
        return e.actions().reversed().stream().map(run -> detail(e, run));
    }

    private static ActionExecutionDetail detail(Execution e, ActionRun run) {
        return ActionExecutionDetail.builder()
                .pipelineExecutionId(e.id())
                .actionExecutionId(run.id())
                .pipelineVersion(e.pipeline().version())
                .stageName(run.stage())
                .actionName(run.name())
                .startTime(run.started())
                .lastUpdateTime(run.updated())
                .updatedBy(run.updatedBy())
                .status(run.state().wire())
                .input(i -> i.actionTypeId(run.declaration().actionTypeId())
                        .configuration(run.declaration().configuration())
                        .resolvedConfiguration(run.isPrepared() ? run.configuration() : Map.of())
                        .roleArn(run.declaration().roleArn())
                        .region(run.declaration().region())
                        .inputArtifacts(run.inputs().stream().map(Views::artifact).toList())
                        .namespace(run.declaration().namespace()))
                .output(o -> o.outputArtifacts(run.outputs().stream().map(Views::artifact).toList())
                        .executionResult(r -> r.externalExecutionId(run.externalId())
                                .externalExecutionSummary(run.summary())
                                .externalExecutionUrl(run.externalUrl())
                                .errorDetails(error(run)))
                        .outputVariables(run.variables()))
                .build();
    }

    private static ArtifactDetail artifact(ActionRun.NamedArtifact artifact) {
        return ArtifactDetail.builder().name(artifact.name()).s3location(l -> l.bucket(artifact.location().bucket()).key(artifact.location().key())).build();
    }
}
