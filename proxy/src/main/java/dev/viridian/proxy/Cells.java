package dev.viridian.proxy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Counters that one event loop writes and anybody reads. No other writer, so no contention: a reader sees each figure whole, if perhaps a moment
/// old.
final class Cells {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    /// Keeps the counters of two loops off each other's cache lines.
    private static final int PADDING = 8;

    private final long[] values;

    Cells(int size) {
        values = new long[size + 2 * PADDING];
    }

    void add(int cell, long delta) {
        LONGS.setOpaque(values, cell + PADDING, values[cell + PADDING] + delta);
    }

    long get(int cell) {
        return (long) LONGS.getOpaque(values, cell + PADDING);
    }

    long[] copy(int from, int to) {
        long[] copy = new long[to - from];
        for (int i = from; i < to; i++) {
            copy[i - from] = get(i);
        }
        return copy;
    }
}
