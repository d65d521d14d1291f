package dev.viridian.engine.time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The real clock. With a pace above 1, configured waits pass that many times faster; timestamps stay real.
///
/// One platform thread (`viridian-time`) watches the deadlines; every action runs on a virtual thread of its own.
public final class SystemTime implements Time, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SystemTime.class);

    private final double pace;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("viridian-time").factory());

    public SystemTime() {
        this(1);
    }

    /// @param pace how many configured seconds pass in one real second; above 0
    public SystemTime(double pace) {
        if (!(pace > 0)) {
            throw new IllegalArgumentException("pace must be above 0, got " + pace);
        }
        this.pace = pace;
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Duration paced(Duration configured) {
        return pace == 1 ? configured : Duration.ofNanos((long) (configured.toNanos() / pace));
    }

    @Override
    public Scheduled at(Instant moment, Runnable action) {
        long delay = Math.max(0, Duration.between(now(), moment).toNanos());
        Future<?> pending = timer.schedule(() -> Thread.startVirtualThread(() -> runLogged(action)), delay, TimeUnit.NANOSECONDS);
        return () -> pending.cancel(false);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private static void runLogged(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            LOG.error("A timed action failed; it is not repeated by the timer", e);
        }
    }
}
