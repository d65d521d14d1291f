package dev.viridian.proxy.http;

import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The header lines of a message: for each, where its name and its value lie in `bytes`. Reused for every message of an event loop.
public abstract sealed class Fields permits RequestHead, ResponseHead {
    static final int MAX_FIELDS = 256;
    static final int MAX_LINE = 16 * 1024;

    /// The headers somebody here cares about. Kept as bytes beside each field so that one look-up, while reading, serves everybody.
    public static final byte OTHER = 0;
    public static final byte HOST = 1;
    public static final byte CONNECTION = 2;
    public static final byte CONTENT_LENGTH = 3;
    public static final byte TRANSFER_ENCODING = 4;
    public static final byte UPGRADE = 5;
    public static final byte KEEP_ALIVE = 6;
    public static final byte PROXY_CONNECTION = 7;
    public static final byte TE = 8;
    public static final byte EXPECT = 9;
    public static final byte COOKIE = 10;
    public static final byte FORWARDED_FOR = 11;
    public static final byte FORWARDED_PROTO = 12;
    public static final byte FORWARDED_PORT = 13;
    public static final byte DATE = 14;
    public static final byte SET_COOKIE = 15;
    public static final byte TRAILER = 16;
    /// Not `Content-Length` or `Transfer-Encoding`, but taken for it by a careless reader.
    public static final byte DISGUISED = 17;

    /// In the order of the constants.
    private static final byte[][] NAMES = Stream.of("", "host", "connection", "content-length", "transfer-encoding", "upgrade", "keep-alive",
            "proxy-connection", "te", "expect", "cookie", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-port", "date", "set-cookie", "trailer")
            .map(Ascii::bytes).toArray(byte[][]::new);

    /// Candidates by length and the low five bits of the first letter (equal for both cases).
    private static final byte[] BY_LENGTH_AND_INITIAL = index();

    private static final byte[] CLOSE = Ascii.bytes("close");
    private static final byte[] KEEPALIVE = Ascii.bytes("keep-alive");
    private static final byte[] UPGRADE_TOKEN = Ascii.bytes("upgrade");
    private static final byte[] CHUNKED = Ascii.bytes("chunked");
    private static final byte[] IDENTITY = Ascii.bytes("identity");
    private static final byte[] H2 = Ascii.bytes("h2");
    private static final byte[] H3 = Ascii.bytes("h3");
    private static final byte[] HTTP = Ascii.bytes("http");
    private static final byte[] TLS = Ascii.bytes("tls");

    byte[] bytes = new byte[0];
    int count;
    int end;
    final int[] nameFrom = new int[MAX_FIELDS];
    final int[] nameTo = new int[MAX_FIELDS];
    final int[] valueFrom = new int[MAX_FIELDS];
    final int[] valueTo = new int[MAX_FIELDS];
    final byte[] kind = new byte[MAX_FIELDS];

    int minor;
    long contentLength;
    boolean chunked;
    boolean connectionClose;
    boolean connectionKeepAlive;
    boolean connectionUpgrade;
    boolean connectionNames;
    /// An `Upgrade` we go along with.
    boolean upgrade;
    private boolean upgradeSeen;
    boolean disguised;
    /// `Transfer-Encoding: identity`: no coding, in so many words of an older RFC.
    boolean identity;
    boolean unusualNames;

    private static byte[] index() {
        byte[] index = new byte[32 * 32];
        for (byte i = 1; i < NAMES.length; i++) {
            int slot = slot(NAMES[i].length, NAMES[i][0]);
            if (index[slot] != 0) {
                throw new IllegalStateException("two known headers share a slot: " + i + " and " + index[slot]);
            }
            index[slot] = i;
        }
        return index;
    }

    private static int slot(int length, byte initial) {
        return (length & 31) << 5 | initial & 31;
    }

    void clear(byte[] source) {
        bytes = source;
        count = 0;
        contentLength = -1;
        chunked = connectionClose = connectionKeepAlive = connectionUpgrade = connectionNames = upgrade = upgradeSeen = disguised = identity = false;
        unusualNames = false;
    }

    /// Reads header lines from `at` up to and including the empty line. Behind `limit` stands a zero byte, which no loop passes.
    @Nullable Refusal readFields(int at, int limit) {
        byte[] b = bytes;
        while (b[at] != '\r') {
            int from = at;
            int common = -1;
            for (int kinds = Ascii.kinds(b[at]); Ascii.isToken(kinds); kinds = Ascii.kinds(b[++at])) {
                common &= kinds;
            }
            unusualNames |= !Ascii.isUsual(common);
            if (b[at] != ':' || at == from) {
                return at >= limit ? Refusal.INCOMPLETE : badName(from, at);
            }
            int nameEnd = at++;
            while (b[at] == ' ' || b[at] == '\t') {
                at++;
            }
            int value = at;
            while (Ascii.isField(b[at])) {
                at++;
            }
            if (b[at] != '\r' || b[at + 1] != '\n') {
                return badLineEnd(b, at, limit, b[at] == 0 ? Refusal.NUL_IN_HEADER : Refusal.BAD_HEADER_VALUE);
            }
            int valueEnd = at;
            while (valueEnd > value && (b[valueEnd - 1] == ' ' || b[valueEnd - 1] == '\t')) {
                valueEnd--;
            }
            at += 2;
            if (at - from > MAX_LINE) {
                return Refusal.HEADER_TOO_LONG;
            }
            Refusal refusal = add(from, nameEnd, value, valueEnd);
            if (refusal != null) {
                return refusal;
            }
        }
        end = at + 2;
        return b[at + 1] == '\n' ? null : unexpected(at + 1, limit, Refusal.BARE_CR);
    }

    /// A byte that cannot stand where it does is an error only if it was received.
    static Refusal unexpected(int at, int limit, Refusal refusal) {
        return at >= limit ? Refusal.INCOMPLETE : refusal;
    }

    /// What is wrong with a line whose end should have been at `at`.
    ///
    /// @param otherwise when the byte there ends no line in anybody's eyes
    static Refusal badLineEnd(byte[] b, int at, int limit, Refusal otherwise) {
        return switch (b[at]) {
            case '\r' -> unexpected(at + 1, limit, Refusal.BARE_CR);
            case '\n' -> Refusal.BARE_LF;
            default -> unexpected(at, limit, otherwise);
        };
    }

    /// What is wrong with a line whose name ends at `at`, but not with a colon.
    private Refusal badName(int from, int at) {
        boolean nothing = at == from;
        return switch (bytes[at]) {
            case ':' -> Refusal.NO_HEADER_NAME;
            case '\n' -> Refusal.BARE_LF;
            case '\r' -> Refusal.NO_COLON;
            case 0 -> Refusal.NUL_IN_HEADER;
            case ' ', '\t' -> nothing ? Refusal.FOLDED_HEADER : framing(from, at) ? Refusal.SUSPICIOUS_HEADER_NAME : Refusal.BAD_HEADER_NAME;
            default -> Refusal.BAD_HEADER_NAME;
        };
    }

    private boolean framing(int from, int to) {
        byte known = kindOf(bytes, from, to);
        return known == CONTENT_LENGTH || known == TRANSFER_ENCODING || Disguise.isOne(bytes, from, to);
    }

    private @Nullable Refusal add(int from, int nameEnd, int value, int valueEnd) {
        if (count == MAX_FIELDS) {
            return Refusal.TOO_MANY_HEADERS;
        }
        int i = count++;
        nameFrom[i] = from;
        nameTo[i] = nameEnd;
        valueFrom[i] = value;
        valueTo[i] = valueEnd;
        byte known = kindOf(bytes, from, nameEnd);
        kind[i] = known;
        return switch (known) {
            case OTHER -> nameEnd - from < Disguise.SHORTEST ? null : other(i);
            case CONNECTION -> readConnection(value, valueEnd);
            case CONTENT_LENGTH -> readContentLength(value, valueEnd);
            case TRANSFER_ENCODING -> readTransferEncoding(value, valueEnd);
            case UPGRADE -> readUpgrade(value, valueEnd);
            default -> known(known, i);
        };
    }

    private @Nullable Refusal other(int i) {
        if (Disguise.isOne(bytes, nameFrom[i], nameTo[i])) {
            kind[i] = DISGUISED;
            disguised = true;
        }
        return null;
    }

    /// What else the kind of message needs to know about a known field.
    abstract @Nullable Refusal known(byte known, int field);

    static byte kindOf(byte[] bytes, int from, int to) {
        if (to - from > 31) {
            return OTHER;
        }
        byte candidate = BY_LENGTH_AND_INITIAL[slot(to - from, bytes[from])];
        return candidate != OTHER && Ascii.equalsIgnoreCase(bytes, from, to, NAMES[candidate]) ? candidate : OTHER;
    }

    private @Nullable Refusal readContentLength(int from, int to) {
        if (to == from || to - from > 18) {
            return Refusal.BAD_CONTENT_LENGTH;
        }
        long length = 0;
        for (int i = from; i < to; i++) {
            if (!Ascii.isDigit(bytes[i])) {
                return Refusal.BAD_CONTENT_LENGTH;
            }
            length = length * 10 + bytes[i] - '0';
        }
        if (contentLength >= 0) {
            return contentLength == length ? Refusal.EQUAL_CONTENT_LENGTHS : Refusal.DIFFERENT_CONTENT_LENGTHS;
        }
        contentLength = length;
        return chunked || identity ? Refusal.LENGTH_AND_TRANSFER_ENCODING : null;
    }

    private @Nullable Refusal readTransferEncoding(int from, int to) {
        if (Ascii.equalsIgnoreCase(bytes, from, to, IDENTITY)) {
            identity = true;
            return chunked ? Refusal.BAD_TRANSFER_ENCODING : contentLength >= 0 ? Refusal.LENGTH_AND_TRANSFER_ENCODING : null;
        }
        if (!Ascii.equalsIgnoreCase(bytes, from, to, CHUNKED)) {
            return isTokens(from, to) ? Refusal.UNKNOWN_TRANSFER_ENCODING : Refusal.BAD_TRANSFER_ENCODING;
        }
        if (chunked || identity) {
            return chunked ? Refusal.CHUNKED_TWICE : Refusal.BAD_TRANSFER_ENCODING;
        }
        chunked = true;
        return contentLength >= 0 ? Refusal.LENGTH_AND_TRANSFER_ENCODING : null;
    }

    /// One protocol that is not HTTP again: what follows an upgrade passes unread, and requests in there would escape every rule.
    private @Nullable Refusal readUpgrade(int from, int to) {
        boolean single = !upgradeSeen && to > from;
        for (int i = from; i < to; i++) {
            single &= Ascii.isToken(bytes[i]) || bytes[i] == '/';
        }
        upgradeSeen = true;
        upgrade = single && !startsWith(from, to, H2) && !startsWith(from, to, H3) && !startsWith(from, to, HTTP) && !startsWith(from, to, TLS);
        return null;
    }

    boolean startsWith(int from, int to, byte[] lowerCase) {
        return to - from >= lowerCase.length && Ascii.equalsIgnoreCase(bytes, from, from + lowerCase.length, lowerCase);
    }

    private boolean isTokens(int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Ascii.isToken(bytes[i]) && bytes[i] != ',' && bytes[i] != ' ') {
                return false;
            }
        }
        return to > from && Ascii.indexOfIgnoreCase(bytes, from, to, CHUNKED) < 0;
    }

    private @Nullable Refusal readConnection(int from, int to) {
        int at = from;
        while (at < to) {
            int stop = at;
            while (stop < to && bytes[stop] != ',') {
                stop++;
            }
            int first = at;
            int last = stop;
            while (first < last && (bytes[first] == ' ' || bytes[first] == '\t')) {
                first++;
            }
            while (last > first && (bytes[last - 1] == ' ' || bytes[last - 1] == '\t')) {
                last--;
            }
            if (Ascii.equalsIgnoreCase(bytes, first, last, CLOSE)) {
                connectionClose = true;
            } else if (Ascii.equalsIgnoreCase(bytes, first, last, KEEPALIVE)) {
                connectionKeepAlive = true;
            } else if (Ascii.equalsIgnoreCase(bytes, first, last, UPGRADE_TOKEN)) {
                connectionUpgrade = true;
            } else if (last > first) {
                connectionNames = true;
            }
            at = stop + 1;
        }
        return null;
    }

    public int count() {
        return count;
    }

    /// One of the constants of this class.
    public byte kind(int field) {
        return kind[field];
    }

    public byte[] bytes() {
        return bytes;
    }

    public int nameFrom(int field) {
        return nameFrom[field];
    }

    public int nameTo(int field) {
        return nameTo[field];
    }

    public int valueFrom(int field) {
        return valueFrom[field];
    }

    public int valueTo(int field) {
        return valueTo[field];
    }

    /// Just behind the line end of a field.
    public int lineTo(int field) {
        return field + 1 < count ? nameFrom[field + 1] : end - 2;
    }

    /// Just behind the empty line.
    public int end() {
        return end;
    }

    /// 0 or 1: the digit behind `HTTP/1.`.
    public int minor() {
        return minor;
    }

    /// -1 when there is none.
    public long contentLength() {
        return contentLength;
    }

    public boolean chunked() {
        return chunked;
    }

    /// Whether the sender keeps the connection open behind this message.
    public boolean keepsAlive() {
        return !connectionClose && (minor == 1 || connectionKeepAlive);
    }

    public boolean unusualNames() {
        return unusualNames;
    }

    public boolean nameIs(int field, byte[] lowerCaseName) {
        return Ascii.equalsIgnoreCase(bytes, nameFrom[field], nameTo[field], lowerCaseName);
    }

    /// Whether some `Connection` header names this field, which makes it meant for us alone.
    /// Framing, routing and forwarding headers cannot be taken away like that.
    public boolean namedByConnection(int field) {
        if (!connectionNames || kind[field] != OTHER && kind[field] != TRAILER) {
            return false;
        }
        byte[] name = Arrays.copyOfRange(bytes, nameFrom[field], nameTo[field]);
        for (int i = 0; i < name.length; i++) {
            name[i] = Ascii.lower(name[i]);
        }
        for (int i = 0; i < count; i++) {
            if (kind[i] == CONNECTION && listNames(valueFrom[i], valueTo[i], name)) {
                return true;
            }
        }
        return false;
    }

    private boolean listNames(int from, int to, byte[] name) {
        for (int at = Ascii.indexOfIgnoreCase(bytes, from, to, name); at >= 0; at = Ascii.indexOfIgnoreCase(bytes, at + 1, to, name)) {
            boolean startsToken = at == from || !Ascii.isToken(bytes[at - 1]);
            boolean endsToken = at + name.length == to || !Ascii.isToken(bytes[at + name.length]);
            if (startsToken && endsToken) {
                return true;
            }
        }
        return false;
    }
}
