package dev.viridian.services.ecs;

import dev.viridian.container.ContainerState;
import dev.viridian.engine.work.Work;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/// The lines of all containers of one task.
final class TaskLogs {
    private final ContainerLogs logs;
    private final Work work;

    TaskLogs(ContainerLogs logs, Work work) {
        this.logs = logs;
        this.work = work;
    }

    /// Follows every container that has been started; safe to repeat, and how a new process takes up what an old one left.
    void follow(TaskId id, TaskDefinition definition, Map<String, ContainerState> seen) {
        for (ContainerDefinition container : definition.containerDefinitions()) {
            ContainerState state = seen.get(container.name());
            if (state != null && state.startedAt().isPresent()) {
                LogDestination.of(container, id, state.id()).ifPresent(destination -> logs.follow(id, container.name(), state.id(), destination,
                        ContainerLogs.writer(id, definition.executionRoleArn()), () -> work.wake(TaskTable.TASK_WORK, id.key())));
            }
        }
    }

    boolean kept(TaskId id, TaskDefinition definition, Map<String, ContainerState> seen) {
        boolean all = true;
        for (ContainerDefinition container : definition.containerDefinitions()) {
            ContainerState state = seen.get(container.name());
            boolean writes = state != null && state.startedAt().isPresent();
            Optional<LogDestination> destination = writes ? LogDestination.of(container, id, state.id()) : Optional.empty();
            all &= destination.isEmpty() || logs.kept(id, container.name());
        }
        return all;
    }

    void forget(TaskId id, TaskDefinition definition) {
        definition.containerDefinitions().forEach(container -> logs.forget(id, container.name()));
    }
}
