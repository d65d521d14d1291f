package dev.viridian.engine.work;

import dev.viridian.engine.store.Change;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The durable list of what is to be done and when, and the loop that does it.
///
/// A row is (kind, key, due). Whoever changes a resource calls [#wake] in the same transaction; the handler of the kind is then called for the
/// key until it says [Next.Done]. Different keys run side by side, one key never twice at once: a row is leased to the process that runs it,
/// and a lease that is not renewed (the process died) runs out.
///
/// Threads: one virtual thread per running step; with an inline executor (tests on virtual time) everything happens on the caller's thread.
public final class Work implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Work.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /// @param due when it is to run; while it runs, when the lease runs out
    /// @param attempt how many runs in a row have failed
    /// @param leasedBy the process that runs it, while it does
    /// @param woken for when it was asked again while it ran
    record Row(String kind, String key, Instant due, int attempt, @Nullable String leasedBy, @Nullable Instant woken) {
        static Row due(String kind, String key, Instant moment) {
            return new Row(kind, key, moment, 0, null, null);
        }

        Row asked(Instant moment) {
            return leasedBy == null
                    ? new Row(kind, key, earlier(due, moment), 0, null, null)
                    : new Row(kind, key, due, attempt, leasedBy, earlier(woken, moment));
        }

        Row leased(String owner, Instant until) {
            return new Row(kind, key, until, attempt, owner, null);
        }

        Row freed(Instant nextDue) {
            return due(kind, key, earlier(woken, nextDue));
        }

        Row failed(Instant retry) {
            return new Row(kind, key, retry, attempt + 1, null, null);
        }

        private static Instant earlier(@Nullable Instant one, Instant other) {
            return one != null && one.isBefore(other) ? one : other;
        }
    }

    private final Store store;
    private final Time time;
    private final Executor executor;
    private final Table<Row> rows;
    private final Table<Long> cursors;
    private final String owner = UUID.randomUUID().toString();
    private final Map<String, Handler> handlers = new ConcurrentHashMap<>();
    /// Guards the three collections below; held for field access only.
    private final Object lock = new Object();
    private final Map<String, Time.Scheduled> armed = new HashMap<>();
    private final Set<String> running = new HashSet<>();
    private boolean started;
    private boolean closed;

    /// Steps run on virtual threads.
    public Work(Store store, Time time) {
        this(store, time, step -> Thread.startVirtualThread(step));
    }

    /// @param executor where steps run; `Runnable::run` runs them on the thread that makes the time pass
    public Work(Store store, Time time, Executor executor) {
        this.store = store;
        this.time = time;
        this.executor = executor;
        this.rows = store.table("engine.work", Row.class);
        this.cursors = store.table("engine.cursors", Long.class);
    }

    /// Declares who does this kind of work; before [#start].
    public void handle(String kind, Handler handler) {
        if (handlers.putIfAbsent(kind, handler) != null) {
            throw new IllegalStateException("two handlers for the kind of work " + kind);
        }
    }

    /// Takes up everything that waits in the store. Leases of a process that died are void: the store belongs to one process at a time.
    public void start() {
        synchronized (lock) {
            started = true;
        }
        Instant now = time.now();
        rows.list().forEach(row -> arm(row.leasedBy() == null ? row : Row.due(row.kind(), row.key(), now)));
    }

    /// To be done as soon as possible; joins the current transaction.
    public void wake(String kind, String key) {
        at(kind, key, Instant.EPOCH);
    }

    /// To be done at `moment`, or earlier if it already was to be done earlier; joins the current transaction.
    public void at(String kind, String key, Instant moment) {
        String id = id(kind, key);
        store.transact(() -> {
            Row row = rows.find(id).map(old -> old.asked(moment)).orElseGet(() -> Row.due(kind, key, moment));
            rows.put(id, row);
            store.afterCommit(() -> arm(row));
        });
    }

    /// No longer to be done; a step that runs is not interrupted, but leaves nothing behind.
    public void cancel(String kind, String key) {
        rows.delete(id(kind, key));
    }

    /// When the row is due next; for tests and for people who look.
    public Optional<Instant> due(String kind, String key) {
        return rows.find(id(kind, key)).map(Row::due);
    }

    /// Calls `handler` for every change of `table`, in order, at least once, from where this subscriber stood before the last crash. A handler
    /// that throws is called again with the same change. Only changes made after the first subscription are seen.
    public void follow(String subscriber, Table<?> table, Consumer<Change> handler) {
        String kind = "follow:" + subscriber;
        handle(kind, name -> deliver(subscriber, name, handler));
        store.keepChanges(table.name(), () -> wake(kind, table.name()));
        wake(kind, table.name());
    }

    private Next deliver(String subscriber, String table, Consumer<Change> handler) {
        String cursor = Key.of(subscriber, table);
        List<Change> changes = store.changes(table, cursors.find(cursor).orElse(0L), 100);
        for (Change change : changes) {
            handler.accept(change);
            cursors.put(cursor, change.position());
        }
        return changes.isEmpty() ? Next.done() : Next.again();
    }

    /// Sets the timer of a row, replacing an earlier one. What is already running looks at its row again when it ends.
    private void arm(Row row) {
        String id = id(row.kind(), row.key());
        synchronized (lock) {
            if (!started || closed || running.contains(id)) {
                return;
            }
            Time.Scheduled earlier = armed.put(id, time.at(row.due(), () -> executor.execute(() -> run(id))));
            if (earlier != null) {
                earlier.close();
            }
        }
    }

    private void run(String id) {
        synchronized (lock) {
            if (closed || !running.add(id)) {
                return;
            }
            armed.remove(id);
        }
        try {
            rows.find(id).filter(row -> row.leasedBy() != null || !row.due().isAfter(time.now())).ifPresent(row -> step(id, row));
        } finally {
            synchronized (lock) {
                running.remove(id);
                lock.notifyAll();
            }
        }
        if (!isClosed()) {
            rows.find(id).ifPresent(this::arm);
        }
    }

    private boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    private void step(String id, Row found) {
        Handler handler = handlers.get(found.kind());
        if (handler == null) {
            LOG.error("Nobody does work of the kind {} (key {}); the row stays until somebody does", found.kind(), found.key());
            rows.put(id, found.failed(time.now().plus(LONGEST_PAUSE)));
            return;
        }
        rows.update(id, row -> row.leased(owner, time.now().plus(LEASE)));
        try {
            settle(id, handler.run(found.key()));
        } catch (Exception | LinkageError e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            retryLater(id, found, e);
        }
    }

    /// A row that was cancelled meanwhile stays away, and one that was cancelled and asked for anew stays as it was asked for.
    private void settle(String id, Next next) {
        store.transact(() -> rows.find(id).filter(this::isMine).ifPresent(row -> {
            switch (next) {
                case Next.Done() when row.woken() == null -> rows.delete(id);
                case Next.Done() -> rows.put(id, row.freed(row.woken()));
                case Next.At(Instant moment) -> rows.put(id, row.freed(moment));
            }
        }));
    }

    private void retryLater(String id, Row found, Throwable failure) {
        Duration pause = pauseAfter(found.attempt());
        LOG.error("Work {} on {} failed {} time(s) in a row; it is tried again in {}", found.kind(), found.key(), found.attempt() + 1, pause, failure);
        store.transact(() -> rows.find(id).filter(this::isMine).ifPresent(row -> rows.put(id, row.failed(time.now().plus(pause)))));
    }

    private boolean isMine(Row row) {
        return owner.equals(row.leasedBy());
    }

    /// Keys of rows may be composed with [Key] themselves, hence a separator of our own.
    private static String id(String kind, String key) {
        return kind + '\u001e' + key;
    }

    /// Doubles from a quarter of a second to half a minute.
    static Duration pauseAfter(int failures) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, 10));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    /// Starts nothing new, and waits a few seconds for the steps that run; one that takes longer is taken up again by the next process.
    @Override
    public void close() {
        boolean interrupted = false;
        synchronized (lock) {
            closed = true;
            armed.values().forEach(Time.Scheduled::close);
            armed.clear();
            long end = time.nanos() + PATIENCE.toNanos();
            while (!running.isEmpty() && time.nanos() - end < 0) {
                try {
                    lock.wait(100);
                } catch (InterruptedException e) {
                    interrupted = true;
                    break;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
