package dev.viridian.proxy;

import dev.viridian.proxy.http.Ascii;
import dev.viridian.proxy.http.Fields;
import dev.viridian.proxy.http.RequestHead;
import dev.viridian.proxy.routing.Action;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Reads and writes the cookies that bring a client back. The value is sixteen hexadecimal digits that only mean something here.
final class StickyCookies {
    private static final int DIGITS = 16;

    private final Action.CookieStickiness cookie;
    private final byte[] name;
    private final byte @Nullable [] twin;

    StickyCookies(Action.CookieStickiness cookie) {
        this.cookie = cookie;
        this.name = Ascii.bytes(cookie.cookie() + "=");
        this.twin = cookie.crossSiteCookie().map(name -> Ascii.bytes(name + "=")).orElse(null);
    }

    /// Stands for a group (with an empty target) or a target in cookies; never 0. FNV-1a, then mixed.
    static long key(String group, String target) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : (group + "\n" + target).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ b & 0xff) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 32) * 0x9e3779b97f4a7c15L;
        return hash == 0 ? 1 : hash;
    }

    /// The key the client brings, 0 when it brings none. A browser on another site's page brings the twin alone; that AWS reads it then is not
    /// written down, but it says that the twin is there to enable stickiness in that case.
    long read(RequestHead head) {
        long key = read(head, name);
        return key == 0 && twin != null ? read(head, twin) : key;
    }

    private static long read(RequestHead head, byte[] name) {
        for (int i = 0; i < head.count(); i++) {
            if (head.kind(i) == Fields.COOKIE) {
                long key = find(head.bytes(), head.valueFrom(i), head.valueTo(i), name);
                if (key != 0) {
                    return key;
                }
            }
        }
        return 0;
    }

    private static long find(byte[] bytes, int from, int to, byte[] name) {
        int at = from;
        while (at < to) {
            while (at < to && (bytes[at] == ' ' || bytes[at] == ';')) {
                at++;
            }
            if (at + name.length + DIGITS <= to && Ascii.equals(bytes, at, at + name.length, name)) {
                return parse(bytes, at + name.length);
            }
            while (at < to && bytes[at] != ';') {
                at++;
            }
        }
        return 0;
    }

    private static long parse(byte[] bytes, int from) {
        long key = 0;
        for (int i = from; i < from + DIGITS; i++) {
            int digit = Ascii.hex(bytes[i]);
            if (digit < 0) {
                return 0;
            }
            key = key << 4 | digit;
        }
        return key;
    }

    /// Whether the client brings any cookie of this name.
    ///
    /// @param name with its `=`
    static boolean brings(RequestHead head, byte[] name) {
        for (int i = 0; i < head.count(); i++) {
            if (head.kind(i) == Fields.COOKIE && brings(head.bytes(), head.valueFrom(i), head.valueTo(i), name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean brings(byte[] bytes, int from, int to, byte[] name) {
        int at = from;
        while (at < to) {
            while (at < to && (bytes[at] == ' ' || bytes[at] == ';')) {
                at++;
            }
            if (at + name.length <= to && Ascii.equals(bytes, at, at + name.length, name)) {
                return true;
            }
            while (at < to && bytes[at] != ';') {
                at++;
            }
        }
        return false;
    }

    void write(ByteBuf out, long key, long epochSecond) {
        String expires = Loop.httpDate(Instant.ofEpochSecond(epochSecond).plus(cookie.duration()));
        String value = String.format("%016x", key);
        out.writeBytes(Ascii.bytes("Set-Cookie: " + cookie.cookie() + "=" + value + "; Expires=" + expires + "; Path=/\r\n"));
        cookie.crossSiteCookie().ifPresent(twin ->
                out.writeBytes(Ascii.bytes("Set-Cookie: " + twin + "=" + value + "; Expires=" + expires + "; Path=/; SameSite=None; Secure\r\n")));
    }
}
