package dev.viridian.services.ecs;

import java.util.List;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.NetworkBinding;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/// What a task is to its target groups: its own address and port with `awsvpc`, the instance and a port of the instance otherwise.
final class TaskTargets {
    private final ContainerInstances instances;

    TaskTargets(ContainerInstances instances) {
        this.instances = instances;
    }

    List<Target> of(TaskId id, TaskRow row, TaskDefinition definition) {
        return row.loadBalancers().stream()
                .filter(balancer -> balancer.targetGroupArn() != null)
                .map(balancer -> target(id, row, definition, balancer))
                .toList();
    }

    private Target target(TaskId id, TaskRow row, TaskDefinition definition, LoadBalancer balancer) {
        Container container = row.container(balancer.containerName());
        if (definition.networkMode() == NetworkMode.AWSVPC) {
            return new Target(balancer.targetGroupArn(), container.networkInterfaces().getFirst().privateIpv4Address(), balancer.containerPort());
        }
        int port = container.networkBindings().stream()
                .filter(binding -> binding.containerPort().equals(balancer.containerPort()))
                .findFirst()
                .map(NetworkBinding::hostPort)
                .orElse(balancer.containerPort());
        return new Target(balancer.targetGroupArn(), instances.ec2InstanceId(id.cluster()), port);
    }
}
