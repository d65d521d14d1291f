package dev.viridian.proxy;

import java.util.Arrays;

/// What has been counted of the connections that a listener passed through, beyond what [ListenerState] counts of every connection; one set of cells
/// per loop.
final class FlowCounters {
    static final int CLIENT_RESETS = 0;
    static final int TARGET_RESETS = 1;
    static final int OWN_RESETS = 2;
    static final int CLIENT_TLS_ERRORS = 3;
    static final int TARGET_TLS_ERRORS = 4;
    static final int FAILED_OPEN = 5;
    private static final int SIZE = 6;

    private final Cells[] cells;

    FlowCounters(int loops) {
        cells = new Cells[loops];
        Arrays.setAll(cells, _ -> new Cells(SIZE));
    }

    void add(Loop loop, int cell) {
        cells[loop.index()].add(cell, 1);
    }

    FlowTraffic reading(String listenerId) {
        return new FlowTraffic(listenerId, sum(CLIENT_RESETS), sum(TARGET_RESETS), sum(OWN_RESETS), sum(CLIENT_TLS_ERRORS), sum(TARGET_TLS_ERRORS),
                sum(FAILED_OPEN));
    }

    private long sum(int cell) {
        return Arrays.stream(cells).mapToLong(each -> each.get(cell)).sum();
    }
}
