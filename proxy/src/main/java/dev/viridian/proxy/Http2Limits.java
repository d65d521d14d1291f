package dev.viridian.proxy;

import io.netty.handler.codec.http2.Http2Settings;
import java.util.concurrent.TimeUnit;

/// What a connection of HTTP/2 may ask of us. Each stops one kind of flood.
final class Http2Limits {
    /// Source: ELB user guide, "Listeners for your Application Load Balancers": up to 128 requests in parallel.
    static final int MAX_STREAMS = 128;
    /// Requests after which a client is asked to come back on a new connection. Source: ELB user guide.
    static final int MAX_REQUESTS = 10_000;
    /// Where the numbers of streams come to their end, with what is in flight then cut off.
    static final int LAST_STREAM = Integer.MAX_VALUE - 1000;
    /// Of all headers of a message, counted as HPACK counts.
    static final int MAX_HEADER_LIST = 64 * 1024;
    /// What one stream may send ahead of what its target takes.
    static final int STREAM_WINDOW = 64 * 1024 - 1;
    /// Enough for all streams: the targets behind them are not the same, and one that takes nothing must not hold up uploads to others.
    static final int CLIENT_CONNECTION_WINDOW = MAX_STREAMS * STREAM_WINDOW;
    static final int TARGET_STREAM_WINDOW = 256 * 1024;
    /// Enough for all streams: the clients behind them are not the same, and a slow one must not hold up others.
    static final int TARGET_CONNECTION_WINDOW = MAX_STREAMS * TARGET_STREAM_WINDOW;
    /// Answers to frames, such as acknowledgements, that wait for a peer who does not read.
    static final int MAX_CONTROL_FRAMES_WAITING = 1000;
    /// Bytes that wait for such a peer when it asks for more.
    static final int MAX_UNREAD = 1024 * 1024;
    /// Streams reset by the peer, or by us because of its mistakes (CVE-2023-44487, CVE-2025-8671).
    static final int MAX_RESETS = 1000;
    static final int RESETS_WINDOW_SECONDS = 10;
    static final int MAX_EMPTY_DATA_FRAMES = 10;
    static final int MAX_SMALL_CONTINUATIONS = 16;
    /// Frames in a row that carry neither headers nor data.
    static final int MAX_IDLE_FRAMES = 1000;
    /// How long a peer may take to hear that the connection ends before it is told which streams still counted.
    static final long GOODBYE_NANOS = TimeUnit.SECONDS.toNanos(2);
    static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(5);

    private Http2Limits() {}

    static Http2Settings towardsTargets() {
        return Http2Settings.defaultSettings().pushEnabled(false).maxHeaderListSize(MAX_HEADER_LIST).initialWindowSize(TARGET_STREAM_WINDOW);
    }

    static Http2Settings towardsClients() {
        return Http2Settings.defaultSettings().maxConcurrentStreams(MAX_STREAMS).maxHeaderListSize(MAX_HEADER_LIST)
                .initialWindowSize(STREAM_WINDOW);
    }
}
