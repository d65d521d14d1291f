package dev.viridian.services.elbv2;

import static dev.viridian.services.elbv2.World.freePort;
import static dev.viridian.services.elbv2.World.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.engine.time.VirtualTime;
import dev.viridian.proxy.routing.TlsIdentity;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// The default certificate of a listener and its certificate list, which are apart.
///
/// Source: user guide "Certificates for your HTTPS listener".
class CertificatesTest {
    private static final String WEB = "arn:aws:acm:us-east-1:123456789012:certificate/web";
    private static final String SHOP = "arn:aws:acm:us-east-1:123456789012:certificate/shop";
    private static final String CN_WEB = "CN=web.elb.localhost";
    private static final String CN_SHOP = "CN=shop.elb.localhost";

    private final Map<String, TlsIdentity.Certificate> certificates = new ConcurrentHashMap<>(Map.of(WEB,
            certificate(WEB, "test-certificate.pem", "test-key.pem"), SHOP, certificate(SHOP, "other-certificate.pem", "other-key.pem")));
    private final LoadBalancerOptions options = LoadBalancerOptions.DEFAULT.withCertificates(new Certificates() {
        @Override
        public boolean exists(String arn) {
            return certificates.containsKey(arn);
        }

        @Override
        public Optional<TlsIdentity.Certificate> find(String arn) {
            return Optional.ofNullable(certificates.get(arn));
        }
    });
    private World world = new World(new VirtualTime(), Runnable::run, options);
    private final int port = freePort();
    private Listener listener;

    private static TlsIdentity.Certificate certificate(String arn, String chain, String key) {
        return new TlsIdentity.Certificate(arn, ProtocolsTest.resource(chain), ProtocolsTest.resource(key));
    }

    @BeforeEach
    void listen() {
        listener = listen(port, WEB);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Listener listen(int port, String certificate) {
        LoadBalancer balancer = world.balancer("web");
        return world.call(e -> e.createListener(r -> r.loadBalancerArn(balancer.loadBalancerArn()).protocol("HTTPS").port(port)
                .certificates(c -> c.certificateArn(certificate)).defaultActions(say("x")))).listeners().getFirst();
    }

    private void add(String arn) {
        world.call(e -> e.addListenerCertificates(r -> r.listenerArn(listener.listenerArn()).certificates(c -> c.certificateArn(arn))));
    }

    private void remove(String arn) {
        world.call(e -> e.removeListenerCertificates(r -> r.listenerArn(listener.listenerArn()).certificates(c -> c.certificateArn(arn))));
    }

    private void makeDefault(String arn) {
        world.call(e -> e.modifyListener(r -> r.listenerArn(listener.listenerArn()).certificates(c -> c.certificateArn(arn))));
    }

    /// Asked for one by one.
    private List<String> described() {
        List<String> found = new ArrayList<>();
        @Nullable String marker = null;
        do {
            String from = marker;
            DescribeListenerCertificatesResponse page = world.call(e -> e.describeListenerCertificates(r -> r.listenerArn(listener.listenerArn())
                    .pageSize(1).marker(from)));
            page.certificates().forEach(each -> found.add((each.isDefault() ? "default " : "") + each.certificateArn()));
            marker = page.nextMarker();
        } while (marker != null);
        return found;
    }

    /// The subject of what a client that asks for a name is shown.
    private String shown(String name) throws Exception {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        try (Socket plain = new Socket("127.0.0.1", port);
                SSLSocket socket = (SSLSocket) trusting.getSocketFactory().createSocket(plain, name, port, true)) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSubjectX500Principal().getName();
        }
    }

    @Test
    void the_default_one_may_be_in_the_list_too_and_is_described_twice_then() {
        add(WEB);
        add(SHOP);
        add(WEB);

        assertThat(described()).containsExactly("default " + WEB, SHOP, WEB);
        assertThat(world.call(e -> e.describeListeners(r -> r.listenerArns(listener.listenerArn()))).listeners().getFirst().certificates())
                .containsExactly(Certificate.builder().certificateArn(WEB).build());
    }

    @Test
    void what_is_in_the_list_goes_on_being_shown_when_another_becomes_the_default() throws Exception {
        add(WEB);
        makeDefault(SHOP);

        assertThat(described()).containsExactly("default " + SHOP, WEB);
        assertThat(shown("web.elb.localhost")).isEqualTo(CN_WEB);
        assertThat(shown("nobody.localhost")).isEqualTo(CN_SHOP);
    }

    @Test
    void a_default_one_that_is_not_in_the_list_is_gone_when_another_becomes_the_default() throws Exception {
        makeDefault(SHOP);

        assertThat(described()).containsExactly("default " + SHOP);
        assertThat(shown("web.elb.localhost")).isEqualTo(CN_SHOP);
    }

    @Test
    void leaving_the_list_leaves_the_default_alone() throws Exception {
        add(SHOP);
        makeDefault(SHOP);
        remove(SHOP);

        assertThat(described()).containsExactly("default " + SHOP);
        assertThat(shown("shop.elb.localhost")).isEqualTo(CN_SHOP);
        assertThatThrownBy(() -> remove(SHOP)).isInstanceOf(OperationNotPermittedException.class);
    }

    private static TlsIdentity.Certificate broken(String arn) {
        return new TlsIdentity.Certificate(arn, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                ProtocolsTest.resource("test-key.pem"));
    }

    @Test
    void what_the_proxy_cannot_use_is_refused_and_in_nobodys_way() throws Exception {
        certificates.put(SHOP, broken(SHOP));

        for (ThrowingCallable use : List.<ThrowingCallable>of(() -> listen(freePort(), SHOP), () -> makeDefault(SHOP), () -> add(SHOP))) {
            assertThatThrownBy(use).isInstanceOfSatisfying(ElasticLoadBalancingV2Exception.class,
                    e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("UnsupportedCertificate"));
        }
        assertThat(described()).containsExactly("default " + WEB);
        assertThat(shown("web.elb.localhost")).isEqualTo(CN_WEB);
        world.listener(world.balancer("web"), freePort(), say("still possible"));
    }

    @Test
    void one_that_breaks_takes_its_listeners_out_of_service_and_no_others() throws Exception {
        Listener other = listen(freePort(), SHOP);
        certificates.put(SHOP, broken(SHOP));
        world.elb.certificateChanged(SHOP);
        assertThat(served()).containsExactly(listener.listenerArn());

        world = world.crashed(options);
        assertThat(served()).containsExactly(listener.listenerArn());
        assertThat(shown("web.elb.localhost")).isEqualTo(CN_WEB);

        certificates.put(SHOP, certificate(SHOP, "other-certificate.pem", "other-key.pem"));
        world.elb.certificateChanged(SHOP);
        assertThat(served()).containsExactlyInAnyOrder(listener.listenerArn(), other.listenerArn());
    }

    @Test
    void one_that_breaks_is_in_the_way_of_no_shift() throws Exception {
        certificates.put(WEB, broken(WEB));
        world.elb.certificateChanged(WEB);

        assertThat(world.call(e -> e.modifyListener(r -> r.listenerArn(listener.listenerArn()).defaultActions(say("shifted")))).listeners()
                .getFirst().certificates()).containsExactly(Certificate.builder().certificateArn(WEB).build());
        assertThat(served()).isEmpty();

        certificates.put(WEB, certificate(WEB, "test-certificate.pem", "test-key.pem"));
        world.elb.certificateChanged(WEB);
        assertThat(served()).containsExactly(listener.listenerArn());
        assertThat(shown("web.elb.localhost")).isEqualTo(CN_WEB);
    }

    private List<String> served() {
        return world.elb.bindings().stream().map(ListenerBinding::listenerArn).toList();
    }
}
