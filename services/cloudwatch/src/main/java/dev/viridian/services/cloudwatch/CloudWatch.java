package dev.viridian.services.cloudwatch;

import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Work;
import java.util.List;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.*;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// CloudWatch: metrics and alarms.
public final class CloudWatch implements CloudWatchClient {
    private final Store store;
    private final Time time;
    private final Metrics metrics;
    private final MetricQueries queries;
    private final AlarmHistory history;
    private final Alarms alarms;
    private final AlarmQueries alarmQueries;
    private final AlarmTags tags;
    private final CompositeEvaluator composites;

    /// Nothing carries out the actions of alarms: their history says so.
    public CloudWatch(Store store, Work work, Time time) {
        this(store, work, time, AlarmAction.NONE);
    }

    /// @param work not yet started
    /// @param action carries out the actions of alarms
    public CloudWatch(Store store, Work work, Time time, AlarmAction action) {
        this.store = store;
        this.time = time;
        this.metrics = new Metrics(store, work, time);
        new MetricUpkeep(metrics, store, work, time);
        this.queries = new MetricQueries(metrics, time);
        this.history = new AlarmHistory(store, time);
        this.alarms = new Alarms(store, work, time, history, new AlarmActions(store, work, time, history, action));
        new AlarmEvaluator(alarms, metrics, work, time);
        this.composites = new CompositeEvaluator(alarms, work);
        this.alarmQueries = new AlarmQueries(alarms);
        this.tags = new AlarmTags(store, alarms);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // holds nothing of its own: the store and the work belong to whoever gave them
    }

    @Override
    public PutMetricDataResponse putMetricData(PutMetricDataRequest request) {
        metrics.add(Scope.current(), MetricIntake.samples(request, time.now()));
        return PutMetricDataResponse.builder().build();
    }

    @Override
    public GetMetricStatisticsResponse getMetricStatistics(GetMetricStatisticsRequest request) {
        return queries.statistics(request);
    }

    @Override
    public GetMetricDataResponse getMetricData(GetMetricDataRequest request) {
        return queries.data(request);
    }

    @Override
    public ListMetricsResponse listMetrics(ListMetricsRequest request) {
        return queries.list(request);
    }

    @Override
    public PutMetricAlarmResponse putMetricAlarm(PutMetricAlarmRequest request) {
        AlarmRequests.check(request);
        Scope scope = Scope.current();
        MetricAlarm.Builder alarm = MetricAlarm.builder().alarmName(request.alarmName()).alarmArn(scope.arn("alarm:" + request.alarmName()))
                .alarmDescription(request.alarmDescription()).alarmConfigurationUpdatedTimestamp(time.now())
                .actionsEnabled(request.actionsEnabled() == null || request.actionsEnabled()).okActions(shown(request.okActions()))
                .alarmActions(shown(request.alarmActions()))
                .insufficientDataActions(shown(request.insufficientDataActions())).metricName(request.metricName()).namespace(request.namespace())
                .statistic(request.statistic()).extendedStatistic(request.extendedStatistic())
                .period(request.period())
                .unit(request.unit()).evaluationPeriods(request.evaluationPeriods()).datapointsToAlarm(request.datapointsToAlarm())
                .threshold(request.threshold())
                .comparisonOperator(request.comparisonOperator()).treatMissingData(request.treatMissingData())
                .evaluateLowSampleCountPercentile(request.evaluateLowSampleCountPercentile());
        if (request.hasMetrics()) {
            alarm.metrics(request.metrics());
        } else {
            alarm.dimensions(shown(request.dimensions()));
        }
        save(scope, new Alarm.OfMetric(alarm.build()), request.tags());
        return PutMetricAlarmResponse.builder().build();
    }

    /// AWS shows these lists also when they are empty.
    private static <T> List<T> shown(List<T> given) {
        return List.copyOf(given);
    }

    /// Action suppression is not there: a suppressor that is not honoured would be worse than a refusal.
    @Override
    public PutCompositeAlarmResponse putCompositeAlarm(PutCompositeAlarmRequest request) {
        if (request.actionsSuppressor() != null || request.actionsSuppressorWaitPeriod() != null
                || request.actionsSuppressorExtensionPeriod() != null) {
            throw new UnsupportedOperationException("PutCompositeAlarm with ActionsSuppressor");
        }
        Scope scope = Scope.current();
        AlarmRequests.checkActions(java.util.stream.Stream.of(request.okActions(), request.alarmActions(), request.insufficientDataActions())
                .flatMap(List::stream).toList());
        composites.check(scope, request.alarmName(), CompositeRule.parse(request.alarmRule()));
        CompositeAlarm alarm = CompositeAlarm.builder().alarmName(request.alarmName()).alarmArn(scope.arn("alarm:" + request.alarmName()))
                .alarmDescription(request.alarmDescription()).alarmRule(request.alarmRule()).alarmConfigurationUpdatedTimestamp(time.now())
                .actionsEnabled(request.actionsEnabled() == null || request.actionsEnabled()).okActions(shown(request.okActions()))
                .alarmActions(shown(request.alarmActions()))
                .insufficientDataActions(shown(request.insufficientDataActions())).build();
        save(scope, new Alarm.Composite(alarm), request.tags());
        return PutCompositeAlarmResponse.builder().build();
    }

    /// Tags of a request count only when it creates the alarm. Source: PutMetricAlarm, Tags.
    private void save(Scope scope, Alarm alarm, List<Tag> added) {
        store.transact(() -> {
            boolean created = alarms.find(scope, alarm.name()).isEmpty();
            alarms.put(scope, alarm);
            if (created && !added.isEmpty()) {
                tags.add(alarm.arn(), added);
            }
        });
    }

    @Override
    public DescribeAlarmsResponse describeAlarms(DescribeAlarmsRequest request) {
        return alarmQueries.describe(request);
    }

    @Override
    public DescribeAlarmsResponse describeAlarms() {
        return describeAlarms(DescribeAlarmsRequest.builder().build());
    }

    @Override
    public DescribeAlarmsForMetricResponse describeAlarmsForMetric(DescribeAlarmsForMetricRequest request) {
        return alarmQueries.describe(request);
    }

    @Override
    public DescribeAlarmHistoryResponse describeAlarmHistory(DescribeAlarmHistoryRequest request) {
        return history.describe(request);
    }

    @Override
    public DeleteAlarmsResponse deleteAlarms(DeleteAlarmsRequest request) {
        store.transact(() -> {
            alarms.delete(Scope.current(), request.alarmNames());
            tags.forget(request.alarmNames());
        });
        return DeleteAlarmsResponse.builder().build();
    }

    @Override
    public SetAlarmStateResponse setAlarmState(SetAlarmStateRequest request) {
        Scope scope = Scope.current();
        String data = request.stateReasonData() == null ? "" : request.stateReasonData();
        if (!data.isEmpty()) {
            checkJson(data);
        }
        store.transact(() -> {
            alarms.find(scope, request.alarmName()).orElseThrow(() -> Refusals.noSuchAlarm("Alarm " + request.alarmName() + " not found"));
            alarms.become(scope, request.alarmName(), request.stateValue(), request.stateReason(), data);
        });
        return SetAlarmStateResponse.builder().build();
    }

    private static void checkJson(String text) {
        try {
            JsonMapper.shared().readTree(text);
        } catch (JacksonException e) {
            throw InvalidFormatException.builder().message("StateReasonData is not valid JSON: " + e.getOriginalMessage()).cause(e).build();
        }
    }

    @Override
    public EnableAlarmActionsResponse enableAlarmActions(EnableAlarmActionsRequest request) {
        alarms.enableActions(Scope.current(), request.alarmNames(), true);
        return EnableAlarmActionsResponse.builder().build();
    }

    @Override
    public DisableAlarmActionsResponse disableAlarmActions(DisableAlarmActionsRequest request) {
        alarms.enableActions(Scope.current(), request.alarmNames(), false);
        return DisableAlarmActionsResponse.builder().build();
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return ListTagsForResourceResponse.builder().tags(tags.list(request.resourceARN())).build();
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        tags.add(request.resourceARN(), request.tags());
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        tags.remove(request.resourceARN(), request.tagKeys());
        return UntagResourceResponse.builder().build();
    }
}
