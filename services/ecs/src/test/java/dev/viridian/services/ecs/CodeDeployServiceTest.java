package dev.viridian.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.StabilityStatus;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskSet;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/// A service whose deployments are CodeDeploy's, from its creation to the end of its first blue task set.
class CodeDeployServiceTest {
    final World world = new World();
    final TaskDefinition first = world.fargate("web", "web:1");

    @Test
    void it_begins_with_one_primary_task_set_that_becomes_steady_when_its_targets_are_healthy() {
        world.elb.verdict(world.blue, TargetHealthStateEnum.INITIAL, "Initial health checks in progress");
        Service created = world.service(first, 1, DeploymentControllerType.CODE_DEPLOY);
        assertThat(created.deployments()).isEmpty();
        assertThat(created.taskSets()).singleElement().satisfies(set -> {
            assertThat(set.status()).isEqualTo("PRIMARY");
            assertThat(set.startedBy()).isEqualTo("CODE_DEPLOY");
            assertThat(set.stabilityStatus()).isEqualTo(StabilityStatus.STABILIZING);
        });

        world.pass(Duration.ofSeconds(10));
        assertThat(world.web().runningCount()).isEqualTo(1);
        assertThat(world.web().taskSets().getFirst().stabilityStatus()).isEqualTo(StabilityStatus.STABILIZING);

        world.elb.verdict(world.blue, TargetHealthStateEnum.HEALTHY, null);
        world.pass(Duration.ofSeconds(10));
        TaskSet set = world.web().taskSets().getFirst();
        assertThat(set.stabilityStatus()).isEqualTo(StabilityStatus.STEADY_STATE);
        assertThat(set.runningCount()).isEqualTo(1);
        assertThat(set.scale().value()).isEqualTo(100.0);
        assertThat(world.elb.registered(world.blue)).containsExactly("10.1.0.2:80");
        assertThat(world.said()).anyMatch(text -> text.startsWith("(service web, taskSet " + set.id() + ") has started 1 tasks: (task "))
                .contains("(service web, taskSet " + set.id() + ") registered 1 targets in (target-group " + world.blue + ")",
                        "(service web, taskSet " + set.id() + ") has reached a steady state.");
    }

    @Test
    void a_task_shows_its_address_and_everything_it_passed_through() {
        world.service(first, 1, DeploymentControllerType.CODE_DEPLOY);
        world.pass(Duration.ofSeconds(10));

        Task task = world.running().getFirst();
        assertThat(task.attachments().getFirst().details()).anySatisfy(detail -> {
            assertThat(detail.name()).isEqualTo("privateIPv4Address");
            assertThat(detail.value()).isEqualTo("10.1.0.2");
        });
        assertThat(task.containers().getFirst().networkInterfaces().getFirst().privateIpv4Address()).isEqualTo("10.1.0.2");
        assertThat(task.group()).isEqualTo("service:web");
        assertThat(task.startedBy()).isEqualTo(world.web().taskSets().getFirst().id());
        assertThat(task.pullStartedAt()).isNotNull();
        assertThat(task.startedAt()).isNotNull();
        assertThat(task.platformVersion()).isEqualTo("1.4.0");
    }

    @Test
    void a_second_task_set_comes_up_beside_the_first_takes_over_and_the_first_drains_away() {
        world.service(first, 1, DeploymentControllerType.CODE_DEPLOY);
        world.pass(Duration.ofSeconds(10));
        String blueSet = world.web().taskSets().getFirst().id();
        TaskSet green = green(100);
        assertThat(green.computedDesiredCount()).isEqualTo(1);
        assertThat(green.stabilityStatus()).isEqualTo(StabilityStatus.STABILIZING);

        world.pass(Duration.ofSeconds(10));
        assertThat(world.web().taskSets()).extracting(TaskSet::stabilityStatus).containsOnly(StabilityStatus.STEADY_STATE);
        assertThat(world.web().runningCount()).isEqualTo(2);
        assertThat(world.elb.registered(world.green)).hasSize(1);

        world.asCodeDeploy(() -> world.ecs
                .updateServicePrimaryTaskSet(promote -> promote.cluster("demo").service("web").primaryTaskSet(green.taskSetArn())));
        assertThat(world.web().taskDefinition()).endsWith("web:2");
        assertThat(world.web().loadBalancers().getFirst().targetGroupArn()).isEqualTo(world.green);
        assertThat(world.web().taskSets()).extracting(TaskSet::status).containsExactly("PRIMARY", "ACTIVE");

        world.asCodeDeploy(() -> world.ecs.deleteTaskSet(delete -> delete.cluster("demo").service("web").taskSet(blueSet).force(true)));
        assertThat(world.web().taskSets()).extracting(TaskSet::status).containsExactly("PRIMARY", "DRAINING");
        world.pass(Duration.ofSeconds(10));
        assertThat(world.tasks()).anyMatch(task -> task.lastStatus().equals("DEACTIVATING"));
        world.pass(Duration.ofSeconds(60));
        assertThat(world.web().taskSets()).hasSize(1);
        assertThat(world.elb.registered(world.blue)).isEmpty();
        assertThat(world.stopped()).singleElement()
                .satisfies(task -> assertThat(task.stoppedReason()).isEqualTo("Scaling activity initiated by (taskSet " + blueSet + ")"));
        assertThat(world.said()).contains("(service web, taskSet " + blueSet + ") has begun draining connections on 1 tasks.");
    }

    private TaskSet green(double percent) {
        TaskDefinition second = world.fargate("web", "web:2");
        return world.asCodeDeploy(() -> world.ecs.createTaskSet(create -> create.cluster("demo").service("web").externalId("d-1").clientToken("d-1")
                .taskDefinition(second.taskDefinitionArn()).launchType(LaunchType.FARGATE).networkConfiguration(World.network())
                .loadBalancers(balancer -> balancer.targetGroupArn(world.green).containerName("web").containerPort(80))
                .scale(scale -> scale.value(percent).unit("PERCENT")))).taskSet();
    }

    @Test
    void asking_for_the_same_task_set_twice_makes_one() {
        world.service(first, 1, DeploymentControllerType.CODE_DEPLOY);
        world.fargate("other", "web:2");
        String one = green(100).id();
        assertThat(green(100).id()).isEqualTo(one);
        assertThat(world.web().taskSets()).hasSize(2);
    }

    @Test
    void a_service_of_nothing_is_steady_and_grows_with_its_desired_count() {
        world.service(first, 0, DeploymentControllerType.CODE_DEPLOY);
        assertThat(world.web().taskSets().getFirst().stabilityStatus()).isEqualTo(StabilityStatus.STEADY_STATE);

        world.as(() -> world.ecs.updateService(update -> update.cluster("demo").service("web").desiredCount(2)));
        assertThat(world.web().taskSets().getFirst().stabilityStatus()).isEqualTo(StabilityStatus.STABILIZING);
        world.pass(Duration.ofSeconds(10));
        assertThat(world.web().runningCount()).isEqualTo(2);
        assertThat(world.web().taskSets().getFirst().stabilityStatus()).isEqualTo(StabilityStatus.STEADY_STATE);
    }

    @Test
    void what_codedeploy_decides_cannot_be_updated_by_hand() {
        world.service(first, 1, DeploymentControllerType.CODE_DEPLOY);
        TaskDefinition second = world.fargate("web", "web:2");
        assertThatThrownBy(() -> world
                .as(() -> world.ecs.updateService(update -> update.cluster("demo").service("web").taskDefinition(second.taskDefinitionArn()))))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("Unable to update task definition on services with a CODE_DEPLOY deployment controller. "
                        + "Use AWS CodeDeploy to trigger a new deployment.");
        assertThatThrownBy(() -> world.as(() -> world.ecs.updateService(update -> update.cluster("demo").service("web").forceNewDeployment(true))))
                .hasMessageContaining("Cannot force a new deployment on services with a CODE_DEPLOY deployment controller.");
        assertThatThrownBy(() -> world.as(() -> world.ecs.createTaskSet(create -> create.cluster("demo").service("web").taskDefinition("web"))))
                .isInstanceOf(InvalidParameterException.class);
    }
}
