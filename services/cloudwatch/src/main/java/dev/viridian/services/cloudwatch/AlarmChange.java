package dev.viridian.services.cloudwatch;

import java.time.Instant;
import java.util.List;

/// That an alarm went from one state to another: a row of `cloudwatch.alarm-changes`, for whoever wants to follow them. It carries what an
/// EventBridge
/// event or a notification about it says.
///
/// @param kind `MetricAlarm` or `CompositeAlarm`
/// @param actions ARNs that are to be told, none when the alarm's actions are disabled
public record AlarmChange(String account, String region, String alarmName, String alarmArn, String kind, State before, State after,
        List<String> actions) {

    /// @param value `OK`, `ALARM` or `INSUFFICIENT_DATA`
    /// @param reasonData JSON; empty when there is none
    /// @param at since when
    public record State(String value, String reason, String reasonData, Instant at) {}

    public Instant at() {
        return after.at();
    }
}
