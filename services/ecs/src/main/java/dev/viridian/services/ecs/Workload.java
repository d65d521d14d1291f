package dev.viridian.services.ecs;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.StabilityStatus;
import software.amazon.awssdk.services.ecs.model.TaskSet;

/// One version of a service's tasks: what AWS shows as a task set when somebody else deploys, and as a deployment when ECS does.
///
/// @param set all that both shapes share; `computedDesiredCount` is how many tasks it is to have
/// @param clientToken by which a repeated CreateTaskSet is recognised
/// @param failedTasks tasks of this workload that failed in a row; one that does well starts the count anew
/// @param rollout only for deployments
/// @param rolloutReason only for deployments
record Workload(TaskSet set, @Nullable String clientToken, int failedTasks, @Nullable DeploymentRolloutState rollout,
        @Nullable String rolloutReason) {
    static final String PRIMARY = "PRIMARY";
    static final String ACTIVE = "ACTIVE";
    static final String DRAINING = "DRAINING";

    static Workload of(TaskSet set) {
        return new Workload(set, null, 0, null, null);
    }

    String id() {
        return set.id();
    }

    boolean isPrimary() {
        return PRIMARY.equals(set.status());
    }

    boolean isDraining() {
        return DRAINING.equals(set.status());
    }

    boolean isSteady() {
        return set.stabilityStatus() == StabilityStatus.STEADY_STATE;
    }

    /// A deployment that failed starts no more tasks.
    boolean hasFailed() {
        return rollout == DeploymentRolloutState.FAILED;
    }

    int desired() {
        return isDraining() ? 0 : set.computedDesiredCount();
    }

    Workload with(Consumer<TaskSet.Builder> change) {
        TaskSet.Builder next = set.toBuilder();
        change.accept(next);
        return new Workload(next.build(), clientToken, failedTasks, rollout, rolloutReason);
    }

    Workload rolling(DeploymentRolloutState state, String reason) {
        return new Workload(set, clientToken, failedTasks, state, reason);
    }

    Workload failed(int inARow) {
        return new Workload(set, clientToken, inARow, rollout, rolloutReason);
    }

    Workload askedBy(@Nullable String token) {
        return new Workload(set, token, failedTasks, rollout, rolloutReason);
    }

    Deployment asDeployment() {
        Deployment.Builder shown = Deployment.builder()
                .id(set.id())
                .status(set.status())
                .taskDefinition(set.taskDefinition())
                .desiredCount(set.computedDesiredCount())
                .pendingCount(set.pendingCount())
                .runningCount(set.runningCount())
                .failedTasks(failedTasks)
                .createdAt(set.createdAt())
                .updatedAt(set.updatedAt())
                .launchType(set.launchType())
                .platformVersion(set.platformVersion())
                .platformFamily(set.platformFamily())
                .networkConfiguration(set.networkConfiguration())
                .rolloutState(rollout)
                .rolloutStateReason(rolloutReason);
        if (set.hasCapacityProviderStrategy()) {
            shown.capacityProviderStrategy(set.capacityProviderStrategy());
        }
        return shown.build();
    }
}
