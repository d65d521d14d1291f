package dev.viridian.proxy;

import static java.util.Objects.requireNonNull;

import dev.viridian.proxy.tls.TlsHandshake;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.io.IOException;
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
    private final boolean ipv6;
    private final Runnable onClose;
    private @Nullable TargetOnLoop claim;
    private @Nullable TargetCounters counters;
    private int claimIndex;
    private int tickIndex;
    private long lastActive;
    private boolean ended;
    private @Nullable ExchangeLog log;

    /// @param onClose called once, when the tunnel is over
    Tunnel(Loop loop, Channel client, Channel target, ListenerRoute route, Runnable onClose) {
        this.loop = loop;
        this.client = client;
        this.target = target;
        this.route = route;
        this.ipv6 = client.remoteAddress() instanceof InetSocketAddress remote && remote.getAddress() instanceof Inet6Address;
        this.onClose = onClose;
        this.lastActive = loop.now();
    }

    /// Holds the claim that an exchange held.
    void takeOver(TargetOnLoop claim, TargetCounters counters, TargetOnLoop.Claimant from) {
        this.claim = claim;
        this.counters = counters;
        claim.transfer(from, this);
    }

    /// Lets the request that this began with be logged once it is over.
    void logTo(ExchangeLog log) {
        this.log = log;
    }

    /// Before [#start]: something the client has sent already.
    void sentByClient(ByteBuf bytes) {
        count(ListenerState.BYTES_IN, bytes.readableBytes());
        target.write(bytes);
    }

    /// @param fromClient what the client has already sent
    /// @param fromTarget what the target has already sent
    void start(@Nullable ByteBuf fromClient, @Nullable ByteBuf fromTarget) {
        loop.watch(this);
        join(client, target, ListenerState.BYTES_IN, FlowCounters.CLIENT_RESETS);
        join(target, client, ListenerState.BYTES_OUT, FlowCounters.TARGET_RESETS);
        if (plain(client) && plain(target)) {
            moveMuch((EpollSocketChannel) client, (EpollSocketChannel) target);
            moveMuch((EpollSocketChannel) target, (EpollSocketChannel) client);
        }
        pass(fromClient, target, ListenerState.BYTES_IN);
        pass(fromTarget, client, ListenerState.BYTES_OUT);
        if (!client.isActive() || !target.isActive()) {
            end();
        } else if (hasEnded(client)) {
            endOutput(target);
        } else {
            target.flush();
        }
    }

    private boolean hasEnded(Channel side) {
        SslHandler tls = side.pipeline().get(SslHandler.class);
        return tls != null && flow() && tls.sslCloseFuture().isSuccess() || side instanceof SocketChannel socket && socket.isInputShutdown();
    }

    private void count(int cell, int bytes) {
        route.state().moved(loop, cell, bytes, ipv6);
        if (log == null) {
            return;
        }
        if (cell == ListenerState.BYTES_IN) {
            log.received(bytes);
        } else {
            log.wrote(bytes);
        }
    }

    private void pass(@Nullable ByteBuf bytes, Channel to, int cell) {
        if (bytes != null) {
            count(cell, bytes.readableBytes());
            to.writeAndFlush(bytes);
        }
    }

    private void join(Channel from, Channel to, int bytes, int resets) {
        from.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        from.pipeline().addLast(new End(to, bytes, resets));
        from.config().setAutoRead(to.isWritable());
    }

    private static void moveMuch(EpollSocketChannel from, EpollSocketChannel to) {
        End end = (End) from.pipeline().first();
        ReadSizes.beforeEach(from, () -> end.moveMuch(from, to));
    }

    /// Whether nothing stands between the socket and us.
    private static boolean plain(Channel channel) {
        return channel instanceof EpollSocketChannel && channel.pipeline().first() instanceof End;
    }

    /// One of the two sides.
    private final class End extends ChannelInboundHandlerAdapter implements Loop.AtTurnsEnd {
        private final Channel other;
        private final int bytes;
        private final int resets;
        private int unflushed;
        private boolean waiting;
        private int unseen;
        /// Whether the last turn brought so much that more of it is likely.
        private boolean streams;

        /// @param bytes  cell that counts what comes in here
        /// @param resets cell that counts when this side breaks off
        End(Channel other, int bytes, int resets) {
            this.other = other;
            this.bytes = bytes;
            this.resets = resets;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            lastActive = loop.now();
            ByteBuf in = (ByteBuf) message;
            count(bytes, in.readableBytes());
            unflushed += in.readableBytes();
            other.write(in, other.voidPromise());
        }

        /// Before the socket is read: of a stream, what is there goes to the other side unseen.
        private int moveMuch(EpollSocketChannel from, EpollSocketChannel to) throws IOException {
            if (!streams) {
                return ReadSizes.NOT_TRIED;
            }
            flush();
            KernelPipe pipe = loop.pipe();
            if (pipe == null || !to.isActive() || Backlog.unsent(to) > 0) {
                return ReadSizes.NOT_TRIED;
            }
            int moved = pipe.move((Socket) from.fd(), (Socket) to.fd(), Long.MAX_VALUE, to.alloc(), rest -> to.writeAndFlush(rest, to.voidPromise()));
            if (moved > 0) {
                lastActive = loop.now();
                count(bytes, moved);
            }
            unseen += moved;
            return moved;
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            streams = unflushed + unseen >= Outlet.LARGE;
            unseen = 0;
            if (unflushed >= Outlet.LARGE) {
                flush();
            } else if (!waiting) {
                waiting = true;
                loop.atTurnsEnd(this);
            }
            if (!other.isWritable()) {
                ctx.channel().config().setAutoRead(false);
            }
        }

        @Override
        public void turnEnds() {
            waiting = false;
            flush();
        }

        private void flush() {
            unflushed = 0;
            other.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            other.config().setAutoRead(ctx.channel().isWritable());
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslCloseCompletionEvent goodbye && goodbye.isSuccess() && flow()) {
                // The end of the connection beneath need not follow.
                endOutput(other);
            } else if (event instanceof ChannelInputShutdownEvent) {
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

        /// A side that breaks off is passed on as just that, behind what it had sent before: the other one must not take it for a regular end.
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (Resets.isReset(cause) && over()) {
                route.state().flows().add(loop, resets);
                other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> Resets.send(other));
                onClose.run();
            }
            ctx.close();
        }
    }

    /// Tells the other side that no more will come, once it has got everything.
    private void endOutput(Channel channel) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> {
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            if (tls != null && channel == target && flow()) {
                // Its answer is still to come. The connection beneath ends when the target ends it.
                tls.closeOutbound();
            } else if (channel instanceof SocketChannel socket && !encrypted(channel)) {
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

    /// Whether nothing was read of this from the beginning: then the TLS of both sides is of the kind that can end in one direction.
    private boolean flow() {
        return !route.listener().protocol().readsRequests();
    }

    /// Where TLS is, or is about to be.
    static boolean encrypted(Channel channel) {
        return channel.pipeline().get(SslHandler.class) != null || channel.pipeline().get(TlsHandshake.class) != null;
    }

    /// @return whether it was not over before
    private boolean over() {
        TargetOnLoop held = claim;
        if (held == null) {
            return false;
        }
        claim = null;
        ended = true;
        lastActive = loop.now();
        held.release(this, requireNonNull(counters));
        if (log != null) {
            log.end();
        }
        return true;
    }

    private void end() {
        if (over()) {
            client.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            target.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            onClose.run();
        }
    }

    /// A connection of which requests were read before is closed; one that was passed through from the beginning is reset.
    @Override
    public void cut() {
        if (flow() && over()) {
            resetByUs(client);
            resetByUs(target);
            onClose.run();
        } else {
            shut();
        }
    }

    private void resetByUs(Channel side) {
        if (side.isOpen()) {
            route.state().flows().add(loop, FlowCounters.OWN_RESETS);
            Resets.send(side);
        }
    }

    @Override
    public void tick(long now) {
        if (!client.isActive() && !target.isActive()) {
            end();
            loop.unwatch(this);
            return;
        }
        long patience = ended ? LINGER_NANOS : route.idleNanos();
        lastActive = TcpProgress.lastMoved(lastActive, now, patience, client);
        lastActive = TcpProgress.lastMoved(lastActive, now, patience, target);
        if (now - lastActive <= patience) {
            return;
        }
        if (ended) {
            // Somebody does not take what is left for it, and must learn that it did not get everything.
            resetByUs(client);
            resetByUs(target);
        } else {
            cut();
        }
    }

    @Override
    public void shut() {
        end();
        client.close();
        target.close();
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
    public long held() {
        return Backlog.unsent(client) + Backlog.unsent(target);
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
