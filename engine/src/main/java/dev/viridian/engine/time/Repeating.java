package dev.viridian.engine.time;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Re-arms itself after each run, from the moment the run was due, so that intervals do not drift.
final class Repeating implements Time.Scheduled {
    private final Time time;
    private final Duration interval;
    private final Runnable action;
    private boolean closed;
    private Time.@Nullable Scheduled next;
    private Instant due;

    Repeating(Time time, Duration interval, Runnable action) {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("an interval must be longer than zero, got " + interval);
        }
        this.time = time;
        this.interval = interval;
        this.action = action;
        this.due = time.now();
    }

    synchronized Repeating start() {
        arm();
        return this;
    }

    private void run() {
        try {
            action.run();
        } finally {
            arm();
        }
    }

    private synchronized void arm() {
        if (closed) {
            return;
        }
        Instant following = due.plus(interval);
        Instant now = time.now();
        due = following.isBefore(now) ? now : following;
        next = time.at(due, this::run);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (next != null) {
            next.close();
        }
    }
}
