package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.engine.time.VirtualTime;
import dev.viridian.proxy.health.TargetHealth;
import dev.viridian.proxy.health.TargetHealth.State;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.ListenerSettings;
import dev.viridian.proxy.routing.TargetGroup;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PassThroughTest {
    private final VirtualTime time = new VirtualTime();
    private final Rig rig = new Rig(time, Rig.OPTIONS);
    private final Backend blue = rig.backend("blue");
    private final Backend green = rig.backend("green");

    @AfterEach
    void close() {
        rig.close();
    }

    private static Listener listener() {
        return new Listener("front", Listener.Protocol.TCP, List.of("127.0.0.1"), 0, List.of(), List.of(), Action.Forward.to("group"),
                ListenerSettings.DEFAULT, Optional.empty());
    }

    private static TargetGroup group(Backend... backends) {
        return Rig.group("group", backends).withDeregistrationDelay(Duration.ofSeconds(30));
    }

    @Test
    void bytes_pass_unread() throws IOException {
        int port = rig.serve(listener(), group(blue));
        try (Wire wire = new Wire(port)) {
            assertThat(wire.get("/head").body()).isEqualTo("GET /head HTTP/1.1\r\nHost: example.test\r\n\r\n");
            assertThat(wire.post("/echo", new byte[2_000_000]).body()).hasSize(2_000_000);
            assertThat(rig.front().activeConnections()).isEqualTo(1);
        }
        Rig.eventually(() -> rig.front().activeConnections() == 0 && rig.counts("group").inFlight() == 0);
    }

    @Test
    void a_client_may_end_its_side_first() throws IOException {
        blue.on("/all", request -> {
            int length = request.in().readAllBytes().length;
            Backend.raw(request, "got " + length);
            return false;
        });
        int port = rig.serve(listener(), group(blue));
        try (Wire wire = new Wire(port)) {
            wire.send("GET /all HTTP/1.1\r\n\r\n").send(new byte[500_000]).endOutput();
            assertThat(wire.readRest()).isEqualTo("got 500000");
        }
    }

    @Test
    void connections_take_turns_and_a_dead_target_is_passed_over() throws IOException {
        int port = rig.serve(listener(), group(blue, green));
        green.close();
        for (int i = 0; i < 6; i++) {
            try (Wire wire = new Wire(port)) {
                assertThat(wire.get("/").body()).isEqualTo("blue");
            }
        }
        assertThat(rig.counts("group").connectionErrors()).isPositive();
    }

    /// Netty says so on a thread of its own.
    @Test
    void when_no_socket_can_be_made_for_a_target_the_next_is_tried_on_the_loop_of_the_client() throws Exception {
        rig.serve(listener(), group(blue, green));
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            EventLoop eventLoop = loops.next();
            Queue<Boolean> triesOnLoop = new ConcurrentLinkedQueue<>();
            Bootstrap outOfDescriptors = new Bootstrap().group(eventLoop).channelFactory(() -> {
                triesOnLoop.add(eventLoop.inEventLoop());
                throw new ChannelException("too many open files");
            });
            Loop loop = new Loop(0, eventLoop, rig.proxy, time, outOfDescriptors);
            PortSocket socket = new PortSocket(PortKey.of(listener(), "127.0.0.1"), null);
            Channel server = new ServerBootstrap().group(loops).channel(NioServerSocketChannel.class).childHandler(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel accepted) {
                    accepted.pipeline().addLast(new PassThrough(loop, socket));
                }
            }).bind("127.0.0.1", 0).sync().channel();
            assertThat(Wire.isBrokenOff(((InetSocketAddress) server.localAddress()).getPort())).isTrue();
            assertThat(triesOnLoop).hasSizeGreaterThan(1).containsOnly(true);
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
        assertThat(rig.counts("group").connectionErrors()).isGreaterThan(1);
        assertThat(rig.counts("group").inFlight()).isZero();
        assertThat(rig.front().activeConnections()).isZero();
    }

    @Test
    void without_targets_the_connection_is_closed_and_counted() throws IOException {
        int port = rig.serve(listener(), group());
        assertThat(Wire.isBrokenOff(port)).isTrue();
        assertThat(rig.front().rejectedConnections()).isEqualTo(1);
        Rig.eventually(() -> rig.front().activeConnections() == 0);
    }

    @Test
    void a_removed_target_keeps_its_connections_until_the_delay_is_over() throws IOException {
        int port = rig.serve(listener(), group(blue));
        try (Wire wire = new Wire(port)) {
            assertThat(wire.get("/").body()).isEqualTo("blue");
            rig.serve(listener(), group(green));
            assertThat(wire.get("/").body()).isEqualTo("blue");
            try (Wire other = new Wire(port)) {
                assertThat(other.get("/").body()).isEqualTo("green");
            }
            assertThat(rig.proxy.health("group")).extracting(TargetHealth::state).contains(State.DRAINING);
            time.advance(Duration.ofSeconds(30));
            assertThat(wire.closed()).isTrue();
        }
    }
}
