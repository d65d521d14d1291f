package dev.viridian.proxy;

import dev.viridian.proxy.http.Refusal;
import dev.viridian.proxy.http.RequestHead;
import dev.viridian.proxy.log.LoggedConnection;
import dev.viridian.proxy.routing.TargetGroup;
import dev.viridian.proxy.translation.GrpcStatus;
import dev.viridian.proxy.translation.Http2Head;
import dev.viridian.proxy.translation.Http2Lines;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/// One stream of a client's HTTP/2 connection: one request and its answer.
final class Http2ClientStream implements ClientSide, Http2Endpoint.Carried {
    private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
    private static final AsciiString GRPC = AsciiString.cached("application/grpc");
    private static final AsciiString POST = AsciiString.cached("POST");

    private final Http2ClientConnection connection;
    private final Http2Stream stream;
    private final Loop loop;
    private final Exchange exchange;
    /// Of the body, what the target cannot take yet. The stream's window bounds it, because it is given back only for what has been passed on.
    private @Nullable ByteBuf received;
    private @Nullable Http2Headers trailers;
    private boolean grpc;
    private boolean post;
    /// The client has sent everything.
    private boolean ended;
    /// The target has been told so.
    private boolean passedEnd;
    private boolean over;
    private boolean gone;
    private boolean answerEnded;
    private boolean sentAll;
    private boolean resetAfterAnswer;
    private int waiting;
    private long lastActive;

    Http2ClientStream(Http2ClientConnection connection, Http2Stream stream) {
        this.connection = connection;
        this.stream = stream;
        this.loop = connection.loop();
        this.exchange = new Exchange(this, loop);
        this.lastActive = loop.now();
    }

    void begin(Http2Headers headers, boolean ended) {
        this.ended = ended;
        CharSequence method = headers.method();
        post = method != null && POST.contentEquals(method);
        grpc = isGrpc(headers.get(CONTENT_TYPE));
        int length = Http2Head.request(headers, ended, loop.scratch());
        if (length == Http2Head.MALFORMED) {
            connection.unreadable();
            over = true;
            reset(Http2Error.PROTOCOL_ERROR);
            return;
        }
        RequestHead head = loop.requestHead();
        Refusal refusal = head.read(loop.scratch(), 0, length);
        if (refusal != null) {
            refuse(refusal, length);
            closeAfterAnswer(!ended);
            return;
        }
        exchange.begin(head);
        connection.flushLater(this);
    }

    /// @param length of the head
    void refuse(Refusal refusal, int length) {
        OwnAnswer page = OwnAnswer.page(refusal.status());
        connection.refused(refusal, length, page.body().length);
        answer(page, true, true);
    }

    /// Not `application/grpc-web`, which is for servers that speak HTTP/1.1 too.
    private static boolean isGrpc(@Nullable CharSequence contentType) {
        if (contentType == null || contentType.length() < GRPC.length()) {
            return false;
        }
        boolean more = contentType.length() > GRPC.length();
        return AsciiString.regionMatches(contentType, true, 0, GRPC, 0, GRPC.length())
                && (!more || contentType.charAt(GRPC.length()) == '+' || contentType.charAt(GRPC.length()) == ';');
    }

    @Override
    public int receivedData(ByteBuf data, int padding, boolean last) {
        lastActive = loop.now();
        ended |= last;
        if (over) {
            return data.readableBytes() + padding;
        }
        if (received != null) {
            received = joined(received, data);
        } else if (data.isReadable()) {
            received = exchange.takesBody() ? data.retainedSlice() : alloc().directBuffer(data.readableBytes()).writeBytes(data);
        }
        moveBody();
        connection.flushLater(this);
        return padding;
    }

    /// Copies: what waits would otherwise keep the buffers alive that it came in, however small a part of them it is.
    private ByteBuf joined(ByteBuf before, ByteBuf data) {
        if (before.writableBytes() >= data.readableBytes() && before.refCnt() == 1 && !before.isReadOnly()) {
            return before.writeBytes(data);
        }
        ByteBuf joined = alloc().directBuffer(2 * (before.readableBytes() + data.readableBytes()));
        joined.writeBytes(before).writeBytes(data);
        before.release();
        return joined;
    }

    /// The body has ended with more headers.
    @Override
    public void receivedHeaders(Http2Headers more, boolean last) {
        lastActive = loop.now();
        ended = true;
        if (Http2Head.trailers(more) == null) {
            connection.malformed();
            reset(Http2Error.PROTOCOL_ERROR);
            return;
        }
        trailers = more;
        if (!over) {
            moveBody();
            connection.flushLater(this);
        }
    }

    @Override
    public void process() {
        moveBody();
        connection.flushLater(this);
    }

    private void moveBody() {
        if (received != null && exchange.takesBody()) {
            ByteBuf data = received;
            received = null;
            int length = data.readableBytes();
            passedEnd = ended && trailers == null;
            exchange.relayData(data, passedEnd);
            connection.consumed(stream, length);
        }
        if (received == null && ended && !passedEnd && exchange.takesBody()) {
            passedEnd = true;
            exchange.relayEnd(trailers);
        }
    }

    void flushUpstream() {
        exchange.flushUpstream();
    }

    @Override
    public void answer(OwnAnswer answer, boolean close, boolean withBody) {
        ByteBuf out = alloc().heapBuffer(answer.room());
        answer.write(out, loop, exchange.route() != null ? exchange.route() : connection.client().listener(), false, withBody);
        int head = out.readableBytes();
        Http2Headers headers = Http2Lines.response(out);
        count(head - out.readableBytes());
        if (grpc && answer.status() >= 400) {
            GrpcStatus.describe(answer.status(), headers);
        }
        send(headers, !out.isReadable());
        if (out.isReadable()) {
            data(out, true);
        } else {
            out.release();
        }
        flush();
    }

    /// Sends a head, written as HTTP/1.1 has it; takes it over.
    void headers(ByteBuf head, boolean last) {
        count(head.readableBytes());
        send(Http2Lines.response(head), last);
        head.release();
    }

    void trailers(Http2Headers trailers) {
        send(trailers, true);
    }

    private void send(Http2Headers headers, boolean last) {
        if (!gone && !answerEnded) {
            answerEnded = last;
            connection.write(stream.id(), headers, last);
        }
    }

    /// Sends a piece of the answer's body; takes it over.
    void data(ByteBuf data, boolean last) {
        if (gone || answerEnded) {
            data.release();
            return;
        }
        answerEnded = last;
        count(data.readableBytes());
        connection.write(stream.id(), data, last);
    }

    @Override
    public void write(ByteBuf out) {
        throw new IllegalStateException("a stream is written to in frames, not in bytes");
    }

    private void count(int bytes) {
        ListenerRoute route = exchange.route();
        if (route != null) {
            route.state().moved(loop, ListenerState.BYTES_OUT, bytes, address().ipv6());
            exchange.wrote(bytes);
        }
    }

    @Override
    public void flush() {
        connection.flushSoon();
    }

    @Override
    public boolean writable() {
        return !gone && connection.writable(stream);
    }

    @Override
    public void writabilityChanged() {
        lastActive = loop.now();
        if (!over) {
            exchange.clientWritable(writable());
        }
    }

    @Override
    public void waits(int change) {
        waiting += change;
    }

    @Override
    public void gotWindow() {
        lastActive = loop.now();
    }

    @Override
    public void touched() {
        lastActive = loop.now();
    }

    @Override
    public void bodyDone() {
        // The end of a body is known here before it is known to the exchange.
    }

    @Override
    public boolean goesOn() {
        return true;
    }

    @Override
    public void next() {
        over = true;
        dropReceived();
    }

    @Override
    public void closeAfterAnswer(boolean unread) {
        next();
        resetAfterAnswer = unread;
        stopRequest();
    }

    /// The client should send no more, but not hear of that before it has all of the answer. Source: RFC 9113 section 8.1.
    private void stopRequest() {
        if (resetAfterAnswer && sentAll && !ended) {
            reset(Http2Error.NO_ERROR);
        }
    }

    @Override
    public void sentAll() {
        sentAll = true;
        stopRequest();
    }

    @Override
    public void abort() {
        over = true;
        reset(Http2Error.INTERNAL_ERROR);
    }

    /// Nothing was done about this request: the client may send it again.
    @Override
    public void close() {
        over = true;
        reset(Http2Error.REFUSED_STREAM);
    }

    @Override
    public boolean canBeHandedBack() {
        return true;
    }

    private void reset(Http2Error error) {
        dropReceived();
        if (!gone) {
            connection.reset(stream.id(), error);
        }
    }

    private void dropReceived() {
        if (received != null) {
            int length = received.readableBytes();
            received.release();
            received = null;
            connection.consumed(stream, length);
        }
    }

    @Override
    public void closed() {
        gone = true;
        dropReceived();
        if (!over) {
            over = true;
            exchange.clientGone();
        }
    }

    /// Bytes kept for a target that does not take them.
    long held() {
        return (received == null ? 0 : received.readableBytes()) + exchange.held();
    }

    boolean gone() {
        return gone;
    }

    /// @param idleNanos when the exchange knows no better
    void tick(long now, long idleNanos) {
        ListenerRoute route = exchange.route();
        long patience = route == null ? idleNanos : route.idleNanos();
        lastActive = waiting > 0 ? connection.lastMoved(stream, lastActive, now, patience) : lastActive;
        lastActive = exchange.lastMoved(lastActive, now, patience);
        if (now - lastActive <= patience) {
            return;
        }
        if (over) {
            reset(Http2Error.CANCEL);
        } else {
            exchange.idle();
        }
    }

    /// HTTP/2 can be translated for all. What gRPC needs beyond it gets lost on the way to HTTP/1.1, and targets of gRPC take nothing but POST.
    @Override
    public boolean translatable(TargetGroup.Version version) {
        return switch (version) {
            case HTTP1 -> !grpc;
            case HTTP2 -> true;
            case GRPC -> post;
        };
    }

    @Override
    public Relay relay(Exchange exchange) {
        return new Http2Relay(exchange, this, connection.loop());
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public PortSocket socket() {
        return connection.client().socket();
    }

    @Override
    public ClientAddress address() {
        return connection.client().address();
    }

    @Override
    public LoggedConnection logged() {
        return connection.logged();
    }

    @Override
    public byte[] localAddress() {
        return connection.client().localAddress();
    }

    @Override
    public ByteBufAllocator alloc() {
        return connection.client().alloc();
    }
}
