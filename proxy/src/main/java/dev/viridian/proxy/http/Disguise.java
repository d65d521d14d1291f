package dev.viridian.proxy.http;

/// Header names that differ from `Content-Length` and `Transfer-Encoding` in nothing but signs, such as `Transfer_Encoding`: we take them for what
/// they are, something else; a reader that tidies names up takes them for framing.
///
/// Source of the rule: http-desync-guardian, `determine_similarity`: signs before, behind and between the two words do not matter, and any byte may
/// stand for the hyphen.
final class Disguise {
    private static final byte[] CONTENT = Ascii.bytes("content");
    private static final byte[] LENGTH = Ascii.bytes("length");
    private static final byte[] TRANSFER = Ascii.bytes("transfer");
    private static final byte[] ENCODING = Ascii.bytes("encoding");
    static final int SHORTEST = CONTENT.length + 1 + LENGTH.length;

    private Disguise() {}

    /// @param from start of a name that is neither of the two themselves
    static boolean isOne(byte[] bytes, int from, int to) {
        if (to - from < SHORTEST) {
            return false;
        }
        int initial = bytes[from] | 0x20;
        if (initial != 'c' && initial != 't' && initial >= 'a' && initial <= 'z') {
            return false;
        }
        int at = skipSigns(bytes, from, to);
        return reads(bytes, at, to, CONTENT, LENGTH) || reads(bytes, at, to, TRANSFER, ENCODING);
    }

    private static boolean reads(byte[] bytes, int from, int to, byte[] first, byte[] second) {
        int hyphen = from + first.length;
        if (hyphen >= to || !Ascii.equalsIgnoreCase(bytes, from, hyphen, first)) {
            return false;
        }
        int at = skipSigns(bytes, hyphen + 1, to);
        int end = at + second.length;
        return end <= to && Ascii.equalsIgnoreCase(bytes, at, end, second) && skipSigns(bytes, end, to) == to;
    }

    private static int skipSigns(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && !alphanumeric(Ascii.lower(bytes[at]))) {
            at++;
        }
        return at;
    }

    private static boolean alphanumeric(byte lower) {
        return Ascii.isDigit(lower) || lower >= 'a' && lower <= 'z';
    }
}
