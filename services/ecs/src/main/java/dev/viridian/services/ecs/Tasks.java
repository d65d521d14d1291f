package dev.viridian.services.ecs;

import static dev.viridian.services.ecs.Refusals.client;
import static dev.viridian.services.ecs.Refusals.invalid;

import dev.viridian.aws.Arn;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.DescribeTasksRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.StartTaskRequest;
import software.amazon.awssdk.services.ecs.model.StartTaskResponse;
import software.amazon.awssdk.services.ecs.model.StopTaskRequest;
import software.amazon.awssdk.services.ecs.model.StopTaskResponse;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskField;
import software.amazon.awssdk.services.ecs.model.TaskOverride;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/// Tasks as users handle them: run, start, stop, describe, list. What becomes of them is [TaskLoop].
final class Tasks {
    private static final int PAGE = 100;
    private static final int MOST_AT_ONCE = 10;

    /// What a RunTask with a client token led to, so that its repetition leads to the same.
    record Run(RunTaskRequest request, List<String> tasks) {}

    private final Store store;
    private final Table<Run> runs;
    private final Clusters clusters;
    private final TaskDefinitions definitions;
    private final TaskTable tasks;
    private final ContainerInstances instances;
    private final Placement placement;
    private final NetworkRules networks;

    Tasks(Store store, Clusters clusters, TaskDefinitions definitions, TaskTable tasks, ContainerInstances instances, Placement placement,
          NetworkRules networks) {
        this.store = store;
        this.runs = store.table("ecs.run-tokens", Run.class);
        this.clusters = clusters;
        this.definitions = definitions;
        this.tasks = tasks;
        this.instances = instances;
        this.placement = placement;
        this.networks = networks;
    }

    RunTaskResponse run(RunTaskRequest request) {
        ClusterId cluster = ClusterId.of(request.cluster());
        Cluster found = clusters.active(cluster);
        int count = request.count() == null ? 1 : request.count();
        if (count < 1 || count > MOST_AT_ONCE) {
            throw invalid("Count must be between 1 and " + MOST_AT_ONCE + ".");
        }
        checkStartedBy(request.startedBy());
        TaskDefinition definition = definitions.active(request.taskDefinition());
        ServiceRules.checkCapacity(request.launchType(), request.capacityProviderStrategy());
        ServiceRules.checkPlatform(request.platformVersion());
        ServiceRules.checkConstraints(request.placementConstraints());
        ServiceRules.refuse(!request.volumeConfigurations().isEmpty(), "volumeConfigurations");
        Tags.check(request.tags());
        checkOverrides(definition, request.overrides());
        List<CapacityProviderStrategyItem> strategy = request.launchType() != null ? List.of()
                : !request.capacityProviderStrategy().isEmpty() ? request.capacityProviderStrategy() : found.defaultCapacityProviderStrategy();
        LaunchType launchType = !strategy.isEmpty() ? LaunchType.FARGATE : request.launchType() == null ? LaunchType.EC2 : request.launchType();
        ServiceRules.checkCompatible(definition, launchType);
        networks.checkNetwork(definition, request.networkConfiguration(), launchType);
        return store.transact(() -> repeated(cluster, request).orElseGet(() -> placed(cluster, request, definition, launchType, strategy, count)));
    }

    private Optional<RunTaskResponse> repeated(ClusterId cluster, RunTaskRequest request) {
        if (request.clientToken() == null) {
            return Optional.empty();
        }
        return runs.find(Key.of(cluster.account(), cluster.region(), request.clientToken())).map(run -> {
            if (!run.request().equals(request)) {
                throw ConflictException.builder().message("The client token was used with other parameters.").resourceIds(run.tasks()).build();
            }
            List<Task> still = run.tasks().stream().flatMap(arn -> tasks.find(TaskId.of(request.cluster(), arn)).stream()).map(TaskRow::task)
                    .toList();
            return RunTaskResponse.builder().tasks(still).failures(List.of()).build();
        });
    }

    private RunTaskResponse placed(ClusterId cluster, RunTaskRequest request, TaskDefinition definition, LaunchType launchType,
                                   List<CapacityProviderStrategyItem> strategy, int count) {
        List<Task> started = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        Map<String, Integer> shares = new HashMap<>();
        for (int i = 0; i < count; i++) {
            String provider = strategy.isEmpty() ? null : CapacityShare.next(TaskStarts.shares(strategy), shares);
            shares.merge(String.valueOf(provider), 1, Integer::sum);
            String group = request.group() == null ? "family:" + definition.family() : request.group();
            Optional<Placement.Lack> lack = launchType == LaunchType.FARGATE ? Optional.empty()
                    : placement.lack(cluster, definition, request.placementConstraints(), group);
            if (lack.isPresent()) {
                failures.add(Failure.builder().arn(instances.arn(cluster)).reason(lack.get().reason()).build());
                continue;
            }
            TaskOrder order = new TaskOrder(definition, launchType, provider, request.platformVersion(), request.networkConfiguration(), List.of(),
                    "", "",
                    request.startedBy(), group, overrides(request.overrides()), tags(request, definition),
                            Boolean.TRUE.equals(request.enableExecuteCommand()));
            started.add(tasks.find(tasks.start(cluster, order, instances.arn(cluster))).orElseThrow().task());
        }
        if (request.clientToken() != null) {
            runs.put(Key.of(cluster.account(), cluster.region(), request.clientToken()),
                    new Run(request, started.stream().map(Task::taskArn).toList()));
        }
        return RunTaskResponse.builder().tasks(started).failures(failures).build();
    }

    private List<Tag> tags(RunTaskRequest request, TaskDefinition definition) {
        List<Tag> tags = new ArrayList<>(request.tags());
        if (request.propagateTags() == PropagateTags.TASK_DEFINITION) {
            definitions.find(definition.taskDefinitionArn()).ifPresent(found -> tags.addAll(found.tags()));
        }
        return tags;
    }

    /// Places on named instances; there is one.
    StartTaskResponse start(StartTaskRequest request) {
        ClusterId cluster = ClusterId.of(request.cluster());
        clusters.active(cluster);
        checkStartedBy(request.startedBy());
        TaskDefinition definition = definitions.active(request.taskDefinition());
        if (request.containerInstances().isEmpty()) {
            throw client("Container Instances cannot be empty.");
        }
        checkOverrides(definition, request.overrides());
        networks.checkNetwork(definition, request.networkConfiguration(), LaunchType.EC2);
        String group = request.group() == null ? "family:" + definition.family() : request.group();
        List<Task> started = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        store.transact(() -> request.containerInstances().forEach(text -> {
            if (!text.endsWith(instances.id(cluster))) {
                failures.add(Failure.builder().arn(text).reason("MISSING").build());
                return;
            }
            Optional<Placement.Lack> lack = placement.lack(cluster, definition, List.of(), group);
            if (lack.isPresent()) {
                failures.add(Failure.builder().arn(instances.arn(cluster)).reason(lack.get().reason()).build());
                return;
            }
            TaskOrder order = new TaskOrder(definition, LaunchType.EC2, null, null, request.networkConfiguration(), List.of(), "", "",
                    request.startedBy(),
                    group, overrides(request.overrides()), request.tags(), Boolean.TRUE.equals(request.enableExecuteCommand()));
            started.add(tasks.find(tasks.start(cluster, order, instances.arn(cluster))).orElseThrow().task());
        }));
        return StartTaskResponse.builder().tasks(started).failures(failures).build();
    }

    /// Repeating it changes nothing, not even the reason.
    StopTaskResponse stop(StopTaskRequest request) {
        TaskId id = TaskId.of(request.cluster(), request.task());
        clusters.active(id.cluster());
        tasks.find(id).orElseThrow(() -> invalid("The referenced task was not found."));
        String reason = request.reason() == null ? "Task stopped by user" : request.reason();
        return StopTaskResponse.builder().task(tasks.stop(id, TaskStopCode.USER_INITIATED, reason).task()).build();
    }

    DescribeTasksResponse describe(DescribeTasksRequest request) {
        ClusterId cluster = ClusterId.of(request.cluster());
        clusters.active(cluster);
        if (request.tasks().isEmpty()) {
            throw invalid("Tasks cannot be empty.");
        }
        if (request.tasks().size() > PAGE) {
            throw invalid("Tasks can have at most " + PAGE + " items.");
        }
        boolean withTags = request.include().contains(TaskField.TAGS);
        List<Task> found = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        for (String text : request.tasks()) {
            TaskId id = TaskId.of(request.cluster(), text);
            tasks.find(id).map(TaskRow::task).ifPresentOrElse(
                    task -> found.add(withTags ? task : task.toBuilder().tags(List.of()).build()),
                    () -> failures.add(Failure.builder().arn(id.arn()).reason("MISSING").build()));
        }
        return DescribeTasksResponse.builder().tasks(found).failures(failures).build();
    }

    ListTasksResponse list(ListTasksRequest request) {
        ClusterId cluster = ClusterId.of(request.cluster());
        clusters.active(cluster);
        String desired = request.desiredStatus() == null ? DesiredStatus.RUNNING.toString() : request.desiredStatusAsString();
        List<String> arns = tasks.in(cluster).stream().filter(row -> matches(row, request)).map(TaskRow::task)
                .filter(task -> desired.equals(task.desiredStatus())).map(Task::taskArn).toList();
        Page page = Page.of(arns, request.nextToken(), request.maxResults(), PAGE);
        return ListTasksResponse.builder().taskArns(page.entries()).nextToken(page.nextToken()).build();
    }

    private static boolean matches(TaskRow row, ListTasksRequest request) {
        Task task = row.task();
        String family = Arn.parse(task.taskDefinitionArn()).resource().replaceFirst("^task-definition/", "").replaceFirst(":[0-9]+$", "");
        return (request.family() == null || request.family().equals(family))
                && (request.serviceName() == null
                        || row.service().equals(request.serviceName().substring(request.serviceName().lastIndexOf('/') + 1)))
                && (request.startedBy() == null || request.startedBy().equals(task.startedBy()))
                && (request.launchType() == null || request.launchType() == task.launchType())
                && (request.containerInstance() == null || task.containerInstanceArn() != null
                        && task.containerInstanceArn().endsWith(request.containerInstance()));
    }

    private static void checkStartedBy(@Nullable String startedBy) {
        if (startedBy != null && startedBy.length() > 128) {
            throw invalid("startedBy can have at most 128 characters.");
        }
    }

    private static void checkOverrides(TaskDefinition definition, @Nullable TaskOverride overrides) {
        List<String> names = definition.containerDefinitions().stream().map(one -> one.name()).toList();
        if (overrides != null) {
            overrides.containerOverrides().stream().map(ContainerOverride::name).filter(name -> !names.contains(name)).findFirst().ifPresent(name -> {
                throw invalid("Override for container named " + name + " is not a container in the TaskDefinition.");
            });
        }
    }

    private static TaskOverride overrides(@Nullable TaskOverride asked) {
        TaskOverride given = asked == null ? TaskOverride.builder().build() : asked;
        return given.hasContainerOverrides() ? given : given.toBuilder().containerOverrides(List.of()).build();
    }
}
