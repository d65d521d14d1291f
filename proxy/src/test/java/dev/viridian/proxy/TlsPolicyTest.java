package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.ListenerSettings;
import dev.viridian.proxy.routing.RoutingSnapshot;
import dev.viridian.proxy.routing.TlsIdentity;
import dev.viridian.proxy.routing.TlsPolicy;
import io.netty.handler.ssl.OpenSsl;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is agreed in a handshake, and which certificate is shown in it.
class TlsPolicyTest {
    private static final List<String> FORWARD = List.of("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384");
    private static final Certificates ECDSA = Certificates.forName("one.test");
    private static final Certificates RSA = Certificates.of("RSA", 1024, "one.test");
    private static final Certificates LONG_RSA = Certificates.of("RSA", 2048, "one.test");
    private final Rig rig = new Rig();
    private final Backend blue = rig.backend("blue");

    @AfterEach
    void close() {
        rig.close();
    }

    private int serve(TlsIdentity identity) {
        return rig.serve(listener(0, "front", List.of(), identity), Rig.group("group", blue));
    }

    private static Listener listener(int port, String id, List<String> hostNames, TlsIdentity identity) {
        return new Listener(id, Listener.Protocol.HTTPS, List.of("127.0.0.1"), port, hostNames, List.of(), Action.Forward.to("group"),
                ListenerSettings.DEFAULT, Optional.of(identity));
    }

    private static TlsIdentity under(TlsPolicy policy, Certificates... certificates) {
        return new TlsIdentity(java.util.Arrays.stream(certificates).map(Certificates::pem).toList(), policy, List.of());
    }

    private static SSLSocket connect(int port, String name, Consumer<SSLParameters> settings) throws IOException {
        SSLSocket socket = (SSLSocket) Certificates.client().getSocketFactory().createSocket(new Socket("127.0.0.1", port), "127.0.0.1", port, true);
        SSLParameters parameters = socket.getSSLParameters();
        if (!name.isEmpty()) {
            parameters.setServerNames(List.of(new SNIHostName(name)));
        }
        settings.accept(parameters);
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @ParameterizedTest(name = "a client of {1} to a listener of {0} gets {2}")
    @CsvSource(delimiter = '|', textBlock = """
            TLSv1.2         | TLSv1.2,TLSv1.3 | TLSv1.2
            TLSv1.3         | TLSv1.2,TLSv1.3 | TLSv1.3
            TLSv1.2,TLSv1.3 | TLSv1.2         | TLSv1.2
            TLSv1.3         | TLSv1.2         | nothing
            TLSv1.2         | TLSv1.3         | nothing
            """)
    void the_version_is_one_that_both_speak(String listener, String client, String agreed) throws IOException {
        int port = serve(under(new TlsPolicy(List.of(listener.split(",")), TlsPolicy.MODERN.ciphers()), ECDSA));
        Consumer<SSLParameters> settings = parameters -> parameters.setProtocols(client.split(","));

        if (agreed.equals("nothing")) {
            assertThatThrownBy(() -> connect(port, "one.test", settings)).isInstanceOf(SSLException.class);
            Rig.eventually(() -> rig.front().tlsErrors() == 1);
        } else {
            try (SSLSocket socket = connect(port, "one.test", settings)) {
                assertThat(socket.getSession().getProtocol()).isEqualTo(agreed);
            }
            assertThat(rig.front().tlsErrors()).isZero();
        }
    }

    @Test
    void the_listeners_preference_decides_among_ciphers_and_none_is_used_that_it_does_not_name() throws IOException {
        int port = serve(under(new TlsPolicy(List.of("TLSv1.2"), FORWARD), RSA));
        String[] reversed = {"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"};

        try (SSLSocket socket = connect(port, "one.test", parameters -> parameters.setCipherSuites(reversed))) {
            assertThat(socket.getSession().getCipherSuite()).isEqualTo("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
        }
        assertThatThrownBy(() -> connect(port, "one.test",
                parameters -> parameters.setCipherSuites(new String[] {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"}))).isInstanceOf(SSLException.class);
    }

    @Test
    void a_change_of_the_policy_holds_for_the_next_connection() throws IOException {
        int port = serve(under(TlsPolicy.MODERN, ECDSA));
        connect(port, "one.test", parameters -> parameters.setProtocols(new String[] {"TLSv1.2"})).close();

        serve(under(new TlsPolicy(List.of("TLSv1.3"), TlsPolicy.MODERN.ciphers()), ECDSA));

        assertThatThrownBy(() -> connect(port, "one.test", parameters -> parameters.setProtocols(new String[] {"TLSv1.2"})))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void a_client_is_shown_the_best_certificate_it_can_verify() throws Exception {
        int port = serve(under(TlsPolicy.MODERN, RSA, ECDSA, LONG_RSA));
        String[] rsaOnly = {"rsa_pss_rsae_sha256", "rsa_pkcs1_sha256"};

        shows(port, "one.test", ECDSA, parameters -> { });
        shows(port, "one.test", LONG_RSA, parameters -> parameters.setSignatureSchemes(rsaOnly));
        shows(port, "one.test", LONG_RSA, parameters -> {
            parameters.setProtocols(new String[] {"TLSv1.2"});
            parameters.setCipherSuites(new String[] {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"});
        });
        shows(port, "", RSA, parameters -> { });
        shows(port, "other.test", RSA, parameters -> { });
    }

    @Test
    void an_exact_name_comes_before_a_wildcard_which_covers_one_label() throws Exception {
        Certificates wild = Certificates.forName("*.one.test");
        Certificates exact = Certificates.of("RSA", 1024, "www.one.test");
        int port = serve(under(TlsPolicy.MODERN, ECDSA, wild, exact));

        shows(port, "WWW.one.test", exact, parameters -> { });
        shows(port, "shop.one.test", wild, parameters -> { });
        shows(port, "a.shop.one.test", ECDSA, parameters -> { });
    }

    @Test
    void a_wildcard_that_the_client_can_verify_comes_before_an_exact_name_that_it_cannot() throws Exception {
        Certificates exact = Certificates.forName("www.one.test");
        Certificates wild = Certificates.of("RSA", 2048, "*.one.test");
        int port = serve(under(TlsPolicy.MODERN, ECDSA, exact, wild));

        shows(port, "www.one.test", exact, parameters -> { });
        shows(port, "www.one.test", wild, parameters -> parameters.setSignatureSchemes(new String[] {"rsa_pss_rsae_sha256", "rsa_pkcs1_sha256"}));
    }

    @Test
    void listeners_that_share_a_port_keep_their_own_certificates_and_policies() throws Exception {
        Certificates two = Certificates.forName("two.test");
        TlsPolicy old = new TlsPolicy(List.of("TLSv1.2"), TlsPolicy.MODERN.ciphers());
        int free = freePort();
        int port = rig.proxy.apply(new RoutingSnapshot(List.of(listener(free, "a", List.of("a.balancer"), under(TlsPolicy.MODERN, ECDSA)),
                listener(free, "b", List.of("b.balancer"), under(old, two))), List.of(Rig.group("group", blue)))).getFirst().port();

        shows(port, "b.balancer", two, parameters -> { });
        shows(port, "a.balancer", ECDSA, parameters -> { });
        try (SSLSocket socket = connect(port, "two.test", parameters -> { })) {
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.2");
        }
        try (SSLSocket socket = connect(port, "one.test", parameters -> { })) {
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
        }
    }

    @Test
    void listeners_that_share_a_port_answer_to_the_names_of_their_certificates() throws Exception {
        Certificates wild = Certificates.forName("*.two.test");
        int free = freePort();
        int port = rig.proxy.apply(new RoutingSnapshot(List.of(saying("a", free, ECDSA), saying("b", free, wild)), List.of())).getFirst().port();

        for (List<String> expected : List.of(List.of("one.test", "a"), List.of("WWW.two.test", "b"), List.of("a.balancer", "a"),
                List.of("b.balancer", "b"), List.of("deep.www.two.test", "a"), List.of("two.test", "a"))) {
            try (Wire wire = new Wire(connect(port, expected.getFirst(), parameters -> { }), expected.getFirst(), port)) {
                assertThat(wire.send("GET / HTTP/1.1\r\nHost: " + expected.getFirst() + "\r\n\r\n").read().body()).as(expected.getFirst())
                        .isEqualTo(expected.get(1));
            }
        }
    }

    private static Listener saying(String id, int port, Certificates certificate) {
        return new Listener(id, Listener.Protocol.HTTPS, List.of("127.0.0.1"), port, List.of(id + ".balancer"), List.of(),
                new Action.FixedResponse(200, "text/plain", id), ListenerSettings.DEFAULT, Optional.of(under(TlsPolicy.MODERN, certificate)));
    }

    /// Only listeners that name their port can share it; should it be taken meanwhile, both get the same substitute.
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void shows(int port, String name, Certificates expected, Consumer<SSLParameters> settings) throws Exception {
        try (SSLSocket socket = connect(port, name, settings)) {
            assertThat(socket.getSession().getPeerCertificates()[0]).isEqualTo(expected.certificate());
        }
    }

    @Test
    void flows_agree_on_a_protocol_by_alpn_in_the_listeners_order() throws IOException {
        TlsIdentity identity = new TlsIdentity(List.of(ECDSA.pem()), TlsPolicy.MODERN, List.of("x/2", "http/1.1"));
        int port = rig.serve(new Listener("front", Listener.Protocol.TLS, List.of("127.0.0.1"), 0, List.of(), List.of(), Action.Forward.to("group"),
                ListenerSettings.DEFAULT, Optional.of(identity)), Rig.group("group", blue));

        try (SSLSocket socket = connect(port, "one.test", parameters -> parameters.setApplicationProtocols(new String[] {"http/1.1", "x/2"}))) {
            assertThat(socket.getApplicationProtocol()).isEqualTo("x/2");
        }
        try (SSLSocket socket = connect(port, "one.test", parameters -> parameters.setApplicationProtocols(new String[] {"http/1.1"}))) {
            assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
        }
        try (SSLSocket socket = connect(port, "one.test", parameters -> { })) {
            assertThat(socket.getApplicationProtocol()).isEmpty();
        }
    }

    @Test
    void who_speaks_no_tls_is_counted_and_turned_away() throws IOException {
        int port = serve(under(TlsPolicy.MODERN, ECDSA));

        try (Wire wire = new Wire(port)) {
            wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Rig.eventually(() -> rig.front().tlsErrors() == 1);
        }
        Rig.eventually(() -> rig.front().activeConnections() == 0);
    }

    @Test
    void a_client_comes_back_by_its_session() throws Exception {
        int port = serve(under(TlsPolicy.MODERN, ECDSA));
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            javax.net.ssl.SSLContext client = Certificates.client();
            Rig.eventually(() -> {
                try (SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket("127.0.0.1", port)) {
                    socket.setEnabledProtocols(new String[] {version});
                    long before = socket.getSession().getCreationTime(); // shakes hands
                    try (Wire wire = new Wire(socket, "127.0.0.1", port)) {
                        wire.get("/"); // tickets of TLS 1.3 come after the handshake
                    }
                    try (SSLSocket again = (SSLSocket) client.getSocketFactory().createSocket("127.0.0.1", port)) {
                        again.setEnabledProtocols(new String[] {version});
                        return again.getSession().getCreationTime() == before;
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
        }
    }

    @Test
    void the_quick_library_is_there_on_linux() {
        String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        Assumptions.assumeTrue(system.equals("Linux amd64") || system.equals("Linux aarch64"), "BoringSSL is bundled for two systems");

        assertThat(OpenSsl.isAvailable()).as(String.valueOf(OpenSsl.unavailabilityCause())).isTrue();
    }
}
