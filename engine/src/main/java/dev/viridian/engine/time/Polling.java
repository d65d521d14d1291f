package dev.viridian.engine.time;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/// Looks again and again until something is so; for programs that use the APIs from outside, such as the demo. Services never wait like this: they
/// write a due row.
public final class Polling {
    private Polling() {}

    /// The first answer of `look` that is not empty; empty when `limit` (real time) has passed without one.
    ///
    /// @throws IllegalStateException when the thread is interrupted
    public static <T> Optional<T> until(Duration every, Duration limit, Supplier<Optional<T>> look) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            Optional<T> found = look.get();
            if (found.isPresent() || System.nanoTime() - end >= 0) {
                return found;
            }
            try {
                Thread.sleep(every);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting", e);
            }
        }
    }
}
