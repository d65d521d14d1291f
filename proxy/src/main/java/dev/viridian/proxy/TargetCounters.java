package dev.viridian.proxy;

import java.util.Arrays;

/// What one loop has counted for one target on behalf of one listener.
final class TargetCounters {
    static final int REQUESTS = 0;
    /// Four cells, of 2xx to 5xx.
    static final int CLASSES = 1;
    static final int CONNECTION_ERRORS = 5;
    static final int TLS_ERRORS = 6;
    static final int UNHEALTHY_ROUTING = 7;
    static final int NEW_CONNECTIONS = 8;
    static final int OPEN_CONNECTIONS = 9;
    static final int IN_FLIGHT = 10;
    static final int SIZE = 11;
    private static final int NANOS = SIZE;
    private static final int HISTOGRAM = SIZE + 1;

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

    void notEncrypted() {
        cells.add(TLS_ERRORS, 1);
    }

    /// The target was chosen although it is not healthy, because no other of its group is.
    void routedToUnhealthy() {
        cells.add(UNHEALTHY_ROUTING, 1);
    }

    void connected() {
        cells.add(NEW_CONNECTIONS, 1);
        cells.add(OPEN_CONNECTIONS, 1);
    }

    void disconnected() {
        cells.add(OPEN_CONNECTIONS, -1);
    }

    Traffic.Counts reading() {
        long[] histogram = cells.copy(HISTOGRAM, HISTOGRAM + Histogram.SIZE);
        boolean empty = Arrays.stream(histogram).allMatch(count -> count == 0);
        return new Traffic.Counts(cells.copy(0, SIZE), empty ? Histogram.EMPTY : new Histogram(histogram, cells.get(NANOS)));
    }
}
