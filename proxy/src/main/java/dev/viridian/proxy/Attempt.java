package dev.viridian.proxy;

import static java.util.Objects.requireNonNull;

import dev.viridian.proxy.routing.TargetGroup;
import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.Socket;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// The attempt to get a request answered by a target, and by another one when that fails: what is claimed and counted, who is asked, and what of the
/// request has been sent. Each [Exchange] has one of these, uses it again and again, and decides what follows.
///
/// The rule of the house is *claim, then send*: the target is chosen under the snapshot of that moment and counted as in flight in the same step,
/// before a byte leaves; the claim ends with the exchange. A target that has left the routing can therefore be watched until nobody holds a claim on
/// it.
final class Attempt implements TargetOnLoop.Claimant {
    private final Exchange exchange;
    private final RequestFlow request;
    private final Loop loop;
    private final Tries tries = new Tries();

    private @Nullable TargetOnLoop claim;
    private @Nullable TargetCounters counters;
    private @Nullable TargetSide asked;
    /// For the target, kept until the answer begins in case it must be sent again.
    private @Nullable ByteBuf head;
    private int claimIndex;
    private boolean reused;
    private boolean sent;
    private boolean unflushed;
    private boolean bodyMoved;
    private long sentAt;

    Attempt(Exchange exchange, RequestFlow request, Loop loop) {
        this.exchange = exchange;
        this.request = request;
        this.loop = loop;
    }

    /// Another request has come, and nothing has been tried for it.
    void begin() {
        tries.begin();
        sent = reused = unflushed = bodyMoved = false;
    }

    /// @param head for the target; taken over
    void keep(ByteBuf head) {
        this.head = head;
    }

    /// Claims the target and asks it; the exchange hears of the connection, perhaps at once.
    ///
    /// @param fresh whether an idle connection will not do
    void start(TargetState target, GroupRoute group, ListenerState listener, boolean fresh) {
        tries.made();
        TargetOnLoop mine = target.on(loop);
        claim = mine;
        TargetCounters counting = mine.claim(this, listener);
        counters = counting;
        if (group.failsOpen()) {
            counting.routedToUnhealthy();
        }
        boolean calls = target.target().isFunction();
        boolean streams = group.group().version() != TargetGroup.Version.HTTP1;
        TargetSide ready = fresh || calls ? null
                : streams ? Http2TargetConnection.ready(mine) : UpstreamConnection.reusable(mine, request.replayable());
        reused = ready != null;
        if (ready != null) {
            exchange.connected(ready);
        } else if (calls) {
            exchange.connected(new FunctionCall(loop, group.group().id(), target.target()));
        } else if (streams) {
            exchange.waitsFor(Http2TargetConnection.open(mine, group.group(), exchange, counting));
        } else {
            exchange.waitsFor(loop.admission().mayReachTarget(loop) ? UpstreamConnection.open(mine, group.group(), exchange, counting) : null);
        }
    }

    void waitsFor(@Nullable TargetSide connecting) {
        asked = connecting;
    }

    /// A connection to the claimed target is there.
    ///
    /// @return when the request leaves, which is now
    long connected(TargetSide connection) {
        asked = connection;
        connection.attach(exchange);
        requireNonNull(counters).sent();
        sentAt = loop.nanos();
        sent = true;
        return sentAt;
    }

    void sendHead() {
        ByteBuf out = requireNonNull(head).readerIndex(0);
        requireNonNull(asked).head(out.retain(), request.complete());
        unflushed = true;
    }

    void unconnected(Throwable cause) {
        if (cause instanceof SSLException) {
            requireNonNull(counters).notEncrypted();
        } else {
            requireNonNull(counters).unconnected();
        }
    }

    /// The side that was asked has gone by itself, or was never there.
    ///
    /// @return the target that was tried; it is not claimed any more
    TargetState lost() {
        TargetState last = requireNonNull(claim).target();
        asked = null;
        release();
        sent = false;
        return last;
    }

    /// Whom to try next, under the routing of now; see [Tries#next].
    @Nullable TargetState next(GroupRoute group, TargetState last, boolean sameAllowed) {
        return tries.next(loop, group, last, sameAllowed);
    }

    /// Whether something can be sent behind the head now.
    boolean takesBody() {
        TargetSide to = asked;
        return sent && to != null && to.writable();
    }

    /// Sends a piece of the body, framed as HTTP/1.1 has it, while [#takesBody]; takes it over.
    void body(ByteBuf framed) {
        bodyMoved = true;
        requireNonNull(asked).body(framed);
        unflushed = true;
    }

    /// Lets the kernel move a piece of the body, while [#takesBody].
    ///
    /// @return as [Outlet#move]
    int move(Socket from, long most) throws IOException {
        int length = asked instanceof UpstreamConnection to ? to.move(from, most) : ReadSizes.NOT_TRIED;
        bodyMoved |= length > 0;
        return length;
    }

    /// Sends a piece of the body that came without framing, while [#takesBody]; takes it over.
    void data(ByteBuf data) {
        bodyMoved = true;
        requireNonNull(asked).data(data, request.chunked(), request.complete());
        unflushed = true;
    }

    /// Ends a body that came without framing.
    void endBody(@Nullable Http2Headers trailers) {
        // The end of chunks is not sent again with the head, as little as trailers are.
        bodyMoved |= trailers != null || request.chunked();
        requireNonNull(asked).end(request.chunked(), trailers);
        unflushed = true;
    }

    void flush() {
        if (!unflushed || asked == null) {
            return;
        }
        unflushed = false;
        if (reused && !request.replayable()) {
            // The connection was seen open a moment ago. The sooner this leaves, the less can have happened since.
            asked.flushNow();
        } else {
            asked.flush();
        }
    }

    void reading(boolean reading) {
        if (asked != null && sent) {
            asked.reading(reading);
        }
    }

    void answered(int status, long now) {
        requireNonNull(counters).answered(status, now - sentAt);
        dropHead();
    }

    /// When something moved last, which is `known` or later; see [TargetSide#lastMoved].
    long lastMoved(long known, long now, long patience) {
        TargetSide to = asked;
        return sent && to != null ? to.lastMoved(known, now, patience) : known;
    }

    /// The listener's idle timeout is over and no answer has begun.
    void tooSlow() {
        if (asked != null) {
            asked.tooSlow();
        }
    }

    /// The answer is complete.
    ///
    /// @param reusable whether the target's connection can carry another request
    void finish(boolean reusable) {
        TargetSide connection = requireNonNull(asked);
        asked = null;
        connection.detach(reusable && request.complete() && !request.ambiguous());
        release();
    }

    /// No answer is wanted any more. The head is kept.
    void stop() {
        TargetSide connection = asked;
        asked = null;
        if (connection != null) {
            connection.detach(false);
        }
        release();
    }

    /// The exchange is over.
    void end() {
        stop();
        dropHead();
        sent = false;
    }

    /// The claim passes to a tunnel, and so does the connection.
    void passTo(Tunnel tunnel) {
        tunnel.takeOver(claimed(), requireNonNull(counters), this);
        asked = null;
        claim = null;
    }

    private void release() {
        TargetOnLoop held = claim;
        if (held != null) {
            claim = null;
            held.release(this, requireNonNull(counters));
        }
    }

    private void dropHead() {
        if (head != null) {
            head.release();
            head = null;
        }
    }

    TargetOnLoop claimed() {
        return requireNonNull(claim);
    }

    boolean claims() {
        return claim != null;
    }

    /// Whether the connection was one that had been idle.
    boolean reused() {
        return reused;
    }

    /// Whether something of the body was spent.
    boolean bodyMoved() {
        return bodyMoved;
    }

    boolean keepsHead() {
        return head != null;
    }

    /// Bytes kept of the request: its head, until the answer begins, and what is kept for whoever is asked.
    long held() {
        return (head == null ? 0 : head.capacity()) + (asked == null ? 0 : asked.kept());
    }

    @Override
    public void cut() {
        exchange.cut();
    }

    @Override
    public int claimIndex() {
        return claimIndex;
    }

    @Override
    public void claimIndex(int index) {
        claimIndex = index;
    }
}
