package dev.viridian.services.ecs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskOverride;
import software.amazon.awssdk.services.ecs.model.TaskSet;

/// Starts tasks for services, as far as there is a place for them.
final class TaskStarts {
    private final TaskTable tasks;
    private final TaskDefinitions definitions;
    private final ContainerInstances instances;
    private final Placement placement;
    private final ServiceEvents events;

    TaskStarts(TaskTable tasks, TaskDefinitions definitions, ContainerInstances instances, Placement placement, ServiceEvents events) {
        this.tasks = tasks;
        this.definitions = definitions;
        this.instances = instances;
        this.placement = placement;
        this.events = events;
    }

    /// The tasks that were started; fewer than `count` when there was no place for more, which is said in an event.
    List<TaskId> start(ServiceId id, ServiceRow row, Workload workload, int count) {
        List<TaskId> started = new ArrayList<>();
        TaskDefinition definition = definitions.used(workload.set().taskDefinition());
        for (int i = 0; i < count; i++) {
            TaskOrder order = order(id, row.service(), workload, definition);
            Optional<Placement.Lack> lack = order.launchType() == LaunchType.FARGATE
                    ? Optional.empty()
                    : placement.lack(id.cluster(), definition, row.service().placementConstraints(), order.group());
            if (lack.isPresent()) {
                events.say(id, "was unable to place a task because no container instance met all of its requirements. The closest matching "
                        + "(container-instance " + instances.id(id.cluster()) + ") " + lack.get().sentence());
                break;
            }
            started.add(tasks.start(id.cluster(), order, instances.arn(id.cluster())));
        }
        return started;
    }

    private TaskOrder order(ServiceId id, Service service, Workload workload, TaskDefinition definition) {
        TaskSet set = workload.set();
        String provider = provider(id, workload);
        LaunchType type = provider != null ? LaunchType.FARGATE : set.launchType() == null ? LaunchType.EC2 : set.launchType();
        return new TaskOrder(definition, type, provider, set.platformVersion(), set.networkConfiguration(), set.loadBalancers(), id.name(),
                workload.id(),
                workload.id(), "service:" + id.name(), TaskOverride.builder().containerOverrides(List.of()).build(), tags(id, service, definition),
                Boolean.TRUE.equals(service.enableExecuteCommand()));
    }

    private @Nullable String provider(ServiceId id, Workload workload) {
        if (workload.set().capacityProviderStrategy().isEmpty()) {
            return null;
        }
        Map<String, Integer> running = new HashMap<>();
        tasks.of(id).stream().filter(row -> row.workload().equals(workload.id()) && !row.stopWanted())
                .forEach(row -> running.merge(row.task().capacityProviderName(), 1, Integer::sum));
        return CapacityShare.next(shares(workload.set().capacityProviderStrategy()), running);
    }

    static List<CapacityShare.Share> shares(List<CapacityProviderStrategyItem> strategy) {
        return strategy.stream()
                .map(item -> new CapacityShare.Share(item.capacityProvider(), item.base() == null ? 0 : item.base(), item.weight() == null
                        ? 0 : item.weight()))
                .toList();
    }

    private List<Tag> tags(ServiceId id, Service service, TaskDefinition definition) {
        List<Tag> tags = new ArrayList<>();
        if (Boolean.TRUE.equals(service.enableECSManagedTags())) {
            tags.add(Tag.builder().key("aws:ecs:clusterName").value(id.cluster().name()).build());
            tags.add(Tag.builder().key("aws:ecs:serviceName").value(id.name()).build());
        }
        if (service.propagateTags() == PropagateTags.SERVICE) {
            tags.addAll(service.tags());
        } else if (service.propagateTags() == PropagateTags.TASK_DEFINITION) {
            definitions.find(definition.taskDefinitionArn()).ifPresent(found -> tags.addAll(found.tags()));
        }
        return tags;
    }
}
