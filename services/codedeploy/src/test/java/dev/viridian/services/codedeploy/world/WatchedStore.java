package dev.viridian.services.codedeploy.world;

import dev.viridian.engine.store.Change;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A store that can end the process at a chosen write, and that lets somebody see every row before and after an update.
public final class WatchedStore implements Store {
    private final Store real;
    private @Nullable BiConsumer<Object, Object> onUpdate;
    private int depth;
    private int writesUntilDeath = -1;
    private boolean afterCommit;
    private int writes;

    public WatchedStore(Store real) {
        this.real = real;
    }

    /// From now on the `n`th write (1 is the next) is the last: it becomes durable or not, and the process dies.
    public void dieAt(int n, boolean afterCommit) {
        this.writesUntilDeath = n;
        this.afterCommit = afterCommit;
    }

    public void dieNever() {
        this.writesUntilDeath = -1;
    }

    /// Lets a user's call through: what it writes neither counts nor kills.
    public void spare(Runnable call) {
        int kept = writesUntilDeath;
        writesUntilDeath = -1;
        call.run();
        writesUntilDeath = kept;
    }

    public int writes() {
        return writes;
    }

    public void onUpdate(BiConsumer<Object, Object> observer) {
        this.onUpdate = observer;
    }

    @Override
    public <R> R transact(Supplier<R> body) {
        if (depth > 0) {
            return real.transact(body);
        }
        depth++;
        try {
            boolean last = writesUntilDeath == 1;
            R result = real.transact(() -> {
                R value = body.get();
                if (last && !afterCommit) {
                    writesUntilDeath = -1;
                    throw new Killed();
                }
                return value;
            });
            writes++;
            if (writesUntilDeath > 0) {
                writesUntilDeath--;
            }
            if (last) {
                writesUntilDeath = -1;
                throw new Killed();
            }
            return result;
        } finally {
            depth--;
        }
    }

    @Override
    public <T> Table<T> table(String name, Class<T> type) {
        return new WatchedTable<>(real.table(name, type));
    }

    @Override
    public void afterCommit(Runnable action) {
        real.afterCommit(action);
    }

    @Override
    public List<Change> changes(String table, long position, int limit) {
        return real.changes(table, position, limit);
    }

    @Override
    public void keepChanges(String table, Runnable onChange) {
        real.keepChanges(table, onChange);
    }

    @Override
    public void clear() {
        real.clear();
    }

    @Override
    public void close() {
        real.close();
    }

    private final class WatchedTable<T> implements Table<T> {
        private final Table<T> table;

        WatchedTable(Table<T> table) {
            this.table = table;
        }

        @Override
        public String name() {
            return table.name();
        }

        @Override
        public Optional<T> find(String key) {
            return table.find(key);
        }

        @Override
        public boolean contains(String key) {
            return table.contains(key);
        }

        @Override
        public List<T> list(String prefix) {
            return table.list(prefix);
        }

        @Override
        public List<Row<T>> rows(String prefix) {
            return table.rows(prefix);
        }

        @Override
        public void put(String key, T value) {
            transact(() -> table.put(key, value));
        }

        @Override
        public boolean putIfAbsent(String key, T value) {
            return transact(() -> table.putIfAbsent(key, value));
        }

        @Override
        public T update(String key, UnaryOperator<T> change) {
            return transact(() -> table.update(key, before -> {
                T after = change.apply(before);
                if (onUpdate != null) {
                    onUpdate.accept(before, after);
                }
                return after;
            }));
        }

        @Override
        public boolean delete(String key) {
            return transact(() -> table.delete(key));
        }
    }
}
