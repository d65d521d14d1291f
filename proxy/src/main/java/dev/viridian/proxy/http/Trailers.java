package dev.viridian.proxy.http;

import java.util.List;

/// Which fields may come behind a chunked body. A reader that takes trailers for headers, as many do, must not find there what has been decided
/// before the body.
///
/// Source: RFC 9110 section 6.5.1 and RFC 7230 section 4.1.2, of whose list those fields are left out that only describe the answer.
public final class Trailers {
    /// Longer names are all allowed, as far as we know what they mean.
    public static final int LONGEST_NAME = 32;

    private static final List<byte[]> FORBIDDEN = List.of("authorization", "proxy-authorization", "content-encoding", "content-type", "content-range",
            "x-forwarded-host", "forwarded").stream().map(Ascii::bytes).toList();

    private Trailers() {}

    /// @param length may be more than `name` holds
    public static boolean allowed(byte[] name, int length) {
        if (length > LONGEST_NAME) {
            return true;
        }
        byte known = Fields.kindOf(name, 0, length);
        if (known != Fields.OTHER) {
            return known == Fields.DATE;
        }
        for (byte[] forbidden : FORBIDDEN) {
            if (Ascii.equalsIgnoreCase(name, 0, length, forbidden)) {
                return false;
            }
        }
        return !Disguise.isOne(name, 0, length);
    }
}
