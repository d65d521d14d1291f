package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.engine.time.SystemTime;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.HealthCheck;
import dev.viridian.proxy.routing.HealthCheck.Protocol;
import dev.viridian.proxy.routing.HealthCheck.StatusRange;
import dev.viridian.proxy.routing.Target;
import dev.viridian.proxy.routing.TargetGroup;
import dev.viridian.proxy.routing.TargetGroup.Version;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A proxy that closes while targets are being asked leaves no buffer behind, whatever they have answered so far.
class HealthProbeEndingsTest {
    private static final int CHECKS = 8;

    static Stream<Arguments> waysToBeAsked() {
        List<String> said = List.of("", "HTTP/1.1 200 O", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
        return Stream.of(Protocol.HTTP, Protocol.HTTPS).flatMap(protocol -> Stream.of(Version.HTTP1, Version.HTTP2, Version.GRPC)
                .flatMap(version -> said.stream().map(bytes -> Arguments.of(protocol, version, bytes))));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("waysToBeAsked")
    void a_proxy_that_closes_leaves_nothing_behind(Protocol protocol, Version version, String said) throws IOException, InterruptedException {
        long pinned = PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
        CountDownLatch asked = new CountDownLatch(CHECKS);
        ConcurrentLinkedQueue<Socket> open = new ConcurrentLinkedQueue<>();
        try (ServerSocket server = protocol == Protocol.HTTPS ? Certificates.forName("anybody").server().getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1")) : new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            for (int i = 0; i < CHECKS; i++) {
                Thread.ofVirtual().start(() -> answer(server, said, open, asked));
            }
            try (Rig rig = new Rig(new SystemTime(), Rig.OPTIONS)) {
                HealthCheck check = new HealthCheck(true, protocol, OptionalInt.of(server.getLocalPort()), "/", Duration.ofSeconds(60),
                        Duration.ofSeconds(50), 2, 2, List.of(new StatusRange(200, 200)));
                List<Target> targets = Stream.iterate(1, i -> i + 1).limit(CHECKS).map(i -> Target.at("127.0.0.1", i)).toList();
                TargetGroup plain = Rig.group("group", targets);
                rig.serve(Rig.listener("front", Action.Forward.to("group")), new TargetGroup("group", plain.protocol(), version, targets, check,
                        plain.deregistrationDelay(), plain.slowStart(), plain.algorithm(), plain.stickiness()));
                assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            }
        }
        for (Socket socket : open) {
            socket.close();
        }
        Rig.eventually(() -> PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() <= pinned);
    }

    private static void answer(ServerSocket server, String said, ConcurrentLinkedQueue<Socket> open, CountDownLatch asked) {
        try {
            Socket socket = server.accept();
            open.add(socket);
            if (!said.isEmpty()) {
                socket.getOutputStream().write(said.getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            // The proxy has closed, or does not like what it hears: this is what the test wants.
            open.removeIf(Socket::isClosed);
        } finally {
            asked.countDown();
        }
    }
}
