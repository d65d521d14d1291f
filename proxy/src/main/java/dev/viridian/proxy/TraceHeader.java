package dev.viridian.proxy;

import dev.viridian.proxy.http.Ascii;
import dev.viridian.proxy.http.RequestHead;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// The header by which one request can be followed through many processes: `Root=1-<time>-<random>`. A root that comes in stays, and we add
/// ourselves as `Self`.
///
/// Source: request tracing, user guide of the ELB application load balancer.
final class TraceHeader {
    private static final byte[] ROOT = Ascii.bytes("root=");
    private static final byte[] SELF = Ascii.bytes("self=");
    private static final byte[] HEX = Ascii.bytes("0123456789abcdef");
    private static final int RANDOM_DIGITS = 24;

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
        int incoming = incoming(head);
        boolean rooted = incoming >= 0 && Ascii.indexOfIgnoreCase(head.bytes(), head.valueFrom(incoming), head.valueTo(incoming), ROOT) >= 0;
        writeId(rooted ? "Self=1-" : "Root=1-", loop, out);
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

    /// Everything the header held, but an earlier `Self`.
    private static void writeRest(RequestHead head, int field, ByteBuf out) {
        byte[] bytes = head.bytes();
        int at = head.valueFrom(field);
        int to = head.valueTo(field);
        while (at < to) {
            int stop = at;
            while (stop < to && bytes[stop] != ';') {
                stop++;
            }
            while (at < stop && bytes[at] == ' ') {
                at++;
            }
            boolean self = stop - at >= SELF.length && Ascii.equalsIgnoreCase(bytes, at, at + SELF.length, SELF);
            if (stop > at && !self) {
                out.writeByte(';').writeBytes(bytes, at, stop - at);
            }
            at = stop + 1;
        }
    }
}
