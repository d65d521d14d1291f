package dev.viridian.container.memory;

import dev.viridian.container.Following;
import dev.viridian.container.LogLine;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// A reader of one container's log: given what is new on the thread that wrote it, so that a test needs to wait for nothing.
final class MemoryFollowing implements Following {
    private final MemoryContainer container;
    private final Consumer<LogLine> sink;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private Instant last;

    MemoryFollowing(MemoryContainer container, Instant after, Consumer<LogLine> sink) {
        this.container = container;
        this.last = after;
        this.sink = sink;
    }

    boolean follows(MemoryContainer other) {
        return container == other;
    }

    synchronized void deliver() {
        for (LogLine line : container.log(last)) {
            if (!ended.isDone() && line.at().isAfter(last)) {
                last = line.at();
                sink.accept(line);
            }
        }
    }

    void end() {
        deliver();
        ended.complete(null);
    }

    @Override
    public CompletableFuture<Void> ended() {
        return ended;
    }

    @Override
    public void close() {
        ended.complete(null);
    }
}
