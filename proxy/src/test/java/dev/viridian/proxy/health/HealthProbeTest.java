package dev.viridian.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.proxy.routing.Flows;
import dev.viridian.proxy.routing.HealthCheck;
import dev.viridian.proxy.routing.TargetGroup;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelException;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HealthProbeTest {
    /// Netty says so on a thread of its own.
    @Test
    void when_no_socket_can_be_made_the_check_fails_once_and_on_the_loop() throws Exception {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        Queue<HealthAnswer> answers = new ConcurrentLinkedQueue<>();
        Queue<Boolean> onLoop = new ConcurrentLinkedQueue<>();
        CountDownLatch answered = new CountDownLatch(1);
        try {
            EventLoop eventLoop = loops.next();
            Bootstrap outOfDescriptors = new Bootstrap().group(eventLoop).channelFactory(() -> {
                throw new ChannelException("too many open files");
            });
            HealthCheck check = HealthCheck.http("/", Duration.ofSeconds(30), Duration.ofSeconds(5), 3, 2);
            HealthProbe.run(eventLoop, outOfDescriptors, _ -> {}, new InetSocketAddress(InetAddress.getLoopbackAddress(), 80),
                    new HealthQuestion(check, TargetGroup.Version.HTTP1, Flows.DEFAULT, "checker/1", 60_000), answer -> {
                        answers.add(answer);
                        onLoop.add(eventLoop.inEventLoop());
                        answered.countDown();
                    });
            assertThat(answered.await(5, TimeUnit.SECONDS)).isTrue();
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
        assertThat(answers).containsExactly(HealthAnswer.FAILED);
        assertThat(onLoop).containsExactly(true);
    }
}
