package dev.viridian.proxy.http;

import io.netty.util.NetUtil;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The head of a request, strictly read.
public final class RequestHead extends Fields {
    private static final byte[] CONTINUE = Ascii.bytes("100-continue");
    private static final int MAX_METHOD = 40;

    private int methodFrom;
    private int methodTo;
    private int targetFrom;
    private int targetTo;
    private int pathTo;
    private int authorityFrom;
    private int authorityTo;
    private int hostField;
    private boolean expectsContinue;
    private boolean asterisk;
    private Method method = Method.OTHER;

    /// The methods that are treated differently from others.
    public enum Method {
        GET, HEAD, POST, PUT, DELETE, OPTIONS, CONNECT, TRACE, OTHER;

        private final byte[] bytes = Ascii.bytes(name());

        /// Whether doing it twice is the same as doing it once. Source: RFC 9110 section 9.2.2.
        public boolean idempotent() {
            return switch (this) {
                case GET, HEAD, PUT, DELETE, OPTIONS, TRACE -> true;
                case POST, CONNECT, OTHER -> false;
            };
        }
    }

    private static final Method[] METHODS = Method.values();

    /// @param from  first byte of the request line
    /// @param limit just behind the last byte there is; `source` must be longer by at least two
    /// @return null when the head is complete and good, [Refusal#INCOMPLETE] when more bytes are needed to know
    public @Nullable Refusal read(byte[] source, int from, int limit) {
        source[limit] = 0;
        clear(source);
        hostField = -1;
        expectsContinue = asterisk = false;
        authorityFrom = authorityTo = 0;
        Refusal refusal = readRequestLine(from, limit);
        if (refusal == null) {
            refusal = readFields(end, limit);
        }
        return refusal != null ? refusal : judge();
    }

    private @Nullable Refusal readRequestLine(int from, int limit) {
        byte[] b = bytes;
        int at = from;
        methodFrom = from;
        while (Ascii.isToken(b[at])) {
            at++;
        }
        methodTo = at;
        if (at == from || b[at] != ' ' || at - from > MAX_METHOD) {
            return at - from > MAX_METHOD ? Refusal.BAD_METHOD : unexpected(at, limit, Refusal.BAD_METHOD);
        }
        targetFrom = ++at;
        pathTo = -1;
        while (Ascii.isTarget(b[at])) {
            if (b[at] == '?' && pathTo < 0) {
                pathTo = at;
            }
            at++;
        }
        targetTo = at;
        if (at - targetFrom > MAX_LINE) {
            return Refusal.TARGET_TOO_LONG;
        }
        if (at == targetFrom || b[at] != ' ') {
            return badTarget(at, limit);
        }
        pathTo = pathTo < 0 ? at : pathTo;
        method = methodOf();
        return readVersion(at + 1, limit);
    }

    /// What is wrong with a target that ends at `at`, but not with a space, or that is not there.
    private Refusal badTarget(int at, int limit) {
        byte[] b = bytes;
        boolean nothing = at == targetFrom;
        return switch (b[at]) {
            case ' ' -> Refusal.SPACE_IN_TARGET;
            case '#' -> Refusal.BAD_TARGET;
            case '\n' -> nothing ? Refusal.NO_TARGET : Refusal.NO_VERSION;
            case '\r' -> b[at + 1] == '\n' ? nothing ? Refusal.NO_TARGET : Refusal.NO_VERSION
                    : unexpected(at + 1, limit, Refusal.NUL_OR_CR_IN_TARGET);
            case 0 -> unexpected(at, limit, Refusal.NUL_OR_CR_IN_TARGET);
            default -> Refusal.CONTROL_IN_TARGET;
        };
    }

    private static final byte[] HTTP = Ascii.bytes("HTTP/");

    private @Nullable Refusal readVersion(int at, int limit) {
        byte[] b = bytes;
        for (int i = 0; i < HTTP.length; i++) {
            if (b[at + i] != HTTP[i]) {
                return unexpected(at + i, limit, i > 0 || b[at] == 'h' ? Refusal.BAD_VERSION : Refusal.SPACE_IN_TARGET);
            }
        }
        if (!Ascii.isDigit(b[at + 5])) {
            return unexpected(at + 5, limit, Refusal.BAD_VERSION);
        }
        if (b[at + 6] != '.' || !Ascii.isDigit(b[at + 7])) {
            return unexpected(b[at + 6] != '.' ? at + 6 : at + 7, limit, Refusal.BAD_VERSION);
        }
        if (b[at + 8] != '\r' || b[at + 9] != '\n') {
            return badLineEnd(b, at + 8, limit, b[at + 8] == ' ' ? Refusal.SPACE_BEHIND_VERSION : Refusal.BAD_VERSION);
        }
        minor = b[at + 7] - '0';
        end = at + 10;
        return b[at + 5] != '1' ? Refusal.UNKNOWN_VERSION : minor <= 1 ? null : Refusal.LATER_VERSION;
    }

    private Method methodOf() {
        for (Method candidate : METHODS) {
            if (Ascii.equals(bytes, methodFrom, methodTo, candidate.bytes)) {
                return candidate;
            }
        }
        return Method.OTHER;
    }

    @Override
    @Nullable Refusal known(byte known, int field) {
        if (known == HOST) {
            if (hostField >= 0) {
                return Refusal.BAD_HOST;
            }
            hostField = field;
            return validHost(valueFrom[field], valueTo[field]) ? null : Refusal.BAD_HOST;
        }
        if (known == EXPECT) {
            if (!Ascii.equalsIgnoreCase(bytes, valueFrom[field], valueTo[field], CONTINUE)) {
                return Refusal.EXPECTATION_FAILED;
            }
            expectsContinue = minor == 1;
        }
        return null;
    }

    private @Nullable Refusal judge() {
        if (minor == 0 && (chunked || identity)) {
            return Refusal.CHUNKED_IN_OLD_VERSION;
        }
        if (minor == 1 && hostField < 0) {
            return Refusal.BAD_HOST;
        }
        if (method == Method.CONNECT || method == Method.TRACE) {
            return Refusal.METHOD_NOT_ALLOWED;
        }
        if (upgrades() && (minor == 0 || chunked || contentLength > 0)) {
            return Refusal.BAD_UPGRADE;
        }
        if (bytes[targetFrom] == '/') {
            return null;
        }
        if (bytes[targetFrom] == '*' && targetTo == targetFrom + 1 && method == Method.OPTIONS) {
            asterisk = true;
            return null;
        }
        return readAbsolute();
    }

    private static final byte[] PLAIN = Ascii.bytes("http://");
    private static final byte[] SECURE = Ascii.bytes("https://");

    /// `http://host/path`: the authority must be the one `Host` names, or two readers could route by different ones. What is forwarded is the path.
    private @Nullable Refusal readAbsolute() {
        int scheme = startsWith(targetFrom, targetTo, PLAIN) ? PLAIN.length : startsWith(targetFrom, targetTo, SECURE) ? SECURE.length : 0;
        if (scheme == 0) {
            return Refusal.BAD_TARGET;
        }
        int at = targetFrom + scheme;
        authorityFrom = at;
        while (at < targetTo && bytes[at] != '/' && bytes[at] != '?') {
            at++;
        }
        authorityTo = at;
        if (at == authorityFrom || !validHost(authorityFrom, at)) {
            return Refusal.BAD_TARGET;
        }
        if (hostField >= 0 && !equalIgnoringCase(authorityFrom, authorityTo, valueFrom[hostField], valueTo[hostField])) {
            return Refusal.AUTHORITY_MISMATCH;
        }
        targetFrom = at;
        pathTo = Math.max(pathTo, at);
        return null;
    }

    private boolean equalIgnoringCase(int from, int to, int otherFrom, int otherTo) {
        if (to - from != otherTo - otherFrom) {
            return false;
        }
        for (int i = 0; i < to - from; i++) {
            if (Ascii.lower(bytes[from + i]) != Ascii.lower(bytes[otherFrom + i])) {
                return false;
            }
        }
        return true;
    }

    /// A name or address, then perhaps a port. An empty `Host` is allowed: RFC 9112 section 3.2 wants it when there is no authority.
    private boolean validHost(int from, int to) {
        int at = from;
        if (at < to && bytes[at] == '[') {
            at++;
            while (at < to && (Ascii.hex(bytes[at]) >= 0 || bytes[at] == ':' || bytes[at] == '.')) {
                at++;
            }
            if (at == to || bytes[at] != ']' || !NetUtil.isValidIpV6Address(new String(bytes, from + 1, at - from - 1, StandardCharsets.US_ASCII))) {
                return false;
            }
            at++;
        } else {
            while (at < to && bytes[at] != ':' && bytes[at] != '[' && bytes[at] != ']' && Ascii.isHost(bytes[at])) {
                if (bytes[at] == '%' && (to - at < 3 || Ascii.hex(bytes[at + 1]) < 0 || Ascii.hex(bytes[at + 2]) < 0)) {
                    return false;
                }
                at++;
            }
        }
        return at == to || at > from && validPort(at, to);
    }

    private boolean validPort(int colon, int to) {
        if (bytes[colon] != ':' || to - colon > 6) {
            return false;
        }
        int port = 0;
        for (int at = colon + 1; at < to; at++) {
            if (!Ascii.isDigit(bytes[at])) {
                return false;
            }
            port = port * 10 + bytes[at] - '0';
        }
        return port <= 65535 && (port > 0 || to - colon == 1);
    }

    public Method method() {
        return method;
    }

    public int methodFrom() {
        return methodFrom;
    }

    public int methodTo() {
        return methodTo;
    }

    /// First byte of the path; equal to [#pathTo] when an absolute target names no path, which means `/`.
    public int pathFrom() {
        return targetFrom;
    }

    public int pathTo() {
        return pathTo;
    }

    /// Just behind path and query.
    public int targetTo() {
        return targetTo;
    }

    /// Whether the target is `*`.
    public boolean asterisk() {
        return asterisk;
    }

    /// -1 when there is none, which only HTTP/1.0 allows.
    public int hostField() {
        return hostField;
    }

    /// Start of the authority (`Host`, or the target's where there is none), port included; equal to [#hostTo] when unknown.
    public int hostFrom() {
        return hostField >= 0 ? valueFrom[hostField] : authorityFrom;
    }

    public int hostTo() {
        return hostField >= 0 ? valueTo[hostField] : authorityTo;
    }

    /// End of the host's name, before any port.
    public int hostNameTo() {
        int at = hostTo();
        while (at > hostFrom() && Ascii.isDigit(bytes[at - 1])) {
            at--;
        }
        return at > hostFrom() && bytes[at - 1] == ':' ? at - 1 : hostTo();
    }

    public boolean expectsContinue() {
        return expectsContinue;
    }

    /// Whether the client asks to leave HTTP behind on this connection, for a protocol we let through.
    public boolean upgrades() {
        return connectionUpgrade && upgrade && method == Method.GET;
    }

    public boolean hasBody() {
        return chunked || contentLength > 0;
    }

    /// What is odd about this request, although its end is beyond doubt.
    public Deviation deviation() {
        if (disguised) {
            return Deviation.SUSPICIOUS_HEADER;
        }
        if (method != Method.GET && method != Method.HEAD) {
            return Deviation.NONE;
        }
        if (chunked) {
            return Deviation.UNDEFINED_TRANSFER_ENCODING_SEMANTICS;
        }
        return contentLength < 0 ? Deviation.NONE
                : contentLength == 0 ? Deviation.GET_HEAD_ZERO_CONTENT_LENGTH : Deviation.UNDEFINED_CONTENT_LENGTH_SEMANTICS;
    }
}
