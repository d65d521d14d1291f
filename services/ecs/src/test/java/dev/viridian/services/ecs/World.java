package dev.viridian.services.ecs;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Principal;
import dev.viridian.aws.shapes.ShapesMapper;
import dev.viridian.container.memory.InMemoryRuntime;
import dev.viridian.container.memory.Program;
import dev.viridian.engine.store.SqliteStore;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.VirtualTime;
import dev.viridian.engine.work.Work;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.NetworkConfiguration;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/// ECS with everything around it rehearsed: virtual time, scripted containers, target groups whose health a test decides.
final class World {
    static final String ACCOUNT = "000000000000";
    static final String REGION = "us-east-1";

    final VirtualTime time = new VirtualTime();
    final Store store = SqliteStore.inMemory(ShapesMapper.create());
    final InMemoryRuntime runtime = new InMemoryRuntime(time);
    final FakeLoadBalancers elb = new FakeLoadBalancers(time);
    final FakeLogs logs = new FakeLogs();
    final FakeBuckets s3 = new FakeBuckets();
    final String blue = elb.group("blue", TargetTypeEnum.IP, true);
    final String green = elb.group("green", TargetTypeEnum.IP, true);
    final String bridged = elb.group("bridged", TargetTypeEnum.INSTANCE, true);
    Work work;
    Ecs ecs;

    World() {
        runtime.image("web:1", Program.runs());
        runtime.image("web:2", Program.runs());
        boot();
        as(() -> ecs.createCluster(create -> create.clusterName("demo")));
    }

    private void boot() {
        work = new Work(store, time, Runnable::run);
        ecs = new Ecs(store, work, time, runtime, elb, logs, new FakeNetworks("10.1.0.0/24"), s3, new EngineImages(runtime.images()),
                EcsOptions.in("test", Path.of(System.getProperty("java.io.tmpdir"), "viridian-ecs-test"))
                        .withCredentials((role, session) -> Map.of("AWS_SESSION_TOKEN", role + " " + session)));
        work.start();
        time.settle();
    }

    /// The process dies and another one starts on the same store and engine.
    void restart() {
        work.close();
        ecs.close();
        boot();
    }

    void pass(Duration span) {
        time.advance(span);
    }

    <R> R as(Supplier<R> call) {
        return Caller.get(new Caller(ACCOUNT, REGION, new Principal.User(ACCOUNT, "dev", "AIDA"), "test"), call);
    }

    <R> R asCodeDeploy(Supplier<R> call) {
        return Caller.get(Caller.service("codedeploy.amazonaws.com", ACCOUNT, REGION).as("arn:aws:iam::000000000000:role/deploy", "d-1"), call);
    }

    TaskDefinition fargate(String family, String image) {
        return fargate(family, container(image).build());
    }

    TaskDefinition fargate(String family, ContainerDefinition... containers) {
        return register(request -> request.family(family).requiresCompatibilitiesWithStrings("FARGATE").networkMode(NetworkMode.AWSVPC)
                .cpu("256").memory("512").executionRoleArn("arn:aws:iam::000000000000:role/exec").containerDefinitions(containers));
    }

    TaskDefinition bridge(String family, String image) {
        return register(request -> request.family(family).networkMode(NetworkMode.BRIDGE)
                .containerDefinitions(container(image).memory(64).portMappings(port -> port.containerPort(80).hostPort(0)).build()));
    }

    TaskDefinition register(Consumer<RegisterTaskDefinitionRequest.Builder> request) {
        return as(() -> ecs.registerTaskDefinition(request)).taskDefinition();
    }

    static ContainerDefinition.Builder container(String image) {
        return ContainerDefinition.builder().name("web").image(image).portMappings(port -> port.containerPort(80));
    }

    static NetworkConfiguration network() {
        return NetworkConfiguration.builder().awsvpcConfiguration(vpc -> vpc.subnets("subnet-1").securityGroups("sg-1")).build();
    }

    /// A Fargate service named `web` behind the blue group.
    Service service(TaskDefinition definition, int desired, DeploymentControllerType controller) {
        return service(definition, desired, create -> create.deploymentController(by -> by.type(controller)));
    }

    Service service(TaskDefinition definition, int desired, Consumer<CreateServiceRequest.Builder> more) {
        return as(() -> ecs.createService(create -> {
            create.cluster("demo").serviceName("web").taskDefinition(definition.taskDefinitionArn()).desiredCount(desired)
                    .launchType(LaunchType.FARGATE)
                    .networkConfiguration(network())
                    .loadBalancers(balancer -> balancer.targetGroupArn(blue).containerName("web").containerPort(80));
            more.accept(create);
        })).service();
    }

    Service web() {
        return as(() -> ecs.describeServices(describe -> describe.cluster("demo").services("web"))).services().getFirst();
    }

    List<String> said() {
        return web().events().stream().map(event -> event.message()).toList().reversed();
    }

    /// All tasks that can be seen, the oldest first.
    List<Task> tasks() {
        return new TaskTable(store, work, time).in(new ClusterId(ACCOUNT, REGION, "demo")).stream().map(TaskRow::task)
                .sorted(java.util.Comparator.comparing(Task::createdAt)).toList();
    }

    List<Task> running() {
        return tasks().stream().filter(task -> task.lastStatus().equals("RUNNING")).toList();
    }

    List<Task> stopped() {
        return tasks().stream().filter(task -> task.lastStatus().equals("STOPPED")).toList();
    }

    static String id(Task task) {
        return task.taskArn().substring(task.taskArn().lastIndexOf('/') + 1);
    }
}
