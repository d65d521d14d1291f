package dev.viridian.services.codedeploy.world;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Principal;
import dev.viridian.aws.shapes.ShapesMapper;
import dev.viridian.engine.store.SqliteStore;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.VirtualTime;
import dev.viridian.engine.work.Work;
import dev.viridian.services.codedeploy.CodeDeploy;
import dev.viridian.services.codedeploy.deployment.HookInvoker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.codedeploy.model.*;

/// Everything a deployment needs, and words to tell its story with.
public final class World {
    public static final String APPLICATION = "shop";
    public static final String GROUP = "shop-group";
    public static final String ROLE = "arn:aws:iam::111122223333:role/codedeploy";
    public static final String TARGET = "demo:web";
    public static final String APPSPEC = """
            version: 0.0
            Resources:
              - TargetService:
                  Type: AWS::ECS::Service
                  Properties:
                    TaskDefinition: "arn:aws:ecs:us-east-1:111122223333:task-definition/web:2"
                    LoadBalancerInfo:
                      ContainerName: "web"
                      ContainerPort: 80
            """;

    /// A call of a validation function.
    public record HookCall(String function, String payload) {
        public String executionId() {
            return payload.replaceAll(".*\"LifecycleEventHookExecutionId\":\"([^\"]+)\".*", "$1");
        }
    }

    public final VirtualTime time = new VirtualTime();
    public final FakeElb elb = new FakeElb(time);
    public final FakeEcs ecs = new FakeEcs(time, FakeElb.ONE);
    public final FakeCloudWatch cloudWatch = new FakeCloudWatch();
    public final FakeS3 s3 = new FakeS3();
    public final List<HookCall> hookCalls = new ArrayList<>();
    public HookInvoker hooks = (function, payload) -> hookCalls.add(new HookCall(function, payload));
    public Store store;
    public Work work;
    public CodeDeploy codeDeploy;

    public World() {
        this(store -> store);
    }

    /// @param wrap what stands between the service and its store
    public World(UnaryOperator<Store> wrap) {
        this.store = wrap.apply(SqliteStore.inMemory(ShapesMapper.create()));
        start();
    }

    /// What a crash and a restart leave: the store and the world outside.
    public void restart() {
        work.close();
        start();
    }

    private void start() {
        work = new Work(store, time, Runnable::run);
        codeDeploy = new CodeDeploy(store, work, time, ecs, elb, cloudWatch, s3, (function, payload) -> hooks.invoke(function, payload));
        work.start();
    }

    public static Caller user() {
        return new Caller("111122223333", "us-east-1", new Principal.Root("111122223333"), "request-1");
    }

    public <R> R asUser(Supplier<R> call) {
        return Caller.get(user(), call);
    }

    public void advance(Duration span) {
        time.advance(span);
    }

    public void minutes(long minutes) {
        time.advance(Duration.ofMinutes(minutes));
    }

    public void seconds(long seconds) {
        time.advance(Duration.ofSeconds(seconds));
    }

    // Words for what is created

    public World withApplication() {
        asUser(() -> codeDeploy.createApplication(request -> request.applicationName(APPLICATION).computePlatform(ComputePlatform.ECS)));
        return this;
    }

    /// All at once, with a test listener, blue kept for five minutes, rollback on everything, guarded by the alarm `errors`; and what `change`
    /// makes of it.
    public World withGroup(UnaryOperator<CreateDeploymentGroupRequest.Builder> change) {
        withApplication();
        asUser(() -> codeDeploy.createDeploymentGroup(change.apply(group()).build()));
        return this;
    }

    public World withGroup() {
        return withGroup(group -> group);
    }

    public static CreateDeploymentGroupRequest.Builder group() {
        return CreateDeploymentGroupRequest.builder()
                .applicationName(APPLICATION)
                .deploymentGroupName(GROUP)
                .serviceRoleArn(ROLE)
                .ecsServices(ECSService.builder().clusterName(FakeEcs.CLUSTER).serviceName(FakeEcs.SERVICE).build())
                .deploymentStyle(style -> style.deploymentType(DeploymentType.BLUE_GREEN).deploymentOption(DeploymentOption.WITH_TRAFFIC_CONTROL))
                .loadBalancerInfo(pair(FakeElb.PRODUCTION, FakeElb.TEST))
                .blueGreenDeploymentConfiguration(waits(0, 5))
                .alarmConfiguration(alarms -> alarms.enabled(true).alarms(Alarm.builder().name("errors").build()))
                .autoRollbackConfiguration(rollback -> rollback.enabled(true).events(
                        AutoRollbackEvent.DEPLOYMENT_FAILURE, AutoRollbackEvent.DEPLOYMENT_STOP_ON_ALARM,
                                AutoRollbackEvent.DEPLOYMENT_STOP_ON_REQUEST));
    }

    public static LoadBalancerInfo pair(String production, String... test) {
        TargetGroupPairInfo.Builder pair = TargetGroupPairInfo.builder()
                .targetGroups(TargetGroupInfo.builder().name("one").build(), TargetGroupInfo.builder().name("two").build())
                .prodTrafficRoute(route -> route.listenerArns(production));
        if (test.length > 0) {
            pair.testTrafficRoute(route -> route.listenerArns(test));
        }
        return LoadBalancerInfo.builder().targetGroupPairInfoList(pair.build()).build();
    }

    /// @param ready minutes; 0 means production moves without asking
    /// @param termination minutes; below 0 means blue is kept alive
    public static BlueGreenDeploymentConfiguration waits(int ready, int termination) {
        return BlueGreenDeploymentConfiguration.builder()
                .deploymentReadyOption(option -> option
                        .actionOnTimeout(ready == 0 ? DeploymentReadyAction.CONTINUE_DEPLOYMENT : DeploymentReadyAction.STOP_DEPLOYMENT)
                        .waitTimeInMinutes(ready))
                .terminateBlueInstancesOnDeploymentSuccess(option -> option
                        .action(termination < 0 ? InstanceAction.KEEP_ALIVE : InstanceAction.TERMINATE)
                        .terminationWaitTimeInMinutes(Math.max(0, termination)))
                .build();
    }

    public static AutoRollbackConfiguration noRollback() {
        return AutoRollbackConfiguration.builder().enabled(false).build();
    }

    // Words for what is done

    public String deploy() {
        return deploy(request -> request);
    }

    public String deploy(UnaryOperator<CreateDeploymentRequest.Builder> change) {
        CreateDeploymentRequest.Builder request = CreateDeploymentRequest.builder()
                .applicationName(APPLICATION)
                .deploymentGroupName(GROUP)
                .revision(content(APPSPEC));
        return asUser(() -> codeDeploy.createDeployment(change.apply(request).build()).deploymentId());
    }

    public static RevisionLocation content(String appspec) {
        return RevisionLocation.builder().revisionType(RevisionLocationType.APP_SPEC_CONTENT).appSpecContent(spec -> spec.content(appspec)).build();
    }

    /// The AppSpec with functions for these events, each named after its event.
    public static RevisionLocation withHooks(String... events) {
        StringBuilder text = new StringBuilder(APPSPEC).append("Hooks:\n");
        for (String event : events) {
            text.append("  - ").append(event).append(": \"CodeDeployHook_").append(event).append("\"\n");
        }
        return content(text.toString());
    }

    public void report(String deployment, LifecycleEventStatus status) {
        asUser(() -> codeDeploy.putLifecycleEventHookExecutionStatus(
                request -> request.deploymentId(deployment).lifecycleEventHookExecutionId(hookCalls.getLast().executionId()).status(status)));
    }

    public void proceed(String deployment, DeploymentWaitType wait) {
        asUser(() -> codeDeploy.continueDeployment(request -> request.deploymentId(deployment).deploymentWaitType(wait)));
    }

    public StopDeploymentResponse stop(String deployment) {
        return asUser(() -> codeDeploy.stopDeployment(request -> request.deploymentId(deployment)));
    }

    // Words for what is seen

    public DeploymentInfo info(String deployment) {
        return asUser(() -> codeDeploy.getDeployment(request -> request.deploymentId(deployment)).deploymentInfo());
    }

    public DeploymentStatus status(String deployment) {
        return info(deployment).status();
    }

    public ECSTarget target(String deployment) {
        return asUser(() -> codeDeploy.getDeploymentTarget(request -> request.deploymentId(deployment).targetId(TARGET)).deploymentTarget()
                .ecsTarget());
    }

    /// As in `BeforeInstall=Succeeded`.
    public List<String> events(String deployment) {
        return target(deployment).lifecycleEvents().stream().map(event -> event.lifecycleEventName() + "=" + event.statusAsString()).toList();
    }

    /// As in `Blue ecs-svc/1000 PRIMARY 100`.
    public List<String> taskSets(String deployment) {
        return target(deployment).taskSetsInfo().stream()
                .map(set -> set.taskSetLabelAsString() + " " + set.identifer() + " " + set.status() + " " + set.trafficWeight().intValue())
                .toList();
    }

    /// The share of `group` on the production listener, in percent.
    public int share(String group) {
        return elb.weights(FakeElb.PRODUCTION).getOrDefault(group, 0);
    }
}
