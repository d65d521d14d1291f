package dev.viridian.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/// Every row of the task's lifecycle table is travelled by real tasks, and its picture is fresh.
class TaskLifecycleTest {
    private record Leg(TaskState from, TaskState to) {}

    final World world = new World();
    final Set<Leg> travelled = new LinkedHashSet<>();
    final Map<String, TaskState> last = new HashMap<>();

    @Test
    void every_row_is_travelled() {
        world.store.keepChanges("ecs.tasks", this::look);
        TaskDefinition good = world.fargate("web", "web:1");
        world.service(good, 1, create -> { });
        world.pass(Duration.ofSeconds(30));
        world.as(() -> world.ecs.deleteService(delete -> delete.cluster("demo").service("web").force(true)));
        world.pass(Duration.ofMinutes(2));
        run(world.fargate("nowhere", "nowhere:1"));
        world.pass(Duration.ofSeconds(30));
        stopBeforeItBegins(good);
        stopWhileItRegisters(good);

        List<Leg> rows = TaskState.LIFECYCLE.moves().stream().map(move -> new Leg(move.from(), move.to())).toList();
        assertThat(travelled).containsExactlyInAnyOrderElementsOf(rows);
    }

    private String run(TaskDefinition definition) {
        return world.as(() -> world.ecs.runTask(run -> run.cluster("demo").taskDefinition(definition.taskDefinitionArn())
                .launchType(LaunchType.FARGATE)
                .networkConfiguration(World.network()))).tasks().getFirst().taskArn();
    }

    private void stopBeforeItBegins(TaskDefinition definition) {
        String arn = run(definition);
        world.as(() -> world.ecs.stopTask(stop -> stop.cluster("demo").task(arn)));
        world.pass(Duration.ofSeconds(5));
    }

    /// Its target group is gone when it comes up, so that it waits on the threshold.
    private void stopWhileItRegisters(TaskDefinition definition) {
        world.elb.verdict(world.green, TargetHealthStateEnum.HEALTHY, null);
        world.as(() -> world.ecs.createService(create -> create.cluster("demo").serviceName("late").taskDefinition(definition.taskDefinitionArn())
                .desiredCount(1)
                .launchType(LaunchType.FARGATE).networkConfiguration(World.network())
                .loadBalancers(one -> one.targetGroupArn(world.green).containerName("web").containerPort(80))));
        world.elb.remove(world.green);
        world.pass(Duration.ofSeconds(20));
        assertThat(world.tasks()).extracting(Task::lastStatus).contains("ACTIVATING");
        assertThat(world.as(() -> world.ecs.describeServices(describe -> describe.cluster("demo").services("late"))).services().getFirst().events())
                .anyMatch(event -> event.message().startsWith("(service late) failed to register targets in (target-group "));
        world.as(() -> world.ecs.deleteService(delete -> delete.cluster("demo").service("late").force(true)));
        world.pass(Duration.ofMinutes(1));
    }

    /// Called after each commit; a commit moves a task by one row at most.
    private void look() {
        for (Task task : world.tasks()) {
            TaskState now = TaskState.valueOf(task.lastStatus());
            TaskState before = last.put(task.taskArn(), now);
            if (before != null && before != now) {
                travelled.add(new Leg(before, now));
            }
        }
    }

    @Test
    void the_picture_in_the_documentation_is_fresh() throws IOException {
        Path picture = repository().resolve("docs/lifecycles/ecs-task.md");
        String wanted = "# ECS: a task\n\nDrawn from `TaskState`; do not edit. To draw it again: `mvn -pl services/ecs test -Dtest=TaskLifecycleTest"
                + " -Dviridian.draw=true`.\n\n```mermaid\n" + TaskState.LIFECYCLE.diagram() + "```\n";
        if (Boolean.getBoolean("viridian.draw")) {
            Files.createDirectories(picture.getParent());
            Files.writeString(picture, wanted);
        }
        assertThat(picture).hasContent(wanted);
    }

    private static Path repository() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/lifecycles")) && folder.getParent() != null) {
            folder = folder.getParent();
        }
        return folder;
    }
}
