package dev.viridian.engine.time;

import java.time.Duration;
import java.time.Instant;

/// What time it is, and a way to be called later.
///
/// Two kinds of durations exist. *Configured* ones are what a user set in AWS terms (bake time, canary interval, alarm period, health check
/// interval): they pass through [#paced]. *Real* ones (socket timeouts) do not come here at all. Waits that must survive a crash are due rows
/// of `engine.work`; [#at] and [#every] are for what is rebuilt at start anyway, such as health checks.
public interface Time {

    Instant now();

    /// Nanoseconds of a clock that never goes back; only differences mean anything.
    long nanos();

    /// How long a wait of `configured` really lasts.
    Duration paced(Duration configured);

    /// The moment at which a wait of `configured` that begins now is over.
    default Instant deadline(Duration configured) {
        return now().plus(paced(configured));
    }

    /// Runs `action` once, at `moment` or as soon as possible if that has passed, on a thread of its own. Exceptions are logged.
    Scheduled at(Instant moment, Runnable action);

    /// Runs `action` again and again, first after one `configured` interval; a run that overlaps the next one delays it.
    default Scheduled every(Duration configured, Runnable action) {
        return new Repeating(this, paced(configured), action).start();
    }

    /// Something that will happen, unless cancelled first.
    interface Scheduled extends AutoCloseable {
        /// A run that has begun is not interrupted.
        @Override
        void close();
    }
}
