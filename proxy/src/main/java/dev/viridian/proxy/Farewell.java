package dev.viridian.proxy;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/// How a client's connection ends: its last answer has as much time to arrive as any other, then it is closed; or it is broken off.
final class Farewell {
    /// How long is read and thrown away what a client sends that has got everything, and how long bytes that wait to leave may stand still at least.
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Loop loop;
    private final ChannelHandlerContext ctx;
    private final Channel channel;
    private final Outlet outlet;
    private long since;

    Farewell(Loop loop, ChannelHandlerContext ctx, Outlet outlet) {
        this.loop = loop;
        this.ctx = ctx;
        this.channel = ctx.channel();
        this.outlet = outlet;
    }

    /// Closes when everything written has left.
    void close() {
        since = loop.now();
        outlet.close();
    }

    /// Ends our direction when everything written has left, and leaves the other one open for a client that is still sending: closing upon bytes
    /// that nobody has read would reset the connection under the answer.
    void closeOutput() {
        since = loop.now();
        outlet.flushNow();
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> {
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            if (tls == null) {
                endOutput();
            } else {
                // Not at once: this runs within what the handler is just doing.
                tls.closeOutbound().addListener(_ -> loop.eventLoop().execute(() -> endEncryption(tls)));
            }
        });
    }

    /// What still comes need not be decrypted to be thrown away.
    private void endEncryption(SslHandler tls) {
        if (channel.isActive()) {
            channel.pipeline().remove(tls);
            endOutput();
        }
    }

    private void endOutput() {
        if (channel instanceof SocketChannel socket) {
            socket.shutdownOutput();
        } else {
            channel.close();
        }
    }

    /// Closes now, so that the client sees a broken answer as broken.
    ///
    /// @param endsByClosing whether a regular close would make the answer look complete
    void breakOff(boolean endsByClosing) {
        since = loop.now();
        outlet.flushNow();
        if (endsByClosing) {
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> Resets.send(channel));
        } else {
            channel.close();
        }
    }

    /// Nobody waits for the client any more.
    ///
    /// @param endsByClosing as for [#breakOff]
    void shut(boolean endsByClosing) {
        outlet.flushNow();
        if (endsByClosing || outlet.unsent() > 0) {
            Resets.send(channel);
        } else {
            channel.close();
        }
    }

    /// Looks, once per tick, whether it has taken long enough.
    ///
    /// @param moved     whether bytes have left since the last tick
    /// @param idleNanos how long bytes that wait to leave may stand still, if that is longer
    void tick(long now, boolean moved, long idleNanos) {
        long patience = outlet.unsent() > 0 ? Math.max(idleNanos, LINGER_NANOS) : LINGER_NANOS;
        since = TcpProgress.lastMoved(moved ? now : since, now, patience, channel);
        if (now - since > patience) {
            shut(false);
        }
    }
}
