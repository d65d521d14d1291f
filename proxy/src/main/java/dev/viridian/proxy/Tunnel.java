package dev.viridian.proxy;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Two connections joined: what comes in on one goes out on the other, unread, until both sides have ended. One side may end before the other.
final class Tunnel implements TargetOnLoop.Claimant, Loop.Ticked {
    /// How long the last bytes may take to leave once one side has closed.
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Loop loop;
    private final Channel client;
    private final Channel target;
    private final ListenerRoute route;
    private final Runnable onClose;
    private @Nullable TargetOnLoop claim;
    private @Nullable TargetCounters counters;
    private int claimIndex;
    private int tickIndex;
    private long lastActive;
    private boolean ended;

    /// @param onClose called once, when the tunnel is over
    Tunnel(Loop loop, Channel client, Channel target, ListenerRoute route, Runnable onClose) {
        this.loop = loop;
        this.client = client;
        this.target = target;
        this.route = route;
        this.onClose = onClose;
        this.lastActive = loop.now();
    }

    /// Holds the claim that an exchange held.
    void takeOver(TargetOnLoop claim, TargetCounters counters, TargetOnLoop.Claimant from) {
        this.claim = claim;
        this.counters = counters;
        claim.transfer(from, this);
    }

    /// @param fromClient what the client has already sent
    /// @param fromTarget what the target has already sent
    void start(@Nullable ByteBuf fromClient, @Nullable ByteBuf fromTarget) {
        loop.watch(this);
        join(client, target, ListenerState.BYTES_IN);
        join(target, client, ListenerState.BYTES_OUT);
        pass(fromClient, target);
        pass(fromTarget, client);
        if (!client.isActive() || !target.isActive()) {
            end();
        }
    }

    private static void pass(@Nullable ByteBuf bytes, Channel to) {
        if (bytes != null) {
            to.writeAndFlush(bytes);
        }
    }

    private void join(Channel from, Channel to, int cell) {
        from.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        from.pipeline().addLast(new End(to, cell));
        from.config().setAutoRead(to.isWritable());
    }

    /// One of the two sides.
    private final class End extends ChannelInboundHandlerAdapter {
        private final Channel other;
        private final int cell;

        End(Channel other, int cell) {
            this.other = other;
            this.cell = cell;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            lastActive = loop.now();
            ByteBuf in = (ByteBuf) message;
            route.state().add(loop, cell, in.readableBytes());
            other.write(in, other.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            other.flush();
            if (!other.isWritable()) {
                ctx.channel().config().setAutoRead(false);
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            other.config().setAutoRead(ctx.channel().isWritable());
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                endOutput(other);
                if (ctx.channel() instanceof SocketChannel mine && mine.isOutputShutdown()) {
                    ctx.close();
                }
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            end();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    /// Tells the other side that no more will come, once it has got everything.
    private static void endOutput(Channel channel) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> {
            if (channel instanceof SocketChannel socket && !encrypted(channel)) {
                socket.shutdownOutput().addListener(_ -> {
                    if (socket.isInputShutdown()) {
                        socket.close();
                    }
                });
            } else {
                channel.close();
            }
        });
    }

    /// A TLS connection cannot end in one direction only.
    static boolean encrypted(Channel channel) {
        return channel.pipeline().get(SslHandler.class) != null || channel.pipeline().get(TlsHandshake.class) != null;
    }

    private void end() {
        TargetOnLoop held = claim;
        if (held == null) {
            return;
        }
        claim = null;
        ended = true;
        lastActive = loop.now();
        held.release(this, requireNonNull(counters));
        client.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        target.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        onClose.run();
    }

    @Override
    public void cut() {
        end();
        client.close();
        target.close();
    }

    @Override
    public void tick(long now) {
        if (!client.isActive() && !target.isActive()) {
            end();
            loop.unwatch(this);
            return;
        }
        if (now - lastActive > (ended ? LINGER_NANOS : route.idleNanos())) {
            cut();
        }
    }

    @Override
    public int claimIndex() {
        return claimIndex;
    }

    @Override
    public void claimIndex(int index) {
        claimIndex = index;
    }

    @Override
    public void shut() {
        cut();
    }

    @Override
    public int tickIndex() {
        return tickIndex;
    }

    @Override
    public void tickIndex(int index) {
        tickIndex = index;
    }
}
