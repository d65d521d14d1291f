package dev.viridian.services.ec2;

import java.util.List;
import software.amazon.awssdk.services.ec2.model.Instance;

/// The machines of the current caller's account and region. There are none of EC2's own: ECS's container instances are this machine, and the assembly
/// connects them here, so that target groups of type `instance` find where they are.
@FunctionalInterface
public interface Instances {
    Instances NONE = List::of;

    List<Instance> list();
}
