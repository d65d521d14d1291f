package dev.viridian.services.codedeploy.deployment;

import dev.viridian.services.codedeploy.appspec.AppSpec;
import dev.viridian.services.codedeploy.deployment.Observed.Readiness;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.codedeploy.model.ECSService;
import software.amazon.awssdk.services.codedeploy.model.TargetGroupInfo;
import software.amazon.awssdk.services.ecs.model.DeploymentController;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.TaskSet;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupNotFoundException;

/// Looks at the world through other services' APIs, no further than the phase needs. Called with the service role's session bound.
final class Observer {
    private final TaskSets taskSets;
    private final Listeners listeners;
    private final ElasticLoadBalancingV2Client elb;
    private final AlarmWatch alarms;
    private final RevisionReader revisions;

    Observer(TaskSets taskSets, Listeners listeners, ElasticLoadBalancingV2Client elb, AlarmWatch alarms, RevisionReader revisions) {
        this.taskSets = taskSets;
        this.listeners = listeners;
        this.elb = elb;
        this.alarms = alarms;
        this.revisions = revisions;
    }

    Observed observe(Deployment deployment) {
        Alarms verdict = deployment.phase().canBeInterrupted() ? alarms.poll(deployment) : new Alarms.Quiet();
        if (verdict instanceof Alarms.Active || deployment.signals().stop().isPresent() && deployment.phase().canBeInterrupted()) {
            return Observed.onlyAlarms(verdict);
        }
        return switch (deployment.phase()) {
            case CREATED -> deployment.rollsBackAnother()
                    ? Observed.onlyAlarms(verdict)
                    : new Observed(verdict, readiness(deployment), Fleet.EMPTY, false);
            case INSTALL -> installing(deployment, verdict);
            case ALLOW_TRAFFIC, TERMINATION_WAIT, TERMINATING_BLUE, RETURNING_TRAFFIC, RESTORING_BLUE, REMOVING_GREEN ->
                new Observed(verdict, new Readiness.NotAsked(), taskSets.fleet(deployment), true);
            case BEFORE_INSTALL, AFTER_INSTALL, ALLOW_TEST_TRAFFIC, AFTER_ALLOW_TEST_TRAFFIC, READY, BEFORE_ALLOW_TRAFFIC, AFTER_ALLOW_TRAFFIC,
                    SUCCEEDED, FAILED, STOPPED -> Observed.onlyAlarms(verdict);
        };
    }

    /// The listener matters until green exists; afterwards nobody but the shift touches it.
    private Observed installing(Deployment deployment, Alarms verdict) {
        Fleet fleet = taskSets.fleet(deployment);
        boolean prepared = fleet.green().isPresent()
                || listeners.divides(deployment.order().productionListener(), deployment.colors().orElseThrow(), TrafficSplit.ALL_BLUE);
        return new Observed(verdict, new Readiness.NotAsked(), fleet, prepared);
    }

    private Readiness readiness(Deployment deployment) {
        Order order = deployment.order();
        try {
            Optional<Service> service = taskSets.service(order.service());
            Optional<Fault> unusable = unusable(order.service(), service);
            return unusable.isPresent() ? new Readiness.Unfit(unusable.get()) : readiness(order, service.orElseThrow());
        } catch (RevisionReader.Unusable e) {
            return new Readiness.Unfit(e.fault());
        }
    }

    private Readiness readiness(Order order, Service service) throws RevisionReader.Unusable {
        AppSpec spec = revisions.read(order.revision().orElseThrow());
        Optional<TaskSet> primary = TaskSets.primary(service);
        if (primary.isEmpty()) {
            return new Readiness.Unfit(Fault.serviceUnusable("The ECS service " + service.serviceName() + " has no primary task set."));
        }
        String serving = primary.get().loadBalancers().isEmpty() ? "" : primary.get().loadBalancers().getFirst().targetGroupArn();
        List<Colors.Side> pair = pair(order.pair().targetGroups());
        Optional<Colors.Side> blue = pair.stream().filter(side -> side.arn().equals(serving)).findFirst();
        Optional<Colors.Side> green = pair.stream().filter(side -> !side.arn().equals(serving)).findFirst();
        if (blue.isEmpty() || green.isEmpty() || !isBehind(order.productionListener(), serving)) {
            return new Readiness.Unfit(Fault.primaryNotBehind(order.productionListener()));
        }
        return new Readiness.Fit(spec, new Colors(primary.get().id(), blue.get(), green.get()));
    }

    private boolean isBehind(String listener, String targetGroup) {
        Set<String> groups = listeners.groupsBehind(listener);
        return groups.contains(targetGroup);
    }

    private static Optional<Fault> unusable(ECSService name, Optional<Service> service) {
        if (service.filter(found -> "ACTIVE".equals(found.status())).isEmpty()) {
            return Optional.of(Fault.serviceUnusable(
                    "The ECS service " + name.serviceName() + " in cluster " + name.clusterName() + " does not exist or is not active."));
        }
        DeploymentController controller = service.get().deploymentController();
        return controller != null && controller.type() == DeploymentControllerType.CODE_DEPLOY
                ? Optional.empty()
                : Optional.of(Fault.serviceUnusable("Deployment group's ECS service must be configured for a CODE_DEPLOY deployment controller."));
    }

    /// In the order of the group; a name nobody has is left out.
    private List<Colors.Side> pair(List<TargetGroupInfo> names) {
        return names.stream().map(TargetGroupInfo::name).flatMap(name -> targetGroup(name).stream()).toList();
    }

    private Optional<Colors.Side> targetGroup(String name) {
        try {
            return elb.describeTargetGroups(request -> request.names(name)).targetGroups().stream().findFirst().map(Observer::side);
        } catch (TargetGroupNotFoundException e) {
            return Optional.empty();
        }
    }

    private static Colors.Side side(TargetGroup group) {
        return new Colors.Side(group.targetGroupName(), group.targetGroupArn());
    }
}
