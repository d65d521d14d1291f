package dev.viridian.services.cloudwatch;

import dev.viridian.aws.Arn;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricStat;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;

/// Refuses alarms that contradict themselves. Source: CloudWatch API, PutMetricAlarm; where no published wording was found the text is ours.
final class AlarmRequests {
    private static final Set<ComparisonOperator> COMPARISONS = Set.of(ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            ComparisonOperator.GREATER_THAN_THRESHOLD,
            ComparisonOperator.LESS_THAN_THRESHOLD, ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD);
    private static final int DAY = 86_400;
    private static final int WEEK = 7 * DAY;

    private AlarmRequests() {}

    static void check(PutMetricAlarmRequest request) {
        require(request.evaluationPeriods() != null, "The parameter EvaluationPeriods is required.");
        require(request.comparisonOperator() != null, "The parameter ComparisonOperator is required.");
        require(COMPARISONS.contains(request.comparisonOperator()) && request.thresholdMetricId() == null,
                "Anomaly detection alarms are not available here: ComparisonOperator must compare with a fixed Threshold.");
        require(request.threshold() != null, "The parameter Threshold is required.");
        require(request.datapointsToAlarm() == null || request.datapointsToAlarm() <= request.evaluationPeriods(),
                "The parameter DatapointsToAlarm must be less than or equal to EvaluationPeriods.");
        option("TreatMissingData", request.treatMissingData(), List.of("breaching", "notBreaching", "ignore", "missing"));
        option("EvaluateLowSampleCountPercentile", request.evaluateLowSampleCountPercentile(), List.of("evaluate", "ignore"));
        checkActions(Stream.of(request.okActions(), request.alarmActions(), request.insufficientDataActions()).flatMap(List::stream).toList());
        if (request.hasMetrics()) {
            checkMath(request);
        } else {
            checkMetric(request);
        }
    }

    static void checkActions(List<String> actions) {
        actions.stream().filter(action -> !Arn.isArn(action)).findFirst().ifPresent(action -> {
            throw Refusals.validation("Invalid arn syntax: " + action);
        });
    }

    private static void checkMetric(PutMetricAlarmRequest request) {
        require(request.metricName() != null, "The parameter MetricName is required.");
        require(request.namespace() != null, "The parameter Namespace is required.");
        require(request.period() != null, "The parameter Period is required.");
        require((request.statistic() == null) != (request.extendedStatistic() == null),
                "Exactly one of the parameters Statistic and ExtendedStatistic must be specified.");
        if (request.extendedStatistic() != null && Statistic.parse(request.extendedStatistic())
                .filter(statistic -> !(statistic instanceof Statistic.Basic)).isEmpty()) {
            throw Refusals.value("The value " + request.extendedStatistic() + " for parameter ExtendedStatistic is not supported.");
        }
        checkPeriod(request.period(), request.evaluationPeriods());
    }

    private static void checkMath(PutMetricAlarmRequest request) {
        require(request.metricName() == null && request.namespace() == null && request.period() == null && request.statistic() == null
                && request.extendedStatistic() == null && !request.hasDimensions(),
                "The parameters MetricName, Namespace, Dimensions, Period, Statistic and "
                + "ExtendedStatistic must not be specified together with Metrics.");
        List<MetricDataQuery> metrics = request.metrics();
        require(metrics.stream().filter(query -> !Boolean.FALSE.equals(query.returnData())).count() == 1,
                "Exactly one element of the metrics list should return data.");
        new QuerySet(metrics, "Metrics");
        List<MetricStat> plain = metrics.stream().filter(query -> query.metricStat() != null).map(MetricDataQuery::metricStat).toList();
        require(!plain.isEmpty() && plain.size() <= 10, "The metrics list must contain between 1 and 10 metrics.");
        require(plain.stream().map(MetricStat::period).distinct().count() == 1, "Period must be the same for all metrics in the metrics list.");
        checkPeriod(plain.getFirst().period(), request.evaluationPeriods());
    }

    private static void checkPeriod(int period, int evaluationPeriods) {
        require(period == 10 || period == 20 || period == 30 || period % 60 == 0, "The parameter Period must be 10, 20, 30 or a multiple of 60.");
        long span = (long) period * evaluationPeriods;
        require(period >= 3600 || span <= DAY, "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).");
        require(span <= WEEK, "Metrics cannot be checked across more than 7 days (EvaluationPeriods * Period must be <= 604800).");
    }

    private static void option(String parameter, @Nullable String value, List<String> options) {
        if (value != null && !options.contains(value)) {
            String all = String.join(", ", options.subList(0, options.size() - 1)) + " and " + options.getLast();
            throw Refusals.validation("Option " + value + " is not supported. Supported options for parameter " + parameter + " are " + all + ".");
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw Refusals.validation(message);
        }
    }
}
