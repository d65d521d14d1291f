package dev.viridian.services.cloudwatch;

import dev.viridian.aws.shapes.Pages;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsForMetricRequest;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsForMetricResponse;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsRequest;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.InvalidNextTokenException;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;

/// Answers DescribeAlarms and DescribeAlarmsForMetric. Names that do not exist are silently left out, as in AWS.
final class AlarmQueries {
    private final Alarms alarms;

    AlarmQueries(Alarms alarms) {
        this.alarms = alarms;
    }

    DescribeAlarmsResponse describe(DescribeAlarmsRequest request) {
        if (request.hasAlarmNames() && request.alarmNamePrefix() != null) {
            throw Refusals.combination("AlarmNames and AlarmNamePrefix cannot be specified together.");
        }
        Scope scope = Scope.current();
        List<Alarm> found = alarms.list(scope).stream().filter(alarm -> matches(scope, alarm, request)).toList();
        try {
            Pages.Page<Alarm> page = Pages.of(found, Alarm::name, request.nextToken(), request.maxRecords(), 100);
            List<MetricAlarm> metric = new ArrayList<>();
            List<CompositeAlarm> composite = new ArrayList<>();
            page.items().forEach(alarm -> {
                switch (alarm) {
                    case Alarm.OfMetric(MetricAlarm each) -> metric.add(shown(each, alarms.state(scope, each.alarmName())));
                    case Alarm.Composite(CompositeAlarm each) -> composite.add(shown(each, alarms.state(scope, each.alarmName())));
                }
            });
            return DescribeAlarmsResponse.builder().metricAlarms(metric).compositeAlarms(composite).nextToken(page.nextToken()).build();
        } catch (Pages.InvalidToken e) {
            throw InvalidNextTokenException.builder().message("The value " + request.nextToken() + " for parameter NextToken is invalid.").cause(e)
                    .build();
        }
    }

    /// Without AlarmTypes only metric alarms are shown, unless the question is about composites by its nature.
    private boolean matches(Scope scope, Alarm alarm, DescribeAlarmsRequest request) {
        boolean family = request.childrenOfAlarmName() != null || request.parentsOfAlarmName() != null;
        boolean type = request.hasAlarmTypes() ? request.alarmTypes().contains(alarm.type()) : family || alarm.type() == AlarmType.METRIC_ALARM;
        return type && (!request.hasAlarmNames() || request.alarmNames().contains(alarm.name()))
                && (request.alarmNamePrefix() == null || alarm.name().startsWith(request.alarmNamePrefix()))
                && (request.actionPrefix() == null || alarm.hasActionStartingWith(request.actionPrefix()))
                && (request.stateValue() == null || alarms.state(scope, alarm.name()).value() == request.stateValue())
                && (request.childrenOfAlarmName() == null || children(scope, request.childrenOfAlarmName()).contains(alarm.name()))
                && (request.parentsOfAlarmName() == null || children(scope, alarm.name()).contains(request.parentsOfAlarmName()));
    }

    private Set<String> children(Scope scope, String name) {
        return alarms.find(scope, name).orElse(null) instanceof Alarm.Composite(CompositeAlarm composite)
                ? CompositeRule.parse(composite.alarmRule()).alarms() : Set.of();
    }

    DescribeAlarmsForMetricResponse describe(DescribeAlarmsForMetricRequest request) {
        Scope scope = Scope.current();
        MetricId metric = new MetricId(request.namespace(), request.metricName(), request.dimensions());
        List<MetricAlarm> found = alarms.metricAlarms(scope).stream().filter(alarm -> isAbout(alarm, metric))
                .filter(alarm -> request.statistic() == null || request.statistic() == alarm.statistic())
                .filter(alarm -> request.extendedStatistic() == null || request.extendedStatistic().equals(alarm.extendedStatistic()))
                .filter(alarm -> request.period() == null || request.period().equals(alarm.period()))
                .filter(alarm -> request.unit() == null || request.unit() == alarm.unit())
                .map(alarm -> shown(alarm, alarms.state(scope, alarm.alarmName()))).toList();
        return DescribeAlarmsForMetricResponse.builder().metricAlarms(found).build();
    }

    private static boolean isAbout(MetricAlarm alarm, MetricId metric) {
        if (alarm.hasMetrics()) {
            return alarm.metrics().stream().anyMatch(query -> query.metricStat() != null && MetricId.of(query.metricStat().metric()).equals(metric));
        }
        return new MetricId(alarm.namespace(), alarm.metricName(), alarm.dimensions()).equals(metric);
    }

    private static MetricAlarm shown(MetricAlarm alarm, AlarmState state) {
        return alarm.copy(b -> b.stateValue(state.value()).stateReason(state.reason()).stateReasonData(state.data().isEmpty() ? null : state.data())
                .stateUpdatedTimestamp(state.updated()).stateTransitionedTimestamp(state.transitioned()));
    }

    private static CompositeAlarm shown(CompositeAlarm alarm, AlarmState state) {
        return alarm.copy(b -> b.stateValue(state.value()).stateReason(state.reason()).stateReasonData(state.data().isEmpty() ? null : state.data())
                .stateUpdatedTimestamp(state.updated()).stateTransitionedTimestamp(state.transitioned()));
    }
}
