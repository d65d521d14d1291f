package dev.viridian.services.ecs;

import static dev.viridian.services.ecs.Refusals.invalid;

import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ecs.model.AssignPublicIp;
import software.amazon.awssdk.services.ecs.model.AwsVpcConfiguration;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.NetworkConfiguration;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Exception;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/// Whether networks and load balancers fit a task definition. Asks EC2 and ELB whether what is named exists.
///
/// Source: ECS API, `CreateService`, `RunTask`, `CreateTaskSet`; texts as observed.
final class NetworkRules {
    private final Ec2Client ec2;
    private final ElasticLoadBalancingV2Client elb;

    NetworkRules(Ec2Client ec2, ElasticLoadBalancingV2Client elb) {
        this.ec2 = ec2;
        this.elb = elb;
    }

    void checkNetwork(TaskDefinition definition, @Nullable NetworkConfiguration network, LaunchType launchType) {
        AwsVpcConfiguration vpc = network == null ? null : network.awsvpcConfiguration();
        if (definition.networkMode() != NetworkMode.AWSVPC) {
            if (vpc != null) {
                throw invalid("Network Configuration is not valid for the given networkMode of this task definition.");
            }
            return;
        }
        if (vpc == null) {
            throw invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
        }
        if (vpc.subnets().isEmpty()) {
            throw invalid("subnets can not be empty.");
        }
        if (vpc.assignPublicIp() == AssignPublicIp.ENABLED && launchType != LaunchType.FARGATE) {
            throw invalid("Assign public IP is not supported for this launch type.");
        }
        vpc.subnets().forEach(this::checkSubnet);
        vpc.securityGroups().forEach(this::checkSecurityGroup);
    }

    private void checkSubnet(String subnet) {
        try {
            ec2.describeSubnets(describe -> describe.subnetIds(subnet));
        } catch (AwsServiceException e) {
            throw invalid("Error retrieving subnet information for [" + subnet + "]: " + cause(e));
        }
    }

    private void checkSecurityGroup(String group) {
        try {
            ec2.describeSecurityGroups(describe -> describe.groupIds(group));
        } catch (AwsServiceException e) {
            throw invalid("Error retrieving security group information for [" + group + "]: " + cause(e));
        }
    }

    private static String cause(AwsServiceException e) {
        return e.awsErrorDetails() == null
                ? String.valueOf(e.getMessage())
                : e.awsErrorDetails().errorMessage() + " (ErrorCode: " + e.awsErrorDetails().errorCode() + ")";
    }

    void checkLoadBalancers(TaskDefinition definition, List<LoadBalancer> balancers) {
        boolean classic = balancers.stream().anyMatch(balancer -> balancer.loadBalancerName() != null);
        boolean modern = balancers.stream().anyMatch(balancer -> balancer.targetGroupArn() != null);
        if (classic && modern) {
            throw invalid("All loadBalancers must be strictly either ELBv1 (defining loadBalancerName) or ELBv2 (defining targetGroupArn)");
        }
        if (classic) {
            throw invalid("Classic load balancers are not available here.");
        }
        List<String> arns = balancers.stream().map(LoadBalancer::targetGroupArn).toList();
        arns.stream().filter(arn -> arns.indexOf(arn) != arns.lastIndexOf(arn)).findFirst().ifPresent(arn -> {
            throw invalid("Duplicate targetGroupArn found: " + arn);
        });
        balancers.forEach(balancer -> checkLoadBalancer(definition, balancer));
    }

    private void checkLoadBalancer(TaskDefinition definition, LoadBalancer balancer) {
        if (balancer.targetGroupArn() == null) {
            throw invalid("loadBalancerName and targetGroupArn cannot both be empty.");
        }
        if (balancer.containerName() == null || balancer.containerPort() == null) {
            throw invalid("containerName and containerPort must be specified for a load balancer.");
        }
        if (balancer.advancedConfiguration() != null) {
            throw invalid("advancedConfiguration is only for deployment strategies other than ROLLING, which are not available here.");
        }
        ContainerDefinition container = definition.containerDefinitions().stream().filter(one -> one.name().equals(balancer.containerName()))
                .findFirst()
                .orElseThrow(() -> invalid("The container " + balancer.containerName() + " does not exist in the task definition."));
        if (container.portMappings().stream().map(PortMapping::containerPort).noneMatch(balancer.containerPort()::equals)) {
            throw invalid("The container " + balancer.containerName() + " did not have a container port " + balancer.containerPort() + " defined.");
        }
        TargetGroup group = group(balancer.targetGroupArn());
        boolean own = definition.networkMode() == NetworkMode.AWSVPC;
        if (own && group.targetType() == TargetTypeEnum.INSTANCE) {
            throw incompatible(group, definition);
        }
        if (!own && group.targetType() == TargetTypeEnum.IP) {
            throw incompatible(group, definition);
        }
        if (group.loadBalancerArns().isEmpty()) {
            throw invalid("The target group with targetGroupArn " + group.targetGroupArn() + " does not have an associated load balancer.");
        }
    }

    private static RuntimeException incompatible(TargetGroup group, TaskDefinition definition) {
        return invalid("The provided target group " + group.targetGroupArn() + " has target type " + group.targetTypeAsString()
                + ", which is incompatible with the " + definition.networkModeAsString() + " network mode specified in the task definition.");
    }

    private TargetGroup group(String arn) {
        try {
            return elb.describeTargetGroups(describe -> describe.targetGroupArns(arn)).targetGroups().getFirst();
        } catch (ElasticLoadBalancingV2Exception e) {
            if (e instanceof TargetGroupNotFoundException || isInvalid(e)) {
                throw invalid("Unable to assume role and validate the specified targetGroupArn. Please verify that the ECS service role "
                        + "being passed has the proper permissions.");
            }
            throw e;
        }
    }

    /// As for an ARN that can be no target group's.
    private static boolean isInvalid(ElasticLoadBalancingV2Exception refusal) {
        return refusal.awsErrorDetails() != null && "ValidationError".equals(refusal.awsErrorDetails().errorCode());
    }
}
