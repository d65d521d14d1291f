package dev.viridian.services.logs;

/// A line with its place: events of a stream are ordered by time, and those of one moment by arrival.
///
/// @param ordinal how many lines the stream had before it
record Event(Line line, long ordinal) implements Comparable<Event> {

    Cursor place() {
        return new Cursor(line.at(), ordinal);
    }

    @Override
    public int compareTo(Event other) {
        return place().compareTo(other.place());
    }
}
