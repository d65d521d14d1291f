package dev.viridian.services.cloudwatch;

import dev.viridian.aws.shapes.Pages;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.cloudwatch.model.AlarmHistoryItem;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmHistoryRequest;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmHistoryResponse;
import software.amazon.awssdk.services.cloudwatch.model.HistoryItemType;
import software.amazon.awssdk.services.cloudwatch.model.InvalidNextTokenException;
import software.amazon.awssdk.services.cloudwatch.model.ScanBy;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What happened to alarms, kept for 30 configured days, also for alarms that were deleted.
final class AlarmHistory {
    private static final Duration KEPT = Duration.ofDays(30);
    private static final JsonMapper JSON = JsonMapper.shared();

    /// @param order makes entries of one moment differ
    record Entry(long order, AlarmHistoryItem item) {}

    private final Table<Entry> entries;
    private final Table<Long> orders;
    private final Time time;

    AlarmHistory(Store store, Time time) {
        this.entries = store.table("cloudwatch.alarm-history", Entry.class);
        this.orders = store.table("cloudwatch.alarm-history-order", Long.class);
        this.time = time;
    }

    void configured(Scope scope, String alarm, AlarmType type, String what) {
        add(scope, alarm, type, HistoryItemType.CONFIGURATION_UPDATE, "Alarm \"" + alarm + "\" " + what,
                JSON.createObjectNode().put("version", "1.0").put("type", switch (what) {
                    case "created" -> "Create";
                    case "deleted" -> "Delete";
                    default -> "Update";
                }));
    }

    /// @return where in the order of all that happened in this account and region
    long changed(Scope scope, AlarmType type, AlarmChange change) {
        ObjectNode data = JSON.createObjectNode().put("version", "1.0");
        describe(data.putObject("oldState"), change.before());
        describe(data.putObject("newState"), change.after());
        String summary = "Alarm updated from " + change.before().value() + " to " + change.after().value();
        return add(scope, change.alarmName(), type, HistoryItemType.STATE_UPDATE, summary, data);
    }

    private static void describe(ObjectNode target, AlarmChange.State state) {
        target.put("stateValue", state.value()).put("stateReason", state.reason());
        if (!state.reasonData().isEmpty()) {
            target.set("stateReasonData", JSON.readTree(state.reasonData()));
        }
    }

    /// @param failure empty when it worked
    void acted(Scope scope, String alarm, AlarmType type, String action, String failure) {
        ObjectNode data = JSON.createObjectNode().put("version", "1.0").put("actionState", failure.isEmpty() ? "Succeeded" : "Failed")
                .put("notificationResource", action);
        if (!failure.isEmpty()) {
            data.put("error", failure);
        }
        add(scope, alarm, type, HistoryItemType.ACTION,
                failure.isEmpty() ? "Successfully executed action " + action
                : "Failed to execute action " + action + ". Received error: \"" + failure + "\"", data);
    }

    private long add(Scope scope, String alarm, AlarmType type, HistoryItemType kind, String summary, ObjectNode data) {
        long order = orders.find(scope.key()).orElse(0L) + 1;
        orders.put(scope.key(), order);
        AlarmHistoryItem item = AlarmHistoryItem.builder().alarmName(alarm).alarmType(type).timestamp(time.now()).historyItemType(kind)
                .historySummary(summary)
                .historyData(data.toString()).build();
        entries.put(Key.of(scope.account(), scope.region(), alarm, String.format("%019d", order)), new Entry(order, item));
        forgetOld(scope, alarm);
        return order;
    }

    private void forgetOld(Scope scope, String alarm) {
        Instant oldest = time.now().minus(time.paced(KEPT));
        for (Table.Row<Entry> row : entries.rows(Key.under(scope.account(), scope.region(), alarm))) {
            if (!row.value().item().timestamp().isBefore(oldest)) {
                return;
            }
            entries.delete(row.key());
        }
    }

    DescribeAlarmHistoryResponse describe(DescribeAlarmHistoryRequest request) {
        Scope scope = Scope.current();
        String prefix = request.alarmName() == null ? scope.prefix() : Key.under(scope.account(), scope.region(), request.alarmName());
        List<Entry> found = new ArrayList<>(entries.list(prefix).stream().filter(entry -> matches(entry.item(), request)).toList());
        found.sort(java.util.Comparator.comparingLong(Entry::order));
        List<Entry> ordered = request.scanBy() == ScanBy.TIMESTAMP_ASCENDING ? found : found.reversed();
        try {
            Pages.Page<Entry> page = Pages.of(ordered, request.nextToken(), request.maxRecords(), 100);
            return DescribeAlarmHistoryResponse.builder().alarmHistoryItems(page.items().stream().map(Entry::item).toList())
                    .nextToken(page.nextToken()).build();
        } catch (Pages.InvalidToken e) {
            throw InvalidNextTokenException.builder().message("The value " + request.nextToken() + " for parameter NextToken is invalid.").cause(e)
                    .build();
        }
    }

    /// Without AlarmTypes only metric alarms are shown, as by DescribeAlarms.
    private static boolean matches(AlarmHistoryItem item, DescribeAlarmHistoryRequest request) {
        boolean type = request.hasAlarmTypes() ? request.alarmTypes().contains(item.alarmType()) : request.alarmName() != null
                || item.alarmType() == AlarmType.METRIC_ALARM;
        return type && (request.historyItemType() == null || request.historyItemType() == item.historyItemType())
                && (request.startDate() == null || !item.timestamp().isBefore(request.startDate()))
                && (request.endDate() == null || !item.timestamp().isAfter(request.endDate()));
    }
}
