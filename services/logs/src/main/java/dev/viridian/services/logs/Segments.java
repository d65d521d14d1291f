package dev.viridian.services.logs;

import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// The lines of all streams.
///
/// A row per line would cost a row's overhead, and a listing of them all for every read; a row per stream would be rewritten whole for every line.
/// Segments are numbered without gaps, so that a time is found by halving.
final class Segments {
    private static final Segment FORGOTTEN = new Segment(0, Long.MIN_VALUE, Long.MIN_VALUE, List.of());

    private final Table<Segment> table;

    Segments(Store store) {
        this.table = store.table("logs.segments", Segment.class);
    }

    /// Writes lines behind what a stream has, inside the caller's transaction, and tells how far the stream has come.
    Stream append(String streamKey, Stream stream, List<Line> lines) {
        int number = stream.nextSegment() - 1;
        int filled = stream.tailBytes();
        Segment tail = !stream.isEmpty() && filled < Segment.FULL ? segment(streamKey, number) : null;
        long latest = stream.last() == null ? 0 : stream.last();
        long ordinal = stream.lines();
        int from = 0;
        while (from < lines.size()) {
            if (tail == null) {
                number++;
                filled = 0;
                tail = Segment.startingAt(ordinal, latest);
            }
            int to = from;
            for (; to < lines.size() && filled < Segment.FULL; to++) {
                filled += lines.get(to).bytes();
            }
            tail = tail.plus(lines.subList(from, to));
            table.put(key(streamKey, number), tail);
            latest = tail.latestSoFar();
            ordinal += to - from;
            from = to;
            tail = null;
        }
        return progressed(stream, lines, number + 1, filled);
    }

    private static Stream progressed(Stream stream, List<Line> lines, int nextSegment, int tailBytes) {
        long first = lines.stream().mapToLong(Line::at).min().orElseThrow();
        long last = lines.stream().mapToLong(Line::at).max().orElseThrow();
        boolean ordered = stream.ordered() && (stream.last() == null || first >= stream.last());
        return new Stream(stream.group(), stream.name(), stream.created(), stream.first() == null ? first : Math.min(first, stream.first()),
                stream.last() == null ? last : Math.max(last, stream.last()), lines.getLast().in(), stream.lines() + lines.size(),
                stream.bytes() + lines.stream().mapToLong(Line::bytes).sum(), stream.firstSegment(), nextSegment, tailBytes, ordered);
    }

    /// Events after `after` and before `before` in their order, read as far as the iterator is drawn.
    Iterator<Event> ascending(String streamKey, Stream stream, Cursor after, Cursor before) {
        if (!stream.ordered()) {
            return sorted(streamKey, stream, after, before).iterator();
        }
        int from = first(stream, number -> segment(streamKey, number).latestSoFar() >= after.at());
        return IntStream.range(from, stream.nextSegment()).mapToObj(number -> segment(streamKey, number))
                .takeWhile(segment -> segment.earliest() <= before.at())
                .flatMap(segment -> segment.events().stream().filter(event -> isBetween(event, after, before)))
                .iterator();
    }

    /// As [#ascending], from the end.
    Iterator<Event> descending(String streamKey, Stream stream, Cursor after, Cursor before) {
        if (!stream.ordered()) {
            return sorted(streamKey, stream, after, before).reversed().iterator();
        }
        int last = first(stream, number -> segment(streamKey, number).earliest() > before.at()) - 1;
        return IntStream.iterate(last, number -> number >= stream.firstSegment(), number -> number - 1).mapToObj(number -> segment(streamKey, number))
                .takeWhile(segment -> segment.latestSoFar() >= after.at())
                .flatMap(segment -> segment.events().reversed().stream().filter(event -> isBetween(event, after, before)))
                .iterator();
    }

    /// Drops whole segments whose last line is older than `keptSince`; returns the stream as it is then.
    Stream forgetBefore(String streamKey, Stream stream, long keptSince) {
        int keep = first(stream, number -> segment(streamKey, number).latestSoFar() >= keptSince);
        deleteRange(streamKey, stream.firstSegment(), keep);
        return stream.withoutSegmentsBefore(keep);
    }

    void delete(String streamKey, Stream stream) {
        deleteRange(streamKey, stream.firstSegment(), stream.nextSegment());
    }

    private void deleteRange(String streamKey, int from, int to) {
        IntStream.range(from, to).forEach(number -> table.delete(key(streamKey, number)));
    }

    private List<Event> sorted(String streamKey, Stream stream, Cursor after, Cursor before) {
        List<Event> events = new ArrayList<>();
        for (int number = first(stream, at -> segment(streamKey, at).latestSoFar() >= after.at()); number < stream.nextSegment(); number++) {
            segment(streamKey, number).events().stream().filter(event -> isBetween(event, after, before)).forEach(events::add);
        }
        events.sort(null);
        return events;
    }

    private static boolean isBetween(Event event, Cursor after, Cursor before) {
        return event.place().compareTo(after) > 0 && event.place().compareTo(before) < 0;
    }

    /// The first segment for which something holds that holds for all after it; the next one's number when it holds for none.
    private static int first(Stream stream, IntPredicate holds) {
        int low = stream.firstSegment();
        int high = stream.nextSegment();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (holds.test(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /// A segment that the sweep took away while it was wanted reads as one without lines, older than everything.
    private Segment segment(String streamKey, int number) {
        return table.find(key(streamKey, number)).orElse(FORGOTTEN);
    }

    private static String key(String streamKey, int number) {
        return Key.under(Key.parts(streamKey)) + String.format("%010d", number);
    }
}
