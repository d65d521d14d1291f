package dev.viridian.services.cloudwatch;

import dev.viridian.engine.time.Time;
import java.time.Duration;
import java.util.List;

/// How finely and for how long datapoints are kept: seconds for three hours, minutes for 15 days, five minutes for 63, hours for 455.
///
/// A datapoint lies in exactly one tier; when it gets too old for it, it is added into the next one. All of it passes at the configured pace: at pace
/// 60
/// a "minute" of the store is one real second, because everything that a configured minute makes happen (an alarm period, the load balancer's
/// reports)
/// comes every real second.
///
/// Source: CloudWatch user guide, "Metrics retention".
///
/// @param bucketMillis real length of one datapoint
/// @param retentionMillis real age at which a datapoint leaves
record Tier(String name, long bucketMillis, long retentionMillis) {
    /// How many datapoints share a chunk, the unit of listing, compaction and forgetting.
    static final int CHUNK = 60;

    static List<Tier> all(Time time) {
        return List.of(tier("1s", time, Duration.ofSeconds(1), Duration.ofHours(3)), tier("1m", time, Duration.ofMinutes(1), Duration.ofDays(15)),
                tier("5m", time, Duration.ofMinutes(5), Duration.ofDays(63)), tier("1h", time, Duration.ofHours(1), Duration.ofDays(455)));
    }

    private static Tier tier(String name, Time time, Duration bucket, Duration retention) {
        return new Tier(name, Math.max(1, time.paced(bucket).toMillis()), Math.max(1, time.paced(retention).toMillis()));
    }

    long bucketStart(long millis) {
        return Math.floorDiv(millis, bucketMillis) * bucketMillis;
    }

    long chunkOf(long millis) {
        return Math.floorDiv(millis, bucketMillis * CHUNK);
    }

    long chunkEnd(long chunk) {
        return (chunk + 1) * bucketMillis * CHUNK;
    }
}
