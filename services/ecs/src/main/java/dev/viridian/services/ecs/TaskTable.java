package dev.viridian.services.ecs;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Ids;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Work;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/// The rows of all tasks. Whoever changes one here also calls those who must look at it: the task's own loop, and its service's.
final class TaskTable {
    static final String TASK_WORK = "ecs.task";
    static final String SERVICE_WORK = "ecs.service";

    private final Store store;
    private final Work work;
    private final Time time;
    private final Table<TaskRow> rows;

    TaskTable(Store store, Work work, Time time) {
        this.store = store;
        this.work = work;
        this.time = time;
        this.rows = store.table("ecs.tasks", TaskRow.class);
    }

    TaskId start(ClusterId cluster, TaskOrder order, String containerInstanceArn) {
        TaskId id = new TaskId(cluster, Ids.hex(32));
        store.transact(() -> {
            rows.put(id.key(), order.place(id, containerInstanceArn, time.now()));
            work.wake(TASK_WORK, id.key());
        });
        return id;
    }

    /// Wanted stopped from now on; returns the row as it is then. Repeating it keeps the first reason.
    TaskRow stop(TaskId id, TaskStopCode code, String reason) {
        return store.transact(() -> {
            TaskRow next = update(id, row -> row.ending(code, reason, time.now()));
            work.wake(TASK_WORK, id.key());
            return next;
        });
    }

    Optional<TaskRow> find(TaskId id) {
        return rows.find(id.key());
    }

    List<TaskRow> in(ClusterId cluster) {
        return rows.list(cluster.prefix());
    }

    /// Everywhere in the caller's account and region.
    List<TaskRow> in(Caller caller) {
        return rows.list(Key.under(caller.account(), caller.region()));
    }

    List<Table.Row<TaskRow>> all() {
        return rows.rows("");
    }

    List<TaskRow> of(ServiceId service) {
        return in(service.cluster()).stream().filter(row -> row.service().equals(service.name())).toList();
    }

    /// Changes a task; nothing is written when the change changes nothing.
    TaskRow update(TaskId id, UnaryOperator<TaskRow> change) {
        return store.transact(() -> {
            TaskRow before = rows.find(id.key()).orElseThrow();
            TaskRow after = change.apply(before);
            if (after.equals(before)) {
                return before;
            }
            rows.put(id.key(), after);
            if (!after.service().isEmpty() && concernsService(before, after)) {
                work.wake(SERVICE_WORK, new ServiceId(id.cluster(), after.service()).key());
            }
            return after;
        });
    }

    void forget(TaskId id) {
        rows.delete(id.key());
    }

    private static boolean concernsService(TaskRow before, TaskRow after) {
        return before.state() != after.state() || before.stopWanted() != after.stopWanted()
                || !Objects.equals(before.task().healthStatus(), after.task().healthStatus());
    }
}
