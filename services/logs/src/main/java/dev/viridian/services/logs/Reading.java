package dev.viridian.services.logs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;

/// GetLogEvents: one stream, page by page in either direction.
///
/// Tokens are never absent. At the end of a stream the token that was given comes back, which is how clients know they are there; the same token
/// finds lines that arrive later.
final class Reading {
    private static final int LIMIT = 10_000;
    private static final int BYTES = 1_048_576;

    private final Groups groups;

    Reading(Groups groups) {
        this.groups = groups;
    }

    GetLogEventsResponse get(GetLogEventsRequest request, Instant now) {
        Group group = groups.group(request.logGroupName(), request.logGroupIdentifier());
        Stream stream = groups.stream(group, request.logStreamName());
        Optional<Cursor> given = Optional.ofNullable(request.nextToken()).map(token -> Cursor.ofToken(token).orElseThrow(LogsErrors::invalidToken));
        boolean forward = given.isPresent() ? request.nextToken().startsWith("f/") : Boolean.TRUE.equals(request.startFromHead());
        Cursor after = lowerBound(request.startTime(), group, now);
        Cursor before = request.endTime() == null ? new Cursor(Long.MAX_VALUE, 0) : new Cursor(request.endTime(), -1);
        int limit = request.limit() == null ? LIMIT : Math.clamp(request.limit(), 1, LIMIT);
        String key = Groups.key(group, stream.name());
        List<Event> events = forward
                ? take(groups.segments().ascending(key, stream, later(after, given), before), limit)
                : take(groups.segments().descending(key, stream, after, given.filter(cursor -> cursor.compareTo(before) < 0).orElse(before)), limit);
        if (!forward) {
            Collections.reverse(events);
        }
        Cursor rest = given.orElse(Cursor.START);
        return GetLogEventsResponse.builder()
                .events(events.stream().map(Reading::output).toList())
                .nextForwardToken((events.isEmpty() ? rest : events.getLast().place()).token('f'))
                .nextBackwardToken((events.isEmpty() ? rest : events.getFirst().place()).token('b'))
                .build();
    }

    /// Nothing before the start time is seen, nor what retention has ended.
    static Cursor lowerBound(@Nullable Long startTime, Group group, Instant now) {
        long start = startTime == null ? 0 : startTime;
        return new Cursor(Math.max(start, group.keptSince(now).map(Instant::toEpochMilli).orElse(0L)), -1);
    }

    static Cursor later(Cursor bound, Optional<Cursor> given) {
        return given.filter(cursor -> cursor.compareTo(bound) > 0).orElse(bound);
    }

    private static List<Event> take(Iterator<Event> events, int limit) {
        List<Event> taken = new ArrayList<>();
        int bytes = 0;
        while (taken.size() < limit && events.hasNext()) {
            Event event = events.next();
            bytes += event.line().bytes();
            if (bytes > BYTES && !taken.isEmpty()) {
                break;
            }
            taken.add(event);
        }
        return taken;
    }

    private static OutputLogEvent output(Event event) {
        return OutputLogEvent.builder().timestamp(event.line().at()).message(event.line().text()).ingestionTime(event.line().in()).build();
    }
}
