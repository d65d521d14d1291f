package dev.viridian.services.ecs;

import static dev.viridian.services.ecs.Refusals.client;

import dev.viridian.engine.Decision;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PidMode;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.Volume;

/// What a task definition as a whole may not be; each violation is a `ClientException`. Rules of one container: [ContainerRules].
///
/// Source: ECS API, `RegisterTaskDefinition`; texts observed where AWS's are known, our own otherwise.
@Decision
final class TaskDefinitionRules {
    private TaskDefinitionRules() {}

    /// @param definition with defaults filled in
    static void check(TaskDefinition definition) {
        checkFamily(definition.family());
        checkContainers(definition);
        checkStorage(definition);
        if (definition.requiresCompatibilities().contains(Compatibility.FARGATE)) {
            checkFargate(definition);
        }
        definition.containerDefinitions().forEach(container -> ContainerRules.check(definition, container));
        checkMemoryTotal(definition);
        ContainerRules.checkDependencies(definition.containerDefinitions());
    }

    private static void checkFamily(@Nullable String family) {
        if (family == null || family.isEmpty()) {
            throw client("Family should not be null or empty.");
        }
        if (!family.matches("[A-Za-z0-9_-]{1,255}")) {
            throw client("Family contains invalid characters. Up to 255 letters (uppercase and lowercase), numbers, hyphens, "
                    + "and underscores are allowed.");
        }
    }

    private static void checkContainers(TaskDefinition definition) {
        List<ContainerDefinition> containers = definition.containerDefinitions();
        if (containers.isEmpty()) {
            throw client("Task definition does not have any containers");
        }
        Set<String> names = new HashSet<>();
        for (ContainerDefinition container : containers) {
            if (container.name() == null || container.name().isEmpty()) {
                throw client("Container.name should not be null or empty.");
            }
            if (container.image() == null || container.image().isEmpty()) {
                throw client("Container.image should not be null or empty.");
            }
            if (!names.add(container.name())) {
                throw client("Container names must be unique within a task definition. '" + container.name() + "' is used more than once.");
            }
        }
        if (containers.stream().noneMatch(ContainerDefinition::essential)) {
            throw client("At least one essential container must be specified in a task definition.");
        }
    }

    private static void checkStorage(TaskDefinition definition) {
        Set<String> volumes = definition.volumes().stream().map(Volume::name).collect(Collectors.toSet());
        if (volumes.size() < definition.volumes().size()) {
            throw client("Volume names must be unique within a task definition.");
        }
        for (ContainerDefinition container : definition.containerDefinitions()) {
            container.mountPoints().stream().filter(point -> !volumes.contains(point.sourceVolume())).findFirst().ifPresent(point -> {
                throw client("Unknown volume '" + point.sourceVolume() + "'.");
            });
        }
        if (definition.ephemeralStorage() != null) {
            int size = definition.ephemeralStorage().sizeInGiB();
            if (size < 21) {
                throw client("EphemeralStorage size should be at least 21");
            }
            if (size > 200) {
                throw client("EphemeralStorage size should be at most 200");
            }
        }
    }

    private static void checkFargate(TaskDefinition definition) {
        if (definition.networkMode() != NetworkMode.AWSVPC) {
            throw client("Fargate only supports network mode 'awsvpc'.");
        }
        if (definition.cpu() == null) {
            throw client("Fargate requires that 'cpu' be defined at the task level.");
        }
        if (definition.memory() == null) {
            throw client("Fargate requires that 'memory' be defined at the task level.");
        }
        if (!TaskSize.fargateOffers(Integer.parseInt(definition.cpu()), Integer.parseInt(definition.memory()))) {
            throw client("No Fargate configuration exists for given values: " + definition.cpu() + " CPU, " + definition.memory()
                    + " memory. See the Amazon ECS documentation for the valid values.");
        }
        if (definition.pidMode() == PidMode.HOST) {
            throw client("Tasks using the Fargate launch type do not support pidMode 'host'. The supported value for pidMode is 'task'.");
        }
        checkFargateRole(definition);
        for (Volume volume : definition.volumes()) {
            if (volume.host() != null && volume.host().sourcePath() != null) {
                throw client("host.sourcePath should not be set for volumes in Fargate.");
            }
            if (volume.dockerVolumeConfiguration() != null) {
                throw client("Fargate does not support docker volume configurations.");
            }
        }
    }

    private static void checkFargateRole(TaskDefinition definition) {
        if (definition.executionRoleArn() != null) {
            return;
        }
        for (ContainerDefinition container : definition.containerDefinitions()) {
            if (container.logConfiguration() != null && "awslogs".equals(container.logConfiguration().logDriverAsString())) {
                throw client("Fargate requires task definition to have execution role ARN to support log driver awslogs.");
            }
            if (container.image().matches("[0-9]{12}\\.dkr\\.ecr\\..*")) {
                throw client("Fargate requires task definition to have execution role ARN to support ECR images.");
            }
            if (!container.secrets().isEmpty()) {
                throw client("Fargate requires task definition to have execution role ARN to support secrets.");
            }
        }
    }

    private static void checkMemoryTotal(TaskDefinition definition) {
        if (definition.memory() == null) {
            return;
        }
        int task = Integer.parseInt(definition.memory());
        int reserved = definition.containerDefinitions().stream().mapToInt(TaskDefinitionRules::reserved).sum();
        if (reserved > task) {
            throw client("The sum of the memory reserved by the containers (" + reserved + " MiB) is more than the memory of the task (" + task
                    + " MiB).");
        }
    }

    private static int reserved(ContainerDefinition container) {
        if (container.memoryReservation() != null) {
            return container.memoryReservation();
        }
        return container.memory() == null ? 0 : container.memory();
    }
}
