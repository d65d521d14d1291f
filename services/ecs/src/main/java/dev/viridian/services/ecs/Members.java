package dev.viridian.services.ecs;

import dev.viridian.engine.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/// Judges a service's tasks: by their state, their container health, their targets' health and their age.
///
/// Source: ECS API, `DeploymentConfiguration.minimumHealthyPercent`, on what counts as healthy.
final class Members {
    /// A task nobody checks counts as healthy this long after it came up, while a deployment is rolling.
    private static final Duration TRIAL = Duration.ofSeconds(40);
    private static final String FAILED_ELB = "Task failed ELB health checks in ";
    static final String FAILED_CONTAINER = "Task failed container health checks";

    private final TargetGroups groups;
    private final TaskDefinitions definitions;
    private final Time time;

    Members(TargetGroups groups, TaskDefinitions definitions, Time time) {
        this.groups = groups;
        this.definitions = definitions;
        this.time = time;
    }

    /// What all the target groups of these tasks say, asked once for a whole service.
    Map<Target, TargetStanding> health(List<TaskRow> tasks) {
        Map<Target, TargetStanding> found = new HashMap<>();
        tasks.stream().filter(row -> row.registration() == TaskRow.Registration.DONE).flatMap(row -> row.targets().stream()).map(Target::groupArn)
                .distinct()
                .forEach(group -> found.putAll(groups.health(group)));
        return found;
    }

    /// @param grace how long after its start health says nothing against a task
    /// @param trial whether unchecked tasks must first have been up for a while
    Member judge(TaskRow row, Map<Target, TargetStanding> health, Duration grace, boolean trial) {
        String id = row.task().taskArn().substring(row.task().taskArn().lastIndexOf('/') + 1);
        Instant since = row.task().createdAt();
        if (row.state() != TaskState.RUNNING) {
            return new Member(id, Member.Standing.STARTING, since, "");
        }
        String complaint = complaint(row, health);
        boolean graceOver = !time.now().isBefore(row.task().startedAt().plus(time.paced(grace)));
        if (!complaint.isEmpty()) {
            return graceOver ? new Member(id, Member.Standing.BAD, since, complaint) : new Member(id, Member.Standing.UNPROVEN, since, "");
        }
        return new Member(id, isProven(row, health, trial) ? Member.Standing.GOOD : Member.Standing.UNPROVEN, since, "");
    }

    private static String complaint(TaskRow row, Map<Target, TargetStanding> health) {
        if (row.task().healthStatus() == HealthStatus.UNHEALTHY) {
            return FAILED_CONTAINER;
        }
        return row.targets().stream()
                .filter(target -> health.containsKey(target) && health.get(target).kind() == TargetStanding.Kind.BAD)
                .findFirst()
                .map(target -> FAILED_ELB + "(target-group " + target.groupArn() + ")")
                .orElse("");
    }

    private boolean isProven(TaskRow row, Map<Target, TargetStanding> health, boolean trial) {
        TaskDefinition definition = definitions.used(row.task().taskDefinitionArn());
        boolean checked = definition.containerDefinitions().stream().anyMatch(container -> container.essential() && container.healthCheck() != null);
        if (checked && row.task().healthStatus() != HealthStatus.HEALTHY) {
            return false;
        }
        if (!row.targets().isEmpty()) {
            return row.targets().stream().allMatch(target -> health.containsKey(target) && health.get(target).kind() == TargetStanding.Kind.GOOD);
        }
        return checked || !trial || !time.now().isBefore(row.task().startedAt().plus(time.paced(TRIAL)));
    }

    /// Tasks that failed since the last one that did not, counted over all of a workload's tasks that can still be seen.
    static int failedInARow(List<TaskRow> tasks, List<Member> members) {
        List<String> good = members.stream().filter(member -> member.is(Member.Standing.GOOD)).map(Member::taskId).toList();
        int failed = 0;
        for (TaskRow row : tasks.stream().sorted(Comparator.comparing((TaskRow one) -> one.task().createdAt()).reversed()).toList()) {
            if (good.stream().anyMatch(row.task().taskArn()::endsWith)) {
                return failed;
            }
            if (hasFailed(row)) {
                failed++;
            }
        }
        return failed;
    }

    static boolean hasFailed(TaskRow row) {
        String reason = row.task().stoppedReason() == null ? "" : row.task().stoppedReason();
        return row.task().stopCode() == TaskStopCode.TASK_FAILED_TO_START || reason.startsWith(FAILED_ELB) || reason.equals(FAILED_CONTAINER);
    }
}
