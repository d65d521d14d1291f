package dev.viridian.services.ecs;

import dev.viridian.container.ContainerState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.NetworkBinding;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/// Puts together what a task looks like, from its row and its containers: for decisions ([TaskView]) and for people ([Task]).
final class TaskViews {
    private TaskViews() {}

    static List<Part> parts(TaskRow row, TaskDefinition definition, Map<String, ContainerState> seen) {
        return definition.containerDefinitions().stream().map(container -> part(row, container, seen.get(container.name()))).toList();
    }

    private static Part part(TaskRow row, ContainerDefinition container, @Nullable ContainerState state) {
        List<Part.Wait> waits = container.dependsOn().stream()
                .map(one -> new Part.Wait(one.containerName(), Part.Condition.valueOf(one.conditionAsString())))
                .toList();
        Duration startTimeout = container.startTimeout() == null ? null : Duration.ofSeconds(container.startTimeout());
        return new Part(container.name(), container.essential(), waits, startTimeout, phase(row, container, state),
                row.killAt().get(container.name()));
    }

    /// A container that was started and cannot be found any more was taken away from outside: it has ended.
    private static Part.Phase phase(TaskRow row, ContainerDefinition container, @Nullable ContainerState state) {
        if (state == null) {
            boolean wasStarted = !"PENDING".equals(row.container(container.name()).lastStatus());
            return wasStarted ? new Part.Phase.Ended(137) : new Part.Phase.Absent();
        }
        return switch (state.phase()) {
            case ContainerState.Created() -> new Part.Phase.Absent();
            case ContainerState.Running() ->
                    new Part.Phase.Running(state.startedAt().orElse(Instant.EPOCH), state.health() == ContainerState.Health.HEALTHY);
            case ContainerState.Exited(int exitCode, boolean _, String _) -> new Part.Phase.Ended(exitCode);
        };
    }

    /// The row with its containers as they are now.
    static TaskRow observed(TaskRow row, TaskDefinition definition, Map<String, ContainerState> seen) {
        List<Container> containers = row.task().containers().stream().map(container -> {
            ContainerState state = seen.get(container.name());
            return state != null ? observed(container, state) : container.lastStatus().equals("RUNNING") ? vanished(container) : container;
        }).toList();
        HealthStatus health = health(containers, definition);
        if (containers.equals(row.task().containers()) && health == row.task().healthStatus()) {
            return row;
        }
        return row.with(task -> task.containers(containers).healthStatus(health));
    }

    private static Container vanished(Container container) {
        return container.toBuilder().lastStatus("STOPPED").exitCode(137).reason("NoSuchContainerError: the container was removed from the engine")
                .build();
    }

    private static Container observed(Container container, ContainerState state) {
        Container.Builder next = container.toBuilder().runtimeId(state.id());
        switch (state.phase()) {
            case ContainerState.Created() -> { }
            case ContainerState.Running() -> next.lastStatus("RUNNING").healthStatus(health(state)).networkBindings(bindings(state));
            case ContainerState.Exited(int exitCode, boolean oomKilled, String _) -> {
                next.lastStatus("STOPPED").exitCode(exitCode);
                if (oomKilled) {
                    next.reason("OutOfMemoryError: Container killed due to memory usage");
                }
            }
        }
        return next.build();
    }

    private static List<NetworkBinding> bindings(ContainerState state) {
        return state.ports().stream()
                .map(port -> NetworkBinding.builder().bindIP(port.hostAddress()).containerPort(port.containerPort()).hostPort(port.hostPort())
                        .protocol(port.protocol().name().toLowerCase(java.util.Locale.ROOT)).build())
                .toList();
    }

    private static HealthStatus health(ContainerState state) {
        return switch (state.health()) {
            case NONE, STARTING -> HealthStatus.UNKNOWN;
            case HEALTHY -> HealthStatus.HEALTHY;
            case UNHEALTHY -> HealthStatus.UNHEALTHY;
        };
    }

    /// Source: ECS API, `Task.healthStatus`: the essential containers that have a health check decide.
    private static HealthStatus health(List<Container> containers, TaskDefinition definition) {
        List<HealthStatus> deciding = definition.containerDefinitions().stream()
                .filter(container -> container.essential() && container.healthCheck() != null)
                .map(container -> containers.stream().filter(one -> one.name().equals(container.name())).findFirst().orElseThrow().healthStatus())
                .toList();
        if (deciding.contains(HealthStatus.UNHEALTHY)) {
            return HealthStatus.UNHEALTHY;
        }
        return deciding.isEmpty() || deciding.contains(HealthStatus.UNKNOWN) ? HealthStatus.UNKNOWN : HealthStatus.HEALTHY;
    }
}
