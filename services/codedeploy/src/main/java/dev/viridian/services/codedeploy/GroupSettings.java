package dev.viridian.services.codedeploy;

import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codedeploy.model.AutoScalingGroup;
import software.amazon.awssdk.services.codedeploy.model.BlueGreenDeploymentConfiguration;
import software.amazon.awssdk.services.codedeploy.model.BlueInstanceTerminationOption;
import software.amazon.awssdk.services.codedeploy.model.ComputePlatform;
import software.amazon.awssdk.services.codedeploy.model.CreateDeploymentGroupRequest;
import software.amazon.awssdk.services.codedeploy.model.DeploymentGroupInfo;
import software.amazon.awssdk.services.codedeploy.model.DeploymentReadyAction;
import software.amazon.awssdk.services.codedeploy.model.DeploymentReadyOption;
import software.amazon.awssdk.services.codedeploy.model.InstanceAction;
import software.amazon.awssdk.services.codedeploy.model.UpdateDeploymentGroupRequest;

/// What requests make of a group's settings. Whether they are allowed is for [GroupRules] to say.
final class GroupSettings {
    private GroupSettings() {}

    static DeploymentGroupInfo of(CreateDeploymentGroupRequest request) {
        String config = Names.isMissing(request.deploymentConfigName()) ? DeploymentConfigs.ECS_DEFAULT : request.deploymentConfigName();
        DeploymentGroupInfo.Builder group = DeploymentGroupInfo.builder()
                .applicationName(request.applicationName())
                .deploymentGroupName(request.deploymentGroupName())
                .computePlatform(ComputePlatform.ECS)
                .deploymentConfigName(config)
                .serviceRoleArn(request.serviceRoleArn())
                .alarmConfiguration(request.alarmConfiguration())
                .autoRollbackConfiguration(request.autoRollbackConfiguration())
                .outdatedInstancesStrategy(request.outdatedInstancesStrategy())
                .deploymentStyle(request.deploymentStyle())
                .blueGreenDeploymentConfiguration(complete(request.blueGreenDeploymentConfiguration()))
                .loadBalancerInfo(request.loadBalancerInfo())
                .ec2TagSet(request.ec2TagSet())
                .onPremisesTagSet(request.onPremisesTagSet())
                .terminationHookEnabled(request.terminationHookEnabled())
                .ecsServices(request.ecsServices())
                .triggerConfigurations(request.triggerConfigurations())
                .ec2TagFilters(request.ec2TagFilters())
                .onPremisesInstanceTagFilters(request.onPremisesInstanceTagFilters());
        return group.autoScalingGroups(request.autoScalingGroups().stream().map(GroupSettings::autoScaling).toList()).build();
    }

    /// What the request leaves out stays as it was.
    static DeploymentGroupInfo changed(DeploymentGroupInfo old, UpdateDeploymentGroupRequest request) {
        DeploymentGroupInfo.Builder group = old.toBuilder();
        ifGiven(request.newDeploymentGroupName(), group::deploymentGroupName);
        ifGiven(request.deploymentConfigName(), group::deploymentConfigName);
        ifGiven(request.serviceRoleArn(), group::serviceRoleArn);
        ifGiven(request.alarmConfiguration(), group::alarmConfiguration);
        ifGiven(request.autoRollbackConfiguration(), group::autoRollbackConfiguration);
        ifGiven(request.outdatedInstancesStrategyAsString(), group::outdatedInstancesStrategy);
        ifGiven(request.deploymentStyle(), group::deploymentStyle);
        ifGiven(complete(request.blueGreenDeploymentConfiguration()), group::blueGreenDeploymentConfiguration);
        ifGiven(request.loadBalancerInfo(), group::loadBalancerInfo);
        ifGiven(request.ec2TagSet(), group::ec2TagSet);
        ifGiven(request.onPremisesTagSet(), group::onPremisesTagSet);
        ifGiven(request.terminationHookEnabled(), group::terminationHookEnabled);
        if (request.hasEcsServices()) {
            group.ecsServices(request.ecsServices());
        }
        if (request.hasTriggerConfigurations()) {
            group.triggerConfigurations(request.triggerConfigurations());
        }
        if (request.hasEc2TagFilters()) {
            group.ec2TagFilters(request.ec2TagFilters());
        }
        if (request.hasOnPremisesInstanceTagFilters()) {
            group.onPremisesInstanceTagFilters(request.onPremisesInstanceTagFilters());
        }
        if (request.hasAutoScalingGroups()) {
            group.autoScalingGroups(request.autoScalingGroups().stream().map(GroupSettings::autoScaling).toList());
        }
        return group.build();
    }

    /// Both wait times are always there: `aws ecs deploy` reads them and crashes without.
    private static @Nullable BlueGreenDeploymentConfiguration complete(@Nullable BlueGreenDeploymentConfiguration config) {
        if (config == null) {
            return null;
        }
        Optional<DeploymentReadyOption> ready = Optional.ofNullable(config.deploymentReadyOption());
        Optional<BlueInstanceTerminationOption> termination = Optional.ofNullable(config.terminateBlueInstancesOnDeploymentSuccess());
        return config.toBuilder()
                .deploymentReadyOption(option -> option
                        .actionOnTimeout(ready.map(DeploymentReadyOption::actionOnTimeoutAsString)
                                .orElse(DeploymentReadyAction.CONTINUE_DEPLOYMENT.toString()))
                        .waitTimeInMinutes(ready.map(DeploymentReadyOption::waitTimeInMinutes).orElse(0)))
                .terminateBlueInstancesOnDeploymentSuccess(option -> option
                        .action(termination.map(BlueInstanceTerminationOption::actionAsString).orElse(InstanceAction.TERMINATE.toString()))
                        .terminationWaitTimeInMinutes(termination.map(BlueInstanceTerminationOption::terminationWaitTimeInMinutes).orElse(0)))
                .build();
    }

    private static AutoScalingGroup autoScaling(String name) {
        return AutoScalingGroup.builder().name(name).build();
    }

    private static <T> void ifGiven(@Nullable T value, Consumer<T> setter) {
        if (value != null) {
            setter.accept(value);
        }
    }
}
