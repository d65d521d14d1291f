package dev.viridian.services.logs;

import java.nio.charset.StandardCharsets;

/// One log event.
///
/// @param at when it happened, in milliseconds since the epoch, as its sender says
/// @param in when it arrived here
record Line(long at, long in, String text) {
    /// Source: PutLogEvents, "the sum of all event messages in UTF-8, plus 26 bytes for each log event".
    private static final int OVERHEAD = 26;

    int bytes() {
        return bytes(text);
    }

    static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length + OVERHEAD;
    }
}
