package dev.viridian.services.logs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A log stream, and where its lines are.
///
/// @param first time of the earliest line, null while there is none; likewise `last` and `lastArrival`
/// @param lines how many there ever were; the next line's ordinal
/// @param bytes of all lines, as AWS counts them
/// @param firstSegment of those still kept
/// @param nextSegment the number the next segment will get
/// @param tailBytes how full the last segment is
/// @param ordered whether no line ever arrived that was older than one before it
record Stream(String group, String name, Instant created, @Nullable Long first, @Nullable Long last, @Nullable Long lastArrival, long lines,
        long bytes, int firstSegment, int nextSegment, int tailBytes, boolean ordered) {

    static Stream empty(String group, String name, Instant created) {
        return new Stream(group, name, created, null, null, null, 0, 0, 0, 0, 0, true);
    }

    boolean isEmpty() {
        return firstSegment == nextSegment;
    }

    Stream withoutSegmentsBefore(int segment) {
        return new Stream(group, name, created, first, last, lastArrival, lines, bytes, segment, nextSegment, tailBytes, ordered);
    }
}
