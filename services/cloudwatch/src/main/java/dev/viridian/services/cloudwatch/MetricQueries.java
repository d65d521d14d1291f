package dev.viridian.services.cloudwatch;

import dev.viridian.aws.shapes.Pages;
import dev.viridian.engine.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import software.amazon.awssdk.services.cloudwatch.model.Datapoint;
import software.amazon.awssdk.services.cloudwatch.model.DimensionFilter;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataResponse;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricStatisticsRequest;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricStatisticsResponse;
import software.amazon.awssdk.services.cloudwatch.model.InvalidNextTokenException;
import software.amazon.awssdk.services.cloudwatch.model.ListMetricsRequest;
import software.amazon.awssdk.services.cloudwatch.model.ListMetricsResponse;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataResult;
import software.amazon.awssdk.services.cloudwatch.model.MetricStat;
import software.amazon.awssdk.services.cloudwatch.model.ScanBy;
import software.amazon.awssdk.services.cloudwatch.model.StatusCode;

/// Answers GetMetricStatistics, GetMetricData and ListMetrics. Times and periods here are real ones, also when configured time runs faster.
final class MetricQueries {
    private static final int MOST_DATAPOINTS = 1440;
    private static final int MOST_QUERIES = 500;
    private static final Duration RECENTLY = Duration.ofHours(3);

    private final Metrics metrics;
    private final Time time;

    MetricQueries(Metrics metrics, Time time) {
        this.metrics = metrics;
        this.time = time;
    }

    /// Periods begin at the start time (rounded down), not at multiples of the period: AWS's own examples ask from 23:18 by the hour and get 00:18.
    GetMetricStatisticsResponse statistics(GetMetricStatisticsRequest request) {
        check(request);
        Instant from = roundedDown(request.startTime());
        Duration period = Duration.ofSeconds(request.period());
        MetricId metric = new MetricId(request.namespace(), request.metricName(), request.dimensions());
        List<Point> points = metrics.between(Scope.current(), metric, from, request.endTime());
        Map<String, List<Point>> byUnit = new TreeMap<>();
        points.forEach(point -> byUnit.computeIfAbsent(point.unit(), unit -> new ArrayList<>()).add(point));
        byUnit.keySet().removeIf(unit -> request.unit() != null && !request.unitAsString().equals(unit));
        List<Datapoint> datapoints = new ArrayList<>();
        byUnit.forEach((unit, some) -> Periods.samples(some, from, period, unit)
                .forEach((start, samples) -> datapoints.add(datapoint(request, start, samples, unit))));
        return GetMetricStatisticsResponse.builder().label(request.metricName()).datapoints(datapoints).build();
    }

    private static void check(GetMetricStatisticsRequest request) {
        if (!request.startTime().isBefore(request.endTime())) {
            throw Refusals.value("The parameter StartTime must be less than the parameter EndTime.");
        }
        if (request.hasStatistics() == request.hasExtendedStatistics()) {
            throw Refusals.combination("Must specify either Statistics or ExtendedStatistics");
        }
        checkPeriod(request.period(), "Period");
        request.extendedStatistics().stream().filter(name -> Statistic.parse(name).isEmpty()).findFirst().ifPresent(name -> {
            throw Refusals.value("The value " + name + " for parameter ExtendedStatistics.member.1 is invalid.");
        });
        long asked = Math.ceilDiv(Duration.between(request.startTime(), request.endTime()).toSeconds(), request.period());
        if (asked > MOST_DATAPOINTS) {
            throw Refusals.combination(String.format(java.util.Locale.ROOT,
                    "You have requested up to %,d datapoints, which exceeds the limit of %,d. "
                    + "You may reduce the datapoints requested by increasing Period, or decreasing the time range.", asked, MOST_DATAPOINTS));
        }
    }

    private static void checkPeriod(int period, String parameter) {
        if (!List.of(1, 5, 10, 20, 30).contains(period) && period % 60 != 0) {
            throw Refusals.value("The parameter " + parameter + " must be equal to 1, 5, 10, 20, 30, or any multiple of 60.");
        }
    }

    private static Datapoint datapoint(GetMetricStatisticsRequest request, Instant start, Distribution samples, String unit) {
        Datapoint.Builder datapoint = Datapoint.builder().timestamp(start).unit(unit);
        request.statisticsAsStrings().forEach(name -> {
            double value = Statistic.Basic.valueOf(name).of(samples).getAsDouble();
            switch (Statistic.Basic.valueOf(name)) {
                case SampleCount -> datapoint.sampleCount(value);
                case Average -> datapoint.average(value);
                case Sum -> datapoint.sum(value);
                case Minimum -> datapoint.minimum(value);
                case Maximum -> datapoint.maximum(value);
            }
        });
        Map<String, Double> extended = new HashMap<>();
        request.extendedStatistics().forEach(name -> {
            OptionalDouble value = Statistic.parse(name).orElseThrow().of(samples);
            value.ifPresent(number -> extended.put(name, number));
        });
        return extended.isEmpty() ? datapoint.build() : datapoint.extendedStatistics(extended).build();
    }

    /// Source: GetMetricStatistics, StartTime: to the minute for 15 days, to five minutes until 63 days, to the hour beyond.
    private Instant roundedDown(Instant start) {
        Duration age = Duration.between(start, time.now());
        long grain = age.toDays() < 15 ? 60 : age.toDays() < 63 ? 300 : 3600;
        return Instant.ofEpochSecond(Math.floorDiv(start.getEpochSecond(), grain) * grain);
    }

    GetMetricDataResponse data(GetMetricDataRequest request) {
        if (request.startTime().equals(request.endTime())) {
            throw Refusals.validation("The parameter StartTime must not equal parameter EndTime.");
        }
        if (request.startTime().isAfter(request.endTime())) {
            throw Refusals.validation("The parameter EndTime must be greater than StartTime.");
        }
        if (request.metricDataQueries().size() > MOST_QUERIES) {
            throw Refusals.validation("The collection MetricDataQueries must not have a size greater than " + MOST_QUERIES + ".");
        }
        QuerySet queries = new QuerySet(request.metricDataQueries(), "MetricDataQueries");
        request.metricDataQueries().stream().filter(query -> query.metricStat() != null)
                .forEach(query -> checkPeriod(query.metricStat().period(), "MetricDataQueries.member.MetricStat.Period"));
        List<MetricDataResult> results = request.metricDataQueries().stream().filter(query -> !Boolean.FALSE.equals(query.returnData()))
                .map(query -> result(request, queries, query)).toList();
        return DataPages.page(results, request);
    }

    private MetricDataResult result(GetMetricDataRequest request, QuerySet queries, MetricDataQuery query) {
        int seconds = seconds(request, query);
        Duration period = Duration.ofSeconds(seconds);
        Instant from = Instant.ofEpochSecond(Math.floorDiv(roundedDown(request.startTime()).getEpochSecond(), seconds) * seconds);
        List<Instant> grid = new ArrayList<>();
        for (Instant start = from; start.isBefore(request.endTime()) && grid.size() <= 100_800; start = start.plus(period)) {
            grid.add(start);
        }
        TreeMap<Instant, Double> values = queries.evaluate(query.id(), grid, period, seconds, stat -> line(stat, from, request.endTime(), period))
                .values();
        Map<Instant, Double> ordered = request.scanBy() == ScanBy.TIMESTAMP_ASCENDING ? values : values.descendingMap();
        return MetricDataResult.builder().id(query.id()).label(label(query)).statusCode(StatusCode.COMPLETE).timestamps(List.copyOf(ordered.keySet()))
                .values(List.copyOf(ordered.values())).build();
    }

    private MathValue.Line line(MetricStat stat, Instant from, Instant to, Duration period) {
        List<Point> points = metrics.between(Scope.current(), MetricId.of(stat.metric()), from, to);
        Statistic statistic = Statistic.parse(stat.stat()).orElseThrow();
        return new MathValue.Line(Periods.values(points, Instant.EPOCH, period, statistic, stat.unit() == null ? "" : stat.unitAsString()));
    }

    /// A metric has its own period; an expression its own or the finest of the request.
    private static int seconds(GetMetricDataRequest request, MetricDataQuery query) {
        if (query.metricStat() != null) {
            return query.metricStat().period();
        }
        return query.period() != null ? query.period()
                : request.metricDataQueries().stream().filter(other -> other.metricStat() != null).mapToInt(other -> other.metricStat().period())
                .min().orElse(60);
    }

    private static String label(MetricDataQuery query) {
        if (query.label() != null) {
            return query.label();
        }
        return query.metricStat() == null ? query.id() : query.metricStat().metric().metricName();
    }

    ListMetricsResponse list(ListMetricsRequest request) {
        List<Series> found = metrics.list(Scope.current()).stream().filter(series -> matches(series, request)).toList();
        try {
            Pages.Page<Series> page = Pages.of(found, series -> series.metric().namespace() + '\u001f' + series.metric().name() + '\u001f'
                    + series.metric().digest(),
                    request.nextToken(), null, 500);
            return ListMetricsResponse.builder().metrics(page.items().stream().map(series -> series.metric().metric()).toList())
                    .nextToken(page.nextToken()).build();
        } catch (Pages.InvalidToken e) {
            throw InvalidNextTokenException.builder().message("The value " + request.nextToken() + " for parameter NextToken is invalid.").cause(e)
                    .build();
        }
    }

    private boolean matches(Series series, ListMetricsRequest request) {
        boolean recent = request.recentlyActive() == null
                || time.now().toEpochMilli() - series.lastSeen() < RECENTLY.plus(time.paced(Metrics.SEEN_EVERY)).toMillis();
        return recent && MetricUpkeep.listed(series, time) && (request.namespace() == null || request.namespace().equals(series.metric().namespace()))
                && (request.metricName() == null || request.metricName().equals(series.metric().name()))
                && request.dimensions().stream().allMatch(filter -> has(series, filter));
    }

    private static boolean has(Series series, DimensionFilter filter) {
        return series.metric().dimensions().stream().anyMatch(dimension -> dimension.name().equals(filter.name())
                && (filter.value() == null || dimension.value().equals(filter.value())));
    }
}
