package dev.viridian.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.container.memory.Program;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/// A service that ECS deploys by itself.
class RollingUpdateTest {
    final World world = new World();
    final TaskDefinition first = world.fargate("web", "web:1");

    private void roll(String image) {
        TaskDefinition next = world.fargate("web", image);
        world.as(() -> world.ecs.updateService(update -> update.cluster("demo").service("web").taskDefinition(next.taskDefinitionArn())));
    }

    private long up(String image) {
        return world.running().stream().filter(task -> task.containers().getFirst().image().equals(image) && task.desiredStatus().equals("RUNNING"))
                .count();
    }

    @Test
    void a_new_service_has_one_deployment_that_completes() {
        world.service(first, 2, create -> { });
        assertThat(world.web().deploymentController()).isNull();
        assertThat(world.web().deployments()).singleElement().satisfies(one -> {
            assertThat(one.status()).isEqualTo("PRIMARY");
            assertThat(one.rolloutState()).isEqualTo(DeploymentRolloutState.IN_PROGRESS);
            assertThat(one.rolloutStateReason()).isEqualTo("ECS deployment " + one.id() + " in progress.");
        });
        world.pass(Duration.ofSeconds(10));
        Deployment done = world.web().deployments().getFirst();
        assertThat(done.rolloutState()).isEqualTo(DeploymentRolloutState.COMPLETED);
        assertThat(done.runningCount()).isEqualTo(2);
        assertThat(world.said()).contains("(service web) (deployment " + done.id() + ") deployment completed.",
                "(service web) has reached a steady state.");
    }

    @Test
    void a_new_task_definition_replaces_all_tasks_and_never_goes_below_the_floor() {
        world.service(first, 2, create -> { });
        world.pass(Duration.ofSeconds(10));
        roll("web:2");
        assertThat(world.web().deployments()).extracting(Deployment::status).containsExactly("PRIMARY", "ACTIVE");
        for (int second = 0; second < 120; second++) {
            world.pass(Duration.ofSeconds(1));
            assertThat(up("web:1") + up("web:2")).isGreaterThanOrEqualTo(2);
            assertThat(world.tasks().stream().filter(task -> task.desiredStatus().equals("RUNNING")).count()).isLessThanOrEqualTo(4);
        }
        assertThat(up("web:2")).isEqualTo(2);
        assertThat(up("web:1")).isZero();
        assertThat(world.web().deployments()).singleElement()
                .satisfies(one -> assertThat(one.rolloutState()).isEqualTo(DeploymentRolloutState.COMPLETED));
        assertThat(world.stopped())
                .allSatisfy(task -> assertThat(task.stoppedReason()).startsWith("Scaling activity initiated by (deployment ecs-svc/"));
    }

    @Test
    void without_headroom_old_tasks_stop_first() {
        world.service(first, 1, create -> create.deploymentConfiguration(how -> how.minimumHealthyPercent(0).maximumPercent(100)));
        world.pass(Duration.ofSeconds(10));
        roll("web:2");
        for (int second = 0; second < 90; second++) {
            world.pass(Duration.ofSeconds(1));
            assertThat(up("web:1") + up("web:2")).isLessThanOrEqualTo(1);
        }
        assertThat(up("web:2")).isEqualTo(1);
    }

    @Test
    void scaling_starts_and_stops_tasks_without_a_deployment() {
        world.service(first, 1, create -> { });
        world.pass(Duration.ofSeconds(10));
        world.as(() -> world.ecs.updateService(update -> update.cluster("demo").service("web").desiredCount(3)));
        world.pass(Duration.ofSeconds(10));
        assertThat(world.web().runningCount()).isEqualTo(3);
        assertThat(world.web().deployments()).hasSize(1);
        assertThat(world.said()).anyMatch(text -> text.matches("\\(service web\\) has started 2 tasks: \\(task \\w+\\) \\(task \\w+\\)\\."));
        world.as(() -> world.ecs.updateService(update -> update.cluster("demo").service("web").desiredCount(0)));
        world.pass(Duration.ofSeconds(60));
        assertThat(world.web().runningCount()).isZero();
    }

    @Test
    void a_missing_image_is_tried_ever_more_rarely_and_told() {
        TaskDefinition broken = world.fargate("web", "missing:1");
        world.service(broken, 1, create -> { });
        world.pass(Duration.ofMinutes(5));
        assertThat(world.stopped()).hasSizeBetween(3, 10).allSatisfy(task -> {
            assertThat(task.stopCodeAsString()).isEqualTo("TaskFailedToStart");
            assertThat(task.stoppedReason()).startsWith("CannotPullContainerError: ").contains("missing:1");
        });
        assertThat(world.said()).contains("(service web) is unable to consistently start tasks successfully.");
        int before = world.tasks().size();
        world.pass(Duration.ofMinutes(15));
        assertThat(world.tasks().size() - before).isLessThan(5);
    }

    @Test
    void the_circuit_breaker_goes_back_to_the_last_deployment_that_completed() {
        world.service(first, 1, create -> create.deploymentConfiguration(how -> how.minimumHealthyPercent(100).maximumPercent(200)
                .deploymentCircuitBreaker(breaker -> breaker.enable(true).rollback(true))));
        world.pass(Duration.ofSeconds(10));
        String good = world.web().deployments().getFirst().id();
        roll("missing:1");
        String bad = world.web().deployments().getFirst().id();
        world.pass(Duration.ofMinutes(2));
        assertThat(world.web().deployments()).singleElement().satisfies(one -> {
            assertThat(one.id()).isEqualTo(good);
            assertThat(one.status()).isEqualTo("PRIMARY");
            assertThat(one.rolloutState()).isEqualTo(DeploymentRolloutState.COMPLETED);
        });
        assertThat(world.web().taskDefinition()).isEqualTo(first.taskDefinitionArn());
        assertThat(up("web:1")).isEqualTo(1);
        assertThat(world.tasks().stream().filter(task -> task.startedBy().equals(bad))).hasSize(3);
    }

    @Test
    void the_circuit_breaker_stops_a_first_deployment() {
        TaskDefinition broken = world.fargate("web", "missing:1");
        world.service(broken, 1, create -> create
                .deploymentConfiguration(how -> how.deploymentCircuitBreaker(breaker -> breaker.enable(true).rollback(true))));
        world.pass(Duration.ofMinutes(10));
        assertThat(world.web().deployments().getFirst().rolloutState()).isEqualTo(DeploymentRolloutState.FAILED);
        assertThat(world.web().deployments().getFirst().rolloutStateReason()).isEqualTo("ECS deployment circuit breaker: tasks failed to start.");
        assertThat(world.web().deployments().getFirst().failedTasks()).isEqualTo(3);
        assertThat(world.tasks()).hasSize(3);
    }

    @Test
    void a_program_that_dies_is_replaced_after_a_breath() {
        world.runtime.image("dies:1", Program.exits(1, Duration.ofSeconds(2)));
        TaskDefinition dying = world.fargate("web", "dies:1");
        world.service(dying, 1, create -> { });
        world.pass(Duration.ofSeconds(30));
        assertThat(world.stopped()).hasSizeBetween(2, 10).allSatisfy(task -> {
            assertThat(task.stopCodeAsString()).isEqualTo("EssentialContainerExited");
            assertThat(task.stoppedReason()).isEqualTo("Essential container in task exited");
            assertThat(task.containers().getFirst().exitCode()).isEqualTo(1);
        });
        assertThat(world.tasks()).extracting(Task::lastStatus).doesNotContain("DEACTIVATING");
    }
}
