package dev.viridian.proxy;

import dev.viridian.proxy.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/// Passes one answer after the other on to a client, as it comes, and knows where each ends.
interface Relay {
    /// Where a body ends: as the head says, with the target's stream, or at once because nothing follows the head.
    enum Ending { AS_SAID, WITH_STREAM, AT_ONCE }

    /// Passes the head on, or keeps it until the first of the body is there.
    ///
    /// @param in     what has already arrived behind the head
    /// @param goesOn whether the client's connection carries on afterwards, as far as the request says
    void begin(ResponseHead head, ByteBuf in, RequestFlow request, boolean goesOn, Ending ending);

    /// Whether both sides leave HTTP behind with this answer.
    boolean tunnels();

    /// The head is out and nothing follows it on either side but foreign bytes.
    void passHead();

    /// Whether the end of the target's side is the regular end of this answer.
    boolean endsWithConnection();

    /// Whether the client knows the answer's end by the end of its connection alone, so that a regular close would make a broken answer look complete.
    default boolean endsByClosing() {
        return false;
    }

    /// Passes on what has come; takes `in` over.
    ///
    /// @return whether the answer is not complete yet
    boolean pass(ByteBuf in);

    /// How much of the body is still to come and may pass unseen, because it is sent on as it comes; -1 when it has to be looked at.
    default long unseen() {
        return -1;
    }

    /// So much has passed unseen. When that was the rest, the answer waits for [#passedAll].
    default void passed(int length) {
        throw new IllegalStateException(length + " bytes passed unseen, but had to be looked at");
    }

    /// What has passed unseen was the rest.
    default void passedAll() {
        throw new IllegalStateException("an answer passed unseen, but had to be looked at");
    }

    /// The target has closed its side, which ends a body that has no other end.
    ///
    /// @param trailers of HTTP/2; a target that speaks it never answers a client that does not
    void targetClosed(@Nullable Http2Headers trailers);

    /// The answer will not be completed.
    void dropPending();
}
