package dev.viridian.services.codedeploy.deployment;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.codedeploy.model.Alarm;
import software.amazon.awssdk.services.codedeploy.model.AlarmConfiguration;
import software.amazon.awssdk.services.codedeploy.model.AutoRollbackConfiguration;
import software.amazon.awssdk.services.codedeploy.model.AutoRollbackEvent;
import software.amazon.awssdk.services.codedeploy.model.BlueGreenDeploymentConfiguration;
import software.amazon.awssdk.services.codedeploy.model.BlueInstanceTerminationOption;
import software.amazon.awssdk.services.codedeploy.model.DeploymentCreator;
import software.amazon.awssdk.services.codedeploy.model.DeploymentGroupInfo;
import software.amazon.awssdk.services.codedeploy.model.DeploymentReadyAction;
import software.amazon.awssdk.services.codedeploy.model.DeploymentReadyOption;
import software.amazon.awssdk.services.codedeploy.model.ECSService;
import software.amazon.awssdk.services.codedeploy.model.ECSTaskSet;
import software.amazon.awssdk.services.codedeploy.model.InstanceAction;
import software.amazon.awssdk.services.codedeploy.model.RevisionLocation;
import software.amazon.awssdk.services.codedeploy.model.TargetGroupPairInfo;
import software.amazon.awssdk.services.codedeploy.model.TrafficRoutingConfig;

/// What was asked for when the deployment was created. Never changes, and holds a copy of the group as it was then.
///
/// @param config the name of the deployment configuration, and `routing` what it said
/// @param overrideAlarms what the caller gave in place of the group's alarms
/// @param rollback the group's or the caller's
/// @param rollbackOf of a rollback deployment, which deployment it takes back
public record Order(
        DeploymentGroupInfo group,
        String config,
        TrafficRoutingConfig routing,
        Optional<RevisionLocation> revision,
        Optional<RevisionLocation> previousRevision,
        Optional<String> description,
        DeploymentCreator creator,
        Optional<AlarmConfiguration> overrideAlarms,
        Optional<AutoRollbackConfiguration> rollback,
        Optional<Rollback> rollbackOf,
        Instant created) {

    /// @param deployment the one that failed or was stopped
    /// @param colors as that one had chosen them; absent when it never got so far
    /// @param split how far its traffic was when it ended
    /// @param taskSets as it last saw them
    public record Rollback(String deployment, Optional<Colors> colors, TrafficSplit split, List<ECSTaskSet> taskSets) {
        public Rollback {
            taskSets = List.copyOf(taskSets);
        }
    }

    /// Not named like a getter: the store's mapper would take it for a member of its own.
    public boolean rollsBackAnother() {
        return rollbackOf.isPresent();
    }

    public String role() {
        return group.serviceRoleArn();
    }

    public ECSService service() {
        return group.ecsServices().getFirst();
    }

    TargetGroupPairInfo pair() {
        return group.loadBalancerInfo().targetGroupPairInfoList().getFirst();
    }

    String productionListener() {
        return pair().prodTrafficRoute().listenerArns().getFirst();
    }

    Optional<String> testListener() {
        return Optional.ofNullable(pair().testTrafficRoute()).flatMap(route -> route.listenerArns().stream().findFirst());
    }

    Optional<AlarmConfiguration> alarms() {
        return overrideAlarms.or(() -> Optional.ofNullable(group.alarmConfiguration()));
    }

    Terms terms() {
        Optional<AlarmConfiguration> alarms = alarms().filter(config -> Boolean.TRUE.equals(config.enabled())).filter(_ -> !rollsBackAnother());
        return new Terms(
                routingOf(routing),
                testListener().isPresent(),
                readyWait(group.blueGreenDeploymentConfiguration()),
                terminationWait(group.blueGreenDeploymentConfiguration()),
                alarms.map(config -> config.alarms().stream().map(Alarm::name).toList()).orElse(List.of()),
                alarms.map(config -> Boolean.TRUE.equals(config.ignorePollAlarmFailure())).orElse(false),
                rollback.map(Order::causes).orElse(Set.of()));
    }

    /// What a configuration's routing means.
    static TrafficRouting routingOf(TrafficRoutingConfig config) {
        return switch (config.type()) {
            case TIME_BASED_CANARY -> new TrafficRouting.Canary(
                    config.timeBasedCanary().canaryPercentage(), Duration.ofMinutes(config.timeBasedCanary().canaryInterval()));
            case TIME_BASED_LINEAR -> new TrafficRouting.Linear(
                    config.timeBasedLinear().linearPercentage(), Duration.ofMinutes(config.timeBasedLinear().linearInterval()));
            case ALL_AT_ONCE -> new TrafficRouting.AllAtOnce();
            case UNKNOWN_TO_SDK_VERSION ->
                    throw new IllegalStateException("a deployment was accepted with a routing nobody knows: " + config.typeAsString());
        };
    }

    private static Optional<Duration> readyWait(BlueGreenDeploymentConfiguration config) {
        return Optional.ofNullable(config.deploymentReadyOption())
                .filter(option -> option.actionOnTimeout() == DeploymentReadyAction.STOP_DEPLOYMENT)
                .map(DeploymentReadyOption::waitTimeInMinutes)
                .map(Duration::ofMinutes);
    }

    private static Optional<Duration> terminationWait(BlueGreenDeploymentConfiguration config) {
        BlueInstanceTerminationOption option = config.terminateBlueInstancesOnDeploymentSuccess();
        if (option != null && option.action() == InstanceAction.KEEP_ALIVE) {
            return Optional.empty();
        }
        Integer minutes = option == null ? null : option.terminationWaitTimeInMinutes();
        return Optional.of(Duration.ofMinutes(minutes == null ? 0 : minutes));
    }

    private static Set<Terms.Cause> causes(AutoRollbackConfiguration config) {
        Set<Terms.Cause> causes = EnumSet.noneOf(Terms.Cause.class);
        if (Boolean.TRUE.equals(config.enabled())) {
            for (AutoRollbackEvent event : config.events()) {
                switch (event) {
                    case DEPLOYMENT_FAILURE -> causes.add(Terms.Cause.FAILURE);
                    case DEPLOYMENT_STOP_ON_ALARM -> causes.add(Terms.Cause.ALARM);
                    case DEPLOYMENT_STOP_ON_REQUEST -> causes.add(Terms.Cause.REQUEST);
                    case UNKNOWN_TO_SDK_VERSION -> throw new IllegalStateException("a deployment was accepted with a rollback event nobody knows");
                }
            }
        }
        return causes;
    }
}
