package dev.viridian.engine.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;

/// The writer and the readers of one database file. A database in memory belongs to one connection, so it has no separate readers.
final class SqliteConnections implements AutoCloseable {
    private static final int READERS = 4;

    private final SqliteConnection writer;
    private final BlockingQueue<SqliteConnection> readers;
    private final List<SqliteConnection> all = new ArrayList<>();

    private SqliteConnections(String url, int readerCount) {
        this.writer = connect(url, false);
        this.readers = new ArrayBlockingQueue<>(Math.max(1, readerCount));
        for (int i = 0; i < readerCount; i++) {
            readers.add(connect(url, true));
        }
    }

    static SqliteConnections onDisk(Path file) {
        return new SqliteConnections("jdbc:sqlite:" + file.toAbsolutePath(), READERS);
    }

    static SqliteConnections inMemory() {
        return new SqliteConnections("jdbc:sqlite::memory:", 0);
    }

    SqliteConnection writer() {
        return writer;
    }

    boolean hasReaders() {
        return all.size() > 1;
    }

    SqliteConnection takeReader() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return readers.take();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void giveBack(SqliteConnection reader) {
        readers.add(reader);
    }

    private SqliteConnection connect(String url, boolean readOnly) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setBusyTimeout(5_000);
        try {
            SqliteConnection connection = new SqliteConnection(config.createConnection(url));
            all.add(connection);
            if (readOnly) {
                connection.script("pragma query_only = on");
            }
            return connection;
        } catch (SQLException e) {
            throw new StoreException("Could not open the store " + url, e);
        }
    }

    @Override
    public void close() {
        for (SqliteConnection connection : all) {
            try {
                connection.close();
            } catch (SQLException e) {
                throw new StoreException("Could not close the store", e);
            }
        }
    }
}
