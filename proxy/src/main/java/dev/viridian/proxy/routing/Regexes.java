package dev.viridian.proxy.routing;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;

/// Compiles regular expressions that an event loop can afford: RE2 needs time in proportion to the text times the size of the expression, whoever wrote
/// either, so the size is bounded here. Nested counts such as `((a{99}){99}){99}` would multiply to any size.
public final class Regexes {
    private static final long MAX_SIZE = 1000;

    private Regexes() {}

    /// @throws IllegalArgumentException when the expression cannot be used
    public static Pattern compile(String regex, boolean ignoreCase) {
        if (size(regex) > MAX_SIZE) {
            throw new IllegalArgumentException("a regular expression too large once its counts are written out: " + regex);
        }
        try {
            return Pattern.compile(regex, ignoreCase ? Pattern.CASE_INSENSITIVE : 0);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("not a regular expression: " + regex + " (" + e.getDescription() + ")", e);
        }
    }

    /// About how many places the expression has when every `{n,m}` is written out. Reads no more of the grammar than that needs; what is no expression
    /// at all gets some figure, and is refused afterwards.
    public static long size(String regex) {
        Deque<Long> enclosing = new ArrayDeque<>();
        long sum = 0;
        long last = 0;
        int at = 0;
        while (at < regex.length()) {
            char c = regex.charAt(at);
            int next = at + 1;
            if (c == '(') {
                enclosing.push(sum);
                sum = last = 0;
            } else if (c == ')') {
                last = sum + 1;
                sum = (enclosing.isEmpty() ? 0 : enclosing.pop()) + last;
            } else if (c == '{' && times(regex, at) > 0) {
                sum += last * (times(regex, at) - 1);
                last *= times(regex, at);
                next = regex.indexOf('}', at) + 1;
            } else {
                next = c == '\\' ? at + 2 : c == '[' ? classEnd(regex, at) : next;
                last = 1;
                sum++;
            }
            if (sum > MAX_SIZE) {
                return sum;
            }
            at = next;
        }
        return sum;
    }

    /// How often at most the count that begins at `at` repeats; 0 when it is no count.
    private static int times(String regex, int at) {
        int end = regex.indexOf('}', at);
        String[] bounds = end < 0 ? new String[0] : regex.substring(at + 1, end).split(",", -1);
        int most = 0;
        for (String bound : bounds) {
            if (!bound.matches("\\d{0,4}") || bounds.length > 2) {
                return 0;
            }
            most = Math.max(most, bound.isEmpty() ? 0 : Integer.parseInt(bound));
        }
        return most;
    }

    private static int classEnd(String regex, int at) {
        int end = at + (regex.startsWith("[^", at) ? 3 : 2);
        while (end < regex.length() && regex.charAt(end) != ']') {
            end += regex.charAt(end) == '\\' ? 2 : 1;
        }
        return end + 1;
    }
}
