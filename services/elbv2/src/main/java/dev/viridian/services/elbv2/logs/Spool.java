package dev.viridian.services.elbv2.logs;

import dev.viridian.aws.Ids;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The lines of one [LogStream] that are not in its bucket yet: one file per interval, named by the interval's end and something random, which is
/// also the key it is sent under.
///
/// Written to the operating system, not forced to disk: they outlive the process, and a failure of the machine costs AWS's users lines as well.
///
/// Guarded by the lock of [AccessLogs].
final class Spool {
    private static final String SUFFIX = ".log";
    private static final int BUFFER = 256 * 1024;

    /// @param end    of its interval
    /// @param random what else names it
    record Waiting(Path file, Instant end, String random) {
        static Waiting of(Path file) {
            String[] parts = file.getFileName().toString().replace(SUFFIX, "").split("-", 2);
            return new Waiting(file, Instant.ofEpochMilli(Long.parseLong(parts[0])), parts[1]);
        }
    }

    private final Path folder;
    private final LogPlace place;
    private final Duration interval;
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    private @Nullable FileChannel writing;
    private @Nullable Waiting current;
    private long currentBytes;
    private long bytes;
    private long dropped;
    private boolean full;

    /// Takes up what an earlier process left; the half of a line that a crash may have left at a file's end is cut off.
    Spool(Path folder, LogPlace place, Duration interval) {
        this.folder = folder;
        this.place = place;
        this.interval = interval;
        for (Waiting each : files()) {
            bytes += cutToLines(each.file());
        }
    }

    void add(LineBuffer line, Instant now) {
        if (bytes + buffer.size() + line.length() > place.mostBytes()) {
            dropped++;
            return;
        }
        buffer.write(line.bytes(), 0, line.length());
        if (buffer.size() >= BUFFER) {
            flush(now);
        }
    }

    /// How many lines found no room since this was asked last.
    long takeDropped() {
        long count = dropped;
        dropped = 0;
        return count;
    }

    /// Whether a file has become large enough to be sent early since this was asked last.
    boolean takeFull() {
        boolean was = full;
        full = false;
        return was;
    }

    /// What was added is in a file when this returns.
    void flush(Instant now) {
        endFileOf(now);
        if (buffer.size() == 0) {
            return;
        }
        try {
            FileChannel to = open(now);
            ByteBuffer all = ByteBuffer.wrap(buffer.toByteArray());
            while (all.hasRemaining()) {
                to.write(all);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Could not keep log lines in " + folder, e);
        }
        bytes += buffer.size();
        currentBytes += buffer.size();
        buffer.reset();
    }

    /// Nothing is added any more to a file whose interval is over, or that is large enough.
    private void endFileOf(Instant now) {
        Waiting open = current;
        if (open != null && (!now.isBefore(open.end()) || currentBytes >= place.fileBytes())) {
            full |= currentBytes >= place.fileBytes();
            close();
        }
    }

    private FileChannel open(Instant now) throws IOException {
        FileChannel open = writing;
        if (open == null) {
            Files.createDirectories(folder);
            Instant end = endOfInterval(now, interval);
            String random = Ids.hex(8);
            Path file = folder.resolve(end.toEpochMilli() + "-" + random + SUFFIX);
            open = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            writing = open;
            current = new Waiting(file, end, random);
            currentBytes = 0;
        }
        return open;
    }

    /// Intervals follow each other without gaps, counted from 1970, as those of AWS begin with the hour.
    static Instant endOfInterval(Instant now, Duration interval) {
        long millis = Math.max(1, interval.toMillis());
        return Instant.ofEpochMilli((Math.floorDiv(now.toEpochMilli(), millis) + 1) * millis);
    }

    /// Files to which nothing will be added, oldest first.
    ///
    /// @param all whether nothing at all will be added any more
    List<Waiting> complete(Instant now, boolean all) {
        flush(now);
        endFileOf(now);
        if (all) {
            close();
        }
        List<Waiting> complete = new ArrayList<>(files());
        complete.remove(current);
        return complete;
    }

    private List<Waiting> files() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(file -> file.getFileName().toString().endsWith(SUFFIX)).map(Waiting::of)
                    .sorted(Comparator.comparing(Waiting::end).thenComparing(Waiting::random)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Could not see which log lines wait in " + folder, e);
        }
    }

    /// It is in the bucket.
    void sent(Waiting file) {
        try {
            long size = Files.size(file.file());
            Files.deleteIfExists(file.file());
            bytes -= size;
        } catch (IOException e) {
            throw new UncheckedIOException("Could not delete " + file.file() + ", which is in its bucket", e);
        }
    }

    private static long cutToLines(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long size = channel.size();
            ByteBuffer last = ByteBuffer.allocate(1);
            while (size > 0) {
                last.clear();
                channel.read(last, size - 1);
                if (last.get(0) == '\n') {
                    break;
                }
                size--;
            }
            channel.truncate(size);
            return size;
        } catch (IOException e) {
            throw new UncheckedIOException("Could not take up the log lines in " + file, e);
        }
    }

    long bytes() {
        return bytes;
    }

    void close() {
        FileChannel open = writing;
        writing = null;
        current = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new UncheckedIOException("Could not close a file in " + folder, e);
            }
        }
    }
}
