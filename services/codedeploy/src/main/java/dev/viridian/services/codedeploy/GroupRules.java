package dev.viridian.services.codedeploy;

import dev.viridian.aws.Arn;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codedeploy.model.BlueGreenDeploymentConfiguration;
import software.amazon.awssdk.services.codedeploy.model.BlueInstanceTerminationOption;
import software.amazon.awssdk.services.codedeploy.model.DeploymentGroupInfo;
import software.amazon.awssdk.services.codedeploy.model.DeploymentOption;
import software.amazon.awssdk.services.codedeploy.model.DeploymentReadyAction;
import software.amazon.awssdk.services.codedeploy.model.DeploymentReadyOption;
import software.amazon.awssdk.services.codedeploy.model.DeploymentStyle;
import software.amazon.awssdk.services.codedeploy.model.DeploymentType;
import software.amazon.awssdk.services.codedeploy.model.InstanceAction;
import software.amazon.awssdk.services.codedeploy.model.InvalidAutoScalingGroupException;
import software.amazon.awssdk.services.codedeploy.model.InvalidBlueGreenDeploymentConfigurationException;
import software.amazon.awssdk.services.codedeploy.model.InvalidDeploymentStyleException;
import software.amazon.awssdk.services.codedeploy.model.InvalidEc2TagException;
import software.amazon.awssdk.services.codedeploy.model.InvalidEcsServiceException;
import software.amazon.awssdk.services.codedeploy.model.InvalidLoadBalancerInfoException;
import software.amazon.awssdk.services.codedeploy.model.InvalidRoleException;
import software.amazon.awssdk.services.codedeploy.model.InvalidTagException;
import software.amazon.awssdk.services.codedeploy.model.InvalidTargetGroupPairException;
import software.amazon.awssdk.services.codedeploy.model.LoadBalancerInfo;
import software.amazon.awssdk.services.codedeploy.model.RoleRequiredException;
import software.amazon.awssdk.services.codedeploy.model.TargetGroupPairInfo;
import software.amazon.awssdk.services.codedeploy.model.TrafficRoute;

/// What a deployment group of an ECS application may say, as far as the request alone tells. Most texts were observed on AWS.
final class GroupRules {
    private static final int LONGEST_READY_WAIT = 7200;
    private static final int LONGEST_TERMINATION_WAIT = 2880;

    private GroupRules() {}

    static void check(DeploymentGroupInfo group) {
        role(group.serviceRoleArn());
        style(group.deploymentStyle());
        nothingOfServers(group);
        loadBalancer(group.loadBalancerInfo());
        blueGreen(group.blueGreenDeploymentConfiguration());
        service(group);
        GuardRules.rollback(group.autoRollbackConfiguration());
        GuardRules.alarms(group.alarmConfiguration());
        GuardRules.triggers(group.triggerConfigurations());
    }

    private static void role(@Nullable String role) {
        if (Names.isMissing(role)) {
            throw RoleRequiredException.builder().message("The role ID was not specified.").build();
        }
        if (!Arn.isArn(role) || !Arn.parse(role).service().equals("iam") || !Arn.parse(role).resource().startsWith("role/")) {
            throw InvalidRoleException.builder().message("The service role ARN is not valid: " + role).build();
        }
    }

    private static void style(@Nullable DeploymentStyle style) {
        boolean right = style != null
                && style.deploymentType() == DeploymentType.BLUE_GREEN
                && style.deploymentOption() == DeploymentOption.WITH_TRAFFIC_CONTROL;
        if (!right) {
            throw InvalidDeploymentStyleException.builder()
                    .message("For ECS deployment, the deployment type must be BLUE_GREEN, and deployment option must be WITH_TRAFFIC_CONTROL.")
                    .build();
        }
    }

    private static void nothingOfServers(DeploymentGroupInfo group) {
        if (!group.autoScalingGroups().isEmpty()) {
            throw InvalidAutoScalingGroupException.builder().message("For ECS deployment group, autoScalingGroups can not be specified").build();
        }
        if (!group.ec2TagFilters().isEmpty() || group.ec2TagSet() != null) {
            throw InvalidEc2TagException.builder().message("For ECS deployment group, ec2TagFilters can not be specified").build();
        }
        if (!group.onPremisesInstanceTagFilters().isEmpty() || group.onPremisesTagSet() != null) {
            throw InvalidTagException.builder().message("For ECS deployment group, onPremisesInstanceTagFilters can not be specified").build();
        }
    }

    private static void loadBalancer(@Nullable LoadBalancerInfo info) {
        if (info == null) {
            throw loadBalancer("For ECS deployment group, loadBalancerInfo must be specified");
        }
        if (!info.elbInfoList().isEmpty()) {
            throw loadBalancer("For ECS deployment group, loadBalancerInfo must not contain elbInfo list");
        }
        if (!info.targetGroupInfoList().isEmpty()) {
            throw loadBalancer("For ECS deployment group, loadBalancerInfo must not contain targetGroupInfo list");
        }
        if (info.targetGroupPairInfoList().size() != 1) {
            throw pair("exactly one targetGroupPairInfo must be given");
        }
        pair(info.targetGroupPairInfoList().getFirst());
    }

    private static void pair(TargetGroupPairInfo pair) {
        List<String> names = pair.targetGroups().stream().map(group -> group.name() == null ? "" : group.name()).toList();
        if (names.size() != 2 || names.contains("") || names.getFirst().equals(names.getLast())) {
            throw pair("it must name two different target groups");
        }
        route("prodTrafficRoute", pair.prodTrafficRoute());
        if (pair.testTrafficRoute() != null) {
            route("testTrafficRoute", pair.testTrafficRoute());
        }
    }

    /// A rule's ARN is not taken: CodeDeploy edits every rule of a listener that forwards to the pair.
    private static void route(String name, @Nullable TrafficRoute route) {
        if (route == null || route.listenerArns().size() != 1) {
            throw pair("its " + name + " must name exactly one listener");
        }
        String arn = route.listenerArns().getFirst();
        if (!Arn.isArn(arn) || !Arn.parse(arn).resource().startsWith("listener/")) {
            throw pair("its " + name + " must be the ARN of a listener, not " + arn);
        }
    }

    private static void blueGreen(@Nullable BlueGreenDeploymentConfiguration config) {
        if (config == null) {
            throw blueGreen("For ECS deployment group, blueGreenDeploymentConfiguration must be specified");
        }
        if (config.greenFleetProvisioningOption() != null) {
            throw blueGreen("For ECS deployment group, greenFleetProvisioningOption can not be specified");
        }
        if (config.deploymentReadyOption() != null) {
            ready(config.deploymentReadyOption());
        }
        BlueInstanceTerminationOption termination = config.terminateBlueInstancesOnDeploymentSuccess();
        if (termination != null) {
            termination(termination);
        }
    }

    private static void ready(DeploymentReadyOption option) {
        int minutes = option.waitTimeInMinutes() == null ? 0 : option.waitTimeInMinutes();
        if (option.actionOnTimeout() == DeploymentReadyAction.UNKNOWN_TO_SDK_VERSION) {
            throw blueGreen("deploymentReadyOption has an unknown actionOnTimeout: " + option.actionOnTimeoutAsString());
        }
        boolean stops = option.actionOnTimeout() == DeploymentReadyAction.STOP_DEPLOYMENT;
        if (stops && (minutes < 1 || minutes > LONGEST_READY_WAIT)) {
            throw blueGreen("With STOP_DEPLOYMENT, waitTimeInMinutes must be from 1 to " + LONGEST_READY_WAIT + ", not " + minutes);
        }
        if (!stops && minutes != 0) {
            throw blueGreen("With CONTINUE_DEPLOYMENT, waitTimeInMinutes must be 0 or absent, not " + minutes);
        }
    }

    private static void termination(BlueInstanceTerminationOption option) {
        if (option.action() == InstanceAction.UNKNOWN_TO_SDK_VERSION) {
            throw blueGreen("terminateBlueInstancesOnDeploymentSuccess has an unknown action: " + option.actionAsString());
        }
        int minutes = option.terminationWaitTimeInMinutes() == null ? 0 : option.terminationWaitTimeInMinutes();
        if (minutes < 0 || minutes > LONGEST_TERMINATION_WAIT) {
            throw blueGreen("terminationWaitTimeInMinutes must be from 0 to " + LONGEST_TERMINATION_WAIT + ", not " + minutes);
        }
    }

    private static void service(DeploymentGroupInfo group) {
        boolean right = group.ecsServices().size() == 1
                && !Names.isMissing(group.ecsServices().getFirst().serviceName())
                && !Names.isMissing(group.ecsServices().getFirst().clusterName());
        if (!right) {
            throw InvalidEcsServiceException.builder()
                    .message("For ECS deployment group, exactly one ECS service must be specified with its cluster")
                    .build();
        }
    }

    /// The beginning was observed on AWS; what follows it is ours.
    static InvalidTargetGroupPairException pair(String why) {
        return InvalidTargetGroupPairException.builder()
                .message("A deployment group associated with an application that uses the ECS compute platform must contain a valid pair of"
                        + " target groups that identify a load balancer. The target group pair is not valid: " + why + ".")
                .build();
    }

    private static InvalidLoadBalancerInfoException loadBalancer(String message) {
        return InvalidLoadBalancerInfoException.builder().message(message).build();
    }

    private static InvalidBlueGreenDeploymentConfigurationException blueGreen(String message) {
        return InvalidBlueGreenDeploymentConfigurationException.builder().message(message).build();
    }
}
