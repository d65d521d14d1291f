package dev.viridian.services.ecs;

import static dev.viridian.services.ecs.Refusals.client;

import dev.viridian.engine.Decision;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.HealthCheck;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TransportProtocol;

/// What ECS fills in when a task definition is registered, so that describing it shows every setting that will hold.
///
/// Source: ECS API, `ContainerDefinition`, `PortMapping`, `HealthCheck`; known from describing freshly registered definitions.
@Decision
final class TaskDefinitionDefaults {
    private TaskDefinitionDefaults() {}

    static TaskDefinition.Builder fill(RegisterTaskDefinitionRequest request) {
        NetworkMode mode = networkMode(request);
        TaskDefinition.Builder filled = TaskDefinition.builder()
                .family(request.family())
                .taskRoleArn(request.taskRoleArn())
                .executionRoleArn(request.executionRoleArn())
                .networkMode(mode)
                .containerDefinitions(request.containerDefinitions().stream().map(container -> fill(container, mode)).toList())
                .volumes(request.volumes())
                .placementConstraints(request.placementConstraints())
                .cpu(cpu(request.cpu()))
                .memory(memory(request.memory()))
                .pidMode(request.pidModeAsString())
                .ipcMode(request.ipcModeAsString())
                .proxyConfiguration(request.proxyConfiguration())
                .ephemeralStorage(request.ephemeralStorage())
                .runtimePlatform(request.runtimePlatform())
                .enableFaultInjection(request.enableFaultInjection());
        if (request.hasRequiresCompatibilities()) {
            filled.requiresCompatibilitiesWithStrings(request.requiresCompatibilitiesAsStrings());
        }
        return filled;
    }

    private static @Nullable NetworkMode networkMode(RegisterTaskDefinitionRequest request) {
        if (request.networkMode() != null) {
            return request.networkMode();
        }
        return request.requiresCompatibilities().contains(Compatibility.FARGATE) ? null : NetworkMode.BRIDGE;
    }

    private static ContainerDefinition fill(ContainerDefinition container, @Nullable NetworkMode mode) {
        ContainerDefinition.Builder filled = container.toBuilder();
        filled.cpu(container.cpu() == null ? 0 : container.cpu());
        filled.essential(container.essential() == null || container.essential());
        filled.portMappings(container.portMappings().stream().map(mapping -> fill(mapping, mode)).toList());
        filled.environment(container.hasEnvironment() ? container.environment() : List.of());
        filled.mountPoints(container.hasMountPoints() ? container.mountPoints() : List.of());
        filled.volumesFrom(container.hasVolumesFrom() ? container.volumesFrom() : List.of());
        filled.systemControls(container.hasSystemControls() ? container.systemControls() : List.of());
        if (container.healthCheck() != null) {
            filled.healthCheck(fill(container.healthCheck()));
        }
        return filled.build();
    }

    private static PortMapping fill(PortMapping mapping, @Nullable NetworkMode mode) {
        boolean own = mode == null || mode == NetworkMode.AWSVPC || mode == NetworkMode.HOST;
        Integer hostPort = mapping.hostPort() != null ? mapping.hostPort() : own ? mapping.containerPort() : Integer.valueOf(0);
        return mapping.toBuilder()
                .hostPort(hostPort)
                .protocol(mapping.protocol() == null ? TransportProtocol.TCP : mapping.protocol())
                .build();
    }

    private static HealthCheck fill(HealthCheck check) {
        return check.toBuilder()
                .interval(check.interval() == null ? 30 : check.interval())
                .timeout(check.timeout() == null ? 5 : check.timeout())
                .retries(check.retries() == null ? 3 : check.retries())
                .build();
    }

    private static @Nullable String cpu(@Nullable String text) {
        try {
            return text == null ? null : String.valueOf(TaskSize.cpuUnits(text));
        } catch (NumberFormatException e) {
            throw client("Invalid 'cpu' setting for task. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.");
        }
    }

    private static @Nullable String memory(@Nullable String text) {
        try {
            return text == null ? null : String.valueOf(TaskSize.mebibytes(text));
        } catch (NumberFormatException e) {
            throw client("Invalid 'memory' setting for task. For more information, see the Troubleshooting section of the Amazon ECS Developer "
                    + "Guide.");
        }
    }
}
