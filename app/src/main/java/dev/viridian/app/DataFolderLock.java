package dev.viridian.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/// The data folder belongs to one process at a time; the system gives the lock back when that process dies.
final class DataFolderLock implements AutoCloseable {
    private final FileChannel channel;
    private final FileLock lock;
    private final String installation;

    private DataFolderLock(FileChannel channel, FileLock lock, String installation) {
        this.channel = channel;
        this.lock = lock;
        this.installation = installation;
    }

    /// @throws IllegalStateException when another process has it
    static DataFolderLock take(Path folder) {
        try {
            Files.createDirectories(folder);
            FileChannel channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            DataFolderLock taken = null;
            try {
                taken = take(folder, channel);
                return taken;
            } finally {
                if (taken == null) {
                    channel.close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Could not take possession of the data folder " + folder, e);
        }
    }

    private static DataFolderLock take(Path folder, FileChannel channel) throws IOException {
        FileLock lock = channel.tryLock();
        if (lock == null) {
            throw new IllegalStateException("the data folder " + folder + " is in use by another process");
        }
        return new DataFolderLock(channel, lock, installation(folder));
    }

    /// A name that stays with the folder; what we make in the engine carries it.
    private static String installation(Path folder) throws IOException {
        Path file = folder.resolve("installation");
        if (!Files.exists(file)) {
            Files.writeString(file, UUID.randomUUID().toString().substring(0, 8) + "\n");
        }
        return Files.readString(file).strip();
    }

    String installation() {
        return installation;
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Could not let go of the data folder", e);
        }
    }
}
