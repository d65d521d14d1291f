package dev.viridian.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.container.memory.Program;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.ContainerCondition;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.LogDriver;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/// Tasks that are run by hand: how they come up, fail, stop and are shown.
class TasksTest {
    final World world = new World();

    private RunTaskResponse run(TaskDefinition definition, Consumer<RunTaskRequest.Builder> more) {
        return world.as(() -> world.ecs.runTask(run -> {
            run.cluster("demo").taskDefinition(definition.taskDefinitionArn()).launchType(LaunchType.FARGATE).networkConfiguration(World.network());
            more.accept(run);
        }));
    }

    private Task only() {
        assertThat(world.tasks()).hasSize(1);
        return world.tasks().getFirst();
    }

    @Test
    void a_task_starts_as_provisioning_and_ends_as_stopped_with_the_reason_given() {
        Task answered = run(world.fargate("web", "web:1"), run -> { }).tasks().getFirst();
        assertThat(answered.lastStatus()).isEqualTo("PROVISIONING");
        assertThat(answered.desiredStatus()).isEqualTo("RUNNING");
        assertThat(answered.group()).isEqualTo("family:web");
        world.pass(Duration.ofSeconds(1));
        assertThat(only().lastStatus()).isEqualTo("RUNNING");

        Task stopping = world.as(() -> world.ecs.stopTask(stop -> stop.cluster("demo").task(answered.taskArn()))).task();
        assertThat(stopping.lastStatus()).isEqualTo("RUNNING");
        assertThat(stopping.desiredStatus()).isEqualTo("STOPPED");
        world.pass(Duration.ofSeconds(2));
        assertThat(only().lastStatus()).isEqualTo("STOPPED");
        assertThat(only().stoppedReason()).isEqualTo("Task stopped by user");
        assertThat(only().stopCodeAsString()).isEqualTo("UserInitiated");
        assertThat(only().containers().getFirst().exitCode()).isEqualTo(143);
        assertThat(world.runtime.list(Map.of())).isEmpty();

        world.pass(Duration.ofMinutes(61));
        assertThat(world.tasks()).isEmpty();
    }

    @Test
    void a_container_that_ignores_its_stop_signal_is_killed_when_its_time_is_over() {
        world.runtime.image("stubborn:1", Program.ignoresStop());
        run(world.fargate("web", World.container("stubborn:1").stopTimeout(20).build()), run -> { });
        world.pass(Duration.ofSeconds(1));
        world.as(() -> world.ecs.stopTask(stop -> stop.cluster("demo").task(World.id(only())).reason("because")));
        world.pass(Duration.ofSeconds(19));
        assertThat(only().lastStatus()).isEqualTo("STOPPING");
        world.pass(Duration.ofSeconds(3));
        assertThat(only().lastStatus()).isEqualTo("STOPPED");
        assertThat(only().stoppedReason()).isEqualTo("because");
        assertThat(only().containers().getFirst().exitCode()).isEqualTo(137);
    }

    @Test
    void containers_start_in_the_order_of_their_dependencies_and_stop_in_reverse() {
        world.runtime.image("db:1", Program.healthyAfter(Duration.ofSeconds(10)));
        world.runtime.image("init:1", Program.exits(0, Duration.ofSeconds(3)));
        ContainerDefinition init = ContainerDefinition.builder().name("init").image("init:1").essential(false).build();
        ContainerDefinition database = ContainerDefinition.builder().name("db").image("db:1")
                .healthCheck(check -> check.command("CMD", "true").interval(5)).build();
        ContainerDefinition web = World.container("web:1").dependsOn(on -> on.containerName("db").condition(ContainerCondition.HEALTHY),
                on -> on.containerName("init").condition(ContainerCondition.SUCCESS)).build();
        run(world.fargate("web", web, database, init), run -> { });
        world.pass(Duration.ofSeconds(5));
        assertThat(container("db").lastStatus()).isEqualTo("RUNNING");
        assertThat(container("web").lastStatus()).isEqualTo("PENDING");
        assertThat(only().lastStatus()).isEqualTo("PENDING");
        world.pass(Duration.ofSeconds(7));
        assertThat(only().lastStatus()).isEqualTo("RUNNING");
        assertThat(only().healthStatus()).isEqualTo(HealthStatus.HEALTHY);
        assertThat(container("init").exitCode()).isZero();
    }

    private software.amazon.awssdk.services.ecs.model.Container container(String name) {
        return only().containers().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void a_dependency_that_fails_stops_the_task() {
        world.runtime.image("init:1", Program.exits(1, Duration.ofSeconds(3)));
        ContainerDefinition init = ContainerDefinition.builder().name("init").image("init:1").essential(false).build();
        ContainerDefinition web = World.container("web:1").dependsOn(on -> on.containerName("init").condition(ContainerCondition.SUCCESS)).build();
        run(world.fargate("web", web, init), run -> { });
        world.pass(Duration.ofSeconds(10));
        assertThat(only().lastStatus()).isEqualTo("STOPPED");
        assertThat(only().stopCodeAsString()).isEqualTo("TaskFailedToStart");
        assertThat(only().stoppedReason()).contains("container web waits for container init to be SUCCESS");
    }

    @Test
    void a_sidecar_may_end_but_an_essential_container_takes_the_task_with_it() {
        world.runtime.image("side:1", Program.exits(0, Duration.ofSeconds(5)));
        world.runtime.image("main:1", Program.exits(7, Duration.ofSeconds(20)));
        ContainerDefinition side = ContainerDefinition.builder().name("side").image("side:1").essential(false).build();
        ContainerDefinition other = ContainerDefinition.builder().name("other").image("web:1").essential(false).build();
        run(world.fargate("web", World.container("main:1").build(), side, other), run -> { });
        world.pass(Duration.ofSeconds(10));
        assertThat(only().lastStatus()).isEqualTo("RUNNING");
        assertThat(container("side").lastStatus()).isEqualTo("STOPPED");
        world.pass(Duration.ofSeconds(15));
        assertThat(only().lastStatus()).isEqualTo("STOPPED");
        assertThat(only().stoppedReason()).isEqualTo("Essential container in task exited");
        assertThat(container("web").exitCode()).isEqualTo(7);
        assertThat(container("other").exitCode()).isEqualTo(143);
    }

    @Test
    void an_image_that_is_nowhere_is_a_task_that_could_not_pull() {
        run(world.fargate("web", "nowhere:9"), run -> { });
        world.pass(Duration.ofSeconds(5));
        assertThat(only().stopCodeAsString()).isEqualTo("TaskFailedToStart");
        assertThat(only().stoppedReason())
                .startsWith("CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref nowhere:9");
        assertThat(only().containers().getFirst().reason()).isEqualTo(only().stoppedReason());
        assertThat(world.runtime.list(Map.of())).isEmpty();
    }

    @Test
    void an_entry_point_that_does_not_exist_is_a_container_that_could_not_start() {
        world.runtime.image("broken:1", Program.failsToStart("exec: \"nope\": executable file not found in $PATH"));
        run(world.fargate("web", "broken:1"), run -> { });
        world.pass(Duration.ofSeconds(5));
        assertThat(only().stoppedReason()).startsWith("CannotStartContainerError: ").contains("executable file not found");
    }

    @Test
    void without_an_engine_a_task_stops_and_says_so() {
        TaskDefinition definition = world.fargate("web", "web:1");
        world.runtime.goAway();
        run(definition, run -> { });
        world.pass(Duration.ofSeconds(5));
        assertThat(only().lastStatus()).isEqualTo("STOPPED");
        assertThat(only().stoppedReason()).contains("no container engine: tried memory:");
    }

    @Test
    void secrets_are_not_silently_left_out() {
        run(world.fargate("web", World.container("web:1")
                .secrets(secret -> secret.name("PASSWORD").valueFrom("arn:aws:ssm:us-east-1:000000000000:parameter/p")).build()),
                run -> { });
        world.pass(Duration.ofSeconds(5));
        assertThat(only().stoppedReason()).startsWith("ResourceInitializationError: unable to pull secrets or registry auth: ");
    }

    @Test
    void lines_arrive_in_the_log_stream_of_the_container() {
        world.logs.group("/ecs/app");
        world.runtime.image("talks:1", Program.prints("one", "", "three").then(Program.exits(0, Duration.ofSeconds(2))));
        run(world.fargate("web", logging("talks:1", Map.of())), run -> { });
        world.pass(Duration.ofSeconds(1));
        assertThat(world.logs.streams("/ecs/app")).containsEntry("ecs/web/" + World.id(only()), List.of("one", " ", "three"));
        world.pass(Duration.ofSeconds(5));
        assertThat(only().lastStatus()).isEqualTo("STOPPED");
        assertThat(world.logs.streams("/ecs/app").values()).containsExactly(List.of("one", " ", "three"));
    }

    private static ContainerDefinition logging(String image, Map<String, String> more) {
        Map<String, String> options = new java.util.HashMap<>(Map.of("awslogs-group", "/ecs/app", "awslogs-region", "us-east-1",
                "awslogs-stream-prefix", "ecs"));
        options.putAll(more);
        return World.container(image).logConfiguration(log -> log.logDriver(LogDriver.AWSLOGS).options(options)).build();
    }

    @Test
    void a_missing_log_group_is_the_documented_failure_unless_it_may_be_made() {
        run(world.fargate("web", logging("web:1", Map.of())), run -> { });
        world.pass(Duration.ofSeconds(5));
        assertThat(only().stopCodeAsString()).isEqualTo("TaskFailedToStart");
        assertThat(only().stoppedReason())
                .isEqualTo("ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: "
                + "failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.: exit status 1");

        run(world.fargate("web", logging("web:1", Map.of("awslogs-create-group", "true"))), run -> { });
        world.pass(Duration.ofSeconds(5));
        assertThat(world.running()).hasSize(1);
        assertThat(world.logs.groups()).containsExactly("/ecs/app");
    }

    @Test
    void on_ec2_a_missing_log_group_is_the_containers_fault() {
        TaskDefinition definition = world.register(request -> request.family("b").networkMode(NetworkMode.BRIDGE)
                .containerDefinitions(logging("web:1", Map.of()).toBuilder().memory(64).build()));
        world.as(() -> world.ecs.runTask(run -> run.cluster("demo").taskDefinition(definition.taskDefinitionArn())));
        world.pass(Duration.ofSeconds(5));
        assertThat(only().stoppedReason()).isEqualTo("Task failed to start");
        assertThat(only().containers().getFirst().reason())
                .isEqualTo("CannotStartContainerError: Error response from daemon: failed to initialize logging "
                + "driver: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.");
    }

    @Test
    void environment_comes_from_files_then_the_definition_then_overrides() {
        world.s3.put("config/app.env", "# comment\nA=file\nB=file\nC=file\n");
        ContainerDefinition web = World.container("web:1").environmentFiles(file -> file.type("s3").value("arn:aws:s3:::config/app.env"))
                .environment(pair -> pair.name("B").value("definition"), pair -> pair.name("C").value("definition")).build();
        run(world.fargate("web", web),
                run -> run.overrides(over -> over.containerOverrides(one -> one.name("web").environment(pair -> pair.name("C").value("override")))));
        world.pass(Duration.ofSeconds(1));
        assertThat(world.runtime.process("ecs/" + World.id(only()) + "/web").orElseThrow().spec().environment())
                .containsEntry("A", "file").containsEntry("B", "definition").containsEntry("C", "override").containsEntry("AWS_REGION", "us-east-1");
    }

    @Test
    void a_task_with_a_role_is_given_what_it_needs_to_act_as_it() {
        TaskDefinition definition = world.register(request -> request.family("role").networkMode(NetworkMode.AWSVPC).cpu("256").memory("512")
                .requiresCompatibilitiesWithStrings("FARGATE").taskRoleArn("arn:aws:iam::000000000000:role/app")
                .containerDefinitions(World.container("web:1").build()));
        run(definition, run -> { });
        world.pass(Duration.ofSeconds(1));
        assertThat(world.runtime.process("ecs/" + World.id(only()) + "/web").orElseThrow().spec().environment())
                .containsEntry("AWS_SESSION_TOKEN", "arn:aws:iam::000000000000:role/app " + World.id(only()));
    }

    @Test
    void a_missing_environment_file_keeps_the_task_from_starting() {
        run(world.fargate("web", World.container("web:1").environmentFiles(file -> file.type("s3").value("arn:aws:s3:::config/none.env")).build()),
                run -> { });
        world.pass(Duration.ofSeconds(5));
        assertThat(only().stoppedReason()).startsWith("ResourceInitializationError: failed to download env files: ");
    }

    @Test
    void bridge_tasks_get_host_ports_of_their_own_on_the_one_instance() {
        TaskDefinition definition = world.bridge("b", "web:1");
        world.as(() -> world.ecs.runTask(run -> run.cluster("demo").taskDefinition(definition.taskDefinitionArn()).count(2)));
        world.pass(Duration.ofSeconds(5));
        assertThat(world.running()).extracting(task -> task.containers().getFirst().networkBindings().getFirst().hostPort()).doesNotHaveDuplicates()
                .allMatch(port -> port >= 32_768 && port <= 60_999);
        String instance = world.as(() -> world.ecs.listContainerInstances(list -> list.cluster("demo"))).containerInstanceArns().getFirst();
        assertThat(world.running()).extracting(Task::containerInstanceArn).containsOnly(instance);
        var shown = world.as(() -> world.ecs.describeContainerInstances(describe -> describe.cluster("demo").containerInstances(instance)))
                .containerInstances().getFirst();
        assertThat(shown.runningTasksCount()).isEqualTo(2);
        assertThat(shown.ec2InstanceId()).matches("i-[0-9a-f]{17}");
    }

    @Test
    void what_has_no_place_is_a_failure_not_an_error() {
        TaskDefinition definition = world.register(request -> request.family("b").networkMode(NetworkMode.BRIDGE).containerDefinitions(
                World.container("web:1").memory(64).portMappings(port -> port.containerPort(80).hostPort(8080)).build()));
        RunTaskResponse answer = world
                .as(() -> world.ecs.runTask(run -> run.cluster("demo").taskDefinition(definition.taskDefinitionArn()).count(2)));
        assertThat(answer.tasks()).hasSize(1);
        assertThat(answer.failures()).singleElement().satisfies(failure -> assertThat(failure.reason()).isEqualTo("RESOURCE:PORTS"));
        TaskDefinition large = world.register(request -> request.family("l").networkMode(NetworkMode.BRIDGE).cpu("4096").memory("64")
                .containerDefinitions(World.container("web:1").build()));
        assertThat(world.as(() -> world.ecs.runTask(run -> run.cluster("demo").taskDefinition(large.taskDefinitionArn()))).failures())
                .singleElement().satisfies(failure -> assertThat(failure.reason()).isEqualTo("RESOURCE:CPU"));
    }

    @Test
    void running_is_refused_where_it_makes_no_sense() {
        TaskDefinition definition = world.fargate("web", "web:1");
        assertThatThrownBy(() -> run(definition, run -> run.count(11))).isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> run(definition, run -> run.overrides(over -> over.containerOverrides(one -> one.name("x")))))
                .isInstanceOf(InvalidParameterException.class)
                        .hasMessageContaining("Override for container named x is not a container in the TaskDefinition.");
        String first = run(definition, run -> run.clientToken("t")).tasks().getFirst().taskArn();
        assertThat(run(definition, run -> run.clientToken("t")).tasks().getFirst().taskArn()).isEqualTo(first);
        assertThatThrownBy(() -> run(definition, run -> run.clientToken("t").count(2))).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> run(world.bridge("b", "web:1"),
                run -> run.networkConfiguration((software.amazon.awssdk.services.ecs.model.NetworkConfiguration) null)))
                .isInstanceOf(InvalidParameterException.class).hasMessageContaining("Task definition does not support launch_type FARGATE.");
    }

    @Test
    void tasks_are_listed_by_what_they_are_wanted_to_be() {
        String arn = run(world.fargate("web", "web:1"), run -> run.startedBy("me")).tasks().getFirst().taskArn();
        world.pass(Duration.ofSeconds(1));
        assertThat(world.as(() -> world.ecs.listTasks(list -> list.cluster("demo").family("web").startedBy("me"))).taskArns()).containsExactly(arn);
        assertThat(world.as(() -> world.ecs.listTasks(list -> list.cluster("demo").family("other"))).taskArns()).isEmpty();
        world.as(() -> world.ecs.stopTask(stop -> stop.cluster("demo").task(arn)));
        assertThat(world.as(() -> world.ecs.listTasks(list -> list.cluster("demo"))).taskArns()).isEmpty();
        assertThat(world.as(() -> world.ecs.listTasks(list -> list.cluster("demo").desiredStatus(DesiredStatus.STOPPED))).taskArns())
                .containsExactly(arn);
        assertThat(world.as(() -> world.ecs.describeTasks(describe -> describe.cluster("demo").tasks("0123"))).failures().getFirst().reason())
                .isEqualTo("MISSING");
        assertThatThrownBy(() -> world.as(() -> world.ecs.stopTask(stop -> stop.cluster("demo").task("0123"))))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("The referenced task was not found.");
    }
}
