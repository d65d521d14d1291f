package dev.viridian.services.ecs;

import java.util.List;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.StabilityStatus;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskSet;

/// Shows services and task sets as DescribeServices does: counts from the tasks there are, task sets or deployments by controller.
final class ServiceShapes {
    private final ServiceTable services;
    private final TaskTable tasks;
    private final ServiceEvents events;

    ServiceShapes(ServiceTable services, TaskTable tasks, ServiceEvents events) {
        this.services = services;
        this.tasks = tasks;
        this.events = events;
    }

    /// @param withTags tags are shown only when asked for
    Service service(ServiceId id, ServiceRow row, boolean withTags) {
        List<Workload> workloads = services.workloads(id);
        List<TaskRow> all = tasks.of(id);
        Service.Builder shown = row.service().toBuilder()
                .runningCount(running(all))
                .pendingCount(pending(all))
                .events(events.of(id));
        if (!withTags) {
            shown.tags((List<Tag>) null);
        }
        if (row.controller() == DeploymentControllerType.ECS) {
            List<Deployment> deployments = row.isInactive() ? List.of() : workloads.stream().map(one -> counted(one, all).asDeployment()).toList();
            return shown.deployments(deployments).build();
        }
        List<TaskSet> sets = workloads.stream().map(one -> taskSet(id, one, withTags)).toList();
        return shown.taskSets(sets).deployments(List.of()).build();
    }

    TaskSet taskSet(ServiceId id, Workload workload, boolean withTags) {
        TaskSet set = counted(workload, tasks.of(id)).set();
        return withTags ? set : set.toBuilder().tags(List.of()).build();
    }

    /// Steady is what the loop last found, as long as the counts still say so.
    private static Workload counted(Workload workload, List<TaskRow> all) {
        List<TaskRow> own = all.stream().filter(row -> row.workload().equals(workload.id())).toList();
        int running = running(own);
        int pending = pending(own);
        boolean matches = running == workload.desired() && pending == 0;
        return workload.with(set -> {
            set.runningCount(running).pendingCount(pending);
            if (workload.isSteady() && !matches) {
                set.stabilityStatus(StabilityStatus.STABILIZING);
            }
        });
    }

    static int running(List<TaskRow> rows) {
        return (int) rows.stream().filter(row -> row.state() == TaskState.RUNNING).count();
    }

    static int pending(List<TaskRow> rows) {
        return (int) rows.stream().filter(row -> row.state().isStarting() && !row.stopWanted()).count();
    }
}
