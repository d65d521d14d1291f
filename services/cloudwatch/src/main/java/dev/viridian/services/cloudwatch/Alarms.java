package dev.viridian.services.cloudwatch;

import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Work;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/// The alarms of every account and region, their states, and the one place where a state changes.
final class Alarms {
    private final Store store;
    private final Work work;
    private final Time time;
    private final Table<MetricAlarm> metricAlarms;
    private final Table<CompositeAlarm> compositeAlarms;
    private final Table<AlarmState> states;
    private final AlarmHistory history;
    private final AlarmActions actions;

    Alarms(Store store, Work work, Time time, AlarmHistory history, AlarmActions actions) {
        this.store = store;
        this.work = work;
        this.time = time;
        this.metricAlarms = store.table("cloudwatch.metric-alarms", MetricAlarm.class);
        this.compositeAlarms = store.table("cloudwatch.composite-alarms", CompositeAlarm.class);
        this.states = store.table("cloudwatch.alarm-states", AlarmState.class);
        this.history = history;
        this.actions = actions;
    }

    Optional<Alarm> find(Scope scope, String name) {
        Optional<Alarm> metric = metricAlarms.find(scope.key(name)).map(Alarm.OfMetric::new);
        return metric.isPresent() ? metric : compositeAlarms.find(scope.key(name)).map(Alarm.Composite::new);
    }

    List<MetricAlarm> metricAlarms(Scope scope) {
        return metricAlarms.list(scope.prefix());
    }

    List<CompositeAlarm> compositeAlarms(Scope scope) {
        return compositeAlarms.list(scope.prefix());
    }

    /// Both kinds, ordered by name.
    List<Alarm> list(Scope scope) {
        List<Alarm> all = new ArrayList<>();
        metricAlarms(scope).forEach(alarm -> all.add(new Alarm.OfMetric(alarm)));
        compositeAlarms(scope).forEach(alarm -> all.add(new Alarm.Composite(alarm)));
        all.sort(Comparator.comparing(Alarm::name));
        return all;
    }

    AlarmState state(Scope scope, String name) {
        return states.find(scope.key(name)).orElseThrow(() -> new IllegalStateException("the alarm " + name + " has no state"));
    }

    /// Creates or replaces the configuration; an existing alarm keeps its state until the next evaluation.
    void put(Scope scope, Alarm alarm) {
        store.transact(() -> {
            String key = scope.key(alarm.name());
            Optional<Alarm> old = find(scope, alarm.name());
            if (old.isPresent() && old.get().type() != alarm.type()) {
                throw Refusals.validation("An alarm of another type with the name " + alarm.name() + " exists already.");
            }
            if (old.isEmpty()) {
                states.put(key, AlarmState.unchecked(time.now()));
            }
            history.configured(scope, alarm.name(), alarm.type(), old.isEmpty() ? "created" : "updated");
            switch (alarm) {
                case Alarm.OfMetric(MetricAlarm metric) -> {
                    metricAlarms.put(key, metric);
                    work.at(AlarmEvaluator.KIND, scope.workKey(), AlarmEvaluator.nextLook(time, AlarmEvaluator.isFine(metric)));
                }
                case Alarm.Composite(CompositeAlarm composite) -> {
                    compositeAlarms.put(key, composite);
                    work.wake(CompositeEvaluator.KIND, scope.workKey());
                }
            }
        });
    }

    /// Changes only whether actions are carried out. Not noted as an update unless it is one.
    void enableActions(Scope scope, List<String> names, boolean enabled) {
        store.transact(() -> names.forEach(name -> find(scope, name).filter(alarm -> alarm.actionsEnabled() != enabled)
                .ifPresent(alarm -> put(scope, switch (alarm) {
            case Alarm.OfMetric(MetricAlarm metric) -> new Alarm.OfMetric(metric.copy(b -> b.actionsEnabled(enabled)
                    .alarmConfigurationUpdatedTimestamp(time.now())));
            case Alarm.Composite(CompositeAlarm composite) ->
                new Alarm.Composite(composite.copy(b -> b.actionsEnabled(enabled).alarmConfigurationUpdatedTimestamp(time.now())));
        }))));
    }

    /// All of them or, when one does not exist or is still needed by a composite alarm that stays, none.
    void delete(Scope scope, List<String> names) {
        store.transact(() -> {
            List<String> unknown = names.stream().filter(name -> find(scope, name).isEmpty()).toList();
            if (!unknown.isEmpty()) {
                throw Refusals.noSuchAlarm("Alarms not found: " + String.join(", ", unknown));
            }
            refuseWhatIsReferenced(scope, names);
            names.forEach(name -> {
                Alarm alarm = find(scope, name).orElseThrow();
                metricAlarms.delete(scope.key(name));
                compositeAlarms.delete(scope.key(name));
                states.delete(scope.key(name));
                history.configured(scope, name, alarm.type(), "deleted");
            });
        });
    }

    private void refuseWhatIsReferenced(Scope scope, List<String> names) {
        for (CompositeAlarm composite : compositeAlarms(scope)) {
            if (!names.contains(composite.alarmName())) {
                CompositeRule.parse(composite.alarmRule()).alarms().stream().filter(names::contains).findFirst().ifPresent(name -> {
                    throw Refusals.validation("Cannot delete " + name + " as there are composite alarm(s) depending on it.");
                });
            }
        }
    }

    /// Moves an alarm to a state, noting it in the history and as a row of `cloudwatch.alarm-changes` when it is another state than before.
    void become(Scope scope, String name, StateValue next, String reason, String data) {
        store.transact(() -> find(scope, name).ifPresent(alarm -> {
            AlarmState old = state(scope, name);
            AlarmState now = old.become(next, reason, data, time.now());
            states.put(scope.key(name), now);
            if (old.value() != next) {
                AlarmChange change = new AlarmChange(scope.account(), scope.region(), name, alarm.arn(), alarm.type().toString(), old.shown(),
                        now.shown(),
                        alarm.actionsEnabled() ? alarm.actions(next) : List.of());
                actions.record(alarm.type(), change, history.changed(scope, alarm.type(), change));
                work.wake(CompositeEvaluator.KIND, scope.workKey());
            }
        }));
    }
}
