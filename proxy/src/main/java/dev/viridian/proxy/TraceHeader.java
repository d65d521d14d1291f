package dev.viridian.proxy;

import dev.viridian.proxy.http.Ascii;
import dev.viridian.proxy.http.RequestHead;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// The header by which one request can be followed through many processes: `Root=1-<time>-<random>`. A root that comes in stays, and we add
/// ourselves as `Self`. When the headers are long, all it held is replaced by a root of our own.
///
/// Source: request tracing, user guide of the ELB application load balancer. What happens to a root that is none is not said there: here it is
/// replaced, because whoever follows the request could not read it.
final class TraceHeader {
    private static final byte[] ROOT = Ascii.bytes("root=");
    private static final byte[] SELF = Ascii.bytes("self=");
    private static final byte[] HEX = Ascii.bytes("0123456789abcdef");
    private static final int TIME_DIGITS = 8;
    private static final int RANDOM_DIGITS = 24;
    private static final int LONG_HEADERS = 7 * 1024;

    private final byte[] start;
    private final byte[] name;

    TraceHeader(String header) {
        this.start = Ascii.bytes(header + ": ");
        this.name = Ascii.bytes(header.toLowerCase(Locale.ROOT));
    }

    boolean is(RequestHead head, int field) {
        return head.nameTo(field) - head.nameFrom(field) == name.length && head.nameIs(field, name);
    }

    void write(RequestHead head, Loop loop, ByteBuf out) {
        out.writeBytes(start);
        boolean tooLong = head.count() > 0 && head.end() - head.nameFrom(0) > LONG_HEADERS;
        int incoming = tooLong ? -1 : incoming(head);
        writeId(incoming >= 0 && rooted(head, incoming) ? "Self=1-" : "Root=1-", loop, out);
        if (incoming >= 0) {
            writeRest(head, incoming, out);
        }
        out.writeByte('\r').writeByte('\n');
    }

    /// The value that [#write] has put into `out`; empty when it has not.
    String writtenIn(ByteBuf out) {
        for (int at = out.writerIndex() - start.length; at >= 0; at--) {
            if (startsAt(out, at)) {
                int from = at + start.length;
                int to = out.indexOf(from, out.writerIndex(), (byte) '\r');
                return out.toString(from, to - from, StandardCharsets.ISO_8859_1);
            }
        }
        return "";
    }

    private boolean startsAt(ByteBuf out, int at) {
        for (int i = 0; i < start.length; i++) {
            if (out.getByte(at + i) != start[i]) {
                return false;
            }
        }
        return true;
    }

    private int incoming(RequestHead head) {
        for (int i = 0; i < head.count(); i++) {
            if (is(head, i)) {
                return i;
            }
        }
        return -1;
    }

    private static void writeId(String prefix, Loop loop, ByteBuf out) {
        for (int i = 0; i < prefix.length(); i++) {
            out.writeByte(prefix.charAt(i));
        }
        out.writeBytes(loop.traceTime()).writeByte('-');
        long bits = 0;
        for (int i = 0; i < RANDOM_DIGITS; i++) {
            bits = (i & 15) == 0 ? loop.random().nextLong() : bits >>> 4;
            out.writeByte(HEX[(int) (bits & 15)]);
        }
    }

    private static boolean rooted(RequestHead head, int field) {
        byte[] bytes = head.bytes();
        int to = head.valueTo(field);
        for (int at = start(bytes, head.valueFrom(field), to); at < to; at = start(bytes, end(bytes, at, to) + 1, to)) {
            if (isRoot(bytes, at, end(bytes, at, to)) && isId(bytes, at + ROOT.length, end(bytes, at, to))) {
                return true;
            }
        }
        return false;
    }

    /// Everything the header held, but an earlier `Self` and a `Root` that is none.
    private static void writeRest(RequestHead head, int field, ByteBuf out) {
        byte[] bytes = head.bytes();
        int to = head.valueTo(field);
        for (int at = start(bytes, head.valueFrom(field), to); at < to; at = start(bytes, end(bytes, at, to) + 1, to)) {
            int stop = end(bytes, at, to);
            boolean self = stop - at >= SELF.length && Ascii.equalsIgnoreCase(bytes, at, at + SELF.length, SELF);
            if (stop > at && !self && (!isRoot(bytes, at, stop) || isId(bytes, at + ROOT.length, stop))) {
                out.writeByte(';').writeBytes(bytes, at, stop - at);
            }
        }
    }

    private static int start(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] == ' ') {
            at++;
        }
        return at;
    }

    private static int end(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != ';') {
            at++;
        }
        return at;
    }

    private static boolean isRoot(byte[] bytes, int from, int to) {
        return to - from >= ROOT.length && Ascii.equalsIgnoreCase(bytes, from, from + ROOT.length, ROOT);
    }

    /// `<version>-<8 digits>-<24 digits>`, blanks behind it aside.
    private static boolean isId(byte[] bytes, int from, int to) {
        int end = to;
        while (end > from && bytes[end - 1] == ' ') {
            end--;
        }
        int random = end - RANDOM_DIGITS;
        int time = random - 1 - TIME_DIGITS;
        return time - 1 > from && bytes[random - 1] == '-' && bytes[time - 1] == '-' && hex(bytes, random, end) && hex(bytes, time, random - 1)
                && hex(bytes, from, time - 1);
    }

    private static boolean hex(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (Ascii.hex(bytes[i]) < 0) {
                return false;
            }
        }
        return true;
    }
}
