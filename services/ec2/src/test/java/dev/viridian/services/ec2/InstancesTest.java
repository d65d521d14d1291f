package dev.viridian.services.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.Reservation;

class InstancesTest {
    final Ec2World world = new Ec2World();

    @Test
    void machines_others_bring_are_shown_and_all_others_are_unknown() {
        world.instances.add(Instance.builder().instanceId("i-0123456789abcdef0").privateIpAddress("127.0.0.1").build());

        assertThat(world.in(() -> world.ec2.describeInstances(b -> b.instanceIds("i-0123456789abcdef0"))).reservations())
                .flatExtracting(Reservation::instances).extracting(Instance::privateIpAddress).containsExactly("127.0.0.1");
        world.refused("InvalidInstanceID.NotFound", () -> world.ec2.describeInstances(b -> b.instanceIds("i-00000000000000000")));
    }
}
