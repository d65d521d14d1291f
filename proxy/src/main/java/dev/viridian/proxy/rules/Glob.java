package dev.viridian.proxy.rules;

import dev.viridian.proxy.http.Ascii;
import java.util.Arrays;
import java.util.Locale;

/// A pattern in which `*` stands for any run of bytes and `?` for one; behind a backslash they are themselves.
final class Glob {
    private static final short RUN = -1;
    private static final short ONE = -2;

    /// Bytes, or one of the two wildcards.
    private final short[] pattern;
    private final boolean ignoreCase;

    Glob(String pattern, boolean ignoreCase) {
        this.pattern = parse(Ascii.bytes(ignoreCase ? pattern.toLowerCase(Locale.ROOT) : pattern));
        this.ignoreCase = ignoreCase;
    }

    private static short[] parse(byte[] text) {
        short[] parsed = new short[text.length];
        int length = 0;
        for (int i = 0; i < text.length; i++) {
            boolean escaped = text[i] == '\\' && i + 1 < text.length && (text[i + 1] == '*' || text[i + 1] == '?' || text[i + 1] == '\\');
            byte b = escaped ? text[++i] : text[i];
            parsed[length++] = escaped || b != '*' && b != '?' ? (short) (b & 0xff) : b == '*' ? RUN : ONE;
        }
        return Arrays.copyOf(parsed, length);
    }

    /// Goes back to the last `*` when what followed it did not fit: never more than length times length steps.
    boolean matches(byte[] text, int from, int to) {
        int at = from;
        int p = 0;
        int star = -1;
        int resume = from;
        while (at < to) {
            if (p < pattern.length && pattern[p] == RUN) {
                star = p++;
                resume = at;
            } else if (p < pattern.length && (pattern[p] == ONE || pattern[p] == ((ignoreCase ? Ascii.lower(text[at]) : text[at]) & 0xff))) {
                p++;
                at++;
            } else if (star >= 0) {
                p = star + 1;
                at = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length && pattern[p] == RUN) {
            p++;
        }
        return p == pattern.length;
    }
}
