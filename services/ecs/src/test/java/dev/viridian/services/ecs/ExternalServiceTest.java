package dev.viridian.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.TaskSet;
import software.amazon.awssdk.services.ecs.model.TaskSetNotFoundException;

/// A service whose task sets somebody makes by hand.
class ExternalServiceTest {
    final World world = new World();

    @BeforeEach
    void begin() {
        world.fargate("web", "web:1");
        world.as(() -> world.ecs.createService(create -> create.cluster("demo").serviceName("web").desiredCount(3)
                .deploymentController(by -> by.type("EXTERNAL"))));
    }

    private TaskSet create(double percent) {
        return world.as(() -> world.ecs
                .createTaskSet(create -> create.cluster("demo").service("web").taskDefinition("web").launchType(LaunchType.FARGATE)
                .networkConfiguration(World.network()).externalId("x").scale(scale -> scale.value(percent).unit("PERCENT")))).taskSet();
    }

    @Test
    void it_begins_without_task_sets() {
        assertThat(world.web().taskSets()).isEmpty();
        assertThat(world.web().taskDefinition()).isNull();
    }

    @Test
    void half_of_three_is_two() {
        TaskSet set = create(50);
        assertThat(set.computedDesiredCount()).isEqualTo(2);
        assertThat(set.status()).isEqualTo("ACTIVE");
        world.pass(Duration.ofSeconds(10));
        assertThat(world.web().runningCount()).isEqualTo(2);

        TaskSet scaled = world.as(() -> world.ecs.updateTaskSet(update -> update.cluster("demo").service("web").taskSet(set.id())
                .scale(scale -> scale.value(100.0).unit("PERCENT")))).taskSet();
        assertThat(scaled.computedDesiredCount()).isEqualTo(3);
        assertThat(scaled.stabilityStatusAsString()).isEqualTo("STABILIZING");
        world.pass(Duration.ofSeconds(10));
        assertThat(world.as(() -> world.ecs.describeTaskSets(describe -> describe.cluster("demo").service("web"))).taskSets())
                .singleElement().satisfies(one -> assertThat(one.stabilityStatusAsString()).isEqualTo("STEADY_STATE"));
    }

    @Test
    void a_set_is_deleted_only_when_empty_or_by_force() {
        TaskSet set = create(100);
        world.pass(Duration.ofSeconds(10));
        assertThatThrownBy(() -> world.as(() -> world.ecs.deleteTaskSet(delete -> delete.cluster("demo").service("web").taskSet(set.id()))))
                .isInstanceOf(InvalidParameterException.class);
        world.as(() -> world.ecs.updateServicePrimaryTaskSet(promote -> promote.cluster("demo").service("web").primaryTaskSet(set.id())));
        assertThat(world.web().taskDefinition()).endsWith("web:1");
        assertThat(world.as(() -> world.ecs.deleteTaskSet(delete -> delete.cluster("demo").service("web").taskSet(set.id()).force(true))).taskSet()
                .status())
                .isEqualTo("DRAINING");
        world.pass(Duration.ofSeconds(60));
        assertThat(world.web().taskSets()).isEmpty();
    }

    @Test
    void unknown_sets_and_services_that_have_none_are_refused() {
        assertThatThrownBy(() -> world.as(() -> world.ecs.updateTaskSet(update -> update.cluster("demo").service("web").taskSet("ecs-svc/1")
                .scale(scale -> scale.value(1.0).unit("PERCENT"))))).isInstanceOf(TaskSetNotFoundException.class);
        assertThat(world.as(() -> world.ecs.describeTaskSets(describe -> describe.cluster("demo").service("web").taskSets(List.of("ecs-svc/1"))))
                .failures())
                .extracting(failure -> failure.reason()).containsExactly("MISSING");
        world.as(() -> world.ecs.createService(create -> create.cluster("demo").serviceName("own").taskDefinition("web").desiredCount(0)
                .launchType(LaunchType.FARGATE).networkConfiguration(World.network())));
        assertThatThrownBy(() -> world.as(() -> world.ecs.describeTaskSets(describe -> describe.cluster("demo").service("own"))))
                .isInstanceOf(InvalidParameterException.class).hasMessageContaining("EXTERNAL");
    }
}
