package dev.viridian.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.container.ContainerSpec;
import dev.viridian.container.memory.Program;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.LogDriver;
import software.amazon.awssdk.services.ecs.model.StabilityStatus;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/// The server dies; another one starts on what it left.
class RestartTest {
    final World world = new World();

    @Test
    void running_tasks_are_adopted_not_doubled() {
        world.service(world.fargate("web", "web:1"), 2, create -> create.deploymentController(by -> by.type("CODE_DEPLOY")));
        world.pass(Duration.ofSeconds(10));
        List<String> before = world.running().stream().map(Task::taskArn).toList();
        world.restart();
        world.pass(Duration.ofMinutes(5));
        assertThat(world.tasks()).extracting(Task::taskArn).containsExactlyInAnyOrderElementsOf(before);
        assertThat(world.runtime.list(Map.of())).hasSize(4);
        assertThat(world.web().taskSets().getFirst().stabilityStatus()).isEqualTo(StabilityStatus.STEADY_STATE);
    }

    @Test
    void a_container_that_ended_while_nobody_looked_is_noticed() {
        world.service(world.fargate("web", "web:1"), 1, create -> create.deploymentController(by -> by.type("CODE_DEPLOY")));
        world.pass(Duration.ofSeconds(10));
        String first = World.id(world.running().getFirst());
        world.work.close();
        world.ecs.close();
        world.runtime.process("ecs/" + first + "/web").orElseThrow().exit(1);
        world.restart();
        world.pass(Duration.ofMinutes(2));
        assertThat(world.stopped()).extracting(World::id).containsExactly(first);
        assertThat(world.running()).hasSize(1);
    }

    @Test
    void containers_of_tasks_nobody_knows_are_removed_and_strangers_are_not() {
        world.runtime.ensureContainer(ContainerSpec.of("stranger", "web:1").build());
        world.service(world.fargate("web", "web:1"), 1, create -> create.deploymentController(by -> by.type("CODE_DEPLOY")));
        world.pass(Duration.ofSeconds(10));
        assertThat(world.runtime.list(Map.of())).hasSize(3);
        world.store.clear();
        world.restart();
        assertThat(world.runtime.list(Map.of())).singleElement().satisfies(state -> assertThat(state.identity()).isEqualTo("stranger"));
    }

    @Test
    void lines_are_neither_lost_nor_doubled() {
        world.logs.group("/ecs/app");
        world.runtime.image("talks:1", Program.prints("one", "two"));
        TaskDefinition definition = world.fargate("web", World.container("talks:1").logConfiguration(log -> log.logDriver(LogDriver.AWSLOGS)
                .options(Map.of("awslogs-group", "/ecs/app", "awslogs-region", "us-east-1", "awslogs-stream-prefix", "ecs"))).build());
        world.service(definition, 1, create -> create.deploymentController(by -> by.type("CODE_DEPLOY")));
        world.pass(Duration.ofSeconds(5));
        String id = World.id(world.running().getFirst());
        world.work.close();
        world.ecs.close();
        world.runtime.process("ecs/" + id + "/web").orElseThrow().print("three");
        world.restart();
        world.pass(Duration.ofSeconds(1));
        world.runtime.process("ecs/" + id + "/web").orElseThrow().print("four");
        world.pass(Duration.ofSeconds(1));
        assertThat(world.logs.streams("/ecs/app").values()).containsExactly(List.of("one", "two", "three", "four"));
    }

    /// Dies after each of the first steps in turn, while tasks come up and go down.
    @RepeatedTest(25)
    void whenever_it_dies_the_end_is_the_same(RepetitionInfo repetition) {
        world.service(world.fargate("web", "web:1"), 2, create -> create.deploymentController(by -> by.type("CODE_DEPLOY")));
        for (int step = 0; step < repetition.getCurrentRepetition(); step++) {
            world.time.jump();
        }
        world.restart();
        world.pass(Duration.ofMinutes(2));
        assertThat(world.running()).hasSize(2);
        assertThat(world.runtime.list(Map.of())).hasSize(4);
        assertThat(world.elb.registered(world.blue)).hasSize(2);

        world.as(() -> world.ecs.deleteService(delete -> delete.cluster("demo").service("web").force(true)));
        for (int step = 0; step < repetition.getCurrentRepetition(); step++) {
            world.time.jump();
        }
        world.restart();
        world.pass(Duration.ofMinutes(3));
        assertThat(world.runtime.list(Map.of())).isEmpty();
        assertThat(world.elb.registered(world.blue)).isEmpty();
        assertThat(world.web().status()).isEqualTo("INACTIVE");
    }
}
