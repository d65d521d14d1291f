package dev.viridian.proxy;

import static java.util.Objects.requireNonNull;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import org.jspecify.annotations.Nullable;

/// A client whose bytes are not read: a target is claimed as soon as it connects, then both are joined.
final class PassThrough extends ChannelInboundHandlerAdapter implements TargetOnLoop.Claimant {
    private static final int MAX_TRIES = 3;

    private final Loop loop;
    private final PortSocket socket;
    private @Nullable TargetOnLoop claim;
    private @Nullable TargetCounters counters;
    private @Nullable ListenerRoute route;
    private int claimIndex;
    private int tries;

    PassThrough(Loop loop, PortSocket socket) {
        this.loop = loop;
        this.socket = socket;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.channel().config().setAutoRead(false);
        PortRoute port = loop.routing().port(socket.key());
        if (port == null || !(port.first().defaultAction() instanceof ActionRoute.ForwardRoute(Forwarder forwarder))) {
            ctx.close();
            return;
        }
        route = port.first();
        route.state().add(loop, ListenerState.NEW_CONNECTIONS, 1);
        route.state().add(loop, ListenerState.ACTIVE_CONNECTIONS, 1);
        GroupRoute group = forwarder.turn(loop);
        connect(ctx, group, null);
    }

    private void connect(ChannelHandlerContext ctx, @Nullable GroupRoute group, @Nullable TargetState failed) {
        TargetState target = group == null ? null : group.choose(loop, null, failed);
        ListenerRoute listener = requireNonNull(route);
        if (group == null || target == null || tries++ == MAX_TRIES) {
            listener.state().add(loop, ListenerState.REJECTED_CONNECTIONS, 1);
            ctx.close();
            return;
        }
        TargetOnLoop mine = target.on(loop);
        TargetCounters counting = mine.claim(this, listener.state());
        claim = mine;
        counters = counting;
        loop.upstream().clone().handler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                if (group.group().protocol().secure()) {
                    channel.pipeline().addLast(loop.targetTls().newHandler(channel.alloc()));
                }
                channel.config().setAutoRead(false);
            }
        }).connect(target.address()).addListener((ChannelFuture connected) -> {
            if (claim != mine) {
                connected.channel().close();
            } else if (connected.isSuccess()) {
                join(ctx, connected.channel(), mine, counting);
            } else {
                counting.unconnected();
                release();
                connect(ctx, loop.routing().groups().get(group.group().id()), target);
            }
        });
    }

    private void join(ChannelHandlerContext ctx, Channel target, TargetOnLoop mine, TargetCounters counting) {
        ListenerRoute listener = requireNonNull(route);
        listener.state().add(loop, ListenerState.ROUTED, 1);
        counting.sent();
        Tunnel tunnel = new Tunnel(loop, ctx.channel(), target, listener, () -> listener.state().add(loop, ListenerState.ACTIVE_CONNECTIONS, -1));
        tunnel.takeOver(mine, counting, this);
        claim = null;
        route = null;
        ctx.pipeline().remove(this);
        tunnel.start(null, null);
    }

    private void release() {
        TargetOnLoop held = claim;
        if (held != null) {
            claim = null;
            held.release(this, requireNonNull(counters));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        release();
        if (route != null) {
            route.state().add(loop, ListenerState.ACTIVE_CONNECTIONS, -1);
        }
    }

    @Override
    public void cut() {
        release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    @Override
    public int claimIndex() {
        return claimIndex;
    }

    @Override
    public void claimIndex(int index) {
        claimIndex = index;
    }
}
