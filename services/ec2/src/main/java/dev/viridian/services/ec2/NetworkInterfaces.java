package dev.viridian.services.ec2;

import java.util.List;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;

/// What hangs on the network without being EC2's: tasks and load balancers. The assembly connects it to whoever runs them.
@FunctionalInterface
public interface NetworkInterfaces {
    NetworkInterfaces NONE = List::of;

    /// Those in the current caller's account and region. Subnet and security groups must be filled in: they cannot be deleted while one is listed
    /// here.
    List<NetworkInterface> list();
}
