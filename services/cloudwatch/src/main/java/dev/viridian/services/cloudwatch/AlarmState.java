package dev.viridian.services.cloudwatch;

import java.time.Instant;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/// How an alarm is, and since when. Kept apart from its configuration: one is the user's, the other ours.
///
/// @param data JSON about the reason; empty when there is none
/// @param updated when state or reason were last written
/// @param transitioned when the state last became another one
record AlarmState(StateValue value, String reason, String data, Instant updated, Instant transitioned) {

    static AlarmState unchecked(Instant now) {
        return new AlarmState(StateValue.INSUFFICIENT_DATA, StateReason.CREATED, "", now, now);
    }

    AlarmState become(StateValue next, String why, String about, Instant now) {
        return new AlarmState(next, why, about, now, next == value ? transitioned : now);
    }

    AlarmChange.State shown() {
        return new AlarmChange.State(value.toString(), reason, data, updated);
    }
}
