package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.Flows;
import dev.viridian.proxy.routing.HealthCheck;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.ListenerSettings;
import dev.viridian.proxy.routing.Target;
import dev.viridian.proxy.routing.TargetGroup;
import dev.viridian.proxy.routing.TlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// TLS on either side of connections that are passed through.
class TlsFlowTest {
    private final Rig rig = new Rig();
    private final Certificates one = Certificates.forName("one.test");
    private final Backend blue = rig.backend("blue");

    @AfterEach
    void close() {
        rig.close();
    }

    private Listener tls() {
        return new Listener("front", Listener.Protocol.TLS, List.of("127.0.0.1"), 0, List.of(), List.of(), Action.Forward.to("group"),
                ListenerSettings.DEFAULT, Optional.of(TlsIdentity.of(one.pem())));
    }

    private static TargetGroup tlsGroup(Flows flows, int port) {
        TargetGroup http = TargetGroup.http("group", HealthCheck.NONE, List.of(Target.at("127.0.0.1", port)));
        return new TargetGroup("group", TargetGroup.Protocol.TLS, http.version(), http.targets(), http.healthCheck(), http.deregistrationDelay(),
                http.slowStart(), http.algorithm(), http.stickiness(), flows);
    }

    private static SSLSocket overTls(int port) throws IOException {
        Socket plain = new Socket("127.0.0.1", port);
        SSLSocket socket = (SSLSocket) Certificates.client().getSocketFactory().createSocket(plain, "one.test", port, true);
        socket.startHandshake();
        return socket;
    }

    @Test
    void a_target_is_spoken_to_in_tls_and_may_speak_first() throws Exception {
        try (ServerSocket server = one.server().getServerSocketFactory().createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            int port = rig.serve(ManualTarget.listener(Action.Forward.to("group")), tlsGroup(Flows.DEFAULT, server.getLocalPort()));
            CompletableFuture<String> heard = new CompletableFuture<>();
            Thread.startVirtualThread(() -> {
                try (Wire accepted = new Wire(server.accept(), "", 0)) {
                    accepted.send("220 ready\r\n");
                    heard.complete(accepted.readText(200_000));
                } catch (IOException e) {
                    heard.completeExceptionally(e);
                }
            });
            try (Wire client = new Wire(port)) {
                assertThat(client.readText(11)).isEqualTo("220 ready\r\n");
                client.send(new byte[200_000]);
                assertThat(heard.get()).hasSize(200_000);
            }
        }
    }

    @Test
    void from_tls_to_tls() throws Exception {
        try (Backend secret = new Backend("secret", one.server().getServerSocketFactory().createServerSocket(0, 50,
                InetAddress.getByName("127.0.0.1")))) {
            int port = rig.serve(tls(), tlsGroup(Flows.DEFAULT, secret.port()));
            try (Wire client = new Wire(overTls(port), "127.0.0.1", port)) {
                assertThat(client.get("/").body()).isEqualTo("secret");
                assertThat(client.post("/echo", new byte[300_000]).body()).hasSize(300_000);
            }
        }
        assertThat(rig.proxy.flows().getFirst()).isEqualTo(new FlowTraffic("front", 0, 0, 0, 0, 0, 0));
    }

    @Test
    void who_the_client_is_stands_in_the_clear_before_the_handshake() throws Exception {
        try (ManualTarget target = new ManualTarget("target")) {
            int port = rig.serve(ManualTarget.listener(Action.Forward.to("group")),
                    tlsGroup(new Flows(true, true, new Flows.WhenUnhealthy.Keep()), target.port()));
            try (Wire client = new Wire(port); Wire accepted = target.accept()) {
                assertThat(client.socket().isConnected()).isTrue();
                String header = HexFormat.of().formatHex(accepted.readText(36).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
                assertThat(header).startsWith("0d0a0d0a000d0a515549540a2111").endsWith("16");
            }
        }
    }

    @Test
    void a_target_that_does_not_speak_tls_costs_the_client_its_connection_and_is_counted() throws IOException {
        try (ManualTarget target = new ManualTarget("target")) {
            int port = rig.serve(ManualTarget.listener(Action.Forward.to("group")), tlsGroup(Flows.DEFAULT, target.port()));
            try (Wire client = new Wire(port); Wire accepted = target.accept()) {
                accepted.send("HTTP/1.1 400 Bad Request\r\n\r\n");
                assertThat(client.brokenOff()).isTrue();
            }
        }
        assertThat(rig.proxy.flows().getFirst().targetTlsErrors()).isEqualTo(1);
        assertThat(rig.proxy.flows().getFirst().ownResets()).isEqualTo(1);
        Rig.eventually(() -> rig.front().activeConnections() == 0 && rig.counts("group").inFlight() == 0);
    }

    @Test
    void a_client_that_does_not_speak_tls_is_turned_away_and_no_target_hears_of_it() throws IOException {
        int port = rig.serve(tls(), Rig.group("group", blue));
        try (Wire client = new Wire(port)) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.closed()).isTrue();
        }
        Rig.eventually(() -> rig.front().activeConnections() == 0);
        assertThat(rig.proxy.flows().getFirst().clientTlsErrors()).isEqualTo(1);
        assertThat(blue.connections.get()).isZero();
    }

    @Test
    void a_client_that_ends_its_side_after_its_request_still_gets_the_answer() throws Exception {
        blue.on("/all", request -> {
            int length = request.in().readAllBytes().length;
            Backend.raw(request, "got " + length);
            return false;
        });
        int port = rig.serve(tls(), Rig.group("group", blue));
        try (Wire client = new Wire(overTls(port), "127.0.0.1", port)) {
            client.send("GET /all HTTP/1.1\r\n\r\n").send(new byte[100_000]).endOutput();
            assertThat(client.readRest()).isEqualTo("got 100000");
        }
    }

    @Test
    void a_client_that_ends_its_side_still_gets_the_answer_of_a_target_that_speaks_tls() throws Exception {
        try (Backend secret = new Backend("secret", one.server().getServerSocketFactory().createServerSocket(0, 50,
                InetAddress.getByName("127.0.0.1")))) {
            secret.on("/raw-all", request -> Backend.raw(request, "got " + request.in().readAllBytes().length) && false);
            int port = rig.serve(tls(), tlsGroup(Flows.DEFAULT, secret.port()));
            try (Wire client = new Wire(overTls(port), "127.0.0.1", port)) {
                client.send("GET /raw-all HTTP/1.1\r\n\r\n").send(new byte[100_000]).endOutput();
                assertThat(client.readRest()).isEqualTo("got 100000");
            }
            Rig.eventually(() -> rig.front().activeConnections() == 0 && rig.counts("group").inFlight() == 0);
            port = rig.serve(ManualTarget.listener(Action.Forward.to("group")), tlsGroup(Flows.DEFAULT, secret.port()));
            try (Wire client = new Wire(port)) {
                client.send("GET /raw-all HTTP/1.1\r\n\r\n").send(new byte[100_000]).endOutput();
                assertThat(client.readRest()).isEqualTo("got 100000");
            }
            Rig.eventually(() -> rig.front().activeConnections() == 0 && rig.counts("group").inFlight() == 0);
        }
    }

    @Test
    void a_client_may_end_its_side_of_tls_and_keep_the_connection_beneath() throws Exception {
        blue.on("/raw-all", request -> Backend.raw(request, "got " + request.in().readAllBytes().length) && false);
        int port = rig.serve(tls(), Rig.group("group", blue));
        for (boolean joined : new boolean[] {false, true}) {
            try (Socket plain = new Socket("127.0.0.1", port);
                    SSLSocket socket = (SSLSocket) Certificates.client().getSocketFactory().createSocket(plain, "one.test", port, false)) {
                Wire client = new Wire(socket, "127.0.0.1", port).send("GET /raw-all HTTP/1.1\r\n\r\n").send(new byte[1000]);
                if (joined) {
                    Rig.eventually(() -> blue.requests.get() == 2);
                }
                client.endOutput();
                assertThat(plain.isOutputShutdown()).isFalse();
                assertThat(client.readRest()).isEqualTo("got 1000");
            }
        }
        Rig.eventually(() -> rig.front().activeConnections() == 0 && rig.counts("group").inFlight() == 0);
    }
}
