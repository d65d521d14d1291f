package dev.viridian.services.ecs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.EphemeralStorage;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.NetworkConfiguration;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/// A task as it is asked for, by a service's workload or by RunTask.
///
/// @param service empty for RunTask
/// @param workload the deployment or task set, empty for RunTask
/// @param group `service:NAME`, `family:NAME` or what the caller of RunTask said
record TaskOrder(TaskDefinition definition, LaunchType launchType, @Nullable String capacityProvider, @Nullable String platformVersion,
                 @Nullable NetworkConfiguration network, List<LoadBalancer> loadBalancers, String service, String workload,
                         @Nullable String startedBy,
                 String group, TaskOverride overrides, List<Tag> tags, boolean executeCommand) {

    TaskRow place(TaskId id, String containerInstanceArn, Instant now) {
        Task.Builder task = Task.builder()
                .taskArn(id.arn())
                .clusterArn(id.cluster().arn())
                .taskDefinitionArn(definition.taskDefinitionArn())
                .group(group)
                .startedBy(startedBy)
                .launchType(launchType)
                .capacityProviderName(capacityProvider)
                .cpu(overrides.cpu() != null ? overrides.cpu() : definition.cpu() != null ? definition.cpu() : sum(ContainerDefinition::cpu))
                .memory(overrides.memory() != null ? overrides.memory() : definition.memory() != null ? definition.memory() : sum(TaskOrder::memory))
                .lastStatus(TaskState.LIFECYCLE.initial().name())
                .desiredStatus("RUNNING")
                .healthStatus(HealthStatus.UNKNOWN)
                .createdAt(now)
                .overrides(overrides)
                .tags(tags)
                .attributes(List.of())
                .enableExecuteCommand(executeCommand)
                .version(1L)
                .containers(definition.containerDefinitions().stream().map(container -> container(id, container)).toList());
        if (launchType == LaunchType.FARGATE) {
            task.platformVersion(platformVersion == null || platformVersion.equals("LATEST") ? "1.4.0" : platformVersion).platformFamily("Linux");
            int gibibytes = definition.ephemeralStorage() == null ? 20 : definition.ephemeralStorage().sizeInGiB();
            task.ephemeralStorage(EphemeralStorage.builder().sizeInGiB(gibibytes).build());
        } else {
            task.containerInstanceArn(containerInstanceArn);
        }
        if (definition.networkMode() == NetworkMode.AWSVPC) {
            task.attachments(Attachment.builder().id(UUID.randomUUID().toString()).type("ElasticNetworkInterface").status("PRECREATED").build());
        } else {
            task.attachments(new ArrayList<>());
        }
        return TaskRow.fresh(task.build(), service, workload, network, loadBalancers);
    }

    private static Container container(TaskId id, ContainerDefinition definition) {
        return Container.builder()
                .containerArn(id.containerArn(UUID.randomUUID().toString()))
                .taskArn(id.arn())
                .name(definition.name())
                .image(definition.image())
                .lastStatus("PENDING")
                .healthStatus(HealthStatus.UNKNOWN)
                .networkInterfaces(List.of())
                .cpu(String.valueOf(definition.cpu()))
                .memory(definition.memory() == null ? null : String.valueOf(definition.memory()))
                .memoryReservation(definition.memoryReservation() == null ? null : String.valueOf(definition.memoryReservation()))
                .build();
    }

    private static int memory(ContainerDefinition container) {
        return container.memory() != null ? container.memory() : container.memoryReservation() == null ? 0 : container.memoryReservation();
    }

    private String sum(java.util.function.ToIntFunction<ContainerDefinition> what) {
        return String.valueOf(definition.containerDefinitions().stream().mapToInt(what).sum());
    }
}
