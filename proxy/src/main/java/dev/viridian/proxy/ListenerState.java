package dev.viridian.proxy;

import java.util.Arrays;

/// What has been counted for a listener, one set of cells per loop. Lives as long as the proxy, whatever becomes of the listener.
final class ListenerState {
    static final int REQUESTS = 0;
    static final int ROUTED = 1;
    static final int GENERATED_3XX = 2;
    static final int GENERATED_4XX = 3;
    static final int GENERATED_5XX = 4;
    static final int GENERATED_500 = 5;
    static final int GENERATED_502 = 6;
    static final int GENERATED_503 = 7;
    static final int GENERATED_504 = 8;
    static final int REDIRECTS = 9;
    static final int FIXED_RESPONSES = 10;
    static final int NEW_CONNECTIONS = 11;
    static final int ACTIVE_CONNECTIONS = 12;
    static final int REJECTED_CONNECTIONS = 13;
    static final int MALFORMED = 14;
    static final int BYTES_IN = 15;
    static final int BYTES_OUT = 16;
    static final int TLS_ERRORS = 17;
    static final int RULE_EVALUATIONS = 18;
    static final int FURTHER_EVALUATIONS = 19;
    static final int ENDLESS_REDIRECTS = 20;
    static final int HEADERS_DROPPED = 21;
    static final int HEADERS_FORWARDED = 22;
    static final int IPV6_REQUESTS = 23;
    static final int IPV6_BYTES = 24;
    static final int UNSTUCK = 25;
    static final int GRPC_REQUESTS = 26;
    private static final int SIZE = 27;

    private final String id;
    private final Cells[] cells;
    private final FlowCounters flows;

    ListenerState(String id, int loops) {
        this.id = id;
        this.cells = new Cells[loops];
        Arrays.setAll(cells, _ -> new Cells(SIZE));
        this.flows = new FlowCounters(loops);
    }

    String id() {
        return id;
    }

    /// For listeners that pass connections through.
    FlowCounters flows() {
        return flows;
    }

    void add(Loop loop, int cell, long delta) {
        cells[loop.index()].add(cell, delta);
    }

    /// Counts bytes from a client, or to one; those of clients with an IPv6 address are counted apart as well.
    ///
    /// @param cell [#BYTES_IN] or [#BYTES_OUT]
    void moved(Loop loop, int cell, int bytes, boolean ipv6) {
        Cells mine = cells[loop.index()];
        mine.add(cell, bytes);
        if (ipv6) {
            mine.add(IPV6_BYTES, bytes);
        }
    }

    /// Counts an answer the proxy made itself because it could not do better.
    void generated(Loop loop, int status) {
        Cells mine = cells[loop.index()];
        if (status >= 500) {
            mine.add(GENERATED_5XX, 1);
            switch (status) {
                case 500 -> mine.add(GENERATED_500, 1);
                case 502 -> mine.add(GENERATED_502, 1);
                case 503 -> mine.add(GENERATED_503, 1);
                case 504 -> mine.add(GENERATED_504, 1);
                default -> { }
            }
        } else {
            mine.add(status >= 400 ? GENERATED_4XX : GENERATED_3XX, 1);
        }
    }

    Traffic.ListenerTraffic reading() {
        long[] sums = new long[SIZE];
        for (Cells each : cells) {
            for (int cell = 0; cell < SIZE; cell++) {
                sums[cell] += each.get(cell);
            }
        }
        return new Traffic.ListenerTraffic(id, sums);
    }
}
