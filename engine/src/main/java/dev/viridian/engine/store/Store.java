package dev.viridian.engine.store;

import java.util.List;
import java.util.function.Supplier;

/// Durable tables and the transactions over them.
public interface Store extends AutoCloseable {

    /// The table of that name, created if it is new. Names are kebab-case, by convention `service.things`.
    <T> Table<T> table(String name, Class<T> type);

    /// Runs `body` in one transaction: all its writes become durable together when this returns, or none do when it throws. Transactions are
    /// serial: nobody else writes while one runs, so read-then-write inside is safe, and nothing slow belongs in there. Nested calls join.
    <R> R transact(Supplier<R> body);

    default void transact(Runnable body) {
        transact(() -> {
            body.run();
            return true;
        });
    }

    /// Runs `action` once the current transaction is durable; at once when there is none. Lost when the process dies first: it may only hurry
    /// up what the rows themselves would bring about.
    void afterCommit(Runnable action);

    /// Changes of `table` after `position`, oldest first, at most `limit`. Only tables once named in [#keepChanges] have any.
    List<Change> changes(String table, long position, int limit);

    /// From now on changes of `table` are recorded, for subscribers that come back after a crash; `onChange` is called after each commit that
    /// changed it. Called at assembly, before anything is written.
    void keepChanges(String table, Runnable onChange);

    /// Forgets every row of every table.
    void clear();

    @Override
    void close();
}
