package dev.viridian.container.memory;

import dev.viridian.container.ContainerEvent;
import dev.viridian.container.Following;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// A listener for events of containers with certain labels.
final class MemoryEvents implements Following {
    private final Map<String, String> labels;
    private final Consumer<ContainerEvent> sink;
    private final Consumer<MemoryEvents> leave;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    MemoryEvents(Map<String, String> labels, Consumer<ContainerEvent> sink, Consumer<MemoryEvents> leave) {
        this.labels = Map.copyOf(labels);
        this.sink = sink;
        this.leave = leave;
    }

    void hear(ContainerEvent event) {
        if (event.kind() == ContainerEvent.Kind.RECONNECTED || event.labels().entrySet().containsAll(labels.entrySet())) {
            sink.accept(event);
        }
    }

    @Override
    public CompletableFuture<Void> ended() {
        return ended;
    }

    @Override
    public void close() {
        leave.accept(this);
        ended.complete(null);
    }
}
