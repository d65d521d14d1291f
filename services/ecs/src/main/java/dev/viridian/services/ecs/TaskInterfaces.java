package dev.viridian.services.ecs;

import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.GroupIdentifier;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceStatus;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceType;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;

/// Tasks as EC2 sees them: one network interface each, managed by ECS.
final class TaskInterfaces {
    private TaskInterfaces() {}

    static List<NetworkInterface> of(List<TaskRow> tasks) {
        return tasks.stream().flatMap(TaskInterfaces::of).toList();
    }

    private static Stream<NetworkInterface> of(TaskRow row) {
        return row.task().attachments().stream().filter(attachment -> "ATTACHED".equals(attachment.status()))
                .map(attachment -> shown(row, attachment));
    }

    private static NetworkInterface shown(TaskRow row, Attachment attachment) {
        List<String> groups = row.network() == null ? List.of() : row.network().awsvpcConfiguration().securityGroups();
        return NetworkInterface.builder()
                .networkInterfaceId(detail(attachment, "networkInterfaceId"))
                .subnetId(detail(attachment, "subnetId"))
                .privateIpAddress(detail(attachment, "privateIPv4Address"))
                .privateDnsName(detail(attachment, "privateDnsName"))
                .availabilityZone(row.task().availabilityZone())
                .description(row.task().clusterArn().replaceFirst("cluster/.*", "attachment/" + attachment.id()))
                .groups(groups.stream().map(group -> GroupIdentifier.builder().groupId(group).build()).toList())
                .interfaceType(NetworkInterfaceType.INTERFACE)
                .requesterManaged(true)
                .status(NetworkInterfaceStatus.IN_USE)
                .build();
    }

    private static String detail(Attachment attachment, String name) {
        return attachment.details().stream().filter(one -> one.name().equals(name)).map(KeyValuePair::value).findFirst().orElse("");
    }
}
