package dev.viridian.proxy;

import dev.viridian.proxy.log.LogEntry;
import java.util.function.Consumer;
import org.jctools.queues.atomic.SpscChunkedAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/// One loop's share of the [LogQueue]: the loop puts in, one reader takes out, nobody waits.
///
/// Bounded twice, by entries and by the memory they hold: targets and user agents may be long.
final class LoopLog {
    private static final int FIRST_CHUNK = 128;
    private static final int DROPPED = 0;

    private final int maxEntries;
    private final long maxWeight;
    private final Cells counts = new Cells(1);
    /// Made when the first entry comes: most loops never log.
    private volatile @Nullable SpscChunkedAtomicArrayQueue<LogEntry> queue;
    /// Weight put in so far; the loop's own.
    private long offered;
    /// Weight taken out so far; written by the reader.
    private volatile long taken;

    LoopLog(int maxEntries, long maxWeight) {
        this.maxEntries = maxEntries;
        this.maxWeight = maxWeight;
    }

    void offer(LogEntry entry) {
        SpscChunkedAtomicArrayQueue<LogEntry> mine = queue;
        if (mine == null) {
            mine = new SpscChunkedAtomicArrayQueue<>(FIRST_CHUNK, maxEntries);
            queue = mine;
        }
        int weight = entry.weight();
        if (offered - taken + weight > maxWeight || !mine.offer(entry)) {
            counts.add(DROPPED, 1);
        } else {
            offered += weight;
        }
    }

    /// At most what the queue can hold, so that it ends also while more comes.
    int drain(Consumer<? super LogEntry> to) {
        SpscChunkedAtomicArrayQueue<LogEntry> mine = queue;
        if (mine == null) {
            return 0;
        }
        int drained = 0;
        for (LogEntry entry = mine.poll(); entry != null; entry = drained < maxEntries ? mine.poll() : null) {
            taken = taken + entry.weight();
            drained++;
            to.accept(entry);
        }
        return drained;
    }

    long dropped() {
        return counts.get(DROPPED);
    }
}
