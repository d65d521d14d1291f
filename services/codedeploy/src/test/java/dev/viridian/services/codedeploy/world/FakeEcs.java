package dev.viridian.services.codedeploy.world;

import dev.viridian.aws.Caller;
import dev.viridian.engine.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.*;

/// One cluster with one service whose task sets become steady after a while, or never.
public final class FakeEcs implements EcsClient {
    public static final String CLUSTER = "demo";
    public static final String SERVICE = "web";
    public static final String SERVICE_ARN = "arn:aws:ecs:us-east-1:111122223333:service/demo/web";
    static final Duration DRAIN = Duration.ofSeconds(30);

    /// A task set as it lives here.
    public static final class Set {
        public final String id;
        public final String targetGroup;
        public final @Nullable String externalId;
        public final CreateTaskSetRequest request;
        public String status;
        public double scale = 100;
        public Instant steadyAt;
        public @Nullable Instant goneAt;

        Set(String id, String targetGroup, @Nullable String externalId, String status, Instant steadyAt, CreateTaskSetRequest request) {
            this.id = id;
            this.targetGroup = targetGroup;
            this.externalId = externalId;
            this.status = status;
            this.steadyAt = steadyAt;
            this.request = request;
        }

        public boolean isAlive() {
            return !status.equals("DRAINING");
        }
    }

    public final Faults faults = new Faults();
    public final List<Set> sets = new ArrayList<>();
    public final List<String> callers = new ArrayList<>();
    public Duration becomesSteadyAfter = Duration.ofSeconds(40);
    public boolean becomesSteady = true;
    public DeploymentControllerType controller = DeploymentControllerType.CODE_DEPLOY;
    public boolean exists = true;
    public Runnable beforeRemoval = () -> {};
    private final Time time;
    private long nextId = 1001;

    FakeEcs(Time time, String blueGroup) {
        this.time = time;
        sets.add(new Set("ecs-svc/1000", blueGroup, null, "PRIMARY", time.now(), CreateTaskSetRequest.builder().build()));
    }

    public Set primary() {
        return find(set -> set.status.equals("PRIMARY")).orElseThrow();
    }

    public List<Set> alive() {
        return sets.stream().filter(Set::isAlive).toList();
    }

    public Optional<Set> markedWith(String deployment) {
        return find(set -> deployment.equals(set.externalId));
    }

    private Optional<Set> find(Predicate<Set> condition) {
        return sets.stream().filter(condition).findFirst();
    }

    @Override
    public DescribeServicesResponse describeServices(DescribeServicesRequest request) {
        called("describeServices");
        if (!CLUSTER.equals(shortName(request.cluster()))) {
            throw ClusterNotFoundException.builder().message("Cluster not found.").build();
        }
        if (!exists || !SERVICE.equals(shortName(request.services().getFirst()))) {
            return DescribeServicesResponse.builder()
                    .failures(Failure.builder().arn(request.services().getFirst()).reason("MISSING").build())
                    .services(List.of())
                    .build();
        }
        return DescribeServicesResponse.builder().services(Service.builder()
                        .serviceName(SERVICE)
                        .serviceArn(SERVICE_ARN)
                        .clusterArn("arn:aws:ecs:us-east-1:111122223333:cluster/demo")
                        .status("ACTIVE")
                        .launchType(LaunchType.FARGATE)
                        .platformVersion("1.4.0")
                        .networkConfiguration(net -> net.awsvpcConfiguration(vpc -> vpc.subnets("subnet-1").securityGroups("sg-1")))
                        .deploymentController(DeploymentController.builder().type(controller).build())
                        .taskSets(visible())
                        .build())
                .build();
    }

    private List<TaskSet> visible() {
        Instant now = time.now();
        return sets.stream().filter(set -> set.goneAt == null || now.isBefore(set.goneAt)).map(this::view).toList();
    }

    private TaskSet view(Set set) {
        boolean steady = !time.now().isBefore(set.steadyAt);
        int desired = (int) Math.ceil(3 * set.scale / 100);
        return TaskSet.builder()
                .id(set.id)
                .taskSetArn("arn:aws:ecs:us-east-1:111122223333:task-set/demo/web/" + set.id)
                .externalId(set.externalId)
                .status(set.status)
                .computedDesiredCount(desired)
                .runningCount(steady ? desired : 0)
                .pendingCount(steady ? 0 : desired)
                .stabilityStatus(steady ? StabilityStatus.STEADY_STATE : StabilityStatus.STABILIZING)
                .loadBalancers(LoadBalancer.builder().targetGroupArn(set.targetGroup).containerName("web").containerPort(80).build())
                .build();
    }

    @Override
    public CreateTaskSetResponse createTaskSet(CreateTaskSetRequest request) {
        called("createTaskSet");
        if (markedWith(request.externalId()).isPresent()) {
            throw new AssertionError("a second task set for " + request.externalId());
        }
        Instant steadyAt = becomesSteady ? time.now().plus(becomesSteadyAfter) : Instant.MAX;
        Set set = new Set(
                "ecs-svc/" + nextId++, request.loadBalancers().getFirst().targetGroupArn(), request.externalId(), "ACTIVE", steadyAt, request);
        sets.add(set);
        return CreateTaskSetResponse.builder().taskSet(view(set)).build();
    }

    @Override
    public UpdateTaskSetResponse updateTaskSet(UpdateTaskSetRequest request) {
        called("updateTaskSet");
        Set set = known(request.taskSet());
        if (!set.isAlive()) {
            throw InvalidParameterException.builder().message("The task set is draining.").build();
        }
        beforeRemoval.run();
        set.scale = request.scale().value();
        return UpdateTaskSetResponse.builder().taskSet(view(set)).build();
    }

    @Override
    public DeleteTaskSetResponse deleteTaskSet(DeleteTaskSetRequest request) {
        called("deleteTaskSet");
        Set set = known(request.taskSet());
        set.status = "DRAINING";
        set.scale = 0;
        set.goneAt = time.now().plus(DRAIN);
        return DeleteTaskSetResponse.builder().taskSet(view(set)).build();
    }

    @Override
    public UpdateServicePrimaryTaskSetResponse updateServicePrimaryTaskSet(UpdateServicePrimaryTaskSetRequest request) {
        called("updateServicePrimaryTaskSet");
        Set next = known(request.primaryTaskSet());
        if (!next.isAlive()) {
            throw InvalidParameterException.builder().message("The task set is draining and cannot become the primary one.").build();
        }
        sets.stream().filter(set -> set.status.equals("PRIMARY")).forEach(set -> set.status = "ACTIVE");
        next.status = "PRIMARY";
        return UpdateServicePrimaryTaskSetResponse.builder().taskSet(view(next)).build();
    }

    private Set known(String arn) {
        Instant now = time.now();
        return find(set -> arn.endsWith(set.id) && (set.goneAt == null || now.isBefore(set.goneAt)))
                .orElseThrow(() -> TaskSetNotFoundException.builder().message("The specified task set does not exist.").build());
    }

    private void called(String operation) {
        callers.add(Caller.current().principal().arn());
        faults.check(operation);
    }

    private static String shortName(String nameOrArn) {
        return nameOrArn.substring(nameOrArn.lastIndexOf('/') + 1);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // nothing to close
    }
}
