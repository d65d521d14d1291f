package dev.viridian.services.cloudwatch;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Principal;
import dev.viridian.aws.shapes.ShapesMapper;
import dev.viridian.engine.store.SqliteStore;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.VirtualTime;
import dev.viridian.engine.work.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.services.cloudwatch.model.AlarmHistoryItem;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.ScanBy;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;

/// A CloudWatch on virtual time, with one user who calls it.
final class World implements AutoCloseable {
    final VirtualTime time;
    final Store store;
    final Work work;
    final List<String> told = new ArrayList<>();
    final CloudWatch cloudWatch;
    private final Caller user = new Caller("123456789012", "us-east-1", new Principal.User("123456789012", "dev", "AIDAEXAMPLE"), "request");

    World() {
        this(new VirtualTime(), SqliteStore.inMemory(ShapesMapper.create()));
    }

    private World(VirtualTime time, Store store) {
        this.time = time;
        this.store = store;
        this.work = new Work(store, time, Runnable::run);
        this.cloudWatch = new CloudWatch(store, work, time, this::tell);
        work.start();
    }

    private void tell(AlarmChange change, String action) {
        if (action.contains("broken")) {
            throw new IllegalStateException("no such topic");
        }
        told.add(change.after().value() + " to " + action);
    }

    <R> R call(Function<CloudWatch, R> operation) {
        return Caller.get(user, () -> operation.apply(cloudWatch));
    }

    <R> R as(Caller caller, Supplier<R> body) {
        return Caller.get(caller, body);
    }

    /// One sample, now.
    void put(String metric, double value) {
        call(c -> c.putMetricData(r -> r.namespace("Shop").metricData(d -> d.metricName(metric).value(value))));
    }

    /// Sum over a minute, at least 1, one datapoint; changed by `change`.
    void alarm(String name, Consumer<PutMetricAlarmRequest.Builder> change) {
        PutMetricAlarmRequest.Builder alarm = PutMetricAlarmRequest.builder().alarmName(name).namespace("Shop").metricName("Errors")
                .statistic(Statistic.SUM).period(60)
                .evaluationPeriods(1).threshold(1.0).comparisonOperator(ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD);
        change.accept(alarm);
        call(c -> c.putMetricAlarm(alarm.build()));
    }

    MetricAlarm alarm(String name) {
        return call(c -> c.describeAlarms(r -> r.alarmNames(name))).metricAlarms().getFirst();
    }

    String state(String name) {
        return alarm(name).stateValueAsString();
    }

    List<String> history(String name) {
        return call(c -> c.describeAlarmHistory(r -> r.alarmName(name).scanBy(ScanBy.TIMESTAMP_ASCENDING))).alarmHistoryItems().stream()
                .map(AlarmHistoryItem::historySummary).toList();
    }

    void pass(long seconds) {
        time.advance(Duration.ofSeconds(seconds));
    }

    /// The process dies and another one starts over the same store and at the same time.
    World crashed() {
        work.close();
        return new World(time, store);
    }

    @Override
    public void close() {
        work.close();
        store.close();
    }
}
