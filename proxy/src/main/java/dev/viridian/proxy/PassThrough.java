package dev.viridian.proxy;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A client whose bytes are not read, until it is joined with a target: a target is claimed as soon as the client has connected (and has shaken
/// hands, on a TLS listener), then the two become a [Tunnel]. A flow that finds no target is reset.
final class PassThrough extends ChannelInboundHandlerAdapter implements TargetOnLoop.Claimant, Loop.Ticked {
    private static final long HANDSHAKE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Loop loop;
    private final PortSocket socket;
    private final Tries tries = new Tries();
    /// What came although nobody asked for it yet: with the end of TLS's handshake, or with the client's end.
    private final List<ByteBuf> early = new ArrayList<>(0);
    private @Nullable ChannelHandlerContext client;
    private @Nullable TargetOnLoop claim;
    /// To a target, until both are joined.
    private @Nullable Channel outgoing;
    private @Nullable TargetCounters counters;
    private @Nullable ListenerRoute route;
    private boolean shakesHands;
    private int claimIndex;
    private int tickIndex;
    private long began;

    PassThrough(Loop loop, PortSocket socket) {
        this.loop = loop;
        this.socket = socket;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        PortRoute port = loop.routing().port(socket.key());
        if (port == null) {
            ctx.close();
            return;
        }
        client = ctx;
        ReadSizes.own(ctx.channel());
        began = loop.now();
        loop.watch(this);
        enter(port.first());
        shakesHands = port.tls() != null;
        if (!shakesHands) {
            findTarget();
        }
    }

    /// Counted by the listener as it is now, until the end.
    private void enter(ListenerRoute listener) {
        route = listener;
        listener.state().add(loop, ListenerState.NEW_CONNECTIONS, 1);
        listener.state().add(loop, ListenerState.ACTIVE_CONNECTIONS, 1);
    }

    private void findTarget() {
        Channel channel = client().channel();
        channel.config().setAutoRead(false);
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        PortRoute port = loop.routing().port(socket.key());
        if (port == null || !(port.first().defaultAction() instanceof ActionRoute.ForwardRoute(Forwarder forwarder, _))) {
            refuse();
            return;
        }
        connect(forwarder.turn(loop));
    }

    private void connect(@Nullable GroupRoute group) {
        TargetState target = group == null || tries.spent() ? null : group.chooseFor(loop, source().getAddress().getAddress(), tries);
        if (group == null || target == null || !loop.admission().mayReachTarget(loop)) {
            refuse();
            return;
        }
        tries.made();
        if (group.failsOpen()) {
            count(FlowCounters.FAILED_OPEN);
        }
        TargetOnLoop mine = target.on(loop);
        claim = mine;
        counters = mine.claim(this, route().state());
        ChannelFuture connecting = loop.upstream().clone().handler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                outgoing = channel;
                ReadSizes.own(channel);
                if (group.group().flows().announced()) {
                    channel.pipeline().addLast(ProxyHeader.of(source(), (InetSocketAddress) client().channel().localAddress()));
                }
                boolean secure = group.group().protocol().secure();
                if (secure) {
                    channel.pipeline().addLast(loop.targetTlsForFlows().newHandler(channel.alloc()));
                }
                channel.config().setAutoRead(secure);
                channel.pipeline().addLast(new Outgoing(mine, secure));
            }
        }).connect(target.address()).addListener(connected -> {
            if (!connected.isSuccess()) {
                // Not at once: when there is no descriptor left to make a socket of, this is said on a thread that is not the loop's.
                loop.eventLoop().execute(() -> unconnected(mine, group, target));
            }
        });
        loop.admission().reaches(connecting.channel());
    }

    private void unconnected(TargetOnLoop mine, GroupRoute group, TargetState target) {
        if (claim == mine) {
            counters().unconnected();
            release();
            tries.failed(target);
            connect(loop.routing().groups().get(group.group().id()));
        }
    }

    /// A connection to a target that is being made.
    private final class Outgoing extends ChannelInboundHandlerAdapter {
        private final TargetOnLoop mine;
        private final boolean secure;

        Outgoing(TargetOnLoop mine, boolean secure) {
            this.mine = mine;
            this.secure = secure;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            if (claim != mine) {
                ctx.close();
            } else if (!secure) {
                join(ctx, mine);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
                return;
            }
            if (claim != mine) {
                ctx.close();
            } else if (handshake.isSuccess()) {
                join(ctx, mine);
            } else {
                count(FlowCounters.TARGET_TLS_ERRORS);
                counters().unconnected();
                release();
                refuse();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (claim == mine) {
                counters().unconnected();
                release();
                refuse();
            }
        }

        /// The connection is closed already, or about to be.
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    private void join(ChannelHandlerContext target, TargetOnLoop mine) {
        Channel channel = client().channel();
        ListenerRoute listener = route();
        listener.state().add(loop, ListenerState.ROUTED, 1);
        counters().sent();
        Tunnel tunnel = new Tunnel(loop, channel, target.channel(), listener, () -> listener.state().add(loop, ListenerState.ACTIVE_CONNECTIONS, -1));
        tunnel.takeOver(mine, counters(), this);
        claim = null;
        route = null;
        outgoing = null;
        loop.unwatch(this);
        target.pipeline().remove(target.handler());
        client().pipeline().remove(this);
        early.forEach(tunnel::sentByClient);
        early.clear();
        tunnel.start(null, null);
    }

    /// There is nobody this client could be joined with.
    private void refuse() {
        route().state().add(loop, ListenerState.REJECTED_CONNECTIONS, 1);
        count(FlowCounters.OWN_RESETS);
        Resets.send(client().channel());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (route == null) {
            ReferenceCountUtil.release(message);
        } else {
            early.add((ByteBuf) message);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent handshake) || !shakesHands || route == null) {
            return;
        }
        shakesHands = false;
        if (handshake.isSuccess()) {
            findTarget();
        } else {
            count(FlowCounters.CLIENT_TLS_ERRORS);
            ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        release();
        if (route != null) {
            route.state().add(loop, ListenerState.ACTIVE_CONNECTIONS, -1);
            loop.unwatch(this);
            route = null;
        }
        if (outgoing != null) {
            outgoing.close();
        }
        early.forEach(ByteBuf::release);
        early.clear();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (route != null && Resets.isReset(cause)) {
            count(FlowCounters.CLIENT_RESETS);
        }
        ctx.close();
    }

    /// The target it is being connected to is to have nothing more.
    @Override
    public void cut() {
        release();
        refuse();
    }

    private void release() {
        TargetOnLoop held = claim;
        if (held != null) {
            claim = null;
            held.release(this, counters());
        }
    }

    @Override
    public void tick(long now) {
        if (shakesHands && now - began > HANDSHAKE_NANOS) {
            shakesHands = false;
            count(FlowCounters.CLIENT_TLS_ERRORS);
            client().close();
        }
    }

    @Override
    public void shut() {
        client().close();
    }

    private void count(int cell) {
        route().state().flows().add(loop, cell);
    }

    private ChannelHandlerContext client() {
        return requireNonNull(client);
    }

    private ListenerRoute route() {
        return requireNonNull(route);
    }

    private TargetCounters counters() {
        return requireNonNull(counters);
    }

    private InetSocketAddress source() {
        return (InetSocketAddress) client().channel().remoteAddress();
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
    public int tickIndex() {
        return tickIndex;
    }

    @Override
    public void tickIndex(int index) {
        tickIndex = index;
    }
}
