package dev.viridian.services.ecs;

import dev.viridian.engine.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/// What a task definition demands of the place it runs at: the computed `compatibilities` and `requiresAttributes`.
@Decision
final class Capabilities {
    private static final String PREFIX = "com.amazonaws.ecs.capability.";

    private Capabilities() {}

    static List<Compatibility> compatibilities(TaskDefinition definition) {
        List<Compatibility> found = new ArrayList<>(List.of(Compatibility.EC2));
        if (definition.networkMode() != NetworkMode.AWSVPC) {
            found.addFirst(Compatibility.EXTERNAL);
        } else if (definition.cpu() != null && definition.memory() != null
                && TaskSize.fargateOffers(Integer.parseInt(definition.cpu()), Integer.parseInt(definition.memory()))) {
            found.add(Compatibility.FARGATE);
        }
        return found;
    }

    static List<Attribute> requiresAttributes(TaskDefinition definition) {
        TreeSet<String> names = new TreeSet<>();
        if (definition.networkMode() == NetworkMode.AWSVPC) {
            names.add("ecs.capability.task-eni");
        }
        if (definition.taskRoleArn() != null) {
            names.add(PREFIX + "task-iam-role");
        }
        for (ContainerDefinition container : definition.containerDefinitions()) {
            add(names, definition, container);
        }
        return names.stream().map(name -> Attribute.builder().name(name).build()).toList();
    }

    private static void add(TreeSet<String> names, TaskDefinition definition, ContainerDefinition container) {
        boolean byRole = definition.executionRoleArn() != null;
        names.add(PREFIX + "docker-remote-api.1.18");
        if (container.memoryReservation() != null) {
            names.add(PREFIX + "docker-remote-api.1.21");
        }
        if (container.healthCheck() != null) {
            names.add("ecs.capability.container-health-check");
        }
        if (!container.dependsOn().isEmpty()) {
            names.add("ecs.capability.container-ordering");
        }
        if (!container.environmentFiles().isEmpty()) {
            names.add("ecs.capability.env-files.s3");
        }
        if (container.logConfiguration() != null) {
            names.add(PREFIX + "logging-driver." + container.logConfiguration().logDriverAsString());
            if (byRole && "awslogs".equals(container.logConfiguration().logDriverAsString())) {
                names.add("ecs.capability.execution-role-awslogs");
            }
        }
        if (container.image().contains(".dkr.ecr.")) {
            names.add(PREFIX + "ecr-auth");
            if (byRole) {
                names.add("ecs.capability.execution-role-ecr-pull");
            }
        }
        container.secrets().forEach(secret -> names.add(secret.valueFrom().contains(":secretsmanager:")
                ? "ecs.capability.secrets.asm.environment-variables"
                : "ecs.capability.secrets.ssm.environment-variables"));
    }
}
