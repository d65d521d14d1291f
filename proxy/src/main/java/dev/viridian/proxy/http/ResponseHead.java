package dev.viridian.proxy.http;

import org.jspecify.annotations.Nullable;

/// The head of a response, strictly read.
public final class ResponseHead extends Fields {
    private int status;
    private int reasonFrom;
    private int reasonTo;
    private boolean dated;
    private boolean setsCookies;

    /// @param from  first byte of the status line
    /// @param limit just behind the last byte there is; `source` must be longer by at least two
    /// @return null when the head is complete and good, [Refusal#INCOMPLETE] when more bytes are needed to know
    public @Nullable Refusal read(byte[] source, int from, int limit) {
        source[limit] = 0;
        clear(source);
        dated = setsCookies = false;
        Refusal refusal = readStatusLine(from, limit);
        if (refusal == null) {
            refusal = readFields(end, limit);
        }
        return refusal == null ? judge() : refusal;
    }

    private @Nullable Refusal judge() {
        if (identity) {
            return Refusal.UNKNOWN_TRANSFER_ENCODING;
        }
        if (minor == 0 && chunked) {
            return Refusal.CHUNKED_IN_OLD_VERSION;
        }
        return status == 101 && !(connectionUpgrade && upgrade) ? Refusal.BAD_UPGRADE : null;
    }

    private static final byte[] HTTP_1 = Ascii.bytes("HTTP/1.");

    private @Nullable Refusal readStatusLine(int from, int limit) {
        byte[] b = bytes;
        for (int i = 0; i < HTTP_1.length; i++) {
            if (b[from + i] != HTTP_1[i]) {
                return unexpected(from + i, limit, Refusal.BAD_STATUS_LINE);
            }
        }
        if (limit - from < 12) {
            return Refusal.INCOMPLETE;
        }
        minor = b[from + 7] - '0';
        status = (b[from + 9] - '0') * 100 + (b[from + 10] - '0') * 10 + b[from + 11] - '0';
        boolean digits = Ascii.isDigit(b[from + 9]) && Ascii.isDigit(b[from + 10]) && Ascii.isDigit(b[from + 11]);
        if (minor != 0 && minor != 1 || b[from + 8] != ' ' || !digits || status < 100 || status > 599) {
            return Refusal.BAD_STATUS_LINE;
        }
        return readReason(from + 12, limit);
    }

    private @Nullable Refusal readReason(int from, int limit) {
        byte[] b = bytes;
        int at = from;
        while (Ascii.isField(b[at])) {
            at++;
        }
        reasonFrom = from;
        reasonTo = at;
        end = at + 2;
        if (b[at] != '\r' || b[at + 1] != '\n') {
            return unexpected(b[at] == '\r' ? at + 1 : at, limit, Refusal.BAD_STATUS_LINE);
        }
        return reasonFrom == reasonTo || b[reasonFrom] == ' ' ? null : Refusal.BAD_STATUS_LINE;
    }

    @Override
    @Nullable Refusal known(byte known, int field) {
        dated |= known == DATE;
        setsCookies |= known == SET_COOKIE;
        return null;
    }

    public int status() {
        return status;
    }

    /// Start of what follows the status on its line, separating space included.
    public int reasonFrom() {
        return reasonFrom;
    }

    public int reasonTo() {
        return reasonTo;
    }

    public boolean dated() {
        return dated;
    }

    public boolean setsCookies() {
        return setsCookies;
    }

    /// 100 to 199, except 101: something comes before the real answer.
    public boolean interim() {
        return status < 200 && status != 101;
    }

    /// Whether a body can follow, by the status alone.
    public boolean allowsBody() {
        return status >= 200 && status != 204 && status != 304;
    }
}
