package dev.viridian.services.cloudwatch;

import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Next;
import dev.viridian.engine.work.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// Keeps the table of datapoints small: folds finished chunks into one row, moves what is too old for its tier into the next coarser one, and
/// forgets what no tier keeps. Runs each configured hour, one durable work row per account and region.
final class MetricUpkeep {
    static final String KIND = "cloudwatch.upkeep";
    static final Duration EVERY = Duration.ofHours(1);
    /// A series without datapoints for this long is no longer listed. Source: ListMetrics, "metrics that haven't received data points in two weeks".
    private static final Duration LISTED = Duration.ofDays(14);

    private final Metrics metrics;
    private final Store store;
    private final Time time;

    MetricUpkeep(Metrics metrics, Store store, Work work, Time time) {
        this.metrics = metrics;
        this.store = store;
        this.time = time;
        work.handle(KIND, this::run);
    }

    /// Whether a series is still shown by ListMetrics.
    static boolean listed(Series series, Time time) {
        return time.now().toEpochMilli() - series.lastSeen() < time.paced(LISTED).toMillis();
    }

    private Next run(String key) {
        Scope scope = Scope.of(key);
        List<Table.Row<Series>> all = metrics.series().rows(scope.prefix());
        all.forEach(row -> store.transact(() -> tend(scope, row.key())));
        return all.isEmpty() ? Next.done() : Next.at(time.deadline(EVERY));
    }

    private void tend(Scope scope, String key) {
        Series series = metrics.series().find(key).orElseThrow();
        for (int i = 0; i < metrics.tiers().size(); i++) {
            series = retire(scope, fold(scope, series, i), i);
        }
        if (time.now().toEpochMilli() - series.lastSeen() > metrics.tiers().getLast().retentionMillis()) {
            metrics.series().delete(key);
        } else {
            metrics.series().put(key, series);
        }
    }

    /// Folds the chunks into which nothing more is expected: a tier gets what the finer one before it no longer keeps. What comes later all the
    /// same is merged when read.
    private Series fold(Scope scope, Series series, int index) {
        Tier tier = metrics.tiers().get(index);
        Long first = series.firstChunks().get(tier.name());
        if (first == null) {
            return series;
        }
        String id = series.metric().digest();
        long arriveAfter = index == 0 ? 0 : metrics.tiers().get(index - 1).retentionMillis();
        long until = tier.chunkOf(time.now().toEpochMilli() - arriveAfter) - 1;
        long from = Math.max(first, series.compacted().getOrDefault(tier.name(), first));
        for (long chunk = from; chunk < until; chunk++) {
            if (metrics.rowsOf(scope, id, tier, chunk) > 1) {
                metrics.rewrite(scope, id, tier, chunk, merged(metrics.chunk(scope, id, tier, chunk), tier));
            }
        }
        return series.compactedTo(tier, Math.max(from, until));
    }

    private Series retire(Scope scope, Series series, int index) {
        Tier tier = metrics.tiers().get(index);
        Long first = series.firstChunks().get(tier.name());
        if (first == null) {
            return series;
        }
        String id = series.metric().digest();
        Series result = series;
        long chunk = first;
        while (tier.chunkEnd(chunk) < time.now().toEpochMilli() - tier.retentionMillis()) {
            if (index + 1 < metrics.tiers().size()) {
                Tier coarser = metrics.tiers().get(index + 1);
                for (Point point : merged(metrics.chunk(scope, id, tier, chunk), coarser)) {
                    metrics.addTo(scope, id, coarser, point);
                    result = result.holding(coarser, coarser.chunkOf(point.start()));
                }
            }
            metrics.rewrite(scope, id, tier, chunk, List.of());
            chunk++;
        }
        return chunk == first ? result : result.startingAt(tier, chunk);
    }

    /// One point per span of `tier` and unit.
    private static List<Point> merged(List<Point> points, Tier tier) {
        record Slot(long start, String unit) {}
        TreeMap<Slot, Distribution> slots = new TreeMap<>(java.util.Comparator.comparingLong(Slot::start).thenComparing(Slot::unit));
        points.forEach(point -> slots.merge(new Slot(tier.bucketStart(point.start()), point.unit()), point.samples(), Distribution::plus));
        List<Point> merged = new ArrayList<>();
        slots.forEach((slot, samples) -> merged.add(new Point(slot.start(), slot.unit(), samples)));
        return merged;
    }
}
