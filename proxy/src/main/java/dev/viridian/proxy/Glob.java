package dev.viridian.proxy;

import dev.viridian.proxy.http.Ascii;
import java.util.Locale;

/// A pattern in which `*` stands for any run of bytes and `?` for one.
final class Glob {
    private final byte[] pattern;
    private final boolean ignoreCase;

    Glob(String pattern, boolean ignoreCase) {
        this.pattern = Ascii.bytes(ignoreCase ? pattern.toLowerCase(Locale.ROOT) : pattern);
        this.ignoreCase = ignoreCase;
    }

    /// Goes back to the last `*` when what followed it did not fit: never more than length times length steps.
    boolean matches(byte[] text, int from, int to) {
        int at = from;
        int p = 0;
        int star = -1;
        int resume = from;
        while (at < to) {
            if (p < pattern.length && pattern[p] == '*') {
                star = p++;
                resume = at;
            } else if (p < pattern.length && (pattern[p] == '?' || pattern[p] == (ignoreCase ? Ascii.lower(text[at]) : text[at]))) {
                p++;
                at++;
            } else if (star >= 0) {
                p = star + 1;
                at = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length && pattern[p] == '*') {
            p++;
        }
        return p == pattern.length;
    }
}
