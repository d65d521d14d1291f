package dev.viridian.proxy;

import dev.viridian.proxy.http.Refusal;
import dev.viridian.proxy.log.LoggedConnection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One client that speaks HTTP/2: its frames are read and written by Netty, each of its streams is an exchange of its own.
///
/// It ends without losing anything: first the client hears that no new stream is wanted, then, when it has had time to hear it, which was the
/// last one that counts; what has begun is finished.
final class Http2ClientConnection extends Http2Endpoint {
    /// OPEN: takes streams. ASKED_TO_GO: still takes those that were under way. LEAVING: finishes what it has. CLOSING: is waiting for its last bytes
    /// to leave.
    private enum State { OPEN, ASKED_TO_GO, LEAVING, CLOSING }

    private final ClientConnection client;
    private final List<Http2ClientStream> unflushed = new ArrayList<>();
    private final long openedAt;
    private State state = State.OPEN;
    private long stateSince;
    private long lastActive;
    private int requests;
    private boolean reading;

    private Http2ClientConnection(Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings, ClientConnection client,
            long openedAt) {
        super(decoder, encoder, settings, client.loop(), Http2Limits.CLIENT_CONNECTION_WINDOW);
        this.client = client;
        this.openedAt = openedAt;
        this.lastActive = client.loop().now();
    }

    /// Whether the handshake that has just ended chose HTTP/2.
    static boolean wanted(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        return tls != null && ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol());
    }

    /// @param client the connection as it was accepted, which this one takes over
    static Http2ClientConnection of(ClientConnection client, long openedAt) {
        return new Builder(client, openedAt).build();
    }

    private static final class Builder extends Http2Endpoint.Builder<Http2ClientConnection> {
        private final ClientConnection client;
        private final long openedAt;

        Builder(ClientConnection client, long openedAt) {
            super(true, Http2Limits.towardsClients());
            this.client = client;
            this.openedAt = openedAt;
            encoderEnforceMaxRstFramesPerWindow(Http2Limits.MAX_RESETS, Http2Limits.RESETS_WINDOW_SECONDS);
            decoderEnforceMaxRstFramesPerWindow(Http2Limits.MAX_RESETS, Http2Limits.RESETS_WINDOW_SECONDS);
            gracefulShutdownTimeoutMillis(Http2Limits.LINGER_NANOS / 1_000_000);
        }

        @Override
        protected Http2ClientConnection build(Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
            return new Http2ClientConnection(decoder, encoder, settings, client, openedAt);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        lastActive = loop().now();
        reading = true;
        super.channelRead(ctx, message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        reading = false;
        for (int i = 0; i < unflushed.size(); i++) {
            unflushed.get(i).flushUpstream();
        }
        unflushed.clear();
        super.channelReadComplete(ctx);
    }

    /// What was written to the target leaves when all that has come with it has been looked at.
    void flushLater(Http2ClientStream stream) {
        if (reading) {
            unflushed.add(stream);
        } else {
            stream.flushUpstream();
        }
    }

    @Override
    void opened(Http2Stream stream, Http2Headers headers, boolean last) throws Http2Exception {
        if (!ctx().channel().isWritable() && ctx().channel().bytesBeforeWritable() > Http2Limits.MAX_UNREAD) {
            throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "the client does not read its answers");
        }
        if (++requests >= Http2Limits.MAX_REQUESTS) {
            askToGo();
        }
        Http2ClientStream begun = new Http2ClientStream(this, stream);
        carry(stream, begun);
        begun.begin(headers, last);
    }

    @Override
    void streamClosed() {
        lastActive = loop().now();
        closeWhenDone();
    }

    @Override
    void pinged() {
        if (state == State.ASKED_TO_GO) {
            leave();
        }
    }

    /// Asks the client to open its next streams elsewhere, while those it has already sent are still taken.
    private void askToGo() {
        if (state == State.OPEN) {
            enter(State.ASKED_TO_GO);
            sayGoodbye(Integer.MAX_VALUE);
            encoder().writePing(ctx(), false, 0, ctx().newPromise());
        }
    }

    private void leave() {
        enter(State.LEAVING);
        sayGoodbye(connection().remote().lastStreamCreated());
        closeWhenDone();
    }

    private void closeWhenDone() {
        if (state == State.LEAVING && connection().numActiveStreams() == 0) {
            enter(State.CLOSING);
            closeAfterLast();
        }
    }

    private void enter(State next) {
        state = next;
        stateSince = loop().now();
    }

    @Override
    public void tick(long now) {
        ListenerRoute route = client.listener();
        long idleNanos = route == null ? Http2Limits.LINGER_NANOS : route.idleNanos();
        switch (state) {
            case OPEN -> {
                boolean idle = connection().numActiveStreams() == 0 && now - lastActive > idleNanos;
                if (route == null || idle || !route.settings().http2() || now - openedAt > route.keepAliveNanos()) {
                    askToGo();
                }
            }
            case ASKED_TO_GO -> {
                if (now - stateSince > Http2Limits.GOODBYE_NANOS) {
                    leave();
                }
            }
            case LEAVING -> { }
            case CLOSING -> {
                if (now - stateSince > Http2Limits.LINGER_NANOS) {
                    ctx().channel().close();
                }
            }
        }
        eachStream(stream -> stream.tick(now, idleNanos));
    }

    @Override
    public long held() {
        long[] held = {unsent()};
        eachStream(stream -> held[0] += stream.held());
        return held[0];
    }

    private void eachStream(Consumer<Http2ClientStream> action) {
        if (connection().numActiveStreams() == 0) {
            return;
        }
        try {
            connection().forEachActiveStream(each -> {
                if (carriedBy(each) instanceof Http2ClientStream stream) {
                    action.accept(stream);
                }
                return true;
            });
        } catch (Http2Exception e) {
            onError(ctx(), false, e);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        super.channelInactive(ctx);
        client.ended();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) != null) {
            super.exceptionCaught(ctx, cause);
        } else {
            broken("the client at " + ctx.channel().remoteAddress(), cause);
        }
    }

    @Override
    protected void onConnectionError(ChannelHandlerContext ctx, boolean outbound, Throwable cause, @Nullable Http2Exception error) {
        if (error != null && !outbound) {
            malformed();
        }
        super.onConnectionError(ctx, outbound, cause, error);
    }

    @Override
    protected void onStreamError(ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException error) {
        if (!outbound && error.error() != Http2Error.REFUSED_STREAM && error.error() != Http2Error.STREAM_CLOSED) {
            if (!begins(error.streamId())) {
                malformed();
            } else if (!(error instanceof Http2Exception.HeaderListSizeException)) {
                unreadable();
            }
            remember(error.streamId());
        }
        super.onStreamError(ctx, outbound, cause, error);
    }

    /// Of a request whose headers the codec refuses it makes no stream; the body behind them would then end the connection, with all its other
    /// streams.
    private void remember(int streamId) {
        boolean unknown = connection().remote().isValidStreamId(streamId) && !connection().streamMayHaveExisted(streamId);
        if (unknown && connection().remote().canOpenStream()) {
            try {
                connection().remote().createStream(streamId, false);
            } catch (Http2Exception e) {
                onError(ctx(), false, e);
            }
        }
    }

    /// Whether what is wrong with a stream is the head of its request.
    private boolean begins(int streamId) {
        Http2Stream stream = connection().stream(streamId);
        return stream == null ? !connection().streamMayHaveExisted(streamId) : carriedBy(stream) == null;
    }

    /// More headers than are read get the answer that they would get over HTTP/1.1, before the codec resets their stream.
    @Override
    protected void handleServerHeaderDecodeSizeError(ChannelHandlerContext ctx, Http2Stream stream) {
        if (carriedBy(stream) == null) {
            new Http2ClientStream(this, stream).refuse(Refusal.HEAD_TOO_LARGE, Http2Limits.MAX_HEADER_LIST);
            flush(ctx);
        }
    }

    /// Counts a message that cannot be read.
    void malformed() {
        RefusedRequests.malformed(client.listener(), loop());
    }

    /// Counts and logs a request of which nothing was understood.
    void unreadable() {
        RefusedRequests.unreadable(client.listener(), loop(), this::logged);
    }

    /// Counts and logs a request that is readable and not accepted.
    void refused(Refusal refusal, int received, int sent) {
        RefusedRequests.refused(client.listener(), loop(), this::logged, refusal, received, sent);
    }

    /// The connection, as logs describe it.
    LoggedConnection logged() {
        return LoggedConnections.of(client.channel(), loop(), true);
    }

    ClientConnection client() {
        return client;
    }
}
