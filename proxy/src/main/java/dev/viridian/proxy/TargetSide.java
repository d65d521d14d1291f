package dev.viridian.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/// Who is asked: an HTTP/1.1 connection to a target, or one stream of an HTTP/2 connection. Belongs to one loop.
interface TargetSide {
    /// From now on what arrives is for `exchange`.
    void attach(Exchange exchange);

    /// Sends the head, written as HTTP/1.1 has it; takes it over.
    ///
    /// @param ended whether no body follows
    void head(ByteBuf head, boolean ended);

    /// Sends a piece of a body, framed as HTTP/1.1 has it; takes it over.
    void body(ByteBuf framed);

    /// Sends a piece of a body; takes it over.
    ///
    /// @param chunked whether the head promised chunks
    /// @param ended   whether it is the last one
    void data(ByteBuf data, boolean chunked, boolean ended);

    /// Ends a body.
    void end(boolean chunked, @Nullable Http2Headers trailers);

    /// What has been written leaves soon, together with what others have to send.
    void flush();

    /// What has been written leaves at once.
    default void flushNow() {
        flush();
    }

    boolean writable();

    /// When something of the request moved last on its way to whoever is asked: what lies with the system may leave it slowly.
    ///
    /// @param known    when something moved last as far as the client's side knows
    /// @param patience nobody looks before this is over
    default long lastMoved(long known, long now, long patience) {
        return known;
    }

    /// Bytes of the request that are kept for the one who is asked and count nowhere else: until it is complete, or because a connection that is shared
    /// must not be cut for what one of its streams is not given window for.
    default long kept() {
        return 0;
    }

    /// The listener's idle timeout is over and no answer has begun.
    default void tooSlow() {
        // Whoever is asked over a connection learns of it when the connection ends.
    }

    /// Whether the answer may be read on.
    void reading(boolean reading);

    /// The exchange is over for this side, also before it was connected.
    ///
    /// @param reusable false when something may still be under way
    void detach(boolean reusable);
}
