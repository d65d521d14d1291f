package dev.viridian.services.codedeploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.services.codedeploy.world.FakeElb;
import dev.viridian.services.codedeploy.world.World;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.codedeploy.model.*;

/// The two waits a person can end: before production moves, and before blue goes.
class WaitScenarioTest {
    final World world = new World();

    @Test
    void a_ready_deployment_waits_for_somebody_to_continue_it() {
        world.withGroup(group -> group.blueGreenDeploymentConfiguration(World.waits(60, 5)));
        String id = world.deploy();
        world.minutes(10);
        assertThat(world.status(id)).isEqualTo(DeploymentStatus.READY);
        assertThat(world.target(id).status()).isEqualTo(TargetStatus.READY);
        assertThat(world.events(id)).contains("AfterAllowTestTraffic=Succeeded", "BeforeAllowTraffic=Pending");

        world.proceed(id, DeploymentWaitType.READY_WAIT);
        world.time.settle();
        assertThat(world.share(FakeElb.TWO)).isEqualTo(100);
        assertThat(world.status(id)).isEqualTo(DeploymentStatus.IN_PROGRESS);
    }

    @Test
    void without_a_test_listener_the_wait_comes_right_after_the_install() {
        world.withGroup(group -> group.loadBalancerInfo(World.pair(FakeElb.PRODUCTION)).blueGreenDeploymentConfiguration(World.waits(60, 5)));
        String id = world.deploy();
        world.minutes(10);

        assertThat(world.status(id)).isEqualTo(DeploymentStatus.READY);
        assertThat(world.events(id)).contains("AfterInstall=Succeeded", "BeforeAllowTraffic=Pending");
    }

    @Test
    void a_ready_deployment_nobody_continues_is_stopped_when_its_time_is_over() {
        world.withGroup(group -> group.blueGreenDeploymentConfiguration(World.waits(60, 5)).autoRollbackConfiguration(World.noRollback()));
        String id = world.deploy();
        world.minutes(62);

        assertThat(world.status(id)).isEqualTo(DeploymentStatus.STOPPED);
        assertThat(world.info(id).errorInformation().message()).isEqualTo(
                "The deployment timed out while waiting for a notification to continue. This time out period is 60 minutes.");
        assertThat(world.info(id).errorInformation().code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(world.share(FakeElb.ONE)).isEqualTo(100);
    }

    @Test
    void continuing_a_deployment_that_is_not_ready_or_already_over_is_refused() {
        world.withGroup();
        String id = world.deploy();
        world.seconds(5);
        assertThatThrownBy(() -> world.proceed(id, DeploymentWaitType.READY_WAIT)).isInstanceOf(DeploymentIsNotInReadyStateException.class);
        assertThatThrownBy(() -> world.proceed(id, DeploymentWaitType.TERMINATION_WAIT)).isInstanceOf(InvalidDeploymentStatusException.class);
        assertThatThrownBy(() -> world.proceed(id, DeploymentWaitType.UNKNOWN_TO_SDK_VERSION)).isInstanceOf(InvalidDeploymentWaitTypeException.class);

        world.minutes(10);
        assertThatThrownBy(() -> world.proceed(id, DeploymentWaitType.READY_WAIT)).isInstanceOf(DeploymentAlreadyCompletedException.class);
    }

    @Test
    void the_termination_wait_can_be_cut_short() {
        world.withGroup(group -> group.blueGreenDeploymentConfiguration(World.waits(0, 600)));
        String id = world.deploy();
        world.minutes(10);
        assertThat(world.ecs.alive()).hasSize(2);

        world.proceed(id, DeploymentWaitType.TERMINATION_WAIT);
        world.time.settle();
        assertThat(world.status(id)).isEqualTo(DeploymentStatus.SUCCEEDED);
        assertThat(world.ecs.sets.getFirst().status).isEqualTo("DRAINING");
        assertThat(world.ecs.sets.getFirst().scale).isZero();
    }

    @Test
    void blue_lives_until_the_very_end_of_the_wait() {
        world.withGroup(group -> group.blueGreenDeploymentConfiguration(World.waits(0, 30)));
        String id = world.deploy();
        world.minutes(1);
        assertThat(world.info(id).instanceTerminationWaitTimeStarted()).isTrue();

        world.minutes(29);
        assertThat(world.ecs.alive()).hasSize(2);
        world.minutes(1);
        assertThat(world.ecs.alive()).hasSize(1);
        assertThat(world.status(id)).isEqualTo(DeploymentStatus.SUCCEEDED);
    }

    @Test
    void leaving_the_wait_type_out_means_the_ready_wait() {
        world.withGroup(group -> group.blueGreenDeploymentConfiguration(World.waits(60, 5)));
        String id = world.deploy();
        world.minutes(10);
        world.asUser(() -> world.codeDeploy.continueDeployment(request -> request.deploymentId(id)));
        world.time.settle();

        assertThat(world.share(FakeElb.TWO)).isEqualTo(100);
    }
}
