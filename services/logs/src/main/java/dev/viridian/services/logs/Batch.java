package dev.viridian.services.logs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.RejectedLogEventsInfo;

/// What PutLogEvents accepts of a batch, and what it says about the rest.
///
/// Source: PutLogEvents API reference, its list of constraints.
record Batch(List<Line> accepted, Optional<RejectedLogEventsInfo> rejected) {
    private static final int BYTES = 1_048_576;
    private static final int EVENTS = 10_000;
    private static final Duration FUTURE = Duration.ofHours(2);
    private static final Duration PAST = Duration.ofDays(14);
    private static final Duration SPAN = Duration.ofHours(24);

    static Batch of(List<InputLogEvent> events, Group group, Instant now) {
        check(events);
        long tooNew = now.plus(FUTURE).toEpochMilli();
        long tooOld = now.minus(PAST).toEpochMilli();
        long expired = group.keptSince(now).map(Instant::toEpochMilli).orElse(Long.MIN_VALUE);
        RejectedLogEventsInfo.Builder rejected = RejectedLogEventsInfo.builder();
        List<Line> accepted = new ArrayList<>(events.size());
        boolean any = false;
        for (int i = 0; i < events.size(); i++) {
            long at = events.get(i).timestamp();
            if (at > tooNew) {
                rejected.tooNewLogEventStartIndex(i);
                return new Batch(accepted, Optional.of(rejected.build()));
            }
            if (at < tooOld) {
                rejected.tooOldLogEventEndIndex(i + 1);
                any = true;
            } else if (at < expired) {
                rejected.expiredLogEventEndIndex(i + 1);
                any = true;
            } else {
                accepted.add(new Line(at, now.toEpochMilli(), events.get(i).message()));
            }
        }
        return new Batch(accepted, any ? Optional.of(rejected.build()) : Optional.empty());
    }

    private static void check(List<InputLogEvent> events) {
        if (events.size() > EVENTS) {
            throw LogsErrors.invalid("1 validation error detected: Value at 'logEvents' failed to satisfy constraint: "
                    + "Member must have length less than or equal to " + EVENTS);
        }
        long bytes = 0;
        for (int i = 0; i < events.size(); i++) {
            bytes += Line.bytes(events.get(i).message());
            if (i > 0 && events.get(i).timestamp() < events.get(i - 1).timestamp()) {
                throw LogsErrors.invalid("Log events in a single PutLogEvents request must be in chronological order.");
            }
        }
        if (bytes > BYTES) {
            throw LogsErrors.invalid("Upload too large: " + bytes + " bytes exceeds limit of " + BYTES);
        }
        if (!events.isEmpty() && events.getLast().timestamp() - events.getFirst().timestamp() > SPAN.toMillis()) {
            throw LogsErrors.invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
        }
    }
}
