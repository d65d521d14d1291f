package dev.viridian.services.s3;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A page out of a sorted list of keys, rolled up at a delimiter: the rule behind all of S3's list operations.
///
/// @param commonPrefixes what keys were rolled up into; they count towards the page's size as entries do
/// @param last the entry or common prefix the page ends with; null when it is empty
record Listing<T>(List<T> entries, List<String> commonPrefixes, boolean truncated, @Nullable String last, @Nullable T lastEntry) {
    static final int MOST = 1000;

    /// @param sorted by key
    /// @param skip true for what an earlier page has shown
    /// @param after the key or common prefix the earlier page ended with: a common prefix hides everything below it
    static <T> Listing<T> page(List<T> sorted, Function<T, String> key, Predicate<T> skip, @Nullable String after, String prefix,
            @Nullable String delimiter, int most) {
        List<T> entries = new ArrayList<>();
        List<String> rolledUp = new ArrayList<>();
        String last = null;
        T lastEntry = null;
        for (T entry : sorted) {
            String rolled = rollUp(key.apply(entry), prefix, delimiter);
            boolean seen = rolled != null && (rolled.equals(after) || !rolledUp.isEmpty() && rolledUp.getLast().equals(rolled));
            if (seen || skip.test(entry)) {
                continue;
            }
            if (entries.size() + rolledUp.size() == most) {
                return new Listing<>(entries, rolledUp, most > 0, last, lastEntry);
            }
            if (rolled != null) {
                rolledUp.add(rolled);
                last = rolled;
                lastEntry = null;
            } else {
                entries.add(entry);
                last = key.apply(entry);
                lastEntry = entry;
            }
        }
        return new Listing<>(entries, rolledUp, false, last, lastEntry);
    }

    private static @Nullable String rollUp(String key, String prefix, @Nullable String delimiter) {
        if (delimiter == null || delimiter.isEmpty()) {
            return null;
        }
        int at = key.indexOf(delimiter, prefix.length());
        return at < 0 ? null : key.substring(0, at + delimiter.length());
    }

    /// The size of a page as asked for, within what S3 gives.
    static int most(@Nullable Integer asked) {
        if (asked != null && asked < 0) {
            throw S3Errors.invalidArgument("Argument maxKeys must be an integer between 0 and 2147483647");
        }
        return asked == null ? MOST : Math.min(asked, MOST);
    }
}
