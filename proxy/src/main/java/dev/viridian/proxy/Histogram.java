package dev.viridian.proxy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How long things took. Exact in count and sum; each single value is known to about 3 % (32 steps for every doubling, from 1 µs to over an hour).
public final class Histogram {
    public static final Histogram EMPTY = new Histogram(new long[0], 0);

    private static final int STEP_BITS = 5;
    private static final int STEPS = 1 << STEP_BITS;
    /// Microseconds are counted up to 2^32, more than an hour.
    static final int SIZE = (32 - STEP_BITS + 1) * STEPS;

    private final long[] counts;
    private final long sumNanos;

    /// @param counts by [#index]; kept, not copied
    Histogram(long[] counts, long sumNanos) {
        this.counts = counts;
        this.sumNanos = sumNanos;
    }

    /// Values of one step of the scale.
    public record Bucket(double seconds, long count) {}

    public long count() {
        return Arrays.stream(counts).sum();
    }

    public double sumSeconds() {
        return sumNanos / 1e9;
    }

    /// Smallest value, 0 when there is none.
    public double minSeconds() {
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                return seconds(i);
            }
        }
        return 0;
    }

    /// Largest value, 0 when there is none.
    public double maxSeconds() {
        for (int i = counts.length - 1; i >= 0; i--) {
            if (counts[i] > 0) {
                return seconds(i);
            }
        }
        return 0;
    }

    /// The value that a share of `quantile` (0 to 1) does not exceed, 0 when there is none.
    public double quantileSeconds(double quantile) {
        long wanted = (long) Math.ceil(quantile * count());
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (counts[i] > 0 && seen >= wanted) {
                return seconds(i);
            }
        }
        return 0;
    }

    /// The steps that hold values, ascending.
    public List<Bucket> buckets() {
        List<Bucket> buckets = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                buckets.add(new Bucket(seconds(i), counts[i]));
            }
        }
        return buckets;
    }

    public Histogram plus(Histogram other) {
        return combine(other, 1);
    }

    /// What came in after `earlier` was read.
    public Histogram since(Histogram earlier) {
        return combine(earlier, -1);
    }

    private Histogram combine(Histogram other, int sign) {
        if (other.counts.length == 0) {
            return this;
        }
        long[] combined = Arrays.copyOf(counts, SIZE);
        for (int i = 0; i < other.counts.length; i++) {
            combined[i] += sign * other.counts[i];
        }
        return new Histogram(combined, sumNanos + sign * other.sumNanos);
    }

    /// The step for a duration. Below 32 µs each microsecond is a step of its own; above, the highest bit chooses the doubling and the next five the
    /// step.
    static int index(long nanos) {
        long micros = Math.clamp(nanos / 1000, 0, (1L << 32) - 1);
        if (micros < STEPS) {
            return (int) micros;
        }
        int shift = 63 - Long.numberOfLeadingZeros(micros) - STEP_BITS;
        return (shift + 1) * STEPS + (int) (micros >>> shift) - STEPS;
    }

    /// The middle of a step.
    private static double seconds(int index) {
        if (index < STEPS) {
            return index / 1e6;
        }
        int shift = index / STEPS - 1;
        long low = (long) (index % STEPS + STEPS) << shift;
        return (low + ((1L << shift) - 1) / 2.0) / 1e6;
    }
}
