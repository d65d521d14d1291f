package dev.viridian.engine.time;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// A clock for tests that only moves when told to, and runs what falls due on the caller's thread, in order of due time.
///
/// Part of the product: whoever embeds Viridian can rehearse a two-hour bake in a millisecond.
public final class VirtualTime implements Time {
    private record Due(Instant moment, long order, Runnable action) {}

    private final PriorityQueue<Due> queue = new PriorityQueue<>(Comparator.comparing(Due::moment).thenComparing(Due::order));
    private Instant now;
    private long order;

    public VirtualTime() {
        this(Instant.parse("2026-01-01T12:00:00Z"));
    }

    public VirtualTime(Instant start) {
        this.now = start;
    }

    @Override
    public synchronized Instant now() {
        return now;
    }

    @Override
    public synchronized long nanos() {
        return Duration.between(Instant.EPOCH, now).toNanos();
    }

    @Override
    public Duration paced(Duration configured) {
        return configured;
    }

    @Override
    public synchronized Scheduled at(Instant moment, Runnable action) {
        Due due = new Due(moment, order++, action);
        queue.add(due);
        return () -> remove(due);
    }

    /// Lets `span` pass: everything that falls due on the way runs at its own moment, including what it schedules itself.
    public void advance(Duration span) {
        Instant until = now().plus(span);
        for (Due due = takeUntil(until); due != null; due = takeUntil(until)) {
            due.action().run();
        }
        synchronized (this) {
            now = until;
        }
    }

    /// Runs what is due at this very moment, without letting time pass.
    public void settle() {
        advance(Duration.ZERO);
    }

    /// Jumps to the next due moment and runs it; false when nothing is waiting.
    public boolean jump() {
        Instant next;
        synchronized (this) {
            if (queue.isEmpty()) {
                return false;
            }
            next = queue.peek().moment().isBefore(now) ? now : queue.peek().moment();
        }
        advance(Duration.between(now(), next));
        return true;
    }

    private synchronized @Nullable Due takeUntil(Instant until) {
        Due head = queue.peek();
        if (head == null || head.moment().isAfter(until)) {
            return null;
        }
        queue.poll();
        if (head.moment().isAfter(now)) {
            now = head.moment();
        }
        return head;
    }

    private synchronized void remove(Due due) {
        queue.remove(due);
    }
}
