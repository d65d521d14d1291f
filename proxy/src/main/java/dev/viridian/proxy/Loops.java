package dev.viridian.proxy;

import static java.util.Objects.requireNonNull;

import dev.viridian.engine.time.Time;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.internal.SystemPropertyUtil;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The event loops (`viridian-proxy-N`), on epoll where it is present and on NIO elsewhere.
final class Loops {
    private static final WriteBufferWaterMark WATER = new WriteBufferWaterMark(64 * 1024, 256 * 1024);
    private static final int BACKLOG = 4096;
    private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

    private final EventLoopGroup group;
    private final Class<? extends ServerChannel> serverChannel;
    private final List<Loop> all = new ArrayList<>();
    private final Map<EventExecutor, Loop> byEventLoop = new IdentityHashMap<>();

    Loops(Proxy proxy, Time time, ProxyOptions options) {
        if (SystemPropertyUtil.get(LEAK_DETECTION) == null) {
            // Costs a stack trace for one buffer in 128; our tests run with all of them watched instead.
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        }
        boolean epoll = options.nativeTransport() && Epoll.isAvailable();
        IoHandlerFactory handlers = epoll ? new MendedEpoll() : NioIoHandler.newFactory();
        group = new MultiThreadIoEventLoopGroup(options.loops(), new DefaultThreadFactory("viridian-proxy", true), handlers);
        serverChannel = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        Class<? extends Channel> clientChannel = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
        for (EventExecutor executor : group) {
            Loop loop = new Loop(all.size(), (EventLoop) executor, proxy, time, upstream((EventLoop) executor, clientChannel, options));
            all.add(loop);
            byEventLoop.put(executor, loop);
        }
    }

    private static Bootstrap upstream(EventLoop eventLoop, Class<? extends Channel> channel, ProxyOptions options) {
        return new Bootstrap().group(eventLoop).channel(channel)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.AUTO_CLOSE, false)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(options.connectTimeout().toMillis()));
    }

    void start() {
        onEach(Loop::start);
    }

    ChannelFuture bind(InetSocketAddress address, ChannelHandler accepted) {
        return new ServerBootstrap().group(group).channel(serverChannel)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER)
                .childHandler(accepted)
                .bind(address);
    }

    Loop of(EventLoop eventLoop) {
        return requireNonNull(byEventLoop.get(eventLoop), "a connection on a loop that is not ours");
    }

    List<Loop> all() {
        return all;
    }

    /// Returns when every loop has finished what it was doing when this was called: whatever it does from then on, it does under what was published
    /// before.
    void barrier() {
        onEach(_ -> { });
    }

    /// Runs something on every loop and waits until all have done it.
    void onEach(Consumer<Loop> action) {
        CountDownLatch done = new CountDownLatch(all.size());
        for (Loop loop : all) {
            loop.eventLoop().execute(() -> {
                try {
                    action.accept(loop);
                } finally {
                    done.countDown();
                }
            });
        }
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the event loops took note of a change", e);
        }
    }

    void close() {
        Future<?> closed = group.shutdownGracefully(0, 2, TimeUnit.SECONDS);
        closed.awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
