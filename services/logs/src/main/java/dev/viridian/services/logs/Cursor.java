package dev.viridian.services.logs;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A place between the events of a stream, which stays where it is when lines are added.
record Cursor(long at, long ordinal) implements Comparable<Cursor> {
    static final Cursor START = new Cursor(0, 0);
    private static final Pattern TOKEN = Pattern.compile("[fb]/0(\\d{18})0{19}(\\d{18})/s");

    @Override
    public int compareTo(Cursor other) {
        int byTime = Long.compare(at, other.at);
        return byTime != 0 ? byTime : Long.compare(ordinal, other.ordinal);
    }

    /// What GetLogEvents gives out: 56 digits between `f/` or `b/` and `/s`.
    String token(char direction) {
        return direction + "/" + digits() + "/s";
    }

    String digits() {
        return String.format("%019d%037d", at, ordinal);
    }

    static Optional<Cursor> ofToken(String token) {
        Matcher parts = TOKEN.matcher(token);
        return parts.matches() ? Optional.of(new Cursor(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)))) : Optional.empty();
    }
}
