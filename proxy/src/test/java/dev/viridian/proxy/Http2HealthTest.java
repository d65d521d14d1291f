package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.proxy.health.TargetHealth;
import dev.viridian.proxy.health.TargetHealth.Reason;
import dev.viridian.proxy.health.TargetHealth.State;
import dev.viridian.proxy.routing.HealthCheck;
import dev.viridian.proxy.routing.HealthCheck.StatusRange;
import dev.viridian.proxy.routing.Target;
import dev.viridian.proxy.routing.TargetGroup;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Health checks of targets that speak HTTP/2 or gRPC.
class Http2HealthTest {
    private final Rig rig = new Rig();
    private final LinkedBlockingQueue<Http2Wire.Frame> asked = new LinkedBlockingQueue<>();
    private volatile String[] answer = {":status", "200"};

    @AfterEach
    void close() {
        rig.close();
    }

    private void watch(TargetGroup.Version version, String path, int port, StatusRange... healthy) {
        HealthCheck check = new HealthCheck(true, HealthCheck.Protocol.HTTP, OptionalInt.empty(), path, Duration.ofMillis(200), Duration.ofSeconds(10), 2,
                2, List.of(healthy));
        TargetGroup plain = Rig.group("group", List.of(Target.at("127.0.0.1", port)));
        rig.serve(Http2Rig.https(), new TargetGroup("group", plain.protocol(), version, plain.targets(), check, plain.deregistrationDelay(),
                plain.slowStart(), plain.algorithm(), plain.stickiness()));
    }

    private TargetHealth becomes(State state) {
        return Rig.eventually(() -> rig.proxy.health("group").getFirst(), health -> health.state() == state);
    }

    /// Answers every check with `answer`, one connection at a time.
    private ServerSocket target() throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept(); Http2Wire wire = Http2Wire.accept(socket)) {
                    Http2Wire.Frame question = wire.next(Http2Wire.HEADERS);
                    asked.add(question);
                    wire.headers(question.stream(), true, answer);
                    wire.goodbye();
                } catch (IOException e) {
                    asked.clear();
                }
            }
        });
        return server;
    }

    @Test
    void a_target_of_http_2_is_asked_with_get() throws IOException, InterruptedException {
        try (ServerSocket server = target()) {
            watch(TargetGroup.Version.HTTP2, "/health?x", server.getLocalPort(), new StatusRange(200, 204));
            Http2Wire.Frame question = asked.poll(10, TimeUnit.SECONDS);
            assertThat(question).isNotNull();
            assertThat(question.fields()).containsEntry(":method", "GET").containsEntry(":path", "/health?x").containsEntry(":scheme", "http")
                    .containsEntry(":authority", "127.0.0.1:" + server.getLocalPort()).containsEntry("user-agent", "checker/1");
            becomes(State.HEALTHY);
            answer = new String[] {":status", "500"};
            TargetHealth ill = becomes(State.UNHEALTHY);
            assertThat(ill.reason()).isEqualTo(Reason.RESPONSE_CODE_MISMATCH);
            assertThat(ill.description()).contains("500");
            answer = new String[] {":status", "204"};
            becomes(State.HEALTHY);
        }
        becomes(State.UNHEALTHY);
    }

    @Test
    void a_server_of_grpc_that_does_not_know_the_method_is_well() throws IOException, InterruptedException {
        Server server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create()).build().start();
        try {
            watch(TargetGroup.Version.GRPC, "/AWS.ALB/healthcheck", server.getPort(), new StatusRange(12, 12));
            becomes(State.HEALTHY);
            watch(TargetGroup.Version.GRPC, "/AWS.ALB/healthcheck", server.getPort(), new StatusRange(0, 0), new StatusRange(14, 99));
            TargetHealth ill = becomes(State.UNHEALTHY);
            assertThat(ill.reason()).isEqualTo(Reason.RESPONSE_CODE_MISMATCH);
            assertThat(ill.description()).contains("12");
        } finally {
            server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void a_check_of_grpc_is_a_call_of_an_empty_message() throws IOException, InterruptedException {
        answer = new String[] {":status", "200", "content-type", "application/grpc", "grpc-status", "0"};
        try (ServerSocket server = target()) {
            watch(TargetGroup.Version.GRPC, "/a.Service/Check", server.getLocalPort(), new StatusRange(0, 0));
            Http2Wire.Frame question = asked.poll(10, TimeUnit.SECONDS);
            assertThat(question).isNotNull();
            assertThat(question.has(Http2Wire.END_STREAM)).isFalse();
            assertThat(question.fields()).containsEntry(":method", "POST").containsEntry(":path", "/a.Service/Check")
                    .containsEntry("content-type", "application/grpc").containsEntry("te", "trailers");
            becomes(State.HEALTHY);
        }
    }

    @Test
    void a_target_of_http_1_behind_a_group_of_http_2_is_not_well() {
        watch(TargetGroup.Version.HTTP2, "/", rig.backend("old").port(), new StatusRange(200, 200));
        becomes(State.UNHEALTHY);
    }
}
