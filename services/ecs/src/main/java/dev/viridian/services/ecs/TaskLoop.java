package dev.viridian.services.ecs;

import dev.viridian.aws.Caller;
import dev.viridian.container.ContainerException;
import dev.viridian.container.ContainerRuntime;
import dev.viridian.container.ContainerState;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Next;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ecs.model.Connectivity;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Exception;

/// Leads one task through its states, one step a call: looks at its row and its containers, decides, acts, notes.
///
/// Each step may be repeated after a crash: containers are found by identity, registering and deregistering twice is the same as once, and a
/// container that is found running is never started again.
final class TaskLoop {
    private static final Logger LOG = LoggerFactory.getLogger(TaskLoop.class);
    private static final Duration ENGINE_LOOK = Duration.ofSeconds(5);
    private static final Duration SECOND_LOOK = Duration.ofSeconds(30);
    private static final Duration CLOSE_LOOK = Duration.ofSeconds(1);
    private static final Duration DRAIN_LOOK = Duration.ofMillis(500);
    private static final Duration LOG_PATIENCE = Duration.ofMinutes(1);
    private static final Duration VISIBLE = Duration.ofHours(1);

    private final TaskTable tasks;
    private final TaskDefinitions definitions;
    private final ContainerRuntime runtime;
    private final ContainerWishes wishes;
    private final TaskStart start;
    private final TaskLogs logs;
    private final TargetGroups groups;
    private final TaskTargets targets;
    private final ServiceEvents events;
    private final Time time;

    TaskLoop(TaskTable tasks, TaskDefinitions definitions, ContainerRuntime runtime, ContainerWishes wishes, TaskStart start, TaskLogs logs,
             TargetGroups groups, TaskTargets targets, ServiceEvents events, Time time) {
        this.tasks = tasks;
        this.definitions = definitions;
        this.runtime = runtime;
        this.wishes = wishes;
        this.start = start;
        this.logs = logs;
        this.groups = groups;
        this.targets = targets;
        this.events = events;
        this.time = time;
    }

    Next step(String key) {
        TaskId id = TaskId.ofKey(key);
        try {
            return tasks.find(id).map(row -> Caller.get(id.cluster().caller(), () -> step(id, row))).orElseGet(Next::done);
        } catch (ContainerException.NoEngine e) {
            LOG.info("Task {} waits for its engine: {}", id.id(), e.reason());
            return Next.at(time.now().plus(ENGINE_LOOK));
        }
    }

    private Next step(TaskId id, TaskRow found) {
        TaskDefinition definition = definitions.used(found.task().taskDefinitionArn());
        Map<String, ContainerState> seen = containers(id, found);
        TaskRow row = tasks.update(id, now -> TaskViews.observed(now, definition, seen));
        logs.follow(id, definition, seen);
        TaskView view = view(id, row, definition, seen);
        return act(id, row, definition, seen, TaskDecision.plan(view, time.now()));
    }

    private Map<String, ContainerState> containers(TaskId id, TaskRow row) {
        if (row.state() == TaskState.PROVISIONING || row.state() == TaskState.STOPPED || hasNothing(row)) {
            return Map.of();
        }
        return runtime.list(wishes.labels(id)).stream()
                .collect(Collectors.toMap(state -> state.labels().getOrDefault(ContainerWishes.CONTAINER_LABEL, state.id()), Function.identity()));
    }

    /// A task that is on its way down and never got as far as having anything in the engine needs none to get there.
    private static boolean hasNothing(TaskRow row) {
        return row.stopWanted() && row.networkOwner().isEmpty() && row.task().pullStoppedAt() == null;
    }

    private TaskView view(TaskId id, TaskRow row, TaskDefinition definition, Map<String, ContainerState> seen) {
        ContainerState owner = seen.get(ContainerWishes.OWNER);
        boolean networkLost = !row.networkOwner().isEmpty() && (owner == null || !owner.running());
        Instant now = time.now();
        boolean logsKept = row.state() == TaskState.DEPROVISIONING && (logs.kept(id, definition, seen) || isLate(row, now));
        Instant forgetAt = row.task().stoppedAt() == null ? null : row.task().stoppedAt().plus(VISIBLE);
        Duration pause = row.state() == TaskState.RUNNING ? SECOND_LOOK : CLOSE_LOOK;
        return new TaskView(row.state(), row.stopWanted(), row.task().pullStoppedAt() != null, networkLost, standing(row), logsKept,
                TaskViews.parts(row, definition, seen), forgetAt, now.plus(pause));
    }

    private static boolean isLate(TaskRow row, Instant now) {
        Instant ended = row.task().executionStoppedAt();
        return ended == null || !now.isBefore(ended.plus(LOG_PATIENCE));
    }

    private TaskView.Targets standing(TaskRow row) {
        return switch (row.registration()) {
            case NEVER -> TaskView.Targets.NONE;
            case DONE -> TaskView.Targets.REGISTERED;
            case UNDONE -> row.state() == TaskState.DEACTIVATING && groups.areDraining(row.targets())
                    ? TaskView.Targets.DRAINING : TaskView.Targets.GONE;
        };
    }

    private Next act(TaskId id, TaskRow row, TaskDefinition definition, Map<String, ContainerState> seen, TaskPlan plan) {
        return switch (plan) {
            case TaskPlan.Provision() -> starting(id, () -> start.provision(id, row, definition));
            case TaskPlan.Prepare() -> starting(id, () -> start.prepare(id, row, definition));
            case TaskPlan.StartContainer(String name) -> starting(id, () -> start.container(id, row, definition, name));
            case TaskPlan.Activate() -> move(id, TaskState.Event.CONTAINERS_STARTED);
            case TaskPlan.Register() -> register(id, row, definition);
            case TaskPlan.End(TaskPlan.Reason reason, String text) -> end(id, reason, text);
            case TaskPlan.Leave() -> move(id, TaskState.Event.LEAVE);
            case TaskPlan.Deregister() -> deregister(id, row);
            case TaskPlan.Drained() -> move(id, TaskState.Event.DRAINED);
            case TaskPlan.AwaitDrain() -> Next.at(time.now().plus(DRAIN_LOOK));
            case TaskPlan.Interrupt(String name) -> interrupt(id, definition, seen.get(name), name);
            case TaskPlan.Kill(String name) -> kill(seen.get(name));
            case TaskPlan.ContainersEnded() -> containersEnded(id);
            case TaskPlan.AwaitLogs() -> Next.at(time.now().plus(DRAIN_LOOK));
            case TaskPlan.Release() -> release(id, definition, seen);
            case TaskPlan.Forget() -> forget(id);
            case TaskPlan.Await(Instant moment) -> Next.at(row.state() == TaskState.STOPPING ? sooner(moment) : moment);
        };
    }

    private Instant sooner(Instant moment) {
        Instant close = time.now().plus(CLOSE_LOOK);
        return moment.isBefore(close) ? moment : close;
    }

    private Next starting(TaskId id, Runnable step) {
        try {
            step.run();
        } catch (StartFailure e) {
            tasks.update(id, row -> failed(row, e));
        }
        return Next.again();
    }

    /// On Fargate the task tells what went wrong; on EC2 the task only tells that, and the container tells what.
    private TaskRow failed(TaskRow row, StartFailure failure) {
        boolean fargate = row.task().containerInstanceArn() == null;
        boolean oneContainer = !failure.container().isEmpty();
        TaskRow blamed = oneContainer ? row.withContainer(failure.container(), next -> next.reason(failure.getMessage())) : row;
        String text = fargate || !oneContainer ? failure.getMessage() : "Task failed to start";
        return blamed.ending(TaskStopCode.TASK_FAILED_TO_START, text, time.now());
    }

    private Next move(TaskId id, TaskState.Event event) {
        tasks.update(id, row -> row.moved(event));
        return Next.again();
    }

    private Next register(TaskId id, TaskRow row, TaskDefinition definition) {
        List<Target> wanted = targets.of(id, row, definition);
        try {
            groups.register(wanted);
        } catch (ElasticLoadBalancingV2Exception e) {
            return registeringFailed(id, row, wanted, e);
        }
        tasks.update(id, now -> {
            TaskRow up = wanted.isEmpty() ? now : now.registered(wanted);
            return up.with(task -> task.startedAt(time.now()).connectivity(Connectivity.CONNECTED).connectivityAt(time.now()))
                    .moved(TaskState.Event.REGISTERED);
        });
        wanted.stream().map(Target::groupArn).distinct().forEach(group -> say(id, row, "registered 1 targets in (target-group " + group + ")"));
        return Next.again();
    }

    /// It is not up until its load balancers know it; whoever waits for it decides how long.
    private Next registeringFailed(TaskId id, TaskRow row, List<Target> wanted, ElasticLoadBalancingV2Exception failure) {
        LOG.warn("Task {} could not be registered as {}; it is tried again in {}: {}", id.id(), wanted, ENGINE_LOOK, failure.getMessage());
        if (!row.service().isEmpty()) {
            ServiceId service = new ServiceId(id.cluster(), row.service());
            String error = failure.awsErrorDetails() == null ? failure.getMessage() : failure.awsErrorDetails().errorMessage();
            events.sayOnce(service, "(service " + service.name() + ") failed to register targets in (target-group " + wanted.getFirst().groupArn()
                    + ") with (error " + error + ")");
        }
        return Next.at(time.now().plus(ENGINE_LOOK));
    }

    private Next end(TaskId id, TaskPlan.Reason reason, String text) {
        TaskStopCode code = switch (reason) {
            case ESSENTIAL_CONTAINER_EXITED -> TaskStopCode.ESSENTIAL_CONTAINER_EXITED;
            case FAILED_TO_START -> TaskStopCode.TASK_FAILED_TO_START;
        };
        tasks.update(id, row -> row.ending(code, text, time.now()));
        return Next.again();
    }

    private Next deregister(TaskId id, TaskRow row) {
        groups.deregister(row.targets());
        tasks.update(id, TaskRow::deregistered);
        say(id, row, "has begun draining connections on 1 tasks.");
        row.targets().stream().map(Target::groupArn).distinct()
                .forEach(group -> say(id, row, "deregistered 1 targets in (target-group " + group + ")"));
        return Next.again();
    }

    private void say(TaskId id, TaskRow row, String what) {
        if (!row.service().isEmpty()) {
            events.say(new ServiceId(id.cluster(), row.service()), row.workload(), what);
        }
    }

    private Next interrupt(TaskId id, TaskDefinition definition, ContainerState state, String name) {
        Duration patience = wishes
                .patience(definition.containerDefinitions().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow());
        signal(state.id(), stopSignal(state));
        tasks.update(id, row -> row.interrupted(name, time.now().plus(patience)));
        return Next.again();
    }

    private Next kill(ContainerState state) {
        signal(state.id(), "SIGKILL");
        return Next.at(time.now().plus(CLOSE_LOOK));
    }

    /// A container that has just ended by itself cannot be signalled, and need not be: the next look sees it.
    private void signal(String container, String signal) {
        try {
            runtime.kill(container, signal);
        } catch (ContainerException.WrongPhase | ContainerException.NotFound e) {
            Optional<ContainerState> now = runtime.inspect(container);
            if (now.isPresent() && now.get().running()) {
                throw e;
            }
        }
    }

    private String stopSignal(ContainerState state) {
        return runtime.images().find(state.imageId()).map(image -> image.config().stopSignal()).filter(signal -> !signal.isEmpty()).orElse("SIGTERM");
    }

    private Next containersEnded(TaskId id) {
        tasks.update(id, row -> row.with(task -> task.executionStoppedAt(time.now())).moved(TaskState.Event.CONTAINERS_ENDED));
        return Next.again();
    }

    private Next release(TaskId id, TaskDefinition definition, Map<String, ContainerState> seen) {
        start.release(id, seen.values());
        logs.forget(id, definition);
        tasks.update(id, row -> row.with(task -> task
                        .containers(row.task().containers().stream().map(one -> one.toBuilder().lastStatus("STOPPED").build()).toList())
                        .attachments(row.task().attachments().stream().map(one -> one.toBuilder().status("DELETED").build()).toList())
                        .stoppedAt(time.now()))
                .moved(TaskState.Event.RELEASED));
        return Next.again();
    }

    private Next forget(TaskId id) {
        tasks.forget(id);
        return Next.done();
    }
}
