package dev.viridian.services.cloudwatch;

import java.time.Instant;
import java.util.List;

/// That an alarm went from one state to another: a row of `cloudwatch.alarm-changes`, for whoever wants to follow them.
///
/// @param reasonData JSON; empty when there is none
/// @param actions ARNs that are to be told, none when the alarm's actions are disabled
public record AlarmChange(String account, String region, String alarmName, String alarmArn, String oldState, String newState, String reason, String reasonData,
                          Instant at, List<String> actions) {}
