package dev.viridian.services.logs;

import dev.viridian.aws.shapes.Pages;
import dev.viridian.services.logs.pattern.FilterPattern;
import dev.viridian.services.logs.pattern.MalformedPattern;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;

/// FilterLogEvents: many streams merged in the order of time, and only what matches.
///
/// A page ends when it is full or when enough was looked at; in the second case it may be empty and still have a token, as in AWS.
final class Filtering {
    private static final int LIMIT = 10_000;
    private static final int BYTES = 1_048_576;
    private static final long LOOKED_AT = 32L * 1024 * 1024;
    private static final Comparator<Source> ORDER = Comparator.comparingLong((Source source) -> source.next().line().at())
            .thenComparing(source -> source.stream().name()).thenComparingLong(source -> source.next().ordinal());

    private final Groups groups;

    Filtering(Groups groups) {
        this.groups = groups;
    }

    /// A place in the merged order.
    private record Place(long at, String stream, long ordinal) {
        String token() {
            return Pages.seal(at + " " + ordinal + " " + stream);
        }

        static Place of(String token) {
            String[] parts = Pages.open(token).orElseThrow(LogsErrors::invalidToken).split(" ", 3);
            try {
                return new Place(Long.parseLong(parts[0]), parts[2], Long.parseLong(parts[1]));
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                throw LogsErrors.invalidToken();
            }
        }

        /// The place in one stream from which on events come after this one in the merged order.
        Cursor in(Stream stream) {
            int side = stream.name().compareTo(this.stream);
            return new Cursor(at, side < 0 ? Long.MAX_VALUE : side == 0 ? ordinal : -1);
        }
    }

    /// A stream and the event in it that comes next.
    private record Source(Stream stream, Event next, Iterator<Event> rest) {}

    FilterLogEventsResponse filter(FilterLogEventsRequest request, Instant now) {
        Group group = groups.group(request.logGroupName(), request.logGroupIdentifier());
        FilterPattern pattern = pattern(request.filterPattern());
        Optional<Place> place = Optional.ofNullable(request.nextToken()).map(Place::of);
        PriorityQueue<Source> sources = new PriorityQueue<>(ORDER);
        for (Stream stream : chosen(group, request)) {
            Cursor after = Reading.later(Reading.lowerBound(request.startTime(), group, now), place.map(known -> known.in(stream)));
            Cursor before = new Cursor(request.endTime() == null ? Long.MAX_VALUE : request.endTime(), Long.MAX_VALUE);
            advance(sources, stream, groups.segments().ascending(Groups.key(group, stream.name()), stream, after, before));
        }
        return page(sources, pattern, request.limit() == null ? LIMIT : Math.clamp(request.limit(), 1, LIMIT));
    }

    private static FilterLogEventsResponse page(PriorityQueue<Source> sources, FilterPattern pattern, int limit) {
        List<FilteredLogEvent> found = new ArrayList<>();
        Place last = null;
        long bytes = 0;
        long lookedAt = 0;
        while (!sources.isEmpty() && found.size() < limit && bytes < BYTES && lookedAt < LOOKED_AT) {
            Source source = sources.poll();
            Event event = source.next();
            lookedAt += event.line().bytes();
            if (pattern.matches(event.line().text())) {
                found.add(output(source.stream(), event));
                bytes += event.line().bytes();
            }
            last = new Place(event.line().at(), source.stream().name(), event.ordinal());
            advance(sources, source.stream(), source.rest());
        }
        return FilterLogEventsResponse.builder().events(found).searchedLogStreams(List.of())
                .nextToken(sources.isEmpty() || last == null ? null : last.token()).build();
    }

    private static void advance(PriorityQueue<Source> sources, Stream stream, Iterator<Event> events) {
        if (events.hasNext()) {
            sources.add(new Source(stream, events.next(), events));
        }
    }

    private List<Stream> chosen(Group group, FilterLogEventsRequest request) {
        String prefix = request.logStreamNamePrefix();
        if (request.hasLogStreamNames() && prefix != null) {
            throw LogsErrors.invalid("Only one of logStreamNamePrefix and logStreamNames may be specified.");
        }
        if (request.hasLogStreamNames()) {
            return request.logStreamNames().stream().distinct().map(name -> groups.stream(group, name)).toList();
        }
        return groups.streams(group).stream().filter(stream -> prefix == null || stream.name().startsWith(prefix)).toList();
    }

    private static FilterPattern pattern(@Nullable String text) {
        try {
            return FilterPattern.parse(text == null ? "" : text);
        } catch (MalformedPattern e) {
            throw LogsErrors.invalid(e.getMessage());
        }
    }

    private static FilteredLogEvent output(Stream stream, Event event) {
        return FilteredLogEvent.builder().logStreamName(stream.name()).timestamp(event.line().at()).message(event.line().text())
                .ingestionTime(event.line().in()).eventId(id(stream, event)).build();
    }

    /// The same for the same event at every look, and no other's: clients that follow a group tell new from old by it.
    private static String id(Stream stream, Event event) {
        long streamId = Math.floorMod(stream.created().toEpochMilli() * 1_000_003 + stream.name().hashCode(), 1_000_000_000_000_000_000L);
        return String.format("%019d%018d%019d", event.line().at(), streamId, event.ordinal());
    }
}
