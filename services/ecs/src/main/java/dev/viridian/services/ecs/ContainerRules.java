package dev.viridian.services.ecs;

import static dev.viridian.services.ecs.Refusals.client;

import dev.viridian.engine.Decision;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerCondition;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerDependency;
import software.amazon.awssdk.services.ecs.model.ContainerRestartPolicy;
import software.amazon.awssdk.services.ecs.model.EnvironmentFile;
import software.amazon.awssdk.services.ecs.model.HealthCheck;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/// What one container of a task definition may not be; each violation is a `ClientException`.
@Decision
final class ContainerRules {
    private static final int SMALLEST_MEMORY = 6;

    private ContainerRules() {}

    static void check(TaskDefinition definition, ContainerDefinition container) {
        if (!container.name().matches("[A-Za-z0-9_-]{1,255}")) {
            throw client("Invalid container name '" + container.name() + "'. Up to 255 letters, numbers, hyphens, and underscores are allowed.");
        }
        checkMemory(definition, container);
        container.portMappings().forEach(mapping -> checkPort(definition.networkMode(), mapping));
        if (!container.links().isEmpty() && definition.networkMode() != NetworkMode.BRIDGE) {
            throw client("Links are not supported when networkMode=" + definition.networkModeAsString() + ".");
        }
        checkHealth(container);
        checkEnvironmentFiles(container.environmentFiles());
        checkLogging(definition, container);
        checkTimes(definition, container);
        if (definition.requiresCompatibilities().contains(Compatibility.FARGATE) && Boolean.TRUE.equals(container.privileged())) {
            throw client("Tasks using the Fargate launch type do not support the 'privileged' setting for containers.");
        }
    }

    private static void checkMemory(TaskDefinition definition, ContainerDefinition container) {
        Integer hard = container.memory();
        Integer soft = container.memoryReservation();
        if (definition.memory() == null && hard == null && soft == null) {
            throw invalidSetting(container, "At least one of 'memory' or 'memoryReservation' must be specified.");
        }
        if (hard != null && hard < SMALLEST_MEMORY) {
            throw invalidSetting(container, "The 'memory' setting must be at least " + SMALLEST_MEMORY + " MiB.");
        }
        if (hard != null && soft != null && hard < soft) {
            throw invalidSetting(container, "The 'memory' setting must be greater than or equal to the 'memoryReservation' setting.");
        }
        if (definition.memory() != null && hard != null && hard > Integer.parseInt(definition.memory())) {
            throw invalidSetting(container, "The 'memory' setting must not be greater than the task's memory of " + definition.memory() + " MiB.");
        }
        if (definition.cpu() != null && container.cpu() > Integer.parseInt(definition.cpu())) {
            throw invalidSetting(container, "The 'cpu' setting must not be greater than the task's cpu of " + definition.cpu() + " units.");
        }
    }

    private static RuntimeException invalidSetting(ContainerDefinition container, String why) {
        return client("Invalid setting for container '" + container.name() + "'. " + why);
    }

    private static void checkPort(@Nullable NetworkMode mode, PortMapping mapping) {
        if (mapping.containerPort() == null || mapping.containerPort() < 1 || mapping.containerPort() > 65_535) {
            throw client("Invalid container port '" + mapping.containerPort() + "'. Ports are 1 to 65535.");
        }
        if (mapping.hostPort() < 0 || mapping.hostPort() > 65_535) {
            throw client("Invalid host port '" + mapping.hostPort() + "'. Ports are 0 to 65535.");
        }
        if (mode == NetworkMode.NONE) {
            throw client("Port mappings are not supported when networkMode=none.");
        }
        boolean own = mode == NetworkMode.AWSVPC || mode == NetworkMode.HOST;
        if (own && !mapping.hostPort().equals(mapping.containerPort())) {
            throw client("When networkMode=" + mode + ", the host ports and container ports in port mappings must match.");
        }
    }

    private static void checkHealth(ContainerDefinition container) {
        HealthCheck check = container.healthCheck();
        if (check == null) {
            return;
        }
        if (check.command().isEmpty() || !List.of("CMD", "CMD-SHELL").contains(check.command().getFirst())) {
            throw client("HealthCheck.command must start with CMD or CMD-SHELL.");
        }
        checkRange("interval", check.interval(), 5, 300);
        checkRange("timeout", check.timeout(), 2, 60);
        checkRange("retries", check.retries(), 1, 10);
        checkRange("startPeriod", check.startPeriod(), 0, 300);
    }

    private static void checkRange(String member, @Nullable Integer value, int low, int high) {
        if (value != null && (value < low || value > high)) {
            throw client("HealthCheck." + member + " must be between " + low + " and " + high + ", got " + value + ".");
        }
    }

    private static void checkEnvironmentFiles(List<EnvironmentFile> files) {
        if (files.size() > 10) {
            throw client("A container may have at most 10 environmentFiles.");
        }
        for (EnvironmentFile file : files) {
            if (!"s3".equals(file.typeAsString())) {
                throw client("environmentFiles.type must be s3.");
            }
            if (file.value() == null || !file.value().endsWith(".env")) {
                throw client("environmentFiles.value must be the ARN of an Amazon S3 object whose name ends with .env, got '" + file.value() + "'.");
            }
        }
    }

    private static void checkLogging(TaskDefinition definition, ContainerDefinition container) {
        if (container.logConfiguration() == null || !"awslogs".equals(container.logConfiguration().logDriverAsString())) {
            return;
        }
        Map<String, String> options = container.logConfiguration().options();
        if (options.containsKey("awslogs-datetime-format") && options.containsKey("awslogs-multiline-pattern")) {
            throw client("You cannot configure log opt 'awslogs-datetime-format' and 'awslogs-multiline-pattern' at the same time.");
        }
        if (definition.requiresCompatibilities().contains(Compatibility.FARGATE)) {
            for (String option : List.of("awslogs-group", "awslogs-region", "awslogs-stream-prefix")) {
                if (!options.containsKey(option)) {
                    throw client("Log driver awslogs requires options: awslogs-region, awslogs-group, awslogs-stream-prefix when using the Fargate "
                            + "launch type; " + option + " is missing in container '" + container.name() + "'.");
                }
            }
        }
    }

    private static void checkTimes(TaskDefinition definition, ContainerDefinition container) {
        boolean fargate = definition.requiresCompatibilities().contains(Compatibility.FARGATE);
        if (container.stopTimeout() != null && (container.stopTimeout() < 0 || fargate && container.stopTimeout() > 120)) {
            throw invalidSetting(container, "The 'stopTimeout' setting must be between 0 and 120 seconds on Fargate, got " + container.stopTimeout()
                    + ".");
        }
        if (container.startTimeout() != null && (container.startTimeout() < 2 || fargate && container.startTimeout() > 120)) {
            throw invalidSetting(container, "The 'startTimeout' setting must be between 2 and 120 seconds on Fargate, got "
                    + container.startTimeout() + ".");
        }
        ContainerRestartPolicy restart = container.restartPolicy();
        if (restart != null && restart.restartAttemptPeriod() != null
                && (restart.restartAttemptPeriod() < 60 || restart.restartAttemptPeriod() > 1800)) {
            throw invalidSetting(container, "The 'restartAttemptPeriod' setting must be between 60 and 1800 seconds.");
        }
    }

    static void checkDependencies(List<ContainerDefinition> containers) {
        Map<String, ContainerDefinition> byName = containers.stream().collect(Collectors.toMap(ContainerDefinition::name, Function.identity()));
        Map<String, List<String>> waitsFor = new LinkedHashMap<>();
        for (ContainerDefinition container : containers) {
            waitsFor.put(container.name(), container.dependsOn().stream().map(ContainerDependency::containerName).toList());
            container.dependsOn().forEach(dependency -> checkDependency(container, dependency, byName));
        }
        DependencyOrder.cycle(waitsFor).ifPresent(circle -> {
            throw client("The container dependencies form a cycle: " + String.join(" -> ", circle) + " -> " + circle.getFirst() + ".");
        });
    }

    private static void checkDependency(ContainerDefinition container, ContainerDependency dependency, Map<String, ContainerDefinition> byName) {
        ContainerDefinition target = byName.get(dependency.containerName());
        if (target == null) {
            throw client("Container '" + container.name() + "' depends on the unknown container '" + dependency.containerName() + "'.");
        }
        ContainerCondition condition = dependency.condition();
        if (target.essential() && (condition == ContainerCondition.COMPLETE || condition == ContainerCondition.SUCCESS)) {
            throw client("Container '" + container.name() + "' waits for the end of '" + target.name()
                    + "', which is essential: a dependency with the condition "
                    + condition + " must not be on an essential container.");
        }
        if (condition == ContainerCondition.HEALTHY && target.healthCheck() == null) {
            throw client("Container '" + container.name() + "' waits for the health of '" + target.name() + "', which has no healthCheck.");
        }
    }
}
