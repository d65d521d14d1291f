package dev.viridian.services.ecs;

import dev.viridian.container.ContainerEvent;
import dev.viridian.container.ContainerException;
import dev.viridian.container.ContainerRuntime;
import dev.viridian.container.ContainerState;
import dev.viridian.container.Following;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Next;
import dev.viridian.engine.work.Work;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps engine and tables in agreement: listens for what happens to containers, takes up all tasks after a restart, and removes containers whose
/// task
/// nobody knows any more.
final class Sweep {
    static final String WORK = "ecs.sweep";
    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
    private static final Duration PERIOD = Duration.ofSeconds(30);

    private final ContainerRuntime runtime;
    private final ContainerWishes wishes;
    private final TaskNetworks networks;
    private final TaskTable tasks;
    private final Work work;
    private final Time time;
    private final AtomicReference<Following> events = new AtomicReference<>();
    private final AtomicReference<Time.Scheduled> next = new AtomicReference<>();
    private volatile boolean closed;

    Sweep(ContainerRuntime runtime, ContainerWishes wishes, TaskNetworks networks, TaskTable tasks, Work work, Time time) {
        this.runtime = runtime;
        this.wishes = wishes;
        this.networks = networks;
        this.tasks = tasks;
        this.work = work;
        this.time = time;
    }

    Next step(String key) {
        try {
            listen();
            removeOrphans();
            networks.removeForgotten();
        } catch (ContainerException.NoEngine e) {
            LOG.info("ECS waits for a container engine: {}", e.reason());
        }
        return Next.done();
    }

    /// From now on every half minute, also after the store was cleared and has forgotten all work.
    void keepUp() {
        if (closed) {
            return;
        }
        work.wake(WORK, "");
        Time.Scheduled earlier = next.getAndSet(time.at(time.now().plus(PERIOD), this::keepUp));
        if (earlier != null) {
            earlier.close();
        }
    }

    /// Listening starts before anything is looked at, so that nothing can happen unseen in between.
    private void listen() {
        Following current = events.get();
        if (current != null && !current.ended().isDone()) {
            return;
        }
        events.set(runtime.events(wishes.labels(), this::heard));
        takeUpAll();
    }

    private void heard(ContainerEvent event) {
        if (event.kind() == ContainerEvent.Kind.RECONNECTED) {
            takeUpAll();
        } else {
            ContainerWishes.task(event.labels()).filter(id -> tasks.find(id).isPresent()).ifPresent(id -> work.wake(TaskTable.TASK_WORK, id.key()));
        }
    }

    private void takeUpAll() {
        for (Table.Row<TaskRow> row : tasks.all()) {
            if (row.value().state() != TaskState.STOPPED) {
                work.wake(TaskTable.TASK_WORK, row.key());
            }
        }
    }

    private void removeOrphans() {
        for (ContainerState state : runtime.list(wishes.labels())) {
            Optional<TaskId> task = ContainerWishes.task(state.labels());
            boolean known = task.flatMap(tasks::find).filter(row -> row.state() != TaskState.STOPPED).isPresent();
            if (task.isPresent() && !known) {
                LOG.info("Removing container {}: its task is over or unknown", state.name());
                runtime.remove(state.id());
            }
        }
    }

    /// Everything of ours in the engine, at the end of a server that keeps nothing.
    void removeAll() {
        runtime.list(wishes.labels()).forEach(state -> runtime.remove(state.id()));
        networks.removeAll();
    }

    void close() {
        closed = true;
        Following current = events.get();
        if (current != null) {
            current.close();
        }
        Time.Scheduled pending = next.get();
        if (pending != null) {
            pending.close();
        }
    }
}
