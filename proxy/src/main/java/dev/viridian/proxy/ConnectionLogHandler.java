package dev.viridian.proxy;

import dev.viridian.proxy.log.ConnectionLog;
import dev.viridian.proxy.log.LoggedConnection;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/// Notes how one connection of a listener that asks for it came about, then steps aside.
final class ConnectionLogHandler extends ChannelInboundHandlerAdapter {
    private final Loop loop;
    private final ListenerRoute route;
    private long openedAt;
    private boolean noted;

    ConnectionLogHandler(Loop loop, ListenerRoute route) {
        this.loop = loop;
        this.route = route;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        openedAt = loop.nanos();
        if (!route.listener().protocol().secure()) {
            note(ctx, true, 0);
        }
        ctx.fireChannelActive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            note(ctx, handshake.isSuccess(), loop.nanos() - openedAt);
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        note(ctx, false, 0);
        ctx.fireChannelInactive();
    }

    private void note(ChannelHandlerContext ctx, boolean established, long handshakeNanos) {
        if (noted) {
            return;
        }
        noted = true;
        LoggedConnection connection = LoggedConnections.established(ctx.channel(), loop, handshakeNanos);
        loop.log().offer(new ConnectionLog(route.listener().id(), connection, loop.epochMicros(loop.nanos()), route.listener().port(),
                route.listener().protocol().secure(), established));
    }
}
