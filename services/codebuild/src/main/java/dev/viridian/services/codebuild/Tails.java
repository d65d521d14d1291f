package dev.viridian.services.codebuild;

import dev.viridian.container.ContainerRuntime;
import dev.viridian.container.Following;
import dev.viridian.container.LogLine;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What running builds print, as it comes: asking an engine for "everything since" makes it read a container's whole log each time.
///
/// Only a convenience of this process. Lines stay until they are asked past, so that a step which fails sees them again; after a restart the reading
/// begins where the build's row says.
final class Tails {
    /// A reader this far behind makes the engine wait rather than the memory fill.
    private static final int MOST_WAITING = 50_000;
    private final ContainerRuntime runtime;
    private final Map<String, Tail> tails = new ConcurrentHashMap<>();

    Tails(ContainerRuntime runtime) {
        this.runtime = runtime;
    }

    /// Lines after `after` that have come so far, oldest first, at most `most`.
    List<LogLine> read(String container, Instant after, int most) {
        return tails.computeIfAbsent(container, id -> new Tail(runtime, id, after)).read(after, most);
    }

    /// Whether the tail broke or the container exited: then only the engine's own log knows what there is.
    boolean ended(String container) {
        Tail tail = tails.get(container);
        return tail != null && tail.following.ended().isDone();
    }

    void forget(String container) {
        Tail tail = tails.remove(container);
        if (tail != null) {
            tail.close();
        }
    }

    private static final class Tail {
        private final Deque<LogLine> waiting = new ArrayDeque<>();
        private final Following following;
        private boolean closed;

        Tail(ContainerRuntime runtime, String container, Instant after) {
            following = runtime.follow(container, after, this::add);
        }

        private synchronized void add(LogLine line) {
            try {
                while (waiting.size() >= MOST_WAITING && !closed) {
                    wait();
                }
                waiting.add(line);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        synchronized List<LogLine> read(Instant after, int most) {
            while (!waiting.isEmpty() && !waiting.peekFirst().at().isAfter(after)) {
                waiting.removeFirst();
            }
            notifyAll();
            List<LogLine> lines = new ArrayList<>();
            waiting.stream().limit(most).forEach(lines::add);
            return lines;
        }

        void close() {
            synchronized (this) {
                closed = true;
                notifyAll();
            }
            following.close();
        }
    }
}
