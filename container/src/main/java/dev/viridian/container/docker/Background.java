package dev.viridian.container.docker;

import dev.viridian.container.Following;
import dev.viridian.container.http.Link;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One stream of the engine being read on a virtual thread of its own, until it ends or is closed.
final class Background implements Following {
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicReference<@Nullable Reply> current = new AtomicReference<>();
    private volatile boolean closed;

    /// Reads again and again; each round opens one connection and says whether another round is due.
    @FunctionalInterface
    interface Round {
        boolean read(Background reader) throws IOException, InterruptedException;
    }

    static Background start(String name, Round round) {
        Background reader = new Background();
        Thread.ofVirtual().name(name).start(() -> reader.run(round));
        return reader;
    }

    boolean closed() {
        return closed;
    }

    /// Makes `reply` the connection that closing breaks.
    Reply using(Reply reply) {
        current.set(reply);
        if (closed) {
            reply.close();
        }
        return reply;
    }

    private void run(Round round) {
        try {
            while (!closed && round.read(this)) {
                current.set(null);
            }
            ended.complete(null);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            ended.cancel(false);
        } catch (IOException | RuntimeException e) {
            if (closed) {
                ended.complete(null);
            } else {
                ended.completeExceptionally(e);
            }
        }
    }

    @Override
    public CompletableFuture<Void> ended() {
        return ended;
    }

    @Override
    public void close() {
        closed = true;
        Reply reply = current.get();
        if (reply != null) {
            reply.close();
        }
    }
}
