package dev.viridian.services.codedeploy.deployment;

import dev.viridian.services.codedeploy.appspec.AppSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.services.codedeploy.model.*;

/// Deployments in any phase, for tests of what is decided about them.
final class DeploymentBuilder {
    private static final Colors COLORS = new Colors("ecs-svc/blue", new Colors.Side("one", "arn:one"), new Colors.Side("two", "arn:two"));

    private final Phase phase;
    private TrafficRoutingConfig routing = TrafficRoutingConfig.builder().type(TrafficRoutingType.ALL_AT_ONCE).build();
    private boolean testRoute = true;
    private int readyMinutes;
    private boolean keepBlue;
    private List<AutoRollbackEvent> rollbackOn = List.of();
    private boolean alarms;
    private boolean ignoreUnreadable;
    private Map<String, String> hooks = Map.of();
    private Signals signals = Signals.NONE;
    private boolean rollback;
    private Consumer<Progress.Draft> progress = draft -> { };

    private DeploymentBuilder(Phase phase) {
        this.phase = phase;
    }

    static DeploymentBuilder aDeployment(Phase phase) {
        return new DeploymentBuilder(phase);
    }

    DeploymentBuilder linear(int percent, int minutes) {
        routing = TrafficRoutingConfig.builder().type(TrafficRoutingType.TIME_BASED_LINEAR)
                .timeBasedLinear(linear -> linear.linearPercentage(percent).linearInterval(minutes)).build();
        return this;
    }

    DeploymentBuilder testRoute(boolean exists) {
        testRoute = exists;
        return this;
    }

    DeploymentBuilder readyWait(int minutes) {
        readyMinutes = minutes;
        return this;
    }

    DeploymentBuilder keepingBlue() {
        keepBlue = true;
        return this;
    }

    DeploymentBuilder rollingBackOn(AutoRollbackEvent... events) {
        rollbackOn = List.of(events);
        return this;
    }

    DeploymentBuilder watched(boolean ignoreUnreadable) {
        this.alarms = true;
        this.ignoreUnreadable = ignoreUnreadable;
        return this;
    }

    DeploymentBuilder hook(String event) {
        hooks = Map.of(event, "function");
        return this;
    }

    DeploymentBuilder signals(Signals signals) {
        this.signals = signals;
        return this;
    }

    DeploymentBuilder asRollback() {
        rollback = true;
        return this;
    }

    DeploymentBuilder progress(Consumer<Progress.Draft> change) {
        progress = progress.andThen(change);
        return this;
    }

    Deployment build() {
        return new Deployment("111122223333", "us-east-1", "d-000000001", order(), progressNow(), signals);
    }

    private Progress progressNow() {
        Progress.Draft draft = Progress.created(EventLog.pending(testRoute), Instant.EPOCH).draft();
        draft.phase = phase;
        draft.spec = new AppSpec("arn:td", "web", 80, Optional.empty(), Optional.empty(), List.of(), hooks);
        draft.colors = COLORS;
        progress.accept(draft);
        return draft.finish(Instant.EPOCH);
    }

    private Order order() {
        TargetGroupPairInfo.Builder pair = TargetGroupPairInfo.builder().prodTrafficRoute(route -> route.listenerArns("arn:production"));
        if (testRoute) {
            pair.testTrafficRoute(route -> route.listenerArns("arn:test"));
        }
        DeploymentGroupInfo group = DeploymentGroupInfo.builder()
                .serviceRoleArn("arn:aws:iam::111122223333:role/codedeploy")
                .loadBalancerInfo(info -> info.targetGroupPairInfoList(pair.build()))
                .alarmConfiguration(config -> config.enabled(alarms).ignorePollAlarmFailure(ignoreUnreadable).alarms(Alarm.builder()
                        .name("errors")
                        .build()))
                .blueGreenDeploymentConfiguration(config -> config
                        .deploymentReadyOption(option -> option
                                .actionOnTimeout(readyMinutes == 0 ? DeploymentReadyAction.CONTINUE_DEPLOYMENT
                                        : DeploymentReadyAction.STOP_DEPLOYMENT)
                                .waitTimeInMinutes(readyMinutes))
                        .terminateBlueInstancesOnDeploymentSuccess(option -> option
                                .action(keepBlue ? InstanceAction.KEEP_ALIVE : InstanceAction.TERMINATE)
                                .terminationWaitTimeInMinutes(5)))
                .build();
        Optional<Order.Rollback> rollbackOf =
                rollback ? Optional.of(new Order.Rollback("d-000000000", Optional.of(COLORS), TrafficSplit.ALL_BLUE, List.of())) : Optional.empty();
        return new Order(
                group, "config", routing, Optional.empty(), Optional.empty(), Optional.empty(), DeploymentCreator.USER, Optional.empty(),
                Optional.of(AutoRollbackConfiguration.builder()
                        .enabled(!rollbackOn.isEmpty())
                        .events(rollbackOn)
                        .build()), rollbackOf, Instant.EPOCH);
    }
}
