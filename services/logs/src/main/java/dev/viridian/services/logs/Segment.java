package dev.viridian.services.logs;

import java.util.ArrayList;
import java.util.List;

/// Some kilobytes of consecutive lines of a stream, in order of arrival.
///
/// @param firstOrdinal of the first line
/// @param earliest time of a line in here
/// @param latestSoFar latest time of a line in here or in any segment before: it never falls from one segment to the next, so one can search by it
record Segment(long firstOrdinal, long earliest, long latestSoFar, List<Line> lines) {
    /// A put rewrites the last segment: small enough for that to be cheap, large enough that a megabyte is not thousands of rows.
    static final int FULL = 16 * 1024;

    static Segment startingAt(long ordinal, long latestSoFar) {
        return new Segment(ordinal, Long.MAX_VALUE, latestSoFar, List.of());
    }

    Segment plus(List<Line> more) {
        List<Line> all = new ArrayList<>(lines);
        all.addAll(more);
        long least = Math.min(earliest, more.stream().mapToLong(Line::at).min().orElse(Long.MAX_VALUE));
        long most = Math.max(latestSoFar, more.stream().mapToLong(Line::at).max().orElse(Long.MIN_VALUE));
        return new Segment(firstOrdinal, least, most, List.copyOf(all));
    }

    List<Event> events() {
        List<Event> events = new ArrayList<>(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            events.add(new Event(lines.get(i), firstOrdinal + i));
        }
        return events;
    }
}
