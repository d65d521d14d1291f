package dev.viridian.services.codedeploy;

import dev.viridian.aws.Caller;
import dev.viridian.services.codedeploy.deployment.AwsFailure;
import dev.viridian.services.codedeploy.deployment.Colors;
import dev.viridian.services.codedeploy.deployment.Listeners;
import dev.viridian.services.codedeploy.deployment.TrafficSplit;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.codedeploy.model.DeploymentConfigInfo;
import software.amazon.awssdk.services.codedeploy.model.DeploymentGroupInfo;
import software.amazon.awssdk.services.codedeploy.model.ECSService;
import software.amazon.awssdk.services.codedeploy.model.InvalidEcsServiceException;
import software.amazon.awssdk.services.codedeploy.model.InvalidTrafficRoutingConfigurationException;
import software.amazon.awssdk.services.codedeploy.model.TargetGroupInfo;
import software.amazon.awssdk.services.codedeploy.model.TargetGroupPairInfo;
import software.amazon.awssdk.services.codedeploy.model.TrafficRoute;
import software.amazon.awssdk.services.codedeploy.model.TrafficRoutingType;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.DescribeServicesResponse;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.TaskSet;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Exception;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;

/// Checks a deployment group against what exists, and gets the production listener ready for it. Everything is asked and done with the group's
/// service role.
final class GroupWorld {
    private final EcsClient ecs;
    private final ElasticLoadBalancingV2Client elb;
    private final Listeners listeners;

    GroupWorld(EcsClient ecs, ElasticLoadBalancingV2Client elb) {
        this.ecs = ecs;
        this.elb = elb;
        this.listeners = new Listeners(elb);
    }

    /// Refuses a group that cannot work.
    void admit(DeploymentGroupInfo group, DeploymentConfigInfo config) {
        asRole(group, () -> {
            Service service = service(group.ecsServices().getFirst());
            checkPair(pair(group), service, config);
        });
    }

    /// Lets the production listener carry both groups, the one that does not serve with weight 0, so that its targets are health-checked from the
    /// start. Nothing is touched when the listener does not serve what the service runs: the next deployment will say so.
    ///
    /// Source: a listener read back on AWS right after the group was created.
    void prepare(DeploymentGroupInfo group) {
        asRole(group, () -> {
            List<TargetGroup> groups = targetGroups(pair(group));
            String listener = production(pair(group));
            Optional<TaskSet> primary = primary(service(group.ecsServices().getFirst()));
            String serving = primary.map(GroupWorld::servedBy).orElse("");
            if (listeners.groupsBehind(listener).contains(serving)) {
                Colors.Side blue = side(groups, true, serving);
                Colors.Side green = side(groups, false, serving);
                listeners.divide(listener, new Colors(primary.orElseThrow().id(), blue, green), TrafficSplit.ALL_BLUE);
            }
        });
    }

    private static void asRole(DeploymentGroupInfo group, Runnable body) {
        Caller here = Caller.current();
        Caller.run(Caller.service("codedeploy.amazonaws.com", here.account(), here.region()).as(group.serviceRoleArn(), "codedeploy"), () -> {
            try {
                body.run();
            } catch (ElasticLoadBalancingV2Exception e) {
                throw GroupRules.pair(new AwsFailure(e).message());
            }
        });
    }

    private Service service(ECSService name) {
        DescribeServicesResponse answer;
        try {
            answer = ecs.describeServices(request -> request.cluster(name.clusterName()).services(name.serviceName()));
        } catch (EcsException e) {
            throw notLoaded(name, new AwsFailure(e).message());
        }
        Service service = answer.services().stream()
                .filter(found -> !"INACTIVE".equals(found.status()))
                .findFirst()
                .orElseThrow(() -> notLoaded(name, answer.failures().isEmpty() ? "Service not found." : answer.failures().getFirst().reason()));
        if (service.deploymentController() == null || service.deploymentController().type() != DeploymentControllerType.CODE_DEPLOY) {
            throw InvalidEcsServiceException.builder()
                    .message("Deployment group's ECS service must be configured for a CODE_DEPLOY deployment controller.")
                    .build();
        }
        return service;
    }

    private static InvalidEcsServiceException notLoaded(ECSService name, String cause) {
        return InvalidEcsServiceException.builder()
                .message("Could not load ECS service information for cluster: " + name.clusterName()
                        + ", service: " + name.serviceName() + ". Cause: " + cause)
                .build();
    }

    private void checkPair(TargetGroupPairInfo pair, Service service, DeploymentConfigInfo config) {
        List<TargetGroup> groups = targetGroups(pair);
        Listener production = listeners.listener(production(pair));
        Optional<Listener> test = Optional.ofNullable(pair.testTrafficRoute())
                .map(TrafficRoute::listenerArns)
                .map(arns -> listeners.listener(arns.getFirst()));
        checkAlike(groups.getFirst(), groups.getLast());
        if (test.filter(listener -> !listener.loadBalancerArn().equals(production.loadBalancerArn())).isPresent()) {
            throw GroupRules.pair("its listeners belong to different load balancers");
        }
        groups.forEach(group -> checkBalancer(group, production));
        checkRouting(production.listenerArn(), config);
        Optional<String> serving = primary(service).map(GroupWorld::servedBy);
        if (serving.isPresent() && groups.stream().noneMatch(group -> group.targetGroupArn().equals(serving.get()))) {
            throw GroupRules.pair("neither of its target groups is the one of the service's primary task set");
        }
    }

    private List<TargetGroup> targetGroups(TargetGroupPairInfo pair) {
        return pair.targetGroups().stream().map(TargetGroupInfo::name).map(this::targetGroup).toList();
    }

    private TargetGroup targetGroup(String name) {
        return elb.describeTargetGroups(request -> request.names(name)).targetGroups().stream()
                .findFirst()
                .orElseThrow(() -> GroupRules.pair("target group " + name + " does not exist"));
    }

    private static void checkAlike(TargetGroup one, TargetGroup other) {
        if (one.protocol() != other.protocol()) {
            throw GroupRules.pair("its target groups have different protocols");
        }
        if (one.vpcId() != null && other.vpcId() != null && !one.vpcId().equals(other.vpcId())) {
            throw GroupRules.pair("its target groups belong to different VPCs");
        }
    }

    private static void checkBalancer(TargetGroup group, Listener production) {
        boolean elsewhere = group.loadBalancerArns().stream().anyMatch(arn -> !arn.equals(production.loadBalancerArn()));
        if (elsewhere) {
            throw GroupRules.pair("target group " + group.targetGroupName() + " is used by another load balancer than the production listener's");
        }
    }

    /// A network load balancer cannot divide traffic.
    static void checkRouting(String productionListener, DeploymentConfigInfo config) {
        if (productionListener.contains(":listener/net/") && config.trafficRoutingConfig().type() != TrafficRoutingType.ALL_AT_ONCE) {
            throw InvalidTrafficRoutingConfigurationException.builder()
                    .message("Only ALB supports gradual traffic routing,"
                            + " use AllAtOnce Traffic routing instead when you create/update Deployment group.")
                    .build();
        }
    }

    private static Optional<TaskSet> primary(Service service) {
        return service.taskSets().stream().filter(set -> "PRIMARY".equals(set.status())).findFirst();
    }

    private static String servedBy(TaskSet set) {
        return set.loadBalancers().isEmpty() ? "" : set.loadBalancers().getFirst().targetGroupArn();
    }

    private static Colors.Side side(List<TargetGroup> groups, boolean serves, String serving) {
        return groups.stream()
                .filter(group -> group.targetGroupArn().equals(serving) == serves)
                .findFirst()
                .map(group -> new Colors.Side(group.targetGroupName(), group.targetGroupArn()))
                .orElseThrow();
    }

    private static TargetGroupPairInfo pair(DeploymentGroupInfo group) {
        return group.loadBalancerInfo().targetGroupPairInfoList().getFirst();
    }

    private static String production(TargetGroupPairInfo pair) {
        return pair.prodTrafficRoute().listenerArns().getFirst();
    }
}
