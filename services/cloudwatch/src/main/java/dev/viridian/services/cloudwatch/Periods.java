package dev.viridian.services.cloudwatch;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeMap;

/// Datapoints summed up by period.
final class Periods {
    private Periods() {}

    /// One value per period that has any, by the moment the period starts. Periods are counted from `origin`; points lie in [from, to) already.
    ///
    /// @param unit only points in this unit; empty for all
    static TreeMap<Instant, Double> values(List<Point> points, Instant origin, Duration period, Statistic statistic, String unit) {
        TreeMap<Instant, Double> values = new TreeMap<>();
        samples(points, origin, period, unit).forEach((start, samples) -> {
            OptionalDouble value = statistic.of(samples);
            value.ifPresent(number -> values.put(start, number));
        });
        return values;
    }

    static TreeMap<Instant, Distribution> samples(List<Point> points, Instant origin, Duration period, String unit) {
        TreeMap<Instant, Distribution> periods = new TreeMap<>();
        long length = period.toMillis();
        long zero = origin.toEpochMilli();
        for (Point point : points) {
            if (unit.isEmpty() || point.unit().equals(unit)) {
                Instant start = Instant.ofEpochMilli(zero + Math.floorDiv(point.start() - zero, length) * length);
                periods.merge(start, point.samples(), Distribution::plus);
            }
        }
        return periods;
    }
}
