package dev.viridian.proxy;

import static java.util.Objects.requireNonNull;

import dev.viridian.proxy.http.ResponseHead;
import dev.viridian.proxy.routing.TargetGroup;
import dev.viridian.proxy.translation.Http2Head;
import dev.viridian.proxy.translation.Http2Lines;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One stream of a connection to a target. It exists for the target from the moment its head is sent; before that it is a place in a queue.
final class Http2TargetStream implements TargetSide, Http2Endpoint.Carried {
    private static final AsciiString HTTP = AsciiString.cached("http");
    private static final AsciiString HTTPS = AsciiString.cached("https");
    private static final AsciiString TE = AsciiString.cached("te");
    private static final AsciiString TRAILERS = AsciiString.cached("trailers");

    private final Http2TargetConnection connection;
    private final Loop loop;
    private @Nullable Http2Stream stream;
    private @Nullable Exchange exchange;
    private @Nullable Relay relay;
    /// Bytes passed on to a client that does not take more for now; the target gets window for them when it does.
    private int unreturned;
    /// Bytes of the request that the target gives no window for, or that its socket does not take.
    private int waiting;
    private boolean refused;
    private boolean gone;
    private boolean heardEnd;
    private boolean carried;
    private long sentAt;

    Http2TargetStream(Http2TargetConnection connection) {
        this.connection = connection;
        this.loop = connection.loop();
    }

    /// The connection that was waited for is there.
    void connected() {
        requireNonNull(exchange).connected(this);
    }

    void unconnected(Throwable cause) {
        Exchange waiting = exchange;
        exchange = null;
        if (waiting != null) {
            waiting.unconnected(cause);
        }
    }

    /// The connection that was waited for has no room.
    void moveTo(Function<Exchange, @Nullable TargetSide> elsewhere) {
        Exchange waiting = exchange;
        exchange = null;
        if (waiting != null) {
            waiting.waitsFor(elsewhere.apply(waiting));
        }
    }

    @Override
    public void attach(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public void head(ByteBuf head, boolean ended) {
        ByteBuf lines = head.alloc().heapBuffer(head.readableBytes()).writeBytes(head);
        head.release();
        Http2Headers headers = Http2Lines.request(lines, connection.group().protocol().secure() ? HTTPS : HTTP);
        lines.release();
        if (connection.group().version() == TargetGroup.Version.GRPC) {
            headers.set(TE, TRAILERS);
        }
        int id = connection.connection().local().incrementAndGetNextStreamId();
        connection.write(id, headers, ended);
        Http2Stream created = connection.connection().stream(id);
        if (created == null || created.state() == Http2Stream.State.CLOSED) {
            // The codec refuses to send such headers, for instance because the target has said that they are too large for it.
            gone = true;
            loop.eventLoop().execute(this::unreadable);
            return;
        }
        stream = created;
        sentAt = loop.now();
        carried = true;
        connection.asked(created, this);
    }

    @Override
    public void body(ByteBuf framed) {
        framed.release();
        throw new IllegalStateException("requests of HTTP/1.1 are not sent to targets of HTTP/2");
    }

    @Override
    public void data(ByteBuf data, boolean chunked, boolean ended) {
        if (gone || stream == null) {
            data.release();
            return;
        }
        connection.write(stream.id(), data, ended);
    }

    @Override
    public void end(boolean chunked, @Nullable Http2Headers trailers) {
        if (gone || stream == null) {
            return;
        }
        Http2Headers fit = trailers == null ? null : Http2Head.fitTrailers(trailers);
        if (fit == null || fit.isEmpty()) {
            connection.write(stream.id(), Unpooled.EMPTY_BUFFER, true);
        } else {
            connection.write(stream.id(), fit, true);
        }
    }

    @Override
    public void flush() {
        connection.flushSoon();
    }

    @Override
    public boolean writable() {
        return !gone && stream != null && connection.writable(stream);
    }

    @Override
    public void writabilityChanged() {
        if (exchange != null) {
            exchange.upstreamWritable();
        }
    }

    @Override
    public void waits(int change) {
        waiting += change;
    }

    @Override
    public void gotWindow() {
        if (exchange != null) {
            exchange.client().touched();
        }
    }

    @Override
    public long kept() {
        return waiting;
    }

    @Override
    public long lastMoved(long known, long now, long patience) {
        return gone || stream == null || waiting == 0 ? known : connection.lastMoved(stream, known, now, patience);
    }

    @Override
    public void reading(boolean reading) {
        if (reading && unreturned > 0 && stream != null) {
            int bytes = unreturned;
            unreturned = 0;
            connection.consumed(stream, bytes);
        }
    }

    @Override
    public void tooSlow() {
        if (stream != null) {
            connection.tooSlow(sentAt);
        }
    }

    @Override
    public void detach(boolean reusable) {
        letGo();
        if (stream == null) {
            connection.forget(this);
        } else if (!gone && (!heardEnd || stream.state().localSideOpen())) {
            // One that has ended on both sides is closed by the codec in a moment, and to reset it then would be counted against us as abuse.
            connection.reset(stream.id(), Http2Error.CANCEL);
        }
    }

    private void letGo() {
        exchange = null;
        relay = null;
        if (carried) {
            carried = false;
            connection.letGo();
        }
    }

    @Override
    public void receivedHeaders(Http2Headers headers, boolean last) {
        heardEnd |= last;
        connection.answered();
        if (exchange == null) {
            return;
        }
        exchange.client().touched();
        if (relay != null) {
            if (Http2Head.trailers(headers) == null) {
                unreadable();
            } else {
                ended(Http2Head.fitTrailers(headers));
            }
            return;
        }
        int length = Http2Head.response(headers, loop.scratch());
        ResponseHead head = loop.responseHead();
        if (length == Http2Head.MALFORMED || head.read(loop.scratch(), 0, length) != null || head.status() == 101 || last && lacksBody(head)) {
            unreadable();
            return;
        }
        Relay begun = exchange.answered(head, Unpooled.EMPTY_BUFFER, last ? Relay.Ending.AT_ONCE : Relay.Ending.WITH_STREAM);
        if (exchange == null) {
            return;
        }
        exchange.client().flush();
        if (!head.interim()) {
            relay = begun;
            if (last) {
                begun.pass(Unpooled.EMPTY_BUFFER);
            }
        }
    }

    private boolean lacksBody(ResponseHead head) {
        return head.contentLength() > 0 && head.allowsBody() && exchange != null && exchange.wantsBody();
    }

    @Override
    public int receivedData(ByteBuf data, int padding, boolean last) {
        int length = data.readableBytes();
        heardEnd |= last;
        connection.answered();
        if (exchange == null) {
            return length + padding;
        }
        if (relay == null) {
            unreadable();
            return length + padding;
        }
        exchange.client().touched();
        unreturned += length;
        if (length > 0) {
            relay.pass(data.retain());
        }
        if (last) {
            ended(null);
        }
        reading(exchange == null || exchange.client().writable());
        return padding;
    }

    private void ended(@Nullable Http2Headers trailers) {
        Exchange answered = exchange;
        Relay to = relay;
        if (answered == null || to == null) {
            return;
        }
        if (to.endsWithConnection()) {
            to.targetClosed(trailers);
        } else {
            to.pass(Unpooled.EMPTY_BUFFER);
        }
    }

    /// What the target sends is not HTTP/2, or nothing can be sent to it.
    void unreadable() {
        if (exchange != null) {
            exchange.unreadable();
        }
    }

    /// The target says that it has done nothing about this request.
    void refused() {
        refused = true;
    }

    @Override
    public void sentAll() {
        // The target goes on until it has answered.
    }

    @Override
    public void closed() {
        gone = true;
        Exchange interrupted = exchange;
        letGo();
        if (interrupted == null) {
            return;
        }
        if (refused || connection.ignored(requireNonNull(stream).id())) {
            interrupted.unsent();
        } else {
            interrupted.upstreamGone();
        }
    }
}
