package dev.viridian.services.codedeploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.services.codedeploy.world.FakeElb;
import dev.viridian.services.codedeploy.world.World;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.codedeploy.model.DeploymentStatus;

class HappyPathTest {
    final World world = new World();

    @Test
    void green_is_installed_tested_given_all_traffic_and_blue_is_removed_after_the_wait() {
        world.withGroup();
        String id = world.deploy();
        assertThat(world.status(id)).isEqualTo(DeploymentStatus.CREATED);

        world.seconds(10);
        assertThat(world.events(id)).startsWith("BeforeInstall=Succeeded", "Install=InProgress", "AfterInstall=Pending");
        assertThat(world.elb.serving(FakeElb.PRODUCTION)).isEqualTo(Map.of(FakeElb.ONE, 100));

        world.seconds(60);
        assertThat(world.elb.serving(FakeElb.PRODUCTION)).isEqualTo(Map.of(FakeElb.TWO, 100));
        assertThat(world.elb.serving(FakeElb.TEST)).isEqualTo(Map.of(FakeElb.TWO, 1));
        assertThat(world.status(id)).isEqualTo(DeploymentStatus.IN_PROGRESS);
        assertThat(world.info(id).instanceTerminationWaitTimeStarted()).isTrue();
        assertThat(world.taskSets(id)).containsExactly("Blue ecs-svc/1000 ACTIVE 0", "Green ecs-svc/1001 PRIMARY 100");

        world.minutes(5);
        assertThat(world.status(id)).isEqualTo(DeploymentStatus.SUCCEEDED);
        assertThat(world.events(id)).hasSize(8).allMatch(event -> event.endsWith("=Succeeded"));
        assertThat(world.info(id).deploymentOverview().succeeded()).isEqualTo(1);
        assertThat(world.ecs.alive()).extracting(set -> set.id).containsExactly("ecs-svc/1001");
        assertThat(world.ecs.callers).containsOnly("arn:aws:sts::111122223333:assumed-role/codedeploy/" + id, "arn:aws:sts::111122223333:assumed-role/codedeploy/codedeploy");
    }
}
