package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.HealthCheck;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.ListenerSettings;
import dev.viridian.proxy.routing.TargetGroup;
import dev.viridian.proxy.routing.TlsIdentity;
import dev.viridian.proxy.routing.TlsPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Certificates change under load: open connections go on, new ones are shown the old certificate or the new, and nothing is lost. Behind it, targets
/// that speak TLS themselves.
class TlsLosslessTest {
    private static final int CHANGES = 40;
    private static final SSLContext CLIENT = Certificates.client();
    private final Rig rig = new Rig();
    private final List<Certificates> shown = List.of(Certificates.forName("one.test"), Certificates.forName("one.test"),
            Certificates.of("RSA", 1024, "one.test"));
    private final Queue<String> losses = new ConcurrentLinkedQueue<>();
    private final AtomicLong answered = new AtomicLong();
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean stopping;

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void certificates_may_change_all_the_time() throws Exception {
        try (Backend secret = new Backend("secret", shown.getFirst().server().getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1")))) {
            TargetGroup plain = TargetGroup.http("group", HealthCheck.NONE, List.of(secret.target()));
            TargetGroup group = new TargetGroup("group", TargetGroup.Protocol.HTTPS, plain.version(), plain.targets(), plain.healthCheck(),
                    plain.deregistrationDelay(), plain.slowStart(), plain.algorithm(), plain.stickiness());
            int port = rig.serve(listener(0), group);
            load(port);
            for (int i = 1; i <= CHANGES; i++) {
                rig.serve(listener(i % shown.size()), group);
                long before = answered.get();
                Rig.eventually(() -> answered.get() > before + 2 || !losses.isEmpty());
            }
            stopping = true;
            for (Thread client : clients) {
                client.join(30_000);
                assertThat(client.isAlive()).isFalse();
            }
        }
        assertThat(losses).isEmpty();
        assertThat(rig.front().tlsErrors()).isZero();
        assertThat(rig.front().requests()).isEqualTo(answered.get());
    }

    private Listener listener(int first) {
        List<TlsIdentity.Certificate> certificates = List.of(shown.get(first).pem());
        return new Listener("front", Listener.Protocol.HTTPS, List.of("127.0.0.1"), 0, List.of(), List.of(), Action.Forward.to("group"),
                ListenerSettings.DEFAULT, Optional.of(new TlsIdentity(certificates, TlsPolicy.MODERN, List.of())));
    }

    private void load(int port) throws IOException {
        Wire kept = new Wire(connect(port), "127.0.0.1", port);
        start(() -> check(kept.get("/")));
        start(() -> {
            SSLSocket socket = connect(port);
            Certificate seen = socket.getSession().getPeerCertificates()[0];
            assertThat(shown).extracting(Certificates::certificate).contains((X509Certificate) seen);
            try (Wire fresh = new Wire(socket, "127.0.0.1", port)) {
                check(fresh.get("/"));
            }
        });
    }

    private interface Load {
        void once() throws IOException;
    }

    private void start(Load load) {
        clients.add(Thread.ofVirtual().start(() -> {
            while (!stopping) {
                try {
                    load.once();
                    answered.incrementAndGet();
                } catch (IOException | RuntimeException | AssertionError e) {
                    losses.add(e.toString());
                    return;
                }
            }
        }));
    }

    private static void check(Wire.Answer answer) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("secret");
    }

    private static SSLSocket connect(int port) throws IOException {
        SSLSocket socket = (SSLSocket) CLIENT.getSocketFactory().createSocket(new Socket("127.0.0.1", port), "127.0.0.1", port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName("one.test")));
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }
}
