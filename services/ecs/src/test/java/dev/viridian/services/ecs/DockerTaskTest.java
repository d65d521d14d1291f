package dev.viridian.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Principal;
import dev.viridian.aws.shapes.ShapesMapper;
import dev.viridian.container.ContainerException;
import dev.viridian.container.docker.DockerEngine;
import dev.viridian.engine.store.SqliteStore;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.SystemTime;
import dev.viridian.engine.work.Work;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.LogDriver;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/// The path of a task through a real engine. Skipped, with the reason, where there is none.
class DockerTaskTest {
    /// Longer than a task waits for its last lines: an engine may leave a stream of them open behind a container that has ended.
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final SystemTime time = new SystemTime();
    private final DockerEngine runtime = DockerEngine.discover(time);
    private final String namespace = "test-" + ProcessHandle.current().pid();
    private final Store store = SqliteStore.inMemory(ShapesMapper.create());
    private final FakeLoadBalancers elb = new FakeLoadBalancers(time);
    private final FakeLogs logs = new FakeLogs().group("/ecs/app");
    private final String group = elb.group("app", TargetTypeEnum.IP, true);
    @TempDir
    Path scratch;
    private Work work;
    private Ecs ecs;

    @BeforeEach
    void boot() {
        try {
            Assumptions.assumeTrue(List.of("amd64", "x86_64").contains(runtime.engine().architecture()), "the test programs are x86-64 instructions");
        } catch (ContainerException.NoEngine e) {
            Assumptions.abort("skipped, because " + e.getMessage());
        }
        TinyImages.printing(runtime, "viridian-test/sleeper:" + namespace, "up\n", -1);
        TinyImages.printing(runtime, "viridian-test/quick:" + namespace, "bye\n", 3);
        elb.drainFor(Duration.ZERO);
        start();
        as(() -> ecs.createCluster(create -> create.clusterName("demo")));
    }

    private void start() {
        work = new Work(store, time);
        ecs = new Ecs(store, work, time, runtime, elb, logs, new FakeNetworks("10.213.77.0/24"), new FakeBuckets(),
                new EngineImages(runtime.images()),
                EcsOptions.in(namespace, scratch));
        work.start();
    }

    @AfterEach
    void cleanUp() {
        if (ecs == null) {
            return;
        }
        work.close();
        ecs.close();
        Map<String, String> ours = Map.of(TaskNetworks.NAMESPACE_LABEL, namespace);
        runtime.list(ours).forEach(state -> runtime.remove(state.id()));
        runtime.networks(ours).forEach(network -> runtime.removeNetwork(network.name()));
        runtime.images().remove("viridian-test/sleeper:" + namespace);
        runtime.images().remove("viridian-test/quick:" + namespace);
    }

    @Test
    void a_task_gets_an_address_and_a_target_and_survives_the_server_and_leaves_nothing() {
        register("sleeper");
        as(() -> ecs.createService(create -> create.cluster("demo").serviceName("app").taskDefinition("app").desiredCount(2)
                .launchType(LaunchType.FARGATE)
                .networkConfiguration(World.network()).deploymentController(by -> by.type("CODE_DEPLOY"))
                .loadBalancers(balancer -> balancer.targetGroupArn(group).containerName("web").containerPort(80))));
        List<Task> up = await(tasks -> tasks.size() == 2 && tasks.stream().allMatch(task -> task.lastStatus().equals("RUNNING")));
        assertThat(elb.registered(group)).hasSize(2).allMatch(target -> target.startsWith("10.213.77."));
        assertThat(containers()).isEqualTo(4);

        work.close();
        ecs.close();
        start();
        as(() -> ecs.updateService(update -> update.cluster("demo").service("app").desiredCount(3)));
        List<Task> more = await(tasks -> tasks.size() == 3 && tasks.stream().allMatch(task -> task.lastStatus().equals("RUNNING")));
        assertThat(more).extracting(Task::taskArn).containsAll(up.stream().map(Task::taskArn).toList());
        assertThat(containers()).isEqualTo(6);
        as(() -> ecs.deleteService(delete -> delete.cluster("demo").service("app").force(true)));
        await(tasks -> tasks.stream().allMatch(task -> task.lastStatus().equals("STOPPED")));
        assertThat(containers()).isZero();
        assertThat(elb.registered(group)).isEmpty();
        assertThat(logs.streams("/ecs/app").values()).containsExactly(List.of("up"), List.of("up"), List.of("up"));
    }

    @Test
    void a_program_that_ends_at_once_is_a_task_that_stopped_with_its_exit_code_and_its_lines() {
        register("quick");
        as(() -> ecs.runTask(run -> run.cluster("demo").taskDefinition("app").launchType(LaunchType.FARGATE).networkConfiguration(World.network())));
        Task task = await(tasks -> tasks.size() == 1 && tasks.getFirst().lastStatus().equals("STOPPED")).getFirst();
        assertThat(task.stopCodeAsString()).isEqualTo("EssentialContainerExited");
        assertThat(task.containers().getFirst().exitCode()).isEqualTo(3);
        assertThat(logs.streams("/ecs/app").values()).containsExactly(List.of("bye"));
    }

    private void register(String program) {
        ContainerDefinition web = World.container("viridian-test/" + program + ":" + namespace).stopTimeout(1)
                .logConfiguration(log -> log.logDriver(LogDriver.AWSLOGS)
                        .options(Map.of("awslogs-group", "/ecs/app", "awslogs-region", "us-east-1", "awslogs-stream-prefix", "ecs")))
                .build();
        as(() -> ecs.registerTaskDefinition(request -> request.family("app").requiresCompatibilitiesWithStrings("FARGATE")
                .networkMode(NetworkMode.AWSVPC)
                .cpu("256").memory("512").executionRoleArn("arn:aws:iam::000000000000:role/exec").containerDefinitions(web)));
    }

    private long containers() {
        return runtime.list(Map.of(TaskNetworks.NAMESPACE_LABEL, namespace)).size();
    }

    private <R> R as(Supplier<R> call) {
        return Caller.get(new Caller(World.ACCOUNT, World.REGION, new Principal.User(World.ACCOUNT, "dev", "AIDA"), "test"), call);
    }

    /// Looks again every tenth of a second, until what is expected has come about or patience ends.
    private List<Task> await(Predicate<List<Task>> expected) {
        Instant deadline = time.now().plus(PATIENCE);
        List<Task> seen = tasks();
        while (!expected.test(seen)) {
            assertThat(time.now()).as("what was waited for did not happen; tasks: %s; lines: %s", seen.stream().map(task -> task.lastStatus() + " "
                    + task.stoppedReason()).toList(), logs.streams("/ecs/app")).isBefore(deadline);
            breathe();
            seen = tasks();
        }
        return seen;
    }

    private List<Task> tasks() {
        return new TaskTable(store, work, time).in(new ClusterId(World.ACCOUNT, World.REGION, "demo")).stream().map(TaskRow::task).toList();
    }

    private void breathe() {
        CountDownLatch breath = new CountDownLatch(1);
        try (var _ = time.at(time.now().plusMillis(100), breath::countDown)) {
            assertThat(breath.await(5, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting", e);
        }
    }
}
