package dev.viridian.proxy.translation;

import dev.viridian.proxy.http.Ascii;
import dev.viridian.proxy.http.Trailers;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes the headers of an HTTP/2 message down as the head HTTP/1.1 would send, so that both are judged by the one reader of heads.
///
/// What could not stand in such a head, or would mean something else there, is malformed: line ends and other control characters, spaces in a path,
/// upper case in names, headers that speak of a connection. Source: RFC 9113 sections 8.2 and 8.3.
public final class Http2Head {
    public static final int MALFORMED = -1;

    private static final AsciiString HOST = AsciiString.cached("host");
    private static final AsciiString COOKIE = AsciiString.cached("cookie");
    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
    private static final AsciiString TE = AsciiString.cached("te");
    private static final AsciiString TRAILERS = AsciiString.cached("trailers");
    private static final AsciiString CONNECT = AsciiString.cached("CONNECT");
    private static final AsciiString ROOT = AsciiString.cached("/");
    private static final List<AsciiString> PSEUDO = List.of(AsciiString.cached(":method"), AsciiString.cached(":path"), AsciiString.cached(":scheme"),
            AsciiString.cached(":authority"));
    static final List<AsciiString> OF_CONNECTIONS = List.of(AsciiString.cached("connection"), AsciiString.cached("keep-alive"),
            AsciiString.cached("proxy-connection"), AsciiString.cached("transfer-encoding"), AsciiString.cached("upgrade"));
    /// Methods of which servers expect to hear that there is no body.
    private static final List<AsciiString> WITH_BODY = List.of(AsciiString.cached("POST"), AsciiString.cached("PUT"), AsciiString.cached("PATCH"));

    private final byte[] out;
    private int at;
    private boolean bad;

    private Http2Head(byte[] out) {
        this.out = out;
    }

    /// A body without a length will come in chunks.
    ///
    /// @param ended whether no body follows
    /// @return how many bytes were written to the beginning of `out`; [#MALFORMED]
    public static int request(Http2Headers headers, boolean ended, byte[] out) {
        Http2Head head = new Http2Head(out);
        head.requestLine(headers);
        head.fields(headers, ended);
        return head.bad ? MALFORMED : head.at;
    }

    private void requestLine(Http2Headers headers) {
        CharSequence method = headers.method();
        CharSequence path = headers.path();
        boolean connect = method != null && CONNECT.contentEquals(method);
        if (connect && path == null) {
            path = ROOT;
        } else if (method == null || path == null || headers.scheme() == null) {
            bad = true;
            return;
        }
        bad |= headers.scheme() != null && !isScheme(headers.scheme());
        bad |= path.isEmpty() || path.charAt(0) != '/' && !AsciiString.contentEquals(path, "*");
        put(method, Ascii::isToken);
        literal(" ");
        put(path, Ascii::isTarget);
        literal(" HTTP/1.1\r\n");
    }

    private static boolean isScheme(CharSequence scheme) {
        for (int i = 0; i < scheme.length(); i++) {
            if (scheme.charAt(i) > 0xff || !Ascii.isToken((byte) scheme.charAt(i))) {
                return false;
            }
        }
        return !scheme.isEmpty();
    }

    private void fields(Http2Headers headers, boolean ended) {
        CharSequence authority = headers.authority();
        if (authority != null) {
            line(HOST, authority);
        }
        boolean sized = false;
        List<CharSequence> crumbs = List.of();
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            CharSequence name = field.getKey();
            CharSequence value = field.getValue();
            if (name.charAt(0) == ':') {
                bad |= !is(name, PSEUDO);
            } else if (HOST.contentEquals(name) && authority != null && AsciiString.contentEqualsIgnoreCase(authority, value)) {
                continue;
            } else if (COOKIE.contentEquals(name)) {
                crumbs = crumbs.isEmpty() ? new ArrayList<>() : crumbs;
                crumbs.add(value);
                bad |= !value.isEmpty() && (isSpace(value.charAt(0)) || isSpace(value.charAt(value.length() - 1)));
            } else {
                sized |= CONTENT_LENGTH.contentEquals(name);
                bad |= is(name, OF_CONNECTIONS) || TE.contentEquals(name) && !TRAILERS.contentEqualsIgnoreCase(value);
                line(name, value);
            }
        }
        if (!crumbs.isEmpty()) {
            // A cookie header may come in pieces, which HTTP/1.1 does not know. Source: RFC 9113 section 8.2.3.
            line(COOKIE, crumbs.size() == 1 ? crumbs.getFirst() : String.join("; ", crumbs));
        }
        if (!sized && !ended) {
            literal("transfer-encoding: chunked\r\n");
        } else if (!sized && headers.method() != null && is(headers.method(), WITH_BODY)) {
            literal("content-length: 0\r\n");
        }
        literal("\r\n");
    }

    /// @return how many bytes were written to the beginning of `out`; [#MALFORMED]
    public static int response(Http2Headers headers, byte[] out) {
        Http2Head head = new Http2Head(out);
        CharSequence status = headers.status();
        if (status == null || status.length() != 3) {
            return MALFORMED;
        }
        head.literal("HTTP/1.1 ");
        head.put(status, Ascii::isDigit);
        head.literal(" \r\n");
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            if (field.getKey().charAt(0) != ':') {
                head.bad |= is(field.getKey(), OF_CONNECTIONS);
                head.line(field.getKey(), field.getValue());
            } else {
                head.bad |= !AsciiString.contentEquals(field.getKey(), ":status");
            }
        }
        head.literal("\r\n");
        return head.bad ? MALFORMED : head.at;
    }

    /// Trailers as lines, without an empty one behind them. Those that must not come late are left out.
    ///
    /// @return null when they are malformed
    public static byte @Nullable [] trailers(Http2Headers trailers) {
        int room = 2;
        for (Map.Entry<CharSequence, CharSequence> field : trailers) {
            room += field.getKey().length() + field.getValue().length() + 4;
        }
        Http2Head head = new Http2Head(new byte[room]);
        for (Map.Entry<CharSequence, CharSequence> field : trailers) {
            int from = head.at;
            head.line(field.getKey(), field.getValue());
            if (!mayComeLate(field.getKey())) {
                head.at = from;
            }
        }
        return head.bad ? null : Arrays.copyOf(head.out, head.at);
    }

    /// Trailers that are passed on as they are, but for those that must not come late.
    public static Http2Headers fitTrailers(Http2Headers trailers) {
        Http2Headers fit = new DefaultHttp2Headers(false);
        for (Map.Entry<CharSequence, CharSequence> field : trailers) {
            if (mayComeLate(field.getKey())) {
                fit.add(field.getKey(), field.getValue());
            }
        }
        return fit;
    }

    private static boolean mayComeLate(CharSequence name) {
        byte[] known = new byte[Math.min(name.length(), Trailers.LONGEST_NAME)];
        for (int i = 0; i < known.length; i++) {
            known[i] = (byte) name.charAt(i);
        }
        return !is(name, OF_CONNECTIONS) && Trailers.allowed(known, name.length());
    }

    private static boolean is(CharSequence name, List<AsciiString> names) {
        for (AsciiString each : names) {
            if (each.contentEquals(name)) {
                return true;
            }
        }
        return false;
    }

    private void line(CharSequence name, CharSequence value) {
        put(name, b -> Ascii.isToken(b) && Ascii.lower(b) == b);
        literal(": ");
        int from = at;
        put(value, Ascii::isField);
        bad |= at > from && (isSpace(out[from]) || isSpace(out[at - 1]));
        literal("\r\n");
    }

    private static boolean isSpace(int c) {
        return c == ' ' || c == '\t';
    }

    private interface Allowed {
        boolean test(byte b);
    }

    private void put(CharSequence text, Allowed allowed) {
        int length = text.length();
        if (fits(length)) {
            for (int i = 0; i < length; i++) {
                char c = text.charAt(i);
                bad |= c > 0xff || !allowed.test((byte) c);
                out[at++] = (byte) c;
            }
        }
    }

    @SuppressWarnings("deprecation")
    private void literal(String text) {
        if (fits(text.length())) {
            text.getBytes(0, text.length(), out, at);
            at += text.length();
        }
    }

    /// Behind a head two bytes stay free for its reader.
    private boolean fits(int length) {
        bad |= at + length > out.length - 2;
        return !bad;
    }
}
