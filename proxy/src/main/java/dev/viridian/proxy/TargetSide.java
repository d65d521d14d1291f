package dev.viridian.proxy;

import io.netty.buffer.ByteBuf;

/// Who is asked: an HTTP/1.1 connection to a target, or one stream of an HTTP/2 connection. Belongs to one loop.
interface TargetSide {
    /// From now on what arrives is for `exchange`.
    void attach(Exchange exchange);

    void write(ByteBuf out);

    /// What has been written leaves soon, together with what others have to send.
    void flush();

    /// What has been written leaves at once.
    default void flushNow() {
        flush();
    }

    boolean writable();

    /// Whether the answer may be read on.
    void reading(boolean reading);

    /// The exchange is over for this side, also before it was connected.
    ///
    /// @param reusable false when something may still be under way
    void detach(boolean reusable);
}
