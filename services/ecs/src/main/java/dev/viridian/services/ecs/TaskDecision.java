package dev.viridian.services.ecs;

import dev.viridian.engine.Decision;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What to do next with one task.
///
/// Source: ECS Developer Guide, "Task lifecycle", "Container dependency"; order of leaving a load balancer as observed: deregister, drain, SIGTERM,
/// SIGKILL.
final class TaskDecision {
    static final String ESSENTIAL_EXITED = "Essential container in task exited";

    private TaskDecision() {}

    @Decision
    static TaskPlan plan(TaskView task, Instant now) {
        return switch (task.state()) {
            case PROVISIONING -> task.stopWanted() ? new TaskPlan.Leave() : new TaskPlan.Provision();
            case PENDING -> pending(task, now);
            case ACTIVATING -> ended(task).orElseGet(TaskPlan.Register::new);
            case RUNNING -> ended(task).orElseGet(() -> new TaskPlan.Await(task.nextLook()));
            case DEACTIVATING -> deactivating(task);
            case STOPPING -> stopping(task, now);
            case DEPROVISIONING -> task.logsKept() ? new TaskPlan.Release() : new TaskPlan.AwaitLogs();
            case STOPPED -> stopped(task, now);
        };
    }

    private static TaskPlan pending(TaskView task, Instant now) {
        if (task.stopWanted()) {
            return new TaskPlan.Leave();
        }
        if (!task.prepared()) {
            return new TaskPlan.Prepare();
        }
        return ended(task).orElseGet(() -> starting(task, now));
    }

    /// The way down, when there is a reason to take it.
    private static Optional<TaskPlan> ended(TaskView task) {
        if (task.stopWanted()) {
            return Optional.of(new TaskPlan.Leave());
        }
        if (task.essentialEnded()) {
            return Optional.of(new TaskPlan.End(TaskPlan.Reason.ESSENTIAL_CONTAINER_EXITED, ESSENTIAL_EXITED));
        }
        if (task.networkLost()) {
            return Optional.of(new TaskPlan.End(TaskPlan.Reason.ESSENTIAL_CONTAINER_EXITED, "The network of the task was lost"));
        }
        return Optional.empty();
    }

    private static TaskPlan starting(TaskView task, Instant now) {
        List<Part> absent = task.parts().stream().filter(Part::isAbsent).toList();
        if (absent.isEmpty()) {
            return new TaskPlan.Activate();
        }
        for (Part part : absent) {
            Optional<Part.Wait> hopeless = part.waits().stream().filter(wait -> task.part(wait.container()).precludes(wait.condition(), now))
                    .findFirst();
            if (hopeless.isPresent()) {
                return new TaskPlan.End(TaskPlan.Reason.FAILED_TO_START, "TaskDependencyError: container " + part.name() + " waits for container "
                        + hopeless.get().container() + " to be " + hopeless.get().condition() + ", which cannot happen any more");
            }
            if (part.waits().stream().allMatch(wait -> task.part(wait.container()).satisfies(wait.condition()))) {
                return new TaskPlan.StartContainer(part.name());
            }
        }
        return new TaskPlan.Await(task.nextLook());
    }

    /// A task whose essential container is dead cannot serve anybody to the end: it does not wait for its connections.
    private static TaskPlan deactivating(TaskView task) {
        return switch (task.targets()) {
            case NONE, GONE -> new TaskPlan.Drained();
            case REGISTERED -> new TaskPlan.Deregister();
            case DRAINING -> task.essentialEnded() || task.networkLost() ? new TaskPlan.Drained() : new TaskPlan.AwaitDrain();
        };
    }

    /// Containers stop in the reverse order of their dependencies: nobody loses what it waited for while it still runs.
    private static TaskPlan stopping(TaskView task, Instant now) {
        List<Part> running = task.parts().stream().filter(Part::isRunning).toList();
        if (running.isEmpty()) {
            return new TaskPlan.ContainersEnded();
        }
        List<Part> free = running.stream().filter(part -> running.stream().noneMatch(other -> waitsFor(other, part))).toList();
        for (Part part : free) {
            if (part.killAt() == null) {
                return new TaskPlan.Interrupt(part.name());
            }
            if (!now.isBefore(part.killAt())) {
                return new TaskPlan.Kill(part.name());
            }
        }
        return new TaskPlan.Await(free.stream().map(Part::killAt).min(Comparator.naturalOrder()).orElse(task.nextLook()));
    }

    private static boolean waitsFor(Part part, Part other) {
        return part.waits().stream().anyMatch(wait -> wait.container().equals(other.name()));
    }

    private static TaskPlan stopped(TaskView task, Instant now) {
        if (task.forgetAt() == null || !now.isBefore(task.forgetAt())) {
            return new TaskPlan.Forget();
        }
        return new TaskPlan.Await(task.forgetAt());
    }
}
