package dev.viridian.proxy;

import static java.util.Objects.requireNonNull;

import dev.viridian.engine.time.Time;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.internal.SystemPropertyUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
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
    private final KnownHandlers handlers;
    private final boolean epoll;
    private final List<Loop> all = new ArrayList<>();
    private final Map<EventExecutor, Loop> byEventLoop = new IdentityHashMap<>();

    Loops(Proxy proxy, Time time, ProxyOptions options) {
        if (SystemPropertyUtil.get(LEAK_DETECTION) == null) {
            // Costs a stack trace for one buffer in 128; our tests run with all of them watched instead.
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        }
        epoll = options.nativeTransport() && Epoll.isAvailable();
        handlers = new KnownHandlers(epoll ? new MendedEpoll() : NioIoHandler.newFactory());
        group = new MultiThreadIoEventLoopGroup(options.loops(), new DefaultThreadFactory("viridian-proxy", true), handlers);
        for (EventExecutor executor : group) {
            Loop loop = new Loop(all.size(), (EventLoop) executor, proxy, time, upstream((EventLoop) executor, options));
            all.add(loop);
            byEventLoop.put(executor, loop);
        }
    }

    /// Neither here nor for accepted connections is Nagle's algorithm turned off: Netty has done that already, and to do it again is one more call of the
    /// system for each.
    private Bootstrap upstream(EventLoop eventLoop, ProxyOptions options) {
        return new Bootstrap().group(eventLoop).channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.AUTO_CLOSE, false)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new ReadSizes())
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(options.connectTimeout().toMillis()));
    }

    void start() {
        onEach(Loop::start);
    }

    ChannelFuture bind(InetSocketAddress address, ChannelHandler accepted) {
        return new ServerBootstrap().group(group).channelFactory(() -> serverChannel(address.getAddress()))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new ReadSizes())
                .childHandler(accepted)
                .bind(address);
    }

    /// A socket for both families costs a little more for each message than one for IPv4 alone.
    private ServerChannel serverChannel(InetAddress address) {
        if (!epoll) {
            return new NioServerSocketChannel();
        }
        return address instanceof Inet4Address ? new EpollServerSocketChannel(SocketProtocolFamily.INET) : new EpollServerSocketChannel();
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
        onEach(loop -> handlers.closeAllOn(loop.eventLoop()));
        Future<?> closed = group.shutdownGracefully(0, 2, TimeUnit.SECONDS);
        closed.awaitUninterruptibly(5, TimeUnit.SECONDS);
        all.forEach(Loop::close);
    }
}
