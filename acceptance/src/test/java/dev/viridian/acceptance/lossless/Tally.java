package dev.viridian.acceptance.lossless;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/// What clients saw and what was done to the load balancers meanwhile.
final class Tally {
    private final Map<String, LongAdder> answered = new ConcurrentSkipListMap<>();
    private final Map<String, LongAdder> changes = new ConcurrentSkipListMap<>();
    private final Queue<String> lost = new ConcurrentLinkedQueue<>();
    private final long began = System.nanoTime();

    void answered(String kind) {
        answered.computeIfAbsent(kind, _ -> new LongAdder()).increment();
    }

    void lost(String kind, Throwable why) {
        lost.add("%.3f s %s: %s".formatted(Duration.ofNanos(System.nanoTime() - began).toMillis() / 1000.0, kind, chain(why)));
    }

    private static String chain(Throwable why) {
        return why.getCause() == null || why.getCause() == why ? why.toString() : why + " <- " + chain(why.getCause());
    }

    void changed(String what) {
        changes.computeIfAbsent(what, _ -> new LongAdder()).increment();
    }

    long answers(String kind) {
        LongAdder count = answered.get(kind);
        return count == null ? 0 : count.sum();
    }

    long changes(String what) {
        LongAdder count = changes.get(what);
        return count == null ? 0 : count.sum();
    }

    Queue<String> losses() {
        return lost;
    }

    String report() {
        long seconds = Math.max(1, Duration.ofNanos(System.nanoTime() - began).toSeconds());
        return "in " + seconds + " s\n" + table("answered", answered) + table("changed", changes) + "  lost      " + lost.size() + "\n"
                + lost.stream().limit(20).map(each -> "    " + each + "\n").collect(Collectors.joining());
    }

    private static String table(String what, Map<String, LongAdder> counts) {
        return counts.entrySet().stream().map(each -> "  %-9s %8d  %s%n".formatted(what, each.getValue().sum(), each.getKey()))
                .collect(Collectors.joining());
    }
}
