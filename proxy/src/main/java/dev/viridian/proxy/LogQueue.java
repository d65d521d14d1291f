package dev.viridian.proxy;

import dev.viridian.proxy.log.LogEntry;
import java.util.List;
import java.util.function.Consumer;

/// What listeners asked to have logged, on its way from the loops to whoever writes it down.
///
/// Bounded: a loop whose share is full drops what comes next and counts it, because traffic must not wait for a log.
public final class LogQueue {
    private final Loops loops;

    LogQueue(Loops loops) {
        this.loops = loops;
    }

    /// Gives everything that waits to `to`, in order as far as one loop is concerned. One caller at a time.
    ///
    /// @return how many entries there were
    public int drain(Consumer<? super LogEntry> to) {
        int drained = 0;
        for (Loop loop : all()) {
            drained += loop.log().drain(to);
        }
        return drained;
    }

    /// How many entries were dropped since the proxy was created.
    public long dropped() {
        return all().stream().mapToLong(loop -> loop.log().dropped()).sum();
    }

    private List<Loop> all() {
        return loops.all();
    }
}
