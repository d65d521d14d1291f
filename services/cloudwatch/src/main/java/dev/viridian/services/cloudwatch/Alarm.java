package dev.viridian.services.cloudwatch;

import java.util.List;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/// An alarm as configured, of either kind. The SDK objects carry no state here.
sealed interface Alarm {
    record OfMetric(MetricAlarm alarm) implements Alarm {}

    record Composite(CompositeAlarm alarm) implements Alarm {}

    default AlarmType type() {
        return switch (this) {
            case OfMetric _ -> AlarmType.METRIC_ALARM;
            case Composite _ -> AlarmType.COMPOSITE_ALARM;
        };
    }

    default String name() {
        return switch (this) {
            case OfMetric(MetricAlarm alarm) -> alarm.alarmName();
            case Composite(CompositeAlarm alarm) -> alarm.alarmName();
        };
    }

    default String arn() {
        return switch (this) {
            case OfMetric(MetricAlarm alarm) -> alarm.alarmArn();
            case Composite(CompositeAlarm alarm) -> alarm.alarmArn();
        };
    }

    default boolean actionsEnabled() {
        return switch (this) {
            case OfMetric(MetricAlarm alarm) -> alarm.actionsEnabled();
            case Composite(CompositeAlarm alarm) -> alarm.actionsEnabled();
        };
    }

    /// What is to be told when the alarm enters `state`.
    default List<String> actions(StateValue state) {
        return switch (this) {
            case OfMetric(MetricAlarm alarm) -> choose(state, alarm.okActions(), alarm.alarmActions(), alarm.insufficientDataActions());
            case Composite(CompositeAlarm alarm) -> choose(state, alarm.okActions(), alarm.alarmActions(), alarm.insufficientDataActions());
        };
    }

    /// Whether an action of any state begins so.
    default boolean hasActionStartingWith(String prefix) {
        return StateValue.knownValues().stream().flatMap(state -> actions(state).stream()).anyMatch(action -> action.startsWith(prefix));
    }

    private static List<String> choose(StateValue state, List<String> ok, List<String> alarm, List<String> insufficient) {
        return switch (state) {
            case OK -> ok;
            case ALARM -> alarm;
            case INSUFFICIENT_DATA -> insufficient;
            case UNKNOWN_TO_SDK_VERSION -> List.of();
        };
    }
}
