package dev.viridian.services.ecs;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.NetworkConfiguration;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/// A task: what is shown of it, and what is needed to start it, end it and find it again.
///
/// @param service name of the service it belongs to, empty for one that was run by hand
/// @param workload id of the deployment or task set it belongs to, empty likewise
/// @param networkOwner engine id of what holds its network, empty when it has none of its own
/// @param images container name to the reference the image was resolved to; filled when it is prepared
/// @param targets what it is, or was last, registered as
/// @param registration whether these targets are known to their groups
/// @param killAt container name to when it is killed if it has not obeyed the stop signal
record TaskRow(Task task, String service, String workload, @Nullable NetworkConfiguration network, List<LoadBalancer> loadBalancers,
        String networkOwner,
               Map<String, String> images, List<Target> targets, Registration registration, Map<String, Instant> killAt) {
    enum Registration { NEVER, DONE, UNDONE }

    TaskRow {
        loadBalancers = List.copyOf(loadBalancers);
        images = Map.copyOf(images);
        targets = List.copyOf(targets);
        killAt = Map.copyOf(killAt);
    }

    static TaskRow fresh(Task task, String service, String workload, @Nullable NetworkConfiguration network, List<LoadBalancer> loadBalancers) {
        return new TaskRow(task, service, workload, network, loadBalancers, "", Map.of(), List.of(), Registration.NEVER, Map.of());
    }

    TaskState state() {
        return TaskState.valueOf(task.lastStatus());
    }

    boolean stopWanted() {
        return "STOPPED".equals(task.desiredStatus());
    }

    /// Whether it came up; a task that ended without is one that failed to start.
    boolean hasRun() {
        return task.startedAt() != null;
    }

    Container container(String name) {
        return task.containers().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    }

    TaskRow with(Consumer<Task.Builder> change) {
        Task.Builder next = task.toBuilder().version(task.version() + 1);
        change.accept(next);
        return new TaskRow(next.build(), service, workload, network, loadBalancers, networkOwner, images, targets, registration, killAt);
    }

    TaskRow withContainer(String name, Consumer<Container.Builder> change) {
        return with(next -> next.containers(task.containers().stream().map(one -> {
            if (!one.name().equals(name)) {
                return one;
            }
            Container.Builder changed = one.toBuilder();
            change.accept(changed);
            return changed.build();
        }).toList()));
    }

    TaskRow moved(TaskState.Event event) {
        TaskState next = TaskState.LIFECYCLE.next(state(), event);
        return with(task -> task.lastStatus(next.name()));
    }

    /// Wanted stopped from now on; a reason already given stays.
    TaskRow ending(TaskStopCode code, String reason, Instant now) {
        return stopWanted() ? this : with(next -> next.desiredStatus("STOPPED").stopCode(code).stoppedReason(reason).stoppingAt(now));
    }

    TaskRow ownedBy(String owner) {
        return new TaskRow(task, service, workload, network, loadBalancers, owner, images, targets, registration, killAt);
    }

    TaskRow prepared(Map<String, String> resolved) {
        return new TaskRow(task, service, workload, network, loadBalancers, networkOwner, resolved, targets, registration, killAt);
    }

    TaskRow registered(List<Target> as) {
        return new TaskRow(task, service, workload, network, loadBalancers, networkOwner, images, as, Registration.DONE, killAt);
    }

    TaskRow deregistered() {
        return new TaskRow(task, service, workload, network, loadBalancers, networkOwner, images, targets, Registration.UNDONE, killAt);
    }

    TaskRow interrupted(String container, Instant until) {
        Map<String, Instant> next = new HashMap<>(killAt);
        next.put(container, until);
        return new TaskRow(task, service, workload, network, loadBalancers, networkOwner, images, targets, registration, next);
    }
}
