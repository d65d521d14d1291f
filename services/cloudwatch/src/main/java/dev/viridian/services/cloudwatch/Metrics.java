package dev.viridian.services.cloudwatch;

import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// The datapoints of every metric. Writing is cheap: one small row per datapoint that got samples, all of a request in one transaction.
///
/// Rows lie under (account, region, metric, tier, chunk): a fresh chunk is a row per datapoint, an older one a single row ([MetricUpkeep] folds it),
/// and
/// whoever reads a chunk takes all rows under its key either way.
final class Metrics {
    /// How stale `lastSeen` of a series may be; it is not written with every datapoint.
    static final Duration SEEN_EVERY = Duration.ofMinutes(15);

    /// One row of datapoints.
    record Points(List<Point> points) {}

    /// Samples to be added, already validated.
    ///
    /// @param fine whether to keep them by the second (`StorageResolution` 1)
    record Samples(MetricId metric, Instant at, String unit, Distribution values, boolean fine) {}

    private final Store store;
    private final Work work;
    private final Time time;
    private final Table<Series> series;
    private final Table<Points> points;
    private final List<Tier> tiers;

    Metrics(Store store, Work work, Time time) {
        this.store = store;
        this.work = work;
        this.time = time;
        this.series = store.table("cloudwatch.metrics", Series.class);
        this.points = store.table("cloudwatch.datapoints", Points.class);
        this.tiers = Tier.all(time);
    }

    void add(Scope scope, Collection<Samples> samples) {
        store.transact(() -> samples.forEach(each -> add(scope, each)));
    }

    private void add(Scope scope, Samples samples) {
        String id = samples.metric().digest();
        Tier tier = samples.fine() ? tiers.get(0) : tiers.get(1);
        long start = tier.bucketStart(samples.at().toEpochMilli());
        addTo(scope, id, tier, new Point(start, samples.unit(), samples.values()));
        remember(scope, id, samples.metric(), tier, tier.chunkOf(start));
    }

    /// Adds to what is known of the same span of time already.
    void addTo(Scope scope, String metric, Tier tier, Point point) {
        String key = Key.of(scope.account(), scope.region(), metric, tier.name(), padded(tier.chunkOf(point.start())), padded(point.start()),
                point.unit());
        Point sum = points.find(key).map(old -> new Point(point.start(), point.unit(), old.points().getFirst().samples().plus(point.samples())))
                .orElse(point);
        points.put(key, new Points(List.of(sum)));
    }

    private void remember(Scope scope, String id, MetricId metric, Tier tier, long chunk) {
        long now = time.now().toEpochMilli();
        String key = scope.key(id);
        Optional<Series> old = series.find(key);
        Series known = old.orElseGet(() -> Series.of(metric, now));
        Series current = now - known.lastSeen() > time.paced(SEEN_EVERY).toMillis() ? known.seen(now) : known;
        Series holding = current.holding(tier, chunk);
        if (old.isEmpty() || holding != known) {
            series.put(key, holding);
        }
        if (old.isEmpty()) {
            work.at(MetricUpkeep.KIND, scope.workKey(), time.deadline(MetricUpkeep.EVERY));
        }
    }

    /// Every datapoint that begins in [from, to), oldest first, whatever its unit and tier.
    List<Point> between(Scope scope, MetricId metric, Instant from, Instant to) {
        Optional<Series> known = series.find(scope.key(metric.digest()));
        if (known.isEmpty()) {
            return List.of();
        }
        List<Point> found = new ArrayList<>();
        for (Tier tier : tiers) {
            Long first = known.get().firstChunks().get(tier.name());
            if (first == null) {
                continue;
            }
            long last = tier.chunkOf(Math.min(to.toEpochMilli(), time.now().plus(FUTURE).toEpochMilli()));
            for (long chunk = Math.max(first, tier.chunkOf(from.toEpochMilli())); chunk <= last; chunk++) {
                found.addAll(chunk(scope, metric.digest(), tier, chunk));
            }
        }
        return found.stream().filter(point -> point.start() >= from.toEpochMilli() && point.start() < to.toEpochMilli())
                .sorted(Comparator.comparingLong(Point::start)).toList();
    }

    /// Datapoints may lie this far ahead of the clock.
    static final Duration FUTURE = Duration.ofHours(2);

    List<Point> chunk(Scope scope, String metric, Tier tier, long chunk) {
        return points.list(chunkPrefix(scope, metric, tier, chunk)).stream().flatMap(row -> row.points().stream()).toList();
    }

    /// Replaces all rows of a chunk by a single one, or by none when `merged` is empty. Inside a transaction.
    void rewrite(Scope scope, String metric, Tier tier, long chunk, List<Point> merged) {
        String prefix = chunkPrefix(scope, metric, tier, chunk);
        points.rows(prefix).forEach(row -> points.delete(row.key()));
        if (!merged.isEmpty()) {
            points.put(prefix + "all", new Points(merged));
        }
    }

    int rowsOf(Scope scope, String metric, Tier tier, long chunk) {
        return points.rows(chunkPrefix(scope, metric, tier, chunk)).size();
    }

    /// The metrics of an account and region, in the order of their names.
    List<Series> list(Scope scope) {
        TreeMap<String, Series> ordered = new TreeMap<>();
        for (Series each : series.list(scope.prefix())) {
            ordered.put(Key.of(each.metric().namespace(), each.metric().name(), each.metric().digest()), each);
        }
        return List.copyOf(ordered.values());
    }

    Table<Series> series() {
        return series;
    }

    List<Tier> tiers() {
        return tiers;
    }

    private static String chunkPrefix(Scope scope, String metric, Tier tier, long chunk) {
        return Key.under(scope.account(), scope.region(), metric, tier.name(), padded(chunk));
    }

    private static String padded(long number) {
        return String.format("%013d", number);
    }
}
