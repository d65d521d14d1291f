package dev.viridian.services.cloudwatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What is known of the samples that fell into one span of time: their count, sum and extremes exactly, and how they were spread.
///
/// The spread is kept exactly up to [#EXACT] different values; beyond that neighbours within one percent of each other are counted together, so that
/// a span costs a bounded number of bytes however much traffic it saw. Statistic sets (somebody else's sums) say nothing about the spread.
///
/// @param values different sample values, rising; empty when the spread is unknown
/// @param counts how often each of `values` occurred
record Distribution(double count, double sum, double min, double max, List<Double> values, List<Double> counts) {
    static final int EXACT = 100;
    private static final double GROWTH = Math.log(1.01);

    Distribution {
        values = List.copyOf(values);
        counts = List.copyOf(counts);
    }

    /// One sample value that occurred `count` times.
    static Distribution of(double value, double count) {
        return new Distribution(count, value * count, value, value, List.of(value), List.of(count));
    }

    /// A statistic set. When its extremes are equal the spread is known after all.
    static Distribution summary(double count, double sum, double min, double max) {
        return min == max ? new Distribution(count, sum, min, max, List.of(min), List.of(count))
                : new Distribution(count, sum, min, max, List.of(), List.of());
    }

    Distribution plus(Distribution other) {
        boolean spread = spreadKnown() && other.spreadKnown();
        TreeMap<Double, Double> merged = new TreeMap<>();
        if (spread) {
            addTo(merged);
            other.addTo(merged);
        }
        Map<Double, Double> kept = merged.size() > EXACT ? coarse(merged) : merged;
        return new Distribution(count + other.count, sum + other.sum, Math.min(min, other.min), Math.max(max, other.max),
                List.copyOf(kept.keySet()), List.copyOf(kept.values()));
    }

    boolean spreadKnown() {
        return !values.isEmpty();
    }

    double average() {
        return sum / count;
    }

    /// The smallest value that at least `percent` of the samples do not exceed.
    double percentile(double percent) {
        double rank = count * percent / 100;
        double seen = 0;
        for (int i = 0; i < values.size(); i++) {
            seen += counts.get(i);
            if (seen >= rank) {
                return values.get(i);
            }
        }
        return max;
    }

    private void addTo(Map<Double, Double> target) {
        for (int i = 0; i < values.size(); i++) {
            target.merge(values.get(i), counts.get(i), Double::sum);
        }
    }

    private static Map<Double, Double> coarse(TreeMap<Double, Double> exact) {
        Map<Long, List<Map.Entry<Double, Double>>> buckets = new TreeMap<>();
        exact.entrySet().forEach(entry -> buckets.computeIfAbsent(bucket(entry.getKey()), b -> new ArrayList<>()).add(entry));
        Map<Double, Double> coarse = new TreeMap<>();
        for (List<Map.Entry<Double, Double>> bucket : buckets.values()) {
            double count = bucket.stream().mapToDouble(Map.Entry::getValue).sum();
            double total = bucket.stream().mapToDouble(entry -> entry.getKey() * entry.getValue()).sum();
            coarse.merge(total / count, count, Double::sum);
        }
        return coarse;
    }

    private static long bucket(double value) {
        if (Math.abs(value) < 1e-9) {
            return 0;
        }
        long magnitude = 1 + Math.round((Math.log(Math.abs(value)) - Math.log(1e-9)) / GROWTH);
        return value < 0 ? -magnitude : magnitude;
    }
}
