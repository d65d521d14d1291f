package dev.viridian.services.cloudwatch;

import java.util.HashMap;
import java.util.Map;

/// That a metric exists, and which chunks of it may hold datapoints.
///
/// @param lastSeen epoch milliseconds, real; behind by at most [Metrics#SEEN_EVERY]
/// @param firstChunks by tier name, the oldest chunk that may hold something
/// @param compacted by tier name, the chunk before which every chunk is one row
record Series(MetricId metric, long lastSeen, Map<String, Long> firstChunks, Map<String, Long> compacted) {

    Series {
        firstChunks = Map.copyOf(firstChunks);
        compacted = Map.copyOf(compacted);
    }

    static Series of(MetricId metric, long now) {
        return new Series(metric, now, Map.of(), Map.of());
    }

    Series seen(long now) {
        return new Series(metric, now, firstChunks, compacted);
    }

    /// Knows that `chunk` of `tier` holds something.
    Series holding(Tier tier, long chunk) {
        Long first = firstChunks.get(tier.name());
        return first != null && first <= chunk ? this : new Series(metric, lastSeen, with(firstChunks, tier, chunk), compacted);
    }

    /// Knows that nothing before `chunk` of `tier` is left.
    Series startingAt(Tier tier, long chunk) {
        return new Series(metric, lastSeen, with(firstChunks, tier, chunk), compacted);
    }

    Series compactedTo(Tier tier, long chunk) {
        return new Series(metric, lastSeen, firstChunks, with(compacted, tier, chunk));
    }

    private static Map<String, Long> with(Map<String, Long> map, Tier tier, long chunk) {
        Map<String, Long> changed = new HashMap<>(map);
        changed.put(tier.name(), chunk);
        return changed;
    }
}
