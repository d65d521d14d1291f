package dev.viridian.services.ecs;

import dev.viridian.engine.time.Time;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.DeploymentCircuitBreaker;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;

/// Brings ECS's own deployments to an end: completed, or broken off by the circuit breaker, with or without going back.
///
/// Source: ECS Developer Guide, "Deployment circuit breaker"; reasons as documented.
final class Rollouts {
    private final ServiceTable services;
    private final ServiceEvents events;
    private final Time time;

    Rollouts(ServiceTable services, ServiceEvents events, Time time) {
        this.services = services;
        this.events = events;
        this.time = time;
    }

    static String inProgress(String id) {
        return "ECS deployment " + id + " in progress.";
    }

    /// True when something was changed, so that the service must be looked at anew.
    boolean settle(ServiceId id, ServiceRow row, ServiceLoop.Crew newest, List<ServiceLoop.Crew> older) {
        Workload deployment = newest.workload();
        if (deployment.rollout() != DeploymentRolloutState.IN_PROGRESS) {
            return false;
        }
        if (older.isEmpty() && ServiceDecision.isSteady(deployment.desired(), newest.members())) {
            services.note(id, deployment.rolling(DeploymentRolloutState.COMPLETED, "ECS deployment " + deployment.id() + " completed."));
            events.say(id, "(deployment " + deployment.id() + ") deployment completed.");
            return true;
        }
        DeploymentCircuitBreaker breaker = row.service().deploymentConfiguration().deploymentCircuitBreaker();
        boolean broken = breaker != null && Boolean.TRUE.equals(breaker.enable())
                && newest.failed() >= ServiceDecision.breakerThreshold(deployment.desired());
        if (broken) {
            breakOff(id, newest, older, Boolean.TRUE.equals(breaker.rollback()));
        }
        return broken;
    }

    private void breakOff(ServiceId id, ServiceLoop.Crew newest, List<ServiceLoop.Crew> older, boolean rollBack) {
        Workload failed = newest.workload();
        Optional<Workload> last = older.stream().map(ServiceLoop.Crew::workload).filter(one -> one.rollout() == DeploymentRolloutState.COMPLETED)
                .findFirst();
        events.say(id, "(deployment " + failed.id() + ") deployment failed: tasks failed to start.");
        if (!rollBack || last.isEmpty()) {
            services.note(id, failed.rolling(DeploymentRolloutState.FAILED, "ECS deployment circuit breaker: tasks failed to start."));
            return;
        }
        String back = last.get().id();
        services.note(id, failed.with(set -> set.status(Workload.ACTIVE).computedDesiredCount(0).updatedAt(time.now()))
                .rolling(DeploymentRolloutState.FAILED, "ECS deployment circuit breaker: rolling back to deploymentId " + back + "."));
        int desired = failed.set().computedDesiredCount();
        services.note(id, last.get().with(set -> set.status(Workload.PRIMARY).computedDesiredCount(desired).updatedAt(time.now()))
                .rolling(DeploymentRolloutState.IN_PROGRESS, inProgress(back)));
        services.update(id, row -> row.with(service -> service.taskDefinition(last.get().set().taskDefinition())
                .loadBalancers(last.get().set().loadBalancers())
                .networkConfiguration(last.get().set().networkConfiguration())));
        events.say(id, "(deployment " + failed.id() + ") rolling back to (deployment " + back + ").");
    }
}
