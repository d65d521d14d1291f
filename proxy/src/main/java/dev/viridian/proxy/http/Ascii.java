package dev.viridian.proxy.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Questions about single bytes and runs of bytes, answered by tables.
public final class Ascii {
    private static final byte TOKEN = 1;
    private static final byte FIELD = 2;
    private static final byte TARGET = 4;
    private static final byte HOST = 8;
    private static final byte USUAL = 16;
    private static final byte[] KINDS = kinds();

    private Ascii() {}

    private static byte[] kinds() {
        byte[] kinds = new byte[256];
        for (int c = 0; c < 256; c++) {
            boolean alphanumeric = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (alphanumeric || "!#$%&'*+-.^_`|~".indexOf(c) >= 0) {
                kinds[c] |= TOKEN;
            }
            if (alphanumeric || c == '-') {
                kinds[c] |= USUAL;
            }
            if (c == '\t' || c >= 0x20 && c != 0x7f) {
                kinds[c] |= FIELD;
            }
            if (c > 0x20 && c != 0x7f && c != '#') {
                kinds[c] |= TARGET;
            }
            if (alphanumeric || "-._~!$&'()*+,;=%:[]".indexOf(c) >= 0) {
                kinds[c] |= HOST;
            }
        }
        return kinds;
    }

    /// `tchar`: what methods and header names are made of.
    public static boolean isToken(byte b) {
        return (KINDS[b & 0xff] & TOKEN) != 0;
    }

    /// All that is known about a byte, for [#isToken(int)] and [#isUsual(int)]; of several bytes, `&` is what holds for all of them.
    static int kinds(byte b) {
        return KINDS[b & 0xff];
    }

    static boolean isToken(int kinds) {
        return (kinds & TOKEN) != 0;
    }

    /// Letters, digits and `-`: what the names of headers are usually made of.
    static boolean isUsual(int kinds) {
        return (kinds & USUAL) != 0;
    }

    /// What header values may hold: everything but control characters, tab excepted.
    public static boolean isField(byte b) {
        return (KINDS[b & 0xff] & FIELD) != 0;
    }

    /// What request targets may hold: everything but control characters, space and `#`.
    public static boolean isTarget(byte b) {
        return (KINDS[b & 0xff] & TARGET) != 0;
    }

    /// What a host with optional port may hold.
    public static boolean isHost(byte b) {
        return (KINDS[b & 0xff] & HOST) != 0;
    }

    public static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    public static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
    }

    /// Value of a hexadecimal digit, -1 for anything else.
    public static int hex(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        byte l = lower(b);
        return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    public static boolean equals(byte[] bytes, int from, int to, byte[] other) {
        return Arrays.equals(bytes, from, to, other, 0, other.length);
    }

    /// @param lowerCase in lower case
    public static boolean equalsIgnoreCase(byte[] bytes, int from, int to, byte[] lowerCase) {
        if (to - from != lowerCase.length) {
            return false;
        }
        for (int i = 0; i < lowerCase.length; i++) {
            if (lower(bytes[from + i]) != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    /// Where `lowerCase` first stands within `[from, to)`, whatever its case; -1 when nowhere.
    public static int indexOfIgnoreCase(byte[] bytes, int from, int to, byte[] lowerCase) {
        for (int i = from; i <= to - lowerCase.length; i++) {
            if (equalsIgnoreCase(bytes, i, i + lowerCase.length, lowerCase)) {
                return i;
            }
        }
        return -1;
    }
}
