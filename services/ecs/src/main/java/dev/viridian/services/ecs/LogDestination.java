package dev.viridian.services.ecs;

import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.LogConfiguration;

/// Where `awslogs` sends a container's lines.
///
/// @param createGroup whether a missing group is made
record LogDestination(String region, String group, String stream, boolean createGroup) {

    /// Empty when the container does not use `awslogs`: then its lines stay in the engine.
    ///
    /// Source: ECS Developer Guide, "Using the awslogs driver": the stream is `prefix/container/task`; without a prefix it is the container's id.
    static Optional<LogDestination> of(ContainerDefinition container, TaskId task, String containerId) {
        LogConfiguration configuration = container.logConfiguration();
        if (configuration == null || !"awslogs".equals(configuration.logDriverAsString())) {
            return Optional.empty();
        }
        Map<String, String> options = configuration.options();
        String prefix = options.get("awslogs-stream-prefix");
        String stream = prefix == null ? containerId : prefix + "/" + container.name() + "/" + task.id();
        return Optional.of(new LogDestination(options.getOrDefault("awslogs-region", task.cluster().region()),
                options.getOrDefault("awslogs-group", ""),
                stream, Boolean.parseBoolean(options.get("awslogs-create-group"))));
    }
}
