package dev.viridian.app.bench;

import java.util.Arrays;
import java.util.List;

/// How long answers took at a fixed rate, in microseconds.
record Latency(long p50, long p99, long p999) {
    /// @param log lines of `h2load --log-file`: start in microseconds, status, microseconds until the end of the answer. A negative status is a
    ///            request that failed
    static Latency ofLog(List<String> log) {
        long[] times = log.stream().map(line -> line.split("\t")).filter(fields -> fields.length >= 3 && !fields[1].startsWith("-"))
                .mapToLong(fields -> Long.parseLong(fields[2].strip())).sorted().toArray();
        return new Latency(at(times, 0.5), at(times, 0.99), at(times, 0.999));
    }

    private static long at(long[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
    }

    /// Each percentile by itself.
    static Latency median(List<Latency> all) {
        return new Latency(middle(all.stream().mapToLong(Latency::p50).toArray()), middle(all.stream().mapToLong(Latency::p99).toArray()),
                middle(all.stream().mapToLong(Latency::p999).toArray()));
    }

    private static long middle(long[] values) {
        Arrays.sort(values);
        return values.length == 0 ? 0 : values[values.length / 2];
    }
}
