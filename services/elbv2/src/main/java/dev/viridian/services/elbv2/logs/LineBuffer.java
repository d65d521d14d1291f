package dev.viridian.services.elbv2.logs;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;

/// One line being written, as bytes: the same buffer for all, because there may be many thousand lines a second.
final class LineBuffer {
    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    private static final int MICROS = 1_000_000;
    private static final long NANOS = 1_000_000_000;

    private byte[] bytes = new byte[4096];
    private int length;
    private long second = Long.MIN_VALUE;
    private byte[] secondText = new byte[0];

    void clear() {
        length = 0;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    LineBuffer space() {
        return put((byte) ' ');
    }

    LineBuffer quote() {
        return put((byte) '"');
    }

    LineBuffer endLine() {
        return put((byte) '\n');
    }

    /// Text that needs no escaping.
    LineBuffer text(String ascii) {
        int count = ascii.length();
        room(count);
        for (int i = 0; i < count; i++) {
            bytes[length++] = (byte) ascii.charAt(i);
        }
        return this;
    }

    /// The text, or `-` when it is empty.
    LineBuffer textOrDash(String ascii) {
        return ascii.isEmpty() ? put((byte) '-') : text(ascii);
    }

    /// The text, escaped, or `-` when it is empty.
    LineBuffer escapedOrDash(String text) {
        if (text.isEmpty()) {
            return put((byte) '-');
        }
        byte[] raw = text.getBytes(StandardCharsets.ISO_8859_1);
        return escaped(raw, 0, raw.length);
    }

    /// Bytes as the client sent them, with those that would break the line or its quotes as `\xHH`. AWS says nothing of it; its load balancer is
    /// known to have grown out of nginx, which does this.
    LineBuffer escaped(byte[] raw, int from, int to) {
        room(4 * (to - from));
        for (int i = from; i < to; i++) {
            byte b = raw[i];
            if (b < ' ' || b == 0x7f || b == '"' || b == '\\') {
                bytes[length++] = '\\';
                bytes[length++] = 'x';
                bytes[length++] = HEX[(b >> 4) & 15];
                bytes[length++] = HEX[b & 15];
            } else {
                bytes[length++] = b;
            }
        }
        return this;
    }

    LineBuffer number(long value) {
        if (value < 0) {
            put((byte) '-');
            return number(-value);
        }
        int digits = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            digits++;
        }
        return digits(value, digits);
    }

    private LineBuffer digits(long value, int count) {
        room(count);
        long rest = value;
        for (int i = length + count - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += count;
        return this;
    }

    /// Seconds with three decimals, or `-1` for a time that there is not.
    LineBuffer seconds(long nanos) {
        if (nanos < 0) {
            return text("-1");
        }
        long millis = nanos / 1_000_000;
        return number(millis / 1000).put((byte) '.').digits(millis % 1000, 3);
    }

    /// Seconds with nine decimals.
    LineBuffer exactSeconds(long nanos) {
        return number(nanos / NANOS).put((byte) '.').digits(nanos % NANOS, 9);
    }

    /// A moment with microseconds: `2018-07-02T22:23:00.186641Z`.
    LineBuffer time(long micros) {
        return time(micros, Math.floorMod(micros, (long) MICROS));
    }

    /// The same, exact to the millisecond: `2018-07-02T22:22:48.364000Z`.
    LineBuffer timeInMillis(long micros) {
        long fraction = Math.floorMod(micros, (long) MICROS);
        return time(micros, fraction - fraction % 1000);
    }

    /// The same without fraction and zone: `2018-12-20T02:59:40`.
    LineBuffer timeInSeconds(long micros) {
        return second(micros);
    }

    private LineBuffer time(long micros, long fraction) {
        return second(micros).put((byte) '.').digits(fraction, 6).put((byte) 'Z');
    }

    private LineBuffer second(long micros) {
        long wanted = Math.floorDiv(micros, (long) MICROS);
        if (wanted != second) {
            second = wanted;
            String text = LocalDateTime.ofEpochSecond(wanted, 0, ZoneOffset.UTC).toString();
            // LocalDateTime leaves out seconds that are zero
            secondText = (text.length() == 16 ? text + ":00" : text).getBytes(StandardCharsets.US_ASCII);
        }
        room(secondText.length);
        System.arraycopy(secondText, 0, bytes, length, secondText.length);
        length += secondText.length;
        return this;
    }

    private LineBuffer put(byte b) {
        room(1);
        bytes[length++] = b;
        return this;
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }
}
