package dev.viridian.services.codepipeline;

import dev.viridian.aws.Arn;
import dev.viridian.aws.AwsErrors;
import dev.viridian.aws.Caller;
import dev.viridian.aws.Ids;
import dev.viridian.aws.shapes.Pages;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Work;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codecommit.CodeCommitClient;
import software.amazon.awssdk.services.codedeploy.CodeDeployClient;
import software.amazon.awssdk.services.codepipeline.CodePipelineClient;
import software.amazon.awssdk.services.codepipeline.model.*;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;
import tools.jackson.databind.json.JsonMapper;

/// AWS CodePipeline.
public final class CodePipeline implements CodePipelineClient {
    private static final int PAGE = 100;
    private static final int MOST_CONCURRENT = 50;

    private final Store store;
    private final Rows rows;
    private final Runner runner;
    private final Time time;
    private final Structure structure;
    private final StsClient sts;

    /// What the actions of a pipeline work with; every call is made as the pipeline's (or the action's) role.
    ///
    /// @param shapes reads SDK model objects from their JSON
    public record Providers(StsClient sts, CodeCommitClient codecommit, SourceArchives archives, CodeBuildClient codebuild, CodeDeployClient codedeploy, EcsClient ecs,
            S3Client s3, JsonMapper shapes) {

        List<Provider> all() {
            Artifacts artifacts = new Artifacts(s3);
            Deployments deployments = new Deployments(codedeploy);
            return List.of(
                    new CodeCommitSource(codecommit, archives, s3),
                    new CodeBuildAction(codebuild, "Build"),
                    new CodeBuildAction(codebuild, "Test"),
                    new ManualApproval(),
                    new CodeDeployToEcs(deployments, artifacts, ecs, shapes),
                    new CodeDeployAction(deployments));
        }
    }

    public CodePipeline(Store store, Work work, Time time, Providers providers) {
        List<Provider> all = providers.all();
        this.store = store;
        this.time = time;
        this.sts = providers.sts();
        this.rows = new Rows(store);
        this.runner = new Runner(store, rows, work, time, all);
        this.structure = new Structure(all.stream().map(Provider::terms).toList());
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    // ---- definitions

    @Override
    public CreatePipelineResponse createPipeline(CreatePipelineRequest request) {
        PipelineDeclaration declaration = complete(request.pipeline(), 1);
        Caller caller = Caller.current();
        structure.check(declaration, caller.region());
        checkRole(declaration.roleArn());
        Map<String, String> tags = request.tags().stream().collect(Collectors.toMap(Tag::key, Tag::value, (_, last) -> last, LinkedHashMap::new));
        store.transact(() -> {
            Rows.Id id = Rows.Id.here(declaration.name());
            if (rows.pipeline(id).isPresent()) {
                throw PipelineNameInUseException.builder()
                        .message("A pipeline with the name '" + declaration.name() + "' already exists in account '" + caller.account() + "'").build();
            }
            rows.save(new Pipeline(caller.account(), caller.region(), declaration, time.now(), time.now(), Map.of(), 0, tags));
            start(id, new Execution.Trigger("CreatePipeline", caller.principal().arn()), Map.of(), Ids.uuid());
        });
        return CreatePipelineResponse.builder().pipeline(declaration).tags(request.tags()).build();
    }

    /// The answer shows what was left out: version, run orders, the artifact lists.
    private static PipelineDeclaration complete(PipelineDeclaration given, int version) {
        List<StageDeclaration> stages = given.stages().stream()
                .map(stage -> stage.toBuilder().actions(stage.actions().stream().map(CodePipeline::complete).toList()).build())
                .toList();
        return given.toBuilder()
                .version(version)
                .stages(stages)
                .pipelineType(given.pipelineType() == null ? PipelineType.V1 : given.pipelineType())
                .executionMode(given.executionMode() == null ? ExecutionMode.SUPERSEDED : given.executionMode())
                .build();
    }

    private static ActionDeclaration complete(ActionDeclaration action) {
        return action.toBuilder()
                .runOrder(action.runOrder() == null ? 1 : action.runOrder())
                .configuration(action.configuration())
                .inputArtifacts(action.inputArtifacts())
                .outputArtifacts(action.outputArtifacts())
                .build();
    }

    /// Source: the text every user meets who forgets the trust policy; delivery-plane reference 4.1.
    private void checkRole(String roleArn) {
        Caller caller = Caller.current();
        try {
            Caller.run(Caller.service("codepipeline.amazonaws.com", caller.account(), caller.region()),
                    () -> sts.assumeRole(b -> b.roleArn(roleArn).roleSessionName(String.valueOf(time.now().toEpochMilli()))));
        } catch (AwsServiceException e) {
            throw InvalidStructureException.builder().message("CodePipeline is not authorized to perform AssumeRole on role " + roleArn).cause(e).build();
        }
    }

    @Override
    public UpdatePipelineResponse updatePipeline(UpdatePipelineRequest request) {
        checkRole(request.pipeline().roleArn());
        return store.transact(() -> {
            Pipeline pipeline = rows.pipeline(Rows.Id.here(request.pipeline().name())).orElseThrow(() -> PipelineNotFoundException.builder()
                    .message("The account with id '" + Caller.current().account() + "' does not include a pipeline with the name '" + request.pipeline().name() + "'")
                    .build());
            PipelineDeclaration declaration = complete(request.pipeline(), pipeline.declaration().version() + 1);
            structure.check(declaration, pipeline.region());
            rows.save(pipeline.updatedTo(declaration, time.now()));
            return UpdatePipelineResponse.builder().pipeline(declaration).build();
        });
    }

    @Override
    public GetPipelineResponse getPipeline(GetPipelineRequest request) {
        Pipeline pipeline = required(request.name());
        if (request.version() != null && !request.version().equals(pipeline.declaration().version())) {
            throw PipelineVersionNotFoundException.builder().message("Pipeline '" + request.name() + "' does not have a version " + request.version()).build();
        }
        return GetPipelineResponse.builder()
                .pipeline(pipeline.declaration())
                .metadata(m -> m.pipelineArn(pipeline.arn()).created(pipeline.created()).updated(pipeline.updated()))
                .build();
    }

    @Override
    public ListPipelinesResponse listPipelines(ListPipelinesRequest request) {
        Caller caller = Caller.current();
        var page = page(rows.pipelines(caller.account(), caller.region()), request.nextToken(), request.maxResults(), 1000);
        return ListPipelinesResponse.builder()
                .pipelines(page.items().stream().map(p -> PipelineSummary.builder()
                        .name(p.declaration().name())
                        .version(p.declaration().version())
                        .pipelineType(p.declaration().pipelineType())
                        .executionMode(p.declaration().executionMode())
                        .created(p.created())
                        .updated(p.updated())
                        .build()).toList())
                .nextToken(page.nextToken())
                .build();
    }

    /// Deleting what is not there succeeds.
    @Override
    public DeletePipelineResponse deletePipeline(DeletePipelineRequest request) {
        store.transact(() -> rows.delete(Rows.Id.here(request.name())));
        return DeletePipelineResponse.builder().build();
    }

    // ---- executions

    @Override
    public StartPipelineExecutionResponse startPipelineExecution(StartPipelineExecutionRequest request) {
        if (!request.sourceRevisions().isEmpty()) {
            throw new UnsupportedOperationException("StartPipelineExecution with sourceRevisions");
        }
        return store.transact(() -> {
            Pipeline pipeline = required(request.name());
            Map<String, String> variables = variables(pipeline, request);
            String id = request.clientRequestToken() == null
                    ? Ids.uuid()
                    : executionFor(pipeline, request.clientRequestToken());
            start(Rows.Id.of(pipeline), new Execution.Trigger("StartPipelineExecution", Caller.current().principal().arn()), variables, id);
            return StartPipelineExecutionResponse.builder().pipelineExecutionId(id).build();
        });
    }

    private static Map<String, String> variables(Pipeline pipeline, StartPipelineExecutionRequest request) {
        Map<String, String> given = request.variables().stream().collect(Collectors.toMap(PipelineVariable::name, PipelineVariable::value, (_, last) -> last));
        Map<String, String> result = new LinkedHashMap<>();
        for (PipelineVariableDeclaration declared : pipeline.declaration().variables()) {
            String value = given.getOrDefault(declared.name(), declared.defaultValue());
            if (value == null) {
                throw invalid("Value for variable '" + declared.name() + "' must be given, because it has no default value");
            }
            result.put(declared.name(), value);
        }
        given.keySet().stream().filter(name -> !result.containsKey(name)).findFirst().ifPresent(name -> {
            throw invalid("Variable '" + name + "' is not declared by pipeline '" + pipeline.declaration().name() + "'");
        });
        return result;
    }

    /// A push to a branch of a repository starts the pipelines that watch it.
    ///
    /// @param id of the push; the same push starts an execution once, however often it is told
    public void pushed(String account, String region, String repository, String branch, String id) {
        for (Pipeline pipeline : rows.pipelines(account, region)) {
            sources(pipeline).filter(a -> watches(a, repository, branch)).findFirst().ifPresent(action -> {
                String execution = executionFor(pipeline, id);
                store.transact(() -> start(Rows.Id.of(pipeline), new Execution.Trigger("PollForSourceChanges", action.name()), defaults(pipeline), execution));
            });
        }
    }

    /// The same cause always starts the same execution.
    private static String executionFor(Pipeline pipeline, String cause) {
        return UUID.nameUUIDFromBytes((pipeline.arn() + " " + cause).getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static Stream<ActionDeclaration> sources(Pipeline pipeline) {
        return pipeline.declaration().stages().getFirst().actions().stream();
    }

    private static boolean watches(ActionDeclaration action, String repository, String branch) {
        Map<String, String> configuration = action.configuration();
        return action.actionTypeId().provider().equals("CodeCommit")
                && repository.equals(configuration.get("RepositoryName"))
                && branch.equals(configuration.get("BranchName"))
                && !"false".equalsIgnoreCase(configuration.get("PollForSourceChanges"));
    }

    private static Map<String, String> defaults(Pipeline pipeline) {
        return pipeline.declaration().variables().stream()
                .filter(v -> v.defaultValue() != null)
                .collect(Collectors.toMap(PipelineVariableDeclaration::name, PipelineVariableDeclaration::defaultValue));
    }

    /// Nothing happens when an execution of this id exists.
    private void start(Rows.Id id, Execution.Trigger trigger, Map<String, String> variables, String executionId) {
        if (rows.execution(id, executionId).isPresent()) {
            return;
        }
        Pipeline pipeline = rows.pipeline(id).orElseThrow().startedOneMore();
        if (rows.executions(id).stream().filter(Execution::active).count() >= MOST_CONCURRENT) {
            throw ConcurrentPipelineExecutionsLimitExceededException.builder()
                    .message("The pipeline has reached the limit for concurrent pipeline executions.").build();
        }
        rows.save(pipeline);
        rows.save(id, new Execution(executionId, pipeline.started(), pipeline.declaration(), Execution.State.IN_PROGRESS, 0, Place.INBOUND, time.now(), trigger,
                null, List.of(), List.of(), Map.of(), List.of(), Map.of(), variables, time.now(), time.now()));
        runner.wake(id);
    }

    @Override
    public StopPipelineExecutionResponse stopPipelineExecution(StopPipelineExecutionRequest request) {
        boolean abandon = Boolean.TRUE.equals(request.abandon());
        return store.transact(() -> {
            required(request.pipelineName());
            Rows.Id id = Rows.Id.here(request.pipelineName());
            Execution execution = required(id, request.pipelineExecutionId());
            if (!execution.active()) {
                throw PipelineExecutionNotStoppableException.builder()
                        .message("The pipeline execution with id '" + execution.id() + "' has already completed and cannot be stopped").build();
            }
            if (execution.stop() != null && !abandon) {
                throw DuplicatedStopRequestException.builder()
                        .message("The pipeline execution with id '" + execution.id() + "' is already in a Stopping state").build();
            }
            rows.save(id, execution.asked(new Execution.Stop(abandon, request.reason()), time.now()));
            runner.wake(id);
            return StopPipelineExecutionResponse.builder().pipelineExecutionId(execution.id()).build();
        });
    }

    @Override
    public RetryStageExecutionResponse retryStageExecution(RetryStageExecutionRequest request) {
        return store.transact(() -> {
            Pipeline pipeline = required(request.pipelineName());
            Rows.Id id = Rows.Id.of(pipeline);
            int stage = stageIndex(pipeline, request.stageName());
            Execution execution = required(id, request.pipelineExecutionId());
            checkRetryable(pipeline, execution, request.stageName(), rows.executions(id));
            boolean all = request.retryMode() == StageRetryMode.ALL_ACTIONS;
            Set<String> retried = execution.actions().stream()
                    .filter(a -> a.stage().equals(request.stageName()) && (all || a.state() != ActionRun.State.SUCCEEDED))
                    .map(ActionRun::id)
                    .collect(Collectors.toSet());
            rows.save(id, execution.retrying(stage, retried, time.now()));
            runner.wake(id);
            return RetryStageExecutionResponse.builder().pipelineExecutionId(execution.id()).build();
        });
    }

    private static void checkRetryable(Pipeline pipeline, Execution execution, String stage, List<Execution> all) {
        StageRun run = execution.stageRun(stage).orElse(null);
        boolean ended = run != null && (run.state() == StageRun.State.FAILED || run.state() == StageRun.State.STOPPED);
        if (execution.active() || !ended || !execution.pipeline().version().equals(pipeline.declaration().version())) {
            throw StageNotRetryableException.builder()
                    .message("The stage '" + stage + "' of pipeline execution '" + execution.id() + "' is not in a state that can be retried").build();
        }
        boolean newer = all.stream().anyMatch(e -> e.stageRun(stage).filter(r -> r.entered().isAfter(run.entered())).isPresent());
        if (newer) {
            throw NotLatestPipelineExecutionException.builder()
                    .message("The pipeline execution '" + execution.id() + "' is not the latest execution of stage '" + stage + "'").build();
        }
    }

    @Override
    public GetPipelineStateResponse getPipelineState(GetPipelineStateRequest request) {
        Pipeline pipeline = required(request.name());
        return Views.state(pipeline, rows.executions(Rows.Id.of(pipeline)));
    }

    @Override
    public GetPipelineExecutionResponse getPipelineExecution(GetPipelineExecutionRequest request) {
        required(request.pipelineName());
        Execution execution = required(Rows.Id.here(request.pipelineName()), request.pipelineExecutionId());
        return GetPipelineExecutionResponse.builder().pipelineExecution(Views.execution(execution)).build();
    }

    @Override
    public ListPipelineExecutionsResponse listPipelineExecutions(ListPipelineExecutionsRequest request) {
        Pipeline pipeline = required(request.pipelineName());
        String inStage = request.filter() == null || request.filter().succeededInStage() == null ? null : request.filter().succeededInStage().stageName();
        List<Execution> newestFirst = rows.executions(Rows.Id.of(pipeline)).reversed().stream()
                .filter(e -> inStage == null || e.stageRun(inStage).filter(r -> r.state() == StageRun.State.SUCCEEDED).isPresent())
                .toList();
        var page = page(newestFirst, request.nextToken(), request.maxResults(), PAGE);
        return ListPipelineExecutionsResponse.builder()
                .pipelineExecutionSummaries(page.items().stream().map(Views::summary).toList())
                .nextToken(page.nextToken())
                .build();
    }

    @Override
    public ListActionExecutionsResponse listActionExecutions(ListActionExecutionsRequest request) {
        Pipeline pipeline = required(request.pipelineName());
        String only = request.filter() == null ? null : request.filter().pipelineExecutionId();
        List<ActionExecutionDetail> all = rows.executions(Rows.Id.of(pipeline)).stream()
                .filter(e -> only == null || e.id().equals(only))
                .flatMap(Views::actions)
                .sorted(Comparator.comparing(ActionExecutionDetail::startTime).reversed())
                .toList();
        var page = page(all, request.nextToken(), request.maxResults(), PAGE);
        return ListActionExecutionsResponse.builder().actionExecutionDetails(page.items()).nextToken(page.nextToken()).build();
    }

    // ---- approvals and transitions

    @Override
    public PutApprovalResultResponse putApprovalResult(PutApprovalResultRequest request) {
        return store.transact(() -> {
            Pipeline pipeline = required(request.pipelineName());
            Rows.Id id = Rows.Id.of(pipeline);
            stageIndex(pipeline, request.stageName());
            List<Execution> executions = rows.executions(id);
            Execution execution = executions.reversed().stream()
                    .filter(e -> e.latestOf(request.stageName(), request.actionName()).filter(ActionRun::isApproval).isPresent())
                    .filter(e -> e.latestOf(request.stageName(), request.actionName()).orElseThrow().token().equals(request.token()))
                    .findFirst()
                    .orElseThrow(() -> noSuchApproval(pipeline, request));
            ActionRun run = execution.latestOf(request.stageName(), request.actionName()).orElseThrow();
            if (!run.inProgress()) {
                throw ApprovalAlreadyCompletedException.builder().message("The approval has already been completed").build();
            }
            boolean approved = request.result().status() == ApprovalStatus.APPROVED;
            String reviewer = Caller.current().principal().arn();
            rows.save(id, execution.changing(run.id(), r -> r.reviewed(approved, request.result().summary(), reviewer, time.now()), time.now()));
            runner.wake(id);
            return PutApprovalResultResponse.builder().approvedAt(time.now()).build();
        });
    }

    private static CodePipelineException noSuchApproval(Pipeline pipeline, PutApprovalResultRequest request) {
        boolean exists = pipeline.declaration().stages().stream()
                .filter(s -> s.name().equals(request.stageName()))
                .flatMap(s -> s.actions().stream())
                .anyMatch(a -> a.name().equals(request.actionName()) && a.actionTypeId().categoryAsString().equals("Approval"));
        return exists
                ? InvalidApprovalTokenException.builder().message("The approval token is invalid").build()
                : ActionNotFoundException.builder().message("Action '" + request.actionName() + "' was not found in stage '" + request.stageName() + "'").build();
    }

    @Override
    public DisableStageTransitionResponse disableStageTransition(DisableStageTransitionRequest request) {
        change(request.pipelineName(), request.stageName(), closed ->
                closed.put(request.stageName(), new Pipeline.Closed(request.reason(), Caller.current().principal().arn(), time.now())));
        return DisableStageTransitionResponse.builder().build();
    }

    @Override
    public EnableStageTransitionResponse enableStageTransition(EnableStageTransitionRequest request) {
        change(request.pipelineName(), request.stageName(), closed -> closed.remove(request.stageName()));
        return EnableStageTransitionResponse.builder().build();
    }

    private void change(String name, String stage, Consumer<Map<String, Pipeline.Closed>> change) {
        store.transact(() -> {
            Pipeline pipeline = required(name);
            stageIndex(pipeline, stage);
            Map<String, Pipeline.Closed> closed = new LinkedHashMap<>(pipeline.closed());
            change.accept(closed);
            rows.save(pipeline.closing(closed));
            runner.wake(Rows.Id.of(pipeline));
        });
    }

    // ---- tags

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        retag(request.resourceArn(), tags -> request.tags().forEach(t -> tags.put(t.key(), t.value())));
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        retag(request.resourceArn(), tags -> request.tagKeys().forEach(tags::remove));
        return UntagResourceResponse.builder().build();
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return ListTagsForResourceResponse.builder()
                .tags(byArn(request.resourceArn()).tags().entrySet().stream().map(t -> Tag.builder().key(t.getKey()).value(t.getValue()).build()).toList())
                .build();
    }

    private void retag(String arn, Consumer<Map<String, String>> change) {
        store.transact(() -> {
            Pipeline pipeline = byArn(arn);
            Map<String, String> tags = new LinkedHashMap<>(pipeline.tags());
            change.accept(tags);
            rows.save(pipeline.tagged(tags));
        });
    }

    private Pipeline byArn(String text) {
        if (!Arn.isArn(text) || !Arn.parse(text).service().equals("codepipeline")) {
            throw InvalidArnException.builder().message("Invalid ARN: " + text).build();
        }
        Arn arn = Arn.parse(text);
        return rows.pipeline(new Rows.Id(arn.account(), arn.region(), arn.resource()))
                .orElseThrow(() -> ResourceNotFoundException.builder().message("Could not find resource " + text).build());
    }

    // ---- look-ups

    private Pipeline required(String name) {
        return rows.pipeline(Rows.Id.here(name)).orElseThrow(() -> PipelineNotFoundException.builder()
                .message("Account '" + Caller.current().account() + "' does not have a pipeline with name '" + name + "'").build());
    }

    private Execution required(Rows.Id id, String execution) {
        return rows.execution(id, execution).orElseThrow(() -> PipelineExecutionNotFoundException.builder()
                .message("The pipeline execution with id '" + execution + "' does not exist for pipeline '" + id.name() + "'").build());
    }

    private static int stageIndex(Pipeline pipeline, String stage) {
        List<String> names = pipeline.declaration().stages().stream().map(StageDeclaration::name).toList();
        if (!names.contains(stage)) {
            throw StageNotFoundException.builder()
                    .message("Pipeline '" + pipeline.declaration().name() + "' does not have a stage with name '" + stage + "'").build();
        }
        return names.indexOf(stage);
    }

    private static <T> Pages.Page<T> page(List<T> all, @Nullable String token, @Nullable Integer max, int most) {
        try {
            return Pages.of(all, token, max, most);
        } catch (Pages.InvalidToken e) {
            throw InvalidNextTokenException.builder().message("The next token is invalid").build();
        }
    }

    private static CodePipelineException invalid(String message) {
        return (CodePipelineException) AwsErrors.of(CodePipelineException.builder(), "ValidationException", 400, message);
    }
}
