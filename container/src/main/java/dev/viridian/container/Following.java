package dev.viridian.container;

import java.util.concurrent.CompletableFuture;

/// Something being read in the background, line by line or event by event, on a thread of its own.
public interface Following extends AutoCloseable {

    /// Completes when nothing more will come: the container exited and all was delivered, or this was closed. Completes exceptionally with a
    /// [ContainerException] when the engine went away.
    CompletableFuture<Void> ended();

    /// Stops delivering. An action of the sink that has begun is not interrupted.
    @Override
    void close();
}
