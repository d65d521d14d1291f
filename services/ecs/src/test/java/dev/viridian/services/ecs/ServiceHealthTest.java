package dev.viridian.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.container.memory.Program;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.NetworkConfiguration;
import software.amazon.awssdk.services.ecs.model.StabilityStatus;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/// Services whose tasks fall ill, die, or are taken away.
class ServiceHealthTest {
    final World world = new World();
    final TaskDefinition definition = world.fargate("web", "web:1");

    @Test
    void an_unhealthy_task_is_kept_through_its_grace_period_and_then_replaced_before_it_is_stopped() {
        world.service(definition, 1, create -> create.healthCheckGracePeriodSeconds(200).deploymentController(by -> by.type("CODE_DEPLOY")));
        world.elb.verdict(world.blue, TargetHealthStateEnum.UNHEALTHY, "Health checks failed with these codes: [500]");
        world.pass(Duration.ofSeconds(195));
        assertThat(world.tasks()).hasSize(1);
        assertThat(world.web().taskSets().getFirst().stabilityStatus()).isEqualTo(StabilityStatus.STABILIZING);

        world.pass(Duration.ofSeconds(15));
        assertThat(world.tasks()).hasSize(2).allMatch(task -> task.desiredStatus().equals("RUNNING"));
        assertThat(world.said()).contains("(service web) (task " + World.id(world.tasks().getFirst()) + ") (port 80) is unhealthy in (target-group "
                + world.blue
                + ") due to (reason Health checks failed with these codes: [500]).");
    }

    @Test
    void the_ill_one_is_stopped_when_the_new_one_is_well() {
        world.service(definition, 1, create -> create.deploymentController(by -> by.type("CODE_DEPLOY")));
        world.pass(Duration.ofSeconds(10));
        Task ill = world.tasks().getFirst();
        world.elb.only(world.blue, ill.containers().getFirst().networkInterfaces().getFirst().privateIpv4Address(), TargetHealthStateEnum.UNHEALTHY);
        world.pass(Duration.ofMinutes(2));
        assertThat(world.stopped()).singleElement().satisfies(task -> {
            assertThat(task.taskArn()).isEqualTo(ill.taskArn());
            assertThat(task.stoppedReason()).isEqualTo("Task failed ELB health checks in (target-group " + world.blue + ")");
            assertThat(task.stopCodeAsString()).isEqualTo("ServiceSchedulerInitiated");
        });
        assertThat(world.running()).hasSize(1);
        assertThat(world.web().taskSets().getFirst().stabilityStatus()).isEqualTo(StabilityStatus.STEADY_STATE);
    }

    @Test
    void a_container_found_unhealthy_is_replaced() {
        world.runtime.image("weak:1", Program.unhealthyAfter(Duration.ofSeconds(30)));
        TaskDefinition weak = world.fargate("web", World.container("weak:1").healthCheck(check -> check.command("CMD", "check").interval(5)).build());
        world.service(weak, 1, create -> create.deploymentController(by -> by.type("CODE_DEPLOY")));
        world.pass(Duration.ofSeconds(60));
        assertThat(world.said()).anyMatch(text -> text.endsWith(") failed container health checks."));
        world.pass(Duration.ofMinutes(3));
        assertThat(world.tasks().size()).isGreaterThan(1);
    }

    @Test
    void a_task_stopped_by_hand_is_replaced() {
        world.service(definition, 1, create -> create.deploymentController(by -> by.type("CODE_DEPLOY")));
        world.pass(Duration.ofSeconds(10));
        Task first = world.running().getFirst();
        world.as(() -> world.ecs.stopTask(stop -> stop.cluster("demo").task(first.taskArn())));
        world.pass(Duration.ofSeconds(60));
        assertThat(world.running()).singleElement().satisfies(task -> assertThat(task.taskArn()).isNotEqualTo(first.taskArn()));
    }

    @Test
    void a_container_removed_behind_our_back_is_a_task_that_ended() {
        world.service(definition, 1, create -> create.deploymentController(by -> by.type("CODE_DEPLOY")));
        world.pass(Duration.ofSeconds(10));
        world.runtime.remove(world.running().getFirst().containers().getFirst().runtimeId());
        world.pass(Duration.ofSeconds(60));
        assertThat(world.stopped()).singleElement().satisfies(task -> assertThat(task.stopCodeAsString()).isEqualTo("EssentialContainerExited"));
        assertThat(world.running()).hasSize(1);
    }

    @Test
    void bridge_tasks_are_registered_by_instance_and_host_port() {
        TaskDefinition bridge = world.bridge("b", "web:1");
        world.service(bridge, 2, create -> create.launchType(LaunchType.EC2).networkConfiguration((NetworkConfiguration) null)
                .deploymentController(by -> by.type("CODE_DEPLOY"))
                        .loadBalancers(one -> one.targetGroupArn(world.bridged).containerName("web").containerPort(80)));
        world.pass(Duration.ofSeconds(10));
        List<String> registered = world.elb.registered(world.bridged);
        assertThat(registered).hasSize(2).doesNotHaveDuplicates().allMatch(target -> target.matches("i-[0-9a-f]{17}:[0-9]{5}"));
        assertThat(world.web().taskSets().getFirst().stabilityStatus()).isEqualTo(StabilityStatus.STEADY_STATE);
    }

    @Test
    void connections_drain_before_the_stop_signal() {
        world.elb.drainFor(Duration.ofSeconds(120));
        world.service(definition, 1, create -> create.deploymentController(by -> by.type("CODE_DEPLOY")));
        world.pass(Duration.ofSeconds(10));
        world.as(() -> world.ecs.updateService(update -> update.cluster("demo").service("web").desiredCount(0)));
        world.pass(Duration.ofSeconds(115));
        assertThat(world.tasks().getFirst().lastStatus()).isEqualTo("DEACTIVATING");
        assertThat(world.tasks().getFirst().containers().getFirst().lastStatus()).isEqualTo("RUNNING");
        world.pass(Duration.ofSeconds(10));
        assertThat(world.tasks().getFirst().lastStatus()).isEqualTo("STOPPED");
    }
}
