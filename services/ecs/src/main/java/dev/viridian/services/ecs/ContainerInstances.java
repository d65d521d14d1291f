package dev.viridian.services.ecs;

import static dev.viridian.services.ecs.Refusals.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.Resource;

/// The machine this server runs on, as each cluster's only container instance.
final class ContainerInstances {

    /// 32 hex digits, the same for the same cluster for ever.
    String id(ClusterId cluster) {
        return UUID.nameUUIDFromBytes(("container-instance/" + cluster.arn()).getBytes(StandardCharsets.UTF_8)).toString().replace("-", "");
    }

    String arn(ClusterId cluster) {
        return cluster.arn("container-instance/" + cluster.name() + "/" + id(cluster));
    }

    /// The name under which bridge and host tasks are registered with target groups of type `instance`. It stands for this machine.
    String ec2InstanceId(ClusterId cluster) {
        return "i-" + id(cluster).substring(0, 17);
    }

    /// As EC2 shows it. Its address is where bridge and host tasks publish their ports.
    Instance asEc2Instance(ClusterId cluster) {
        return Instance.builder()
                .instanceId(ec2InstanceId(cluster))
                .privateIpAddress("127.0.0.1")
                .state(s -> s.name("running").code(16))
                .tags(t -> t.key("Name").value("ECS Instance - " + cluster.name()))
                .build();
    }

    /// Sorts what was asked for into what there is and what is missing.
    record Found(List<ContainerInstance> instances, List<Failure> failures) {}

    Found describe(ClusterId cluster, List<String> asked, Placement placement, List<TaskRow> tasks) {
        if (asked.isEmpty()) {
            throw client("Container Instances cannot be empty.");
        }
        List<ContainerInstance> found = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        for (String text : asked) {
            if (text.equals(arn(cluster)) || text.equals(id(cluster))) {
                found.add(shown(cluster, placement.room(cluster), tasks));
            } else {
                failures.add(Failure.builder().arn(text).reason("MISSING").build());
            }
        }
        return new Found(found, failures);
    }

    private ContainerInstance shown(ClusterId cluster, Placement.Room room, List<TaskRow> tasks) {
        List<TaskRow> own = tasks.stream().filter(row -> row.task().containerInstanceArn() != null).toList();
        return ContainerInstance.builder()
                .containerInstanceArn(arn(cluster))
                .ec2InstanceId(ec2InstanceId(cluster))
                .status("ACTIVE")
                .agentConnected(true)
                .version(1L)
                .registeredResources(whole("CPU", room.cpu()), whole("MEMORY", room.memory()), ports(List.of()))
                .remainingResources(whole("CPU", room.cpu() - room.usedCpu()), whole("MEMORY", room.memory() - room.usedMemory()),
                        ports(room.usedPorts().stream().sorted().toList()))
                .runningTasksCount(ServiceShapes.running(own))
                .pendingTasksCount(ServiceShapes.pending(own))
                .attributes(List.of())
                .attachments(List.of())
                .tags(List.of())
                .build();
    }

    private static Resource whole(String name, int value) {
        return Resource.builder().name(name).type("INTEGER").integerValue(value).build();
    }

    private static Resource ports(List<Integer> used) {
        List<String> taken = new ArrayList<>(Placement.RESERVED_PORTS.stream().map(String::valueOf).toList());
        used.stream().map(String::valueOf).forEach(taken::add);
        return Resource.builder().name("PORTS").type("STRINGSET").stringSetValue(taken).build();
    }
}
