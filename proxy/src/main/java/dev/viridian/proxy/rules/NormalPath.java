package dev.viridian.proxy.rules;

import dev.viridian.proxy.http.Ascii;
import java.util.Arrays;

/// A path as conditions see it: RFC 3986 section 6.2.2. Two spellings of one path cannot be routed differently, so a rule that guards `/admin/*`
/// cannot be passed by as `/%61dmin/` or `/x/../admin/`.
final class NormalPath {
    private NormalPath() {}

    /// Whether there is anything to do: most paths are normal already.
    static boolean isNormal(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '%' || bytes[i] == '.' && i > from && bytes[i - 1] == '/') {
                return false;
            }
        }
        return true;
    }

    static byte[] of(byte[] bytes, int from, int to) {
        byte[] out = new byte[to - from];
        return Arrays.copyOf(out, resolve(out, decode(bytes, from, to, out)));
    }

    static boolean isDecoded(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '%') {
                return false;
            }
        }
        return true;
    }

    /// Without what only a path has: for queries.
    static byte[] decoded(byte[] bytes, int from, int to) {
        byte[] out = new byte[to - from];
        return Arrays.copyOf(out, decode(bytes, from, to, out));
    }

    /// Decodes what needs no encoding and writes the digits of the rest in upper case.
    private static int decode(byte[] bytes, int from, int to, byte[] out) {
        int length = 0;
        for (int i = from; i < to; i++) {
            int high = bytes[i] == '%' && i + 2 < to ? Ascii.hex(bytes[i + 1]) : -1;
            int low = high >= 0 ? Ascii.hex(bytes[i + 2]) : -1;
            if (low < 0) {
                out[length++] = bytes[i];
            } else if (unreserved((byte) (high << 4 | low))) {
                out[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                out[length++] = '%';
                out[length++] = upper(bytes[i + 1]);
                out[length++] = upper(bytes[i + 2]);
                i += 2;
            }
        }
        return length;
    }

    private static boolean unreserved(byte b) {
        byte l = Ascii.lower(b);
        return l >= 'a' && l <= 'z' || Ascii.isDigit(b) || b == '-' || b == '.' || b == '_' || b == '~';
    }

    private static byte upper(byte digit) {
        return digit >= 'a' && digit <= 'f' ? (byte) (digit - 32) : digit;
    }

    /// Takes `.` and `..` segments out, in place.
    private static int resolve(byte[] path, int length) {
        int out = 0;
        int at = 0;
        while (at < length) {
            int stop = at + 1;
            while (stop < length && path[stop] != '/') {
                stop++;
            }
            boolean slash = path[at] == '/';
            int dots = slash ? dots(path, at + 1, stop) : 0;
            if (dots == 0) {
                System.arraycopy(path, at, path, out, stop - at);
                out += stop - at;
            } else {
                if (dots == 2) {
                    out = parent(path, out);
                }
                if (stop == length) {
                    path[out++] = '/';
                }
            }
            at = stop;
        }
        return out;
    }

    private static int dots(byte[] path, int from, int to) {
        boolean one = to - from == 1 && path[from] == '.';
        boolean two = to - from == 2 && path[from] == '.' && path[from + 1] == '.';
        return one ? 1 : two ? 2 : 0;
    }

    private static int parent(byte[] path, int out) {
        int at = out;
        while (at > 0 && path[--at] != '/') {
            // back to the slash before the last segment
        }
        return at;
    }
}
