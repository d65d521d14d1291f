package dev.viridian.proxy;

import dev.viridian.proxy.routing.TargetGroup;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A connection to a target that speaks HTTP/2, shared by the exchanges of its loop. Nothing is sent on it before the target has shown by its
/// settings that it does speak HTTP/2; until then exchanges wait, and lose nothing when it turns out that it does not.
final class Http2TargetConnection extends Http2Endpoint {
    private static final long MAX_IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);
    /// How often a target that says nothing else is asked whether it is still there. Source: gRPC, "Keepalive User Guide": servers take it for abuse
    /// when it happens more than once in five minutes without data.
    private static final long MIN_PING_NANOS = TimeUnit.MINUTES.toNanos(6);

    private final TargetOnLoop target;
    private final TargetGroup group;
    private final TargetCounters opener;
    private final List<Http2TargetStream> waiting = new ArrayList<>();
    private boolean established;
    private boolean leaving;
    private boolean ended;
    private int lastTaken = Integer.MAX_VALUE;
    private final long openedAt;
    private long idleSince;
    /// Since when nothing has been heard although there was something to say.
    private long silentSince;
    /// Whether the target has been asked if it is still there, and has not shown it yet.
    private boolean doubted;
    private boolean answeredSincePing = true;
    private long pingedAt;
    /// Exchanges under way. A stream that was given up still counts for the codec until its reset has left, which it never does when nobody reads it.
    private int carrying;

    private Http2TargetConnection(Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings, TargetOnLoop target,
            TargetGroup group, TargetCounters opener) {
        super(decoder, encoder, settings, target.loop(), Http2Limits.TARGET_CONNECTION_WINDOW);
        this.target = target;
        this.group = group;
        this.opener = opener;
        this.openedAt = target.loop().now();
        this.idleSince = openedAt;
        this.silentSince = openedAt;
    }

    private static final class Builder extends Http2Endpoint.Builder<Http2TargetConnection> {
        private final TargetOnLoop target;
        private final TargetGroup group;
        private final TargetCounters opener;

        Builder(TargetOnLoop target, TargetGroup group, TargetCounters opener) {
            super(false, Http2Limits.towardsTargets());
            this.target = target;
            this.group = group;
            this.opener = opener;
            // Streams end early because their clients give them up, which must not cost others the connection. Unasked, the builder takes any
            // connection that it is given for a server's, and limits both.
            encoderEnforceMaxRstFramesPerWindow(0, 0);
            decoderEnforceMaxRstFramesPerWindow(0, 0);
            gracefulShutdownTimeoutMillis(0);
        }

        @Override
        protected Http2TargetConnection build(Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
            return new Http2TargetConnection(decoder, encoder, settings, target, group, opener);
        }
    }

    /// A stream of a connection that is there already.
    static @Nullable Http2TargetStream ready(TargetOnLoop target) {
        for (Http2TargetConnection each : target.multiplexed()) {
            if (each.established && each.hasRoom()) {
                return new Http2TargetStream(each);
            }
        }
        return null;
    }

    /// A stream of a connection that is being made, which many may wait for; the exchange hears of the outcome on this loop, and not before this has
    /// returned.
    ///
    /// @param opener where the connection counts as open
    /// @return null when no connection is being made and none may be
    static @Nullable Http2TargetStream open(TargetOnLoop target, TargetGroup group, Exchange exchange, TargetCounters opener) {
        Http2TargetConnection to = null;
        for (Http2TargetConnection each : target.multiplexed()) {
            to = !each.established && each.hasRoom() ? each : to;
        }
        if (to == null) {
            if (!target.loop().admission().mayReachTarget(target.loop())) {
                return null;
            }
            to = new Builder(target, group, opener).build();
            target.multiplexed().add(to);
            to.connect();
        }
        Http2TargetStream stream = new Http2TargetStream(to);
        stream.attach(exchange);
        to.waiting.add(stream);
        return stream;
    }

    private boolean hasRoom() {
        if (leaving || doubted) {
            return false;
        }
        if (!established) {
            return waiting.size() < Http2Limits.MAX_STREAMS;
        }
        Http2Connection.Endpoint<?> ours = connection().local();
        return ours.canOpenStream() && ours.numActiveStreams() < Http2Limits.MAX_STREAMS && ours.lastStreamCreated() < Http2Limits.LAST_STREAM;
    }

    private void connect() {
        Loop loop = loop();
        ChannelFuture connecting = loop.upstream().clone().handler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                if (group.protocol().secure()) {
                    channel.pipeline().addLast(loop.targetTlsForHttp2().newHandler(channel.alloc()), new Negotiation());
                } else {
                    channel.pipeline().addLast(Http2TargetConnection.this);
                }
            }
        }).connect(target.target().address()).addListener(outcome -> {
            if (!outcome.isSuccess()) {
                // Not at once: one that fails while it is being made would report before its exchange knows of it, and perhaps on another thread.
                loop.eventLoop().execute(() -> failed(outcome.cause()));
            }
        });
        loop.admission().reaches(connecting.channel());
    }

    /// Waits for the handshake to choose HTTP/2.
    private final class Negotiation extends ApplicationProtocolNegotiationHandler {
        Negotiation() {
            super(ApplicationProtocolNames.HTTP_1_1);
        }

        @Override
        protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
            if (ApplicationProtocolNames.HTTP_2.equals(protocol)) {
                ctx.pipeline().addLast(Http2TargetConnection.this);
            } else {
                failed(new IOException("the target does not choose HTTP/2 in its handshake"));
                ctx.close();
            }
        }

        @Override
        protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
            failed(cause);
            ctx.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) throws Exception {
            failed(new IOException("closed within the handshake"));
            super.channelInactive(ctx);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failed(cause);
            ctx.close();
        }
    }

    /// Nothing has been sent, and nothing will be.
    private void failed(Throwable cause) {
        leaving = true;
        target.multiplexed().remove(this);
        for (Http2TargetStream each : List.copyOf(waiting)) {
            each.unconnected(cause);
        }
        waiting.clear();
    }

    @Override
    void settled() {
        if (established) {
            return;
        }
        established = true;
        for (Http2TargetStream each : List.copyOf(waiting)) {
            if (hasRoom()) {
                waiting.remove(each);
                each.connected();
            }
        }
        if (connection().local().numActiveStreams() == 0 && !waiting.isEmpty()) {
            failed(new IOException("the target takes no streams"));
        }
        List<Http2TargetStream> rest = List.copyOf(waiting);
        waiting.clear();
        rest.forEach(each -> each.moveTo(exchange -> open(target, group, exchange, opener)));
        if (target.target().draining()) {
            leave();
        }
    }

    void forget(Http2TargetStream stream) {
        waiting.remove(stream);
        if (waiting.isEmpty() && !established) {
            // Who has waited for it is gone, perhaps because it takes too long.
            idleSince = loop().now();
        }
    }

    @Override
    void opened(Http2Stream stream, Http2Headers headers, boolean last) throws Http2Exception {
        throw Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, "a target opened stream %d", stream.id());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        silentSince = loop().now();
        doubted = false;
        super.channelRead(ctx, message);
    }

    /// A stream that has just been opened.
    void asked(Http2Stream stream, Http2TargetStream carried) {
        if (carrying++ == 0) {
            silentSince = loop().now();
        }
        carry(stream, carried);
    }

    /// The exchange of such a stream is over.
    void letGo() {
        carrying--;
        idleSince = loop().now();
    }

    /// Part of an answer has come, and not only a sign of life.
    void answered() {
        answeredSincePing = true;
    }

    /// A stream was given up because nothing came for too long.
    ///
    /// @param since when it began
    void tooSlow(long since) {
        if (silentSince > since || doubted) {
            return;
        }
        if (mayPing(loop().now())) {
            ping();
        } else {
            leave();
        }
    }

    private boolean mayPing(long now) {
        return answeredSincePing || now - pingedAt > MIN_PING_NANOS;
    }

    /// Asks the target whether it is still there; until it shows that, new streams go elsewhere.
    private void ping() {
        doubted = true;
        answeredSincePing = false;
        pingedAt = loop().now();
        encoder().writePing(ctx(), false, pingedAt, ctx().newPromise());
        flushSoon();
    }

    @Override
    void streamClosed() {
        idleSince = loop().now();
        if (target.target().draining()) {
            leave();
        }
        closeWhenDone();
    }

    @Override
    void toldToGo(int lastStream) {
        lastTaken = lastStream;
        idleSince = loop().now();
        leaving = true;
        target.multiplexed().remove(this);
        // After the codec has closed those streams that do not count any more.
        loop().eventLoop().execute(this::closeWhenDone);
    }

    @Override
    void wasReset(int streamId, long error) {
        if (error == Http2Error.REFUSED_STREAM.code() && carriedBy(streamId) instanceof Http2TargetStream stream) {
            stream.refused();
        }
    }

    /// Whether the target has said that it did nothing about a stream.
    boolean ignored(int streamId) {
        return streamId > lastTaken;
    }

    /// Takes no more streams, and closes when those it has are done.
    void leave() {
        if (established && !leaving) {
            idleSince = loop().now();
            leaving = true;
            target.multiplexed().remove(this);
            sayGoodbye(0);
        }
        closeWhenDone();
    }

    private void closeWhenDone() {
        if (leaving && established && !ended && connection().numActiveStreams() == 0) {
            ended = true;
            closeAfterLast();
        }
    }

    @Override
    public void tick(long now) {
        // Who can be connected to within this time can also answer a ping.
        long patience = loop().options().connectTimeout().toNanos();
        if (!established && now - openedAt > patience) {
            failed(new ConnectTimeoutException("the target has sent no settings"));
            ctx().channel().close();
        } else if (carrying > 0) {
            if (doubted && now - pingedAt > patience) {
                // What is under way keeps its chance: the target may be busy rather than gone.
                leave();
            } else if (!doubted && now - silentSince > patience && mayPing(now)) {
                ping();
            }
        } else if (leaving && now - idleSince > Http2Limits.LINGER_NANOS) {
            ctx().channel().close();
        } else if (doubted && now - pingedAt > patience || waiting.isEmpty() && now - idleSince > MAX_IDLE_NANOS) {
            leave();
        }
    }

    @Override
    public boolean rests() {
        return established && !leaving && waiting.isEmpty() && carrying == 0;
    }

    @Override
    public void giveWay() {
        leaving = true;
        target.multiplexed().remove(this);
        loop().eventLoop().execute(this::shut);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) != null) {
            super.exceptionCaught(ctx, cause);
        } else {
            broken("target " + target.target().target() + " of group " + target.target().groupId(), cause);
        }
    }

    @Override
    protected void onStreamError(ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException error) {
        if (!outbound && carriedBy(error.streamId()) instanceof Http2TargetStream stream) {
            stream.unreadable();
        }
        super.onStreamError(ctx, outbound, cause, error);
    }

    @Override
    void begun() {
        opener.connected();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        failed(new IOException("closed before it was established"));
        super.channelInactive(ctx);
        opener.disconnected();
    }

    TargetGroup group() {
        return group;
    }
}
