package dev.viridian.services.cloudwatch;

import dev.viridian.aws.Caller;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Next;
import dev.viridian.engine.work.Work;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;

/// State changes as durable facts, and the carrying out of what alarms want done about them. Each action ends as a line in the alarm's history.
final class AlarmActions {
    static final String KIND = "cloudwatch.alarm-actions";
    private static final Duration KEPT = Duration.ofDays(14);
    private static final Logger LOG = LoggerFactory.getLogger(AlarmActions.class);

    /// A change whose actions have not all been carried out.
    record Due(AlarmType type, AlarmChange change) {}

    private final Store store;
    private final Work work;
    private final Table<AlarmChange> changes;
    private final Table<Due> due;
    private final AlarmHistory history;
    private final AlarmAction action;
    private final Time time;

    AlarmActions(Store store, Work work, Time time, AlarmHistory history, AlarmAction action) {
        this.store = store;
        this.work = work;
        this.changes = store.table("cloudwatch.alarm-changes", AlarmChange.class);
        this.due = store.table("cloudwatch.due-actions", Due.class);
        this.history = history;
        this.action = action;
        this.time = time;
        work.handle(KIND, this::run);
    }

    Table<AlarmChange> changes() {
        return changes;
    }

    /// Inside the transaction that writes the new state. Changes stay for 14 configured days.
    ///
    /// @param order from the history: rows of one alarm lie in the order they happened
    void record(AlarmType type, AlarmChange change, long order) {
        String key = Key.of(change.account(), change.region(), change.alarmName(), type.toString(), String.format("%019d", order));
        changes.put(key, change);
        if (!change.actions().isEmpty()) {
            due.put(key, new Due(type, change));
            work.wake(KIND, new Scope(change.account(), change.region()).workKey());
        }
        Instant oldest = change.at().minus(time.paced(KEPT));
        changes.rows(Key.under(change.account(), change.region(), change.alarmName(), type.toString())).stream()
                .takeWhile(row -> row.value().at().isBefore(oldest)).forEach(row -> changes.delete(row.key()));
    }

    private Next run(String key) {
        Scope scope = Scope.of(key);
        for (Table.Row<Due> row : due.rows(scope.prefix())) {
            AlarmChange change = row.value().change();
            Caller.run(Caller.service("cloudwatch.amazonaws.com", scope.account(), scope.region()),
                    () -> change.actions().forEach(arn -> perform(scope, row.value().type(), change, arn)));
            due.delete(row.key());
        }
        return Next.done();
    }

    private void perform(Scope scope, AlarmType type, AlarmChange change, String arn) {
        String failure = "";
        try {
            action.perform(change, arn);
        } catch (RuntimeException e) {
            LOG.warn("The action {} of the alarm {} ({} -> {}) failed; it is not repeated", arn, change.alarmName(), change.before().value(),
                    change.after().value(), e);
            failure = String.valueOf(e.getMessage());
        }
        String outcome = failure;
        store.transact(() -> history.acted(scope, change.alarmName(), type, arn, outcome));
    }
}
