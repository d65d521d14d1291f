package dev.viridian.proxy;

import java.util.Arrays;

/// What one loop has counted for one target on behalf of one listener.
final class TargetCounters {
    private static final int REQUESTS = 0;
    private static final int CLASSES = 1;
    private static final int CONNECTION_ERRORS = 5;
    private static final int NANOS = 6;
    private static final int IN_FLIGHT = 7;
    private static final int HISTOGRAM = 8;

    private final ListenerState listener;
    private final Cells cells = new Cells(HISTOGRAM + Histogram.SIZE);

    TargetCounters(ListenerState listener) {
        this.listener = listener;
    }

    ListenerState listener() {
        return listener;
    }

    void sent() {
        cells.add(REQUESTS, 1);
    }

    void claimed(int delta) {
        cells.add(IN_FLIGHT, delta);
    }

    void answered(int status, long nanos) {
        cells.add(CLASSES + Math.clamp(status / 100, 2, 5) - 2, 1);
        cells.add(NANOS, nanos);
        cells.add(HISTOGRAM + Histogram.index(nanos), 1);
    }

    void unconnected() {
        cells.add(CONNECTION_ERRORS, 1);
    }

    Traffic.Counts reading() {
        long[] c = cells.copy(0, HISTOGRAM);
        long[] histogram = cells.copy(HISTOGRAM, HISTOGRAM + Histogram.SIZE);
        boolean empty = Arrays.stream(histogram).allMatch(count -> count == 0);
        return new Traffic.Counts(c[REQUESTS], c[CLASSES], c[CLASSES + 1], c[CLASSES + 2], c[CLASSES + 3], c[CONNECTION_ERRORS],
                empty ? Histogram.EMPTY : new Histogram(histogram, c[NANOS]), c[IN_FLIGHT]);
    }
}
