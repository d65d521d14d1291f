package dev.viridian.app.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/// Writes the few kinds of DER values that certificates are made of (X.690, RFC 5280).
///
/// The JDK reads and checks certificates but offers no way to make them, and a library that does so costs a tenth of our start.
final class Der {
    private static final int BOOLEAN = 0x01;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int UTC_TIME = 0x17;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int SEQUENCE = 0x30;
    private static final int CONTEXT = 0x80;
    private static final int CONSTRUCTED = 0x20;
    private static final DateTimeFormatter SHORT_TIME = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'");
    private static final DateTimeFormatter LONG_TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'");

    private Der() {}

    static byte[] sequence(byte[]... parts) {
        return value(SEQUENCE, join(Arrays.asList(parts)));
    }

    static byte[] sequence(Stream<byte[]> parts) {
        return sequence(parts.toArray(byte[][]::new));
    }

    /// `[number]` around other values.
    static byte[] wrapped(int number, byte[]... parts) {
        return value(CONTEXT | CONSTRUCTED | number, join(Arrays.asList(parts)));
    }

    /// `[number] IMPLICIT` for a string of bytes or characters.
    static byte[] tagged(int number, byte[] content) {
        return value(CONTEXT | number, content);
    }

    static byte[] bool(boolean truth) {
        return value(BOOLEAN, new byte[] {(byte) (truth ? 0xff : 0)});
    }

    static byte[] integer(BigInteger number) {
        return value(INTEGER, number.toByteArray());
    }

    static byte[] octets(byte[] content) {
        return value(OCTET_STRING, content);
    }

    /// @param unused how many of the last byte's bits do not count
    static byte[] bits(byte[] content, int unused) {
        byte[] all = new byte[content.length + 1];
        all[0] = (byte) unused;
        System.arraycopy(content, 0, all, 1, content.length);
        return value(BIT_STRING, all);
    }

    /// @param dotted e.g. `2.5.29.17`
    static byte[] identifier(String dotted) {
        int[] arcs = Arrays.stream(dotted.split("\\.")).mapToInt(Integer::parseInt).toArray();
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.write(40 * arcs[0] + arcs[1]);
        for (int i = 2; i < arcs.length; i++) {
            content.writeBytes(base128(arcs[i]));
        }
        return value(OBJECT_IDENTIFIER, content.toByteArray());
    }

    /// Two digits of the year until 2049, four from then on, as RFC 5280 wants it.
    static byte[] time(Instant moment) {
        ZonedDateTime utc = moment.atZone(ZoneOffset.UTC);
        return utc.getYear() < 2050 ? value(UTC_TIME, ascii(SHORT_TIME.format(utc))) : value(GENERALIZED_TIME, ascii(LONG_TIME.format(utc)));
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] base128(int arc) {
        List<Integer> groups = new ArrayList<>();
        groups.add(arc & 0x7f);
        for (int rest = arc >>> 7; rest > 0; rest >>>= 7) {
            groups.add(rest & 0x7f | 0x80);
        }
        Collections.reverse(groups);
        byte[] bytes = new byte[groups.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = groups.get(i).byteValue();
        }
        return bytes;
    }

    private static byte[] value(int tag, byte[] content) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(tag);
        if (content.length < 0x80) {
            all.write(content.length);
        } else {
            byte[] length = BigInteger.valueOf(content.length).toByteArray();
            int from = length[0] == 0 ? 1 : 0;
            all.write(0x80 | length.length - from);
            all.write(length, from, length.length - from);
        }
        all.writeBytes(content);
        return all.toByteArray();
    }

    private static byte[] join(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }
}
