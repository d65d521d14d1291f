package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.proxy.health.TargetHealth;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.HeaderEdits;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.ListenerSettings;
import dev.viridian.proxy.routing.RoutingSnapshot;
import dev.viridian.proxy.routing.TargetGroup;
import dev.viridian.proxy.routing.TlsIdentity;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TlsTest {
    private final Rig rig = new Rig();
    private final Certificates one = Certificates.forName("one.test");
    private final Certificates wild = Certificates.forName("*.two.test");
    private final Backend blue = rig.backend("blue");

    @AfterEach
    void close() {
        rig.close();
    }

    private Listener listener(Listener.Protocol protocol) {
        return new Listener("front", protocol, List.of("127.0.0.1"), 0, List.of(), List.of(), Action.Forward.to("group"), ListenerSettings.DEFAULT,
                Optional.of(TlsIdentity.of(one.pem(), wild.pem())));
    }

    private static SSLSocket connect(int port, String name) throws IOException {
        Socket plain = new Socket("127.0.0.1", port);
        SSLSocket socket = (SSLSocket) Certificates.client().getSocketFactory().createSocket(plain, name, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    @Test
    void a_tls_client_is_served_and_the_target_learns_of_it() throws IOException {
        int port = rig.serve(listener(Listener.Protocol.HTTPS), Rig.group("group", blue));
        try (Wire wire = new Wire(connect(port, "one.test"), "127.0.0.1", port)) {
            assertThat(wire.get("/head").body()).contains("X-Forwarded-Proto: https\r\n");
            byte[] body = new byte[1_000_000];
            assertThat(wire.post("/echo", body).body()).hasSize(body.length);
            assertThat(wire.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").readRest()).endsWith("blue");
        }
    }

    @Test
    void an_early_answer_reaches_a_tls_client_that_is_still_sending() throws IOException {
        blue.on("/raw-refuse", request -> {
            Backend.raw(request, "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
            return false;
        });
        int port = rig.serve(listener(Listener.Protocol.HTTPS), Rig.group("group", blue));
        try (Wire wire = new Wire(connect(port, "one.test"), "127.0.0.1", port)) {
            wire.send("POST /raw-refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n").send(new byte[10_000]);
            Rig.eventually(() -> rig.counts("group").requests() == 1 && rig.counts("group").inFlight() == 0);
            for (int i = 0; i < 100; i++) {
                wire.send(new byte[10_000]);
            }
            Wire.Answer answer = wire.read();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.body()).isEqualTo("no");
            assertThat(wire.next()).isEqualTo(-1);
        }
        Rig.eventually(() -> rig.front().activeConnections() == 0);
    }

    @Test
    void a_target_is_told_version_and_cipher_when_it_wants_to_know() throws IOException {
        HeaderEdits edits = new HeaderEdits(Optional.of(new HeaderEdits.TlsNames("X-Amzn-Tls-Version", "X-Amzn-Tls-Cipher-Suite")), true, List.of());
        int port = rig.serve(listener(Listener.Protocol.HTTPS).withSettings(ListenerSettings.DEFAULT.withHeaders(edits)), Rig.group("group", blue));
        try (SSLSocket socket = connect(port, "one.test"); Wire wire = new Wire(socket, "127.0.0.1", port)) {
            String head = wire.send("GET /head HTTP/1.1\r\nHost: a\r\nX-Amzn-Tls-Version: SSLv2\r\n\r\n").read().body();
            assertThat(head).contains("X-Amzn-Tls-Version: " + socket.getSession().getProtocol() + "\r\n")
                    .contains("X-Amzn-Tls-Cipher-Suite: " + socket.getSession().getCipherSuite() + "\r\n").doesNotContain("SSLv2");
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
        }
    }

    @Test
    void the_certificate_follows_the_name_the_client_asks_for() throws Exception {
        int port = rig.serve(listener(Listener.Protocol.HTTPS), Rig.group("group", blue));
        for (var expected : List.of(List.of("one.test", one), List.of("www.two.test", wild), List.of("unknown.test", one),
                List.of("deep.www.two.test", one))) {
            try (SSLSocket socket = connect(port, (String) expected.getFirst())) {
                assertThat(socket.getSession().getPeerCertificates()[0]).isEqualTo(((Certificates) expected.get(1)).certificate());
            }
        }
    }

    @Test
    void a_changed_certificate_is_shown_to_the_next_connection() throws Exception {
        int port = rig.serve(listener(Listener.Protocol.HTTPS), Rig.group("group", blue));
        Certificates renewed = Certificates.forName("one.test");
        try (Wire kept = new Wire(connect(port, "one.test"), "127.0.0.1", port)) {
            rig.serve(new Listener("front", Listener.Protocol.HTTPS, List.of("127.0.0.1"), 0, List.of(), List.of(), Action.Forward.to("group"),
                    ListenerSettings.DEFAULT,
                    Optional.of(TlsIdentity.of(renewed.pem()))), Rig.group("group", blue));
            assertThat(kept.get("/").body()).isEqualTo("blue");
            try (SSLSocket socket = connect(port, "one.test")) {
                assertThat(socket.getSession().getPeerCertificates()[0]).isEqualTo(renewed.certificate());
            }
        }
    }

    @Test
    void a_certificate_that_cannot_be_read_changes_nothing() throws Exception {
        int port = rig.serve(listener(Listener.Protocol.HTTPS), Rig.group("group", blue));
        TlsIdentity broken = TlsIdentity.of(new TlsIdentity.Certificate("broken", "nonsense", "nonsense"));
        RoutingSnapshot snapshot = new RoutingSnapshot(List.of(new Listener("front", Listener.Protocol.HTTPS, List.of("127.0.0.1"), 0, List.of(),
                List.of(), Action.Forward.to("group"),
                ListenerSettings.DEFAULT, Optional.of(broken))), List.of(Rig.group("group", blue)));
        assertThatThrownBy(() -> rig.proxy.apply(snapshot)).isInstanceOf(IllegalArgumentException.class);
        try (Wire wire = new Wire(connect(port, "one.test"), "127.0.0.1", port)) {
            assertThat(wire.get("/").body()).isEqualTo("blue");
        }
    }

    @Test
    void what_a_refused_snapshot_would_have_brought_is_never_heard_of() throws Exception {
        int port = rig.serve(listener(Listener.Protocol.HTTPS), Rig.group("group", blue));
        Set<String> heardOf = ConcurrentHashMap.newKeySet();
        CountDownLatch drained = new CountDownLatch(1);
        rig.proxy.watch((group, _, after) -> {
            heardOf.add(group);
            if (group.equals("group") && after.state() == TargetHealth.State.UNUSED) {
                drained.countDown();
            }
        });
        Listener broken = new Listener("other", Listener.Protocol.HTTPS, List.of("127.0.0.1"), 0, List.of(), List.of(), Action.Forward.to("other"),
                ListenerSettings.DEFAULT, Optional.of(TlsIdentity.of(new TlsIdentity.Certificate("broken", "nonsense", "nonsense"))));
        RoutingSnapshot refused = new RoutingSnapshot(List.of(broken), List.of(Rig.group("other", rig.backend("never"))));
        assertThatThrownBy(() -> rig.proxy.apply(refused)).isInstanceOf(IllegalArgumentException.class);
        assertThat(rig.proxy.traffic().listeners()).extracting(Traffic.ListenerTraffic::listenerId).containsExactly("front");
        rig.serve(listener(Listener.Protocol.HTTPS), Rig.group("group", rig.backend("green")));
        // News come in order, and those of the target that did leave come last.
        assertThat(drained.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(heardOf).containsExactly("group");
        try (Wire wire = new Wire(connect(port, "one.test"), "127.0.0.1", port)) {
            assertThat(wire.get("/").body()).isEqualTo("green");
        }
    }

    @Test
    void a_target_that_speaks_tls_is_spoken_to_in_tls() throws Exception {
        SSLServerSocketFactory factory = one.server().getServerSocketFactory();
        try (Backend secret = new Backend("secret", factory.createServerSocket(0, 50, java.net.InetAddress.getByName("127.0.0.1")))) {
            TargetGroup plain = Rig.group("group", secret);
            TargetGroup group = new TargetGroup("group", TargetGroup.Protocol.HTTPS, plain.version(), plain.targets(), plain.healthCheck(),
                    plain.deregistrationDelay(), plain.slowStart(),
                    plain.algorithm(), plain.stickiness());
            int port = rig.serve(Rig.listener("front", Action.Forward.to("group")), group);
            try (Wire wire = new Wire(port)) {
                assertThat(wire.get("/").body()).isEqualTo("secret");
                assertThat(wire.post("/echo", new byte[100_000]).body()).hasSize(100_000);
            }
        }
    }

    @Test
    void a_target_that_should_speak_tls_and_does_not_is_502() throws Exception {
        TargetGroup plain = Rig.group("group", blue);
        TargetGroup group = new TargetGroup("group", TargetGroup.Protocol.HTTPS, plain.version(), plain.targets(), plain.healthCheck(),
                plain.deregistrationDelay(), plain.slowStart(),
                plain.algorithm(), plain.stickiness());
        blue.on("\u0016", request -> false);
        int port = rig.serve(Rig.listener("front", Action.Forward.to("group")), group);
        try (Wire wire = new Wire(port)) {
            wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Rig.eventually(() -> blue.connections.get() == 1);
            blue.dropConnections();
            assertThat(wire.read().status()).isEqualTo(502);
        }
    }

    @Test
    void a_tls_listener_hands_on_plain_bytes() throws Exception {
        TargetGroup plain = Rig.group("group", blue);
        int port = rig.serve(listener(Listener.Protocol.TLS), plain);
        try (Wire wire = new Wire(connect(port, "one.test"), "127.0.0.1", port)) {
            assertThat(wire.get("/head").body()).doesNotContain("X-Forwarded");
            assertThat(wire.post("/echo", new byte[300_000]).body()).hasSize(300_000);
        }
        Rig.eventually(() -> rig.counts("group").inFlight() == 0);
    }
}
