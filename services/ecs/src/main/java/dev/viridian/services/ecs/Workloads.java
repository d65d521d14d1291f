package dev.viridian.services.ecs;

import dev.viridian.aws.Ids;
import dev.viridian.engine.time.Time;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.Scale;
import software.amazon.awssdk.services.ecs.model.ScaleUnit;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.StabilityStatus;
import software.amazon.awssdk.services.ecs.model.TaskSet;

/// Makes and changes workloads; each change that alters how many tasks are meant makes the workload unsteady in the same transaction, so that nobody
/// who looks right afterwards takes the old rest for the new one.
final class Workloads {
    private final ServiceTable services;
    private final Time time;

    Workloads(ServiceTable services, Time time) {
        this.services = services;
        this.time = time;
    }

    /// A workload as the service describes it now; the service's newest deployment or first task set.
    Workload primary(ServiceId id, Service service, boolean rolling) {
        String workloadId = newId();
        TaskSet.Builder set = like(id, service, workloadId).status(Workload.PRIMARY);
        if (rolling) {
            set.startedBy(workloadId);
            Workload made = Workload.of(sized(set.build(), service.desiredCount()));
            return made.rolling(DeploymentRolloutState.IN_PROGRESS, Rollouts.inProgress(workloadId));
        }
        return Workload.of(scaled(set.startedBy("CODE_DEPLOY").build(), 100, service.desiredCount()));
    }

    TaskSet.Builder like(ServiceId id, Service service, String workloadId) {
        TaskSet.Builder set = TaskSet.builder()
                .id(workloadId)
                .taskSetArn(id.taskSetArn(workloadId))
                .serviceArn(id.arn())
                .clusterArn(id.cluster().arn())
                .taskDefinition(service.taskDefinition())
                .createdAt(time.now())
                .updatedAt(time.now())
                .platformVersion(service.platformVersion())
                .platformFamily(service.platformFamily())
                .networkConfiguration(service.networkConfiguration())
                .loadBalancers(service.loadBalancers())
                .serviceRegistries(List.of())
                .tags(List.of());
        if (service.hasCapacityProviderStrategy() && !service.capacityProviderStrategy().isEmpty()) {
            set.capacityProviderStrategy(service.capacityProviderStrategy());
        } else {
            set.launchType(service.launchType() == null ? LaunchType.EC2 : service.launchType());
        }
        return set;
    }

    static String newId() {
        return "ecs-svc/" + Ids.digits(19);
    }

    /// Source: ECS API, `TaskSet.computedDesiredCount`: rounded up.
    TaskSet scaled(TaskSet set, double percent, int serviceDesired) {
        int count = (int) Math.ceil(serviceDesired * percent / 100);
        return sized(set.toBuilder().scale(Scale.builder().value(percent).unit(ScaleUnit.PERCENT).build()).build(), count);
    }

    private TaskSet sized(TaskSet set, int count) {
        boolean same = set.computedDesiredCount() != null && set.computedDesiredCount() == count;
        boolean steady = same ? set.stabilityStatus() == StabilityStatus.STEADY_STATE : set.computedDesiredCount() == null && count == 0;
        TaskSet.Builder next = set.toBuilder().computedDesiredCount(count).updatedAt(time.now());
        if (!same) {
            next.stabilityStatus(steady ? StabilityStatus.STEADY_STATE : StabilityStatus.STABILIZING).stabilityStatusAt(time.now());
        }
        return next.build();
    }

    /// All workloads follow the service's new number: each by its scale, or the newest deployment alone.
    void resize(ServiceId id, ServiceRow row, int desired) {
        for (Workload workload : services.workloads(id)) {
            if (workload.isDraining()) {
                continue;
            }
            if (!row.rollsByItself()) {
                put(id, workload, scaled(workload.set(), workload.set().scale().value(), desired));
            } else if (workload.isPrimary()) {
                put(id, workload, sized(workload.set(), desired));
            }
        }
    }

    void put(ServiceId id, Workload workload, TaskSet set) {
        services.put(id, workload.with(next -> next.computedDesiredCount(set.computedDesiredCount()).scale(set.scale()).updatedAt(set.updatedAt())
                .stabilityStatus(set.stabilityStatus()).stabilityStatusAt(set.stabilityStatusAt())));
    }
}
