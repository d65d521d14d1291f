package dev.viridian.engine.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SequencedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The embedded store: one SQLite file in WAL mode with `synchronous=FULL`, so that a commit that returned survives power loss.
///
/// One connection writes, under a lock held for the length of a transaction; a few others read. Threads: any.
public final class SqliteStore implements Store {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteStore.class);
    private static final String SCHEMA = """
            create table if not exists records (tab text not null, key text not null, version integer not null, value text not null,
                primary key (tab, key)) without rowid;
            create table if not exists changes (position integer primary key autoincrement, tab text not null, key text not null, deleted integer not null);
            create index if not exists changes_by_table on changes (tab, position);
            """;

    private final JsonMapper mapper;
    private final SqliteConnections connections;
    private final ReentrantLock writing = new ReentrantLock();
    private final Map<String, List<Runnable>> kept = new ConcurrentHashMap<>();
    /// What waits for the running transaction to become durable; touched only under the write lock.
    private final SequencedSet<Runnable> afterCommit = new LinkedHashSet<>();

    private SqliteStore(SqliteConnections connections, JsonMapper mapper) {
        this.connections = connections;
        this.mapper = mapper;
        connections.writer().script(SCHEMA);
    }

    /// Opens or creates the file. The assembly sees to it that one process at a time does.
    public static SqliteStore open(Path file, JsonMapper mapper) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new UncheckedIOException("Could not create the folder of the store " + file, e);
        }
        return new SqliteStore(SqliteConnections.onDisk(file), mapper);
    }

    /// A store that vanishes with the process; for tests and `--ephemeral`.
    public static SqliteStore inMemory(JsonMapper mapper) {
        return new SqliteStore(SqliteConnections.inMemory(), mapper);
    }

    @Override
    public <T> Table<T> table(String name, Class<T> type) {
        return new SqliteTable<>(name, type);
    }

    @Override
    public <R> R transact(Supplier<R> body) {
        if (writing.isHeldByCurrentThread()) {
            return body.get();
        }
        List<Runnable> followUps;
        R result;
        writing.lock();
        try {
            SqliteConnection writer = connections.writer();
            writer.script("begin immediate");
            boolean committed = false;
            try {
                result = body.get();
                writer.script("commit");
                committed = true;
            } finally {
                followUps = committed ? List.copyOf(afterCommit) : List.of();
                afterCommit.clear();
                if (!committed) {
                    rollBack(writer);
                }
            }
        } finally {
            writing.unlock();
        }
        followUps.forEach(Runnable::run);
        return result;
    }

    /// A roll-back that fails must not hide why the transaction failed.
    private static void rollBack(SqliteConnection writer) {
        try {
            writer.script("rollback");
        } catch (StoreException e) {
            LOG.error("A transaction could not be rolled back; SQLite does so itself when the connection is next used", e);
        }
    }

    @Override
    public void afterCommit(Runnable action) {
        if (writing.isHeldByCurrentThread()) {
            afterCommit.add(action);
        } else {
            action.run();
        }
    }

    @Override
    public List<Change> changes(String table, long position, int limit) {
        return read(c -> c.query(
                "select position, tab, key, deleted from changes where tab = ? and position > ? order by position limit ?",
                row -> new Change(row.getLong(1), row.getString(2), row.getString(3), row.getInt(4) != 0),
                table, position, limit));
    }

    @Override
    public void keepChanges(String table, Runnable onChange) {
        kept.computeIfAbsent(table, _ -> new CopyOnWriteArrayList<>()).add(onChange);
    }

    @Override
    public void clear() {
        transact(() -> {
            connections.writer().update("delete from records");
            connections.writer().update("delete from changes");
        });
    }

    @Override
    public void close() {
        writing.lock();
        try {
            connections.close();
        } finally {
            writing.unlock();
        }
    }

    /// Inside a transaction one reads one's own writes; outside, what was last committed.
    private <R> R read(SqliteConnection.Reading<R> reading) {
        if (writing.isHeldByCurrentThread()) {
            return guarded(connections.writer(), reading);
        }
        if (!connections.hasReaders()) {
            writing.lock();
            try {
                return guarded(connections.writer(), reading);
            } finally {
                writing.unlock();
            }
        }
        SqliteConnection reader = connections.takeReader();
        try {
            return guarded(reader, reading);
        } finally {
            connections.giveBack(reader);
        }
    }

    private static <R> R guarded(SqliteConnection connection, SqliteConnection.Reading<R> reading) {
        try {
            return reading.on(connection);
        } catch (SQLException e) {
            throw new StoreException("Could not read from the store", e);
        }
    }

    private final class SqliteTable<T> implements Table<T> {
        private final String name;
        private final Class<T> type;

        SqliteTable(String name, Class<T> type) {
            this.name = name;
            this.type = type;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Optional<T> find(String key) {
            List<String> found = read(c -> c.query("select value from records where tab = ? and key = ?", row -> row.getString(1), name, key));
            return found.stream().findFirst().map(this::parse);
        }

        @Override
        public boolean contains(String key) {
            return !read(c -> c.query("select 1 from records where tab = ? and key = ?", row -> 1, name, key)).isEmpty();
        }

        @Override
        public List<T> list(String prefix) {
            return rows(prefix).stream().map(Row::value).toList();
        }

        @Override
        public List<Row<T>> rows(String prefix) {
            record Raw(String key, long version, String value) {}
            List<Raw> raw = read(c -> {
                SqliteConnection.RowReader<Raw> reader = row -> new Raw(row.getString(1), row.getLong(2), row.getString(3));
                String end = endOf(prefix);
                return end == null
                        ? c.query("select key, version, value from records where tab = ? and key >= ? order by key", reader, name, prefix)
                        : c.query("select key, version, value from records where tab = ? and key >= ? and key < ? order by key", reader, name, prefix, end);
            });
            return raw.stream().map(r -> new Row<>(r.key(), r.version(), parse(r.value()))).toList();
        }

        @Override
        public void put(String key, T value) {
            String json = mapper.writeValueAsString(value);
            transact(() -> {
                connections.writer().update(
                        "insert into records (tab, key, version, value) values (?, ?, 1, ?) "
                                + "on conflict (tab, key) do update set version = version + 1, value = excluded.value",
                        name, key, json);
                changed(key, false);
            });
        }

        @Override
        public boolean putIfAbsent(String key, T value) {
            return transact(() -> {
                if (contains(key)) {
                    return false;
                }
                put(key, value);
                return true;
            });
        }

        @Override
        public T update(String key, UnaryOperator<T> change) {
            return transact(() -> {
                T next = change.apply(find(key).orElseThrow(() -> new NoSuchElementException("no " + name + " record with key " + key)));
                put(key, next);
                return next;
            });
        }

        @Override
        public boolean delete(String key) {
            return transact(() -> {
                boolean existed = connections.writer().update("delete from records where tab = ? and key = ?", name, key) > 0;
                if (existed) {
                    changed(key, true);
                }
                return existed;
            });
        }

        private void changed(String key, boolean deleted) {
            List<Runnable> subscribers = kept.get(name);
            if (subscribers != null) {
                connections.writer().update("insert into changes (tab, key, deleted) values (?, ?, ?)", name, key, deleted ? 1 : 0);
                afterCommit.addAll(subscribers);
            }
        }

        private T parse(String json) {
            return mapper.readValue(json, type);
        }
    }

    /// The smallest text above everything that begins with `prefix`; null when there is none.
    private static @Nullable String endOf(String prefix) {
        if (prefix.isEmpty()) {
            return null;
        }
        char last = prefix.charAt(prefix.length() - 1);
        return prefix.substring(0, prefix.length() - 1) + (char) (last + 1);
    }
}
