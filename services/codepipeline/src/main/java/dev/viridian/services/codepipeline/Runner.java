package dev.viridian.services.codepipeline;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Ids;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Next;
import dev.viridian.engine.work.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.codepipeline.model.ActionDeclaration;
import software.amazon.awssdk.services.codepipeline.model.ExecutionMode;

/// Carries executions through their stages: moves them between stages, starts actions, follows what providers do.
final class Runner {
    private static final Logger LOG = LoggerFactory.getLogger(Runner.class);
    private static final String PIPELINE = "codepipeline.pipeline";
    private static final String ACTION = "codepipeline.action";

    private final Store store;
    private final Rows rows;
    private final Work work;
    private final Time time;
    private final Map<String, Provider> providers = new HashMap<>();

    Runner(Store store, Rows rows, Work work, Time time, List<Provider> providers) {
        this.store = store;
        this.rows = rows;
        this.work = work;
        this.time = time;
        providers.forEach(p -> this.providers.put(p.terms().category() + "/" + p.terms().name(), p));
        work.handle(PIPELINE, key -> movePipeline(Rows.Id.parse(key)));
        work.handle(ACTION, this::runAction);
    }

    /// To be called in the transaction that changed something the flow depends on.
    void wake(Rows.Id pipeline) {
        work.wake(PIPELINE, pipeline.key());
    }

    private Next movePipeline(Rows.Id id) {
        return store.transact(() -> rows.pipeline(id).map(pipeline -> {
                    List<Execution> active = rows.executions(id).stream().filter(Execution::active).toList();
                    List<Flow.Step> steps = Flow.next(active, mode(pipeline), pipeline.closed().keySet());
                    steps.forEach(step -> apply(id, pipeline, step));
                    return steps.isEmpty() ? Next.done() : Next.again();
                })
                .orElse(Next.done()));
    }

    private static ExecutionMode mode(Pipeline pipeline) {
        ExecutionMode mode = pipeline.declaration().executionMode();
        return mode == null ? ExecutionMode.SUPERSEDED : mode;
    }

    private void apply(Rows.Id id, Pipeline pipeline, Flow.Step step) {
        Instant now = time.now();
        switch (step) {
            case Flow.Step.Enter(Execution e) -> rows.save(id, e.entered(now));
            case Flow.Step.Supersede(Execution e) -> rows.save(id, e.superseded(now));
            case Flow.Step.Fail(Execution e) -> rows.save(id, e.failed(now));
            case Flow.Step.EndStopped(Execution e) -> rows.save(id, e.stopped(now));
            case Flow.Step.Advance(Execution e) when e.isLastStage() -> rows.save(id, e.succeeded(now));
            case Flow.Step.Advance(Execution e) -> rows.save(id, e.arrivedAtNextStage(now));
            case Flow.Step.Start(Execution e, List<ActionDeclaration> actions) -> {
                Execution started = e;
                for (ActionDeclaration action : actions) {
                    ActionRun run = newRun(e, action, now);
                    started = started.running(run, now);
                    work.wake(ACTION, Key.of(id.account(), id.region(), id.name(), e.id(), run.id()));
                }
                rows.save(id, started);
            }
        }
    }

    private ActionRun newRun(Execution execution, ActionDeclaration action, Instant now) {
        Duration limit = action.timeoutInMinutes() != null ? Duration.ofMinutes(action.timeoutInMinutes()) : provider(action).terms().limit();
        String token = action.actionTypeId().provider().equals("Manual") ? Ids.uuid() : null;
        return new ActionRun(Ids.uuid(), execution.stageName(), action, ActionRun.State.IN_PROGRESS, null, false, token, null, null, null, null, null,
                List.of(), List.of(), Map.of(), now, now, time.deadline(limit));
    }

    private Provider provider(ActionDeclaration action) {
        Provider provider = providers.get(action.actionTypeId().categoryAsString() + "/" + action.actionTypeId().provider());
        if (provider == null) {
            throw new IllegalStateException("the structure check let an unknown action type pass: " + action.actionTypeId());
        }
        return provider;
    }

    /// One look at one action. The provider is asked outside any transaction; what it says is recorded in one.
    private Next runAction(String key) {
        String[] parts = Key.parts(key);
        Rows.Id id = new Rows.Id(parts[0], parts[1], parts[2]);
        Pipeline pipeline = rows.pipeline(id).orElse(null);
        Execution execution = rows.execution(id, parts[3]).orElse(null);
        ActionRun run = execution == null ? null : execution.action(parts[4]).orElse(null);
        if (pipeline == null || run == null || !run.inProgress()) {
            return Next.done();
        }
        if (!time.now().isBefore(run.deadline())) {
            return record(id, execution.id(), run.id(), timedOut(run));
        }
        if (!run.isPrepared()) {
            return prepare(id, execution, run);
        }
        ActionContext context = new ActionContext(pipeline, execution, run, time.now());
        return record(id, execution.id(), run.id(), Caller.get(callerFor(pipeline, execution, run), () -> look(context)));
    }

    private static Provider.Outcome.Failed timedOut(ActionRun run) {
        // The wording is a guess; AWS's own is not in the reference.
        return Provider.Outcome.Failed.job("The action failed because it did not complete before its timeout. Action: " + run.name());
    }

    private Provider.Outcome look(ActionContext context) {
        Provider provider = provider(context.run().declaration());
        try {
            return context.run().begun() ? provider.follow(context) : provider.begin(context);
        } catch (AwsServiceException e) {
            if (e.statusCode() >= 500 || "ThrottlingException".equals(e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode())) {
                throw e;
            }
            LOG.info("Action {} of pipeline {} was refused by its provider: {}", context.run().name(), context.pipeline().declaration().name(), e.getMessage());
            return new Provider.Outcome.Failed(codeOf(e), messageOf(e));
        }
    }

    private static String codeOf(AwsServiceException e) {
        String code = e.awsErrorDetails() == null ? "" : String.valueOf(e.awsErrorDetails().errorCode());
        return code.startsWith("AccessDenied") ? "PermissionError" : "ConfigurationError";
    }

    private static String messageOf(AwsServiceException e) {
        return e.awsErrorDetails() == null ? e.getMessage() : e.awsErrorDetails().errorMessage();
    }

    /// Fixes the action's input, output and configuration before anything is started with them, so that a second try uses the same.
    private Next prepare(Rows.Id id, Execution execution, ActionRun run) {
        Map<String, String> known = new HashMap<>(execution.variables());
        execution.pipelineVariables().forEach((name, value) -> known.put("variables." + name, value));
        known.put("codepipeline.PipelineExecutionId", execution.id());
        Map<String, String> configuration;
        try {
            configuration = Variables.resolve(run.declaration().configuration(), known);
        } catch (Variables.Unresolved e) {
            return record(id, execution.id(), run.id(), Provider.Outcome.Failed.configuration(e.getMessage()));
        }
        List<ActionRun.NamedArtifact> inputs = run.declaration().inputArtifacts().stream()
                .map(a -> new ActionRun.NamedArtifact(a.name(), execution.artifacts().get(a.name())))
                .toList();
        List<ActionRun.NamedArtifact> outputs = run.declaration().outputArtifacts().stream()
                .map(a -> new ActionRun.NamedArtifact(a.name(), newLocation(execution, a.name())))
                .toList();
        change(id, execution.id(), e -> e.changing(run.id(), r -> r.resolvedTo(configuration, inputs, outputs, time.now()), time.now()));
        return Next.again();
    }

    private static ArtifactLocation newLocation(Execution execution, String artifact) {
        String random = Ids.stable(Ids.uuid(), 7);
        return new ArtifactLocation(execution.pipeline().artifactStore().location(), Artifacts.key(execution.pipeline().name(), artifact, random));
    }

    private Next record(Rows.Id id, String executionId, String runId, Provider.Outcome outcome) {
        Instant now = time.now();
        return store.transact(() -> {
            Execution execution = rows.execution(id, executionId).orElse(null);
            ActionRun run = execution == null ? null : execution.action(runId).orElse(null);
            if (run == null || !run.inProgress()) {
                return Next.done();
            }
            switch (outcome) {
                case Provider.Outcome.Going going -> {
                    rows.save(id, execution.changing(runId, r -> r.begunAs(going.externalId(), going.url(), going.summary(), now), now));
                    Instant look = now.plus(time.paced(going.lookAgain()));
                    return Next.at(look.isBefore(run.deadline()) ? look : run.deadline());
                }
                case Provider.Outcome.Done done -> {
                    rows.save(id, learned(execution, run, done).changing(runId,
                            r -> r.begunAs(done.externalId(), done.url(), done.summary(), now).succeeded(done.summary(), done.variables(), now), now));
                    wake(id);
                    return Next.done();
                }
                case Provider.Outcome.Failed failed -> {
                    rows.save(id, execution.changing(runId, r -> r.failed(failed.code(), failed.message(), now), now));
                    wake(id);
                    return Next.done();
                }
            }
        });
    }

    private static Execution learned(Execution execution, ActionRun run, Provider.Outcome.Done done) {
        Map<String, ArtifactLocation> artifacts = new LinkedHashMap<>();
        run.outputs().forEach(o -> artifacts.put(o.name(), o.location()));
        Map<String, String> variables = new LinkedHashMap<>();
        if (run.declaration().namespace() != null) {
            done.variables().forEach((name, value) -> variables.put(run.declaration().namespace() + "." + name, value));
        }
        return execution.learning(artifacts, done.revisions(), variables);
    }

    private void change(Rows.Id id, String executionId, UnaryOperator<Execution> change) {
        store.transact(() -> rows.execution(id, executionId).ifPresent(e -> rows.save(id, change.apply(e))));
    }

    /// The action's own role when it has one, else the pipeline's; the session is named after the moment, as AWS does.
    private static Caller callerFor(Pipeline pipeline, Execution execution, ActionRun run) {
        String role = run.declaration().roleArn() != null ? run.declaration().roleArn() : execution.pipeline().roleArn();
        String session = String.valueOf(run.started().toEpochMilli());
        return Caller.service("codepipeline.amazonaws.com", pipeline.account(), pipeline.region()).as(role, session);
    }
}
