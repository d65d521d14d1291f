package dev.viridian.proxy;

import dev.viridian.proxy.log.FlowLog;
import dev.viridian.proxy.log.LoggedConnection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/// Notes one flow of a TLS listener that wants them logged, between its encryption and whoever passes it through.
final class FlowLogHandler extends ChannelDuplexHandler {
    private final Loop loop;
    private final ListenerRoute route;
    private long beganAt;
    private long beganMicros;
    private long handshakeNanos;
    private long received;
    private long sent;
    private boolean active;

    FlowLogHandler(Loop loop, ListenerRoute route) {
        this.loop = loop;
        this.route = route;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        active = true;
        beganAt = loop.nanos();
        beganMicros = loop.epochMicros(beganAt);
        ctx.fireChannelActive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
            handshakeNanos = loop.nanos() - beganAt;
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            received += bytes.readableBytes();
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            sent += bytes.readableBytes();
        }
        ctx.write(message, promise);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (active) {
            active = false;
            long now = loop.nanos();
            LoggedConnection connection = LoggedConnections.established(ctx.channel(), loop, handshakeNanos);
            loop.log().offer(new FlowLog(route.listener().id(), route.listener().port(), connection, beganMicros, loop.epochMicros(now), now - beganAt,
                    received, sent, alpn(ctx)));
        }
        ctx.fireChannelInactive();
    }

    private static String alpn(ChannelHandlerContext ctx) {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        String agreed = tls == null ? null : tls.applicationProtocol();
        return agreed == null ? "" : agreed;
    }
}
