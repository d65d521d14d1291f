package dev.viridian.services.cloudwatch;

import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Next;
import dev.viridian.engine.work.Work;
import dev.viridian.services.cloudwatch.AlarmEvaluation.Reading;
import dev.viridian.services.cloudwatch.AlarmEvaluation.Rule;
import dev.viridian.services.cloudwatch.AlarmEvaluation.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricStat;

/// Judges every metric alarm of an account and region just after each configured minute (each ten seconds when one has a short period), whether or
/// not
/// anybody looks. One durable work row per account and region; evaluating twice is harmless.
///
/// The window of an alarm ends at the last full minute and slides by the minute, in steps of the period back from there. Source: CloudWatch user
/// guide,
/// "Evaluating an alarm": standard alarms are evaluated every minute, those on 10 or 30 s periods every ten seconds.
final class AlarmEvaluator {
    static final String KIND = "cloudwatch.alarm-evaluation";
    private static final Logger LOG = LoggerFactory.getLogger(AlarmEvaluator.class);
    private static final Duration STANDARD = Duration.ofMinutes(1);
    private static final Duration FINE = Duration.ofSeconds(10);
    /// Time for the datapoints of the minute that just ended to arrive.
    private static final Duration SETTLING = Duration.ofSeconds(5);

    private final Alarms alarms;
    private final Metrics metrics;
    private final Time time;

    AlarmEvaluator(Alarms alarms, Metrics metrics, Work work, Time time) {
        this.alarms = alarms;
        this.metrics = metrics;
        this.time = time;
        work.handle(KIND, this::run);
    }

    private Next run(String key) {
        Scope scope = Scope.of(key);
        List<MetricAlarm> all = alarms.metricAlarms(scope);
        all.forEach(alarm -> evaluate(scope, alarm));
        return all.isEmpty() ? Next.done() : Next.at(nextLook(time, all.stream().anyMatch(AlarmEvaluator::isFine)));
    }

    /// The moment after now at which alarms are judged next.
    static Instant nextLook(Time time, boolean fine) {
        long cadence = millis(time, fine ? FINE : STANDARD);
        long settling = Math.min(millis(time, SETTLING), cadence / 2);
        long now = time.now().toEpochMilli();
        return Instant.ofEpochMilli(Math.floorDiv(now - settling, cadence) * cadence + cadence + settling);
    }

    private void evaluate(Scope scope, MetricAlarm alarm) {
        AlarmState state = alarms.state(scope, alarm.alarmName());
        if (justCreated(state)) {
            return;
        }
        Rule rule = Rule.of(alarm);
        List<Optional<Reading>> range = range(scope, alarm, rule);
        if (range.isEmpty() || !(AlarmEvaluation.judge(rule, range) instanceof Verdict.Conclude verdict) || verdict.state() == state.value()) {
            return;
        }
        if (ignoresFewSamples(alarm, verdict)) {
            return;
        }
        StateReason reason = StateReason.of(alarm, rule, verdict, time.now());
        LOG.info("Alarm {} goes from {} to {}: {}", alarm.alarmName(), state.value(), verdict.state(), reason.text());
        alarms.become(scope, alarm.alarmName(), verdict.state(), reason.text(), reason.data());
    }

    /// A new alarm is first seen as such; it is judged at the next look, less than a minute away.
    private boolean justCreated(AlarmState state) {
        return state.reason().equals(StateReason.CREATED) && state.updated().plusMillis(millis(time, SETTLING)).isAfter(time.now());
    }

    /// Whether its period is shorter than a minute.
    static boolean isFine(MetricAlarm alarm) {
        return seconds(alarm) < 60;
    }

    private static int seconds(MetricAlarm alarm) {
        return alarm.period() != null ? alarm.period()
                : alarm.metrics().stream().map(MetricDataQuery::metricStat).filter(java.util.Objects::nonNull).mapToInt(MetricStat::period)
                .findFirst().orElse(60);
    }

    /// A whole number of the store's minutes also at a pace that does not divide a minute evenly, so that no datapoint slips into the next period.
    private Duration period(MetricAlarm alarm) {
        int seconds = seconds(alarm);
        return Duration.ofMillis(seconds % 60 == 0 ? millis(time, STANDARD) * (seconds / 60) : millis(time, Duration.ofSeconds(seconds)));
    }

    private static long millis(Time time, Duration configured) {
        return Math.max(1, time.paced(configured).toMillis());
    }

    /// The last periods, oldest first; empty when the alarm's expression fails on the data at hand.
    private List<Optional<Reading>> range(Scope scope, MetricAlarm alarm, Rule rule) {
        Duration period = period(alarm);
        long cadence = millis(time, isFine(alarm) ? FINE : STANDARD);
        Instant end = Instant.ofEpochMilli(Math.floorDiv(time.now().toEpochMilli(), cadence) * cadence);
        int periods = rule.evaluationPeriods() + AlarmEvaluation.EXTRA_PERIODS;
        Instant from = end.minus(period.multipliedBy(periods));
        Map<Instant, Reading> readings = alarm.hasMetrics() ? computed(scope, alarm, from, end, period, periods)
                : measured(scope, alarm, from, end, period);
        List<Optional<Reading>> range = new ArrayList<>();
        for (int i = 0; i < periods; i++) {
            range.add(Optional.ofNullable(readings.get(from.plus(period.multipliedBy(i)))));
        }
        return range;
    }

    private Map<Instant, Reading> measured(Scope scope, MetricAlarm alarm, Instant from, Instant end, Duration period) {
        MetricId metric = new MetricId(alarm.namespace(), alarm.metricName(), alarm.dimensions());
        Statistic statistic = Statistic.parse(alarm.statistic() != null ? alarm.statisticAsString() : alarm.extendedStatistic()).orElseThrow();
        Map<Instant, Reading> readings = new TreeMap<>();
        Periods.samples(metrics.between(scope, metric, from, end), from, period, alarm.unit() == null ? "" : alarm.unitAsString())
                .forEach((start, samples) -> statistic.of(samples).ifPresent(value -> readings.put(start,
                new Reading(start, value, samples.count()))));
        return readings;
    }

    private Map<Instant, Reading> computed(Scope scope, MetricAlarm alarm, Instant from, Instant end, Duration period, int periods) {
        List<Instant> grid = new ArrayList<>();
        for (int i = 0; i < periods; i++) {
            grid.add(from.plus(period.multipliedBy(i)));
        }
        String returned = alarm.metrics().stream().filter(query -> !Boolean.FALSE.equals(query.returnData())).findFirst().orElseThrow().id();
        Map<Instant, Reading> readings = new TreeMap<>();
        new QuerySet(alarm.metrics(), "Metrics").evaluate(returned, grid, period, seconds(alarm), stat -> line(scope, stat, from, end, period))
                .values()
                .forEach((start, value) -> readings.put(start, new Reading(start, value, Double.NaN)));
        return readings;
    }

    private MathValue.Line line(Scope scope, MetricStat stat, Instant from, Instant end, Duration period) {
        List<Point> points = metrics.between(scope, MetricId.of(stat.metric()), from, end);
        return new MathValue.Line(Periods.values(points, from, period, Statistic.parse(stat.stat()).orElseThrow(), stat.unit() == null ? ""
                : stat.unitAsString()));
    }

    private static boolean ignoresFewSamples(MetricAlarm alarm, Verdict.Conclude verdict) {
        if (!"ignore".equals(alarm.evaluateLowSampleCountPercentile()) || alarm.extendedStatistic() == null) {
            return false;
        }
        return Statistic.parse(alarm.extendedStatistic()).orElseThrow() instanceof Statistic.Percentile percentile
                && verdict.considered().stream().anyMatch(reading -> reading.samples() < percentile.fewestMeaningfulSamples());
    }
}
