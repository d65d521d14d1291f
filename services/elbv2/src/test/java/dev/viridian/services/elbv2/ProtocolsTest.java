package dev.viridian.services.elbv2;

import static dev.viridian.services.elbv2.World.forward;
import static dev.viridian.services.elbv2.World.freePort;
import static dev.viridian.services.elbv2.World.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.proxy.routing.TlsIdentity;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// Everything but plain HTTP.
class ProtocolsTest {
    static final String CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/one";
    static final LoadBalancerOptions WITH_CERTIFICATE = LoadBalancerOptions.DEFAULT.withCertificates(new Certificates() {
        @Override
        public boolean exists(String arn) {
            return arn.startsWith(CERTIFICATE);
        }

        @Override
        public Optional<TlsIdentity.Certificate> find(String arn) {
            return arn.equals(CERTIFICATE)
                    ? Optional.of(new TlsIdentity.Certificate(arn, resource("test-certificate.pem"), resource("test-key.pem"))) : Optional.empty();
        }
    });
    private final Site site = new Site(WITH_CERTIFICATE);
    private final World world = site.world;

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void an_https_listener_shows_its_certificate_and_port_80_redirects_to_it() throws Exception {
        LoadBalancer balancer = world.balancer("web");
        int secure = freePort();
        Listener listener = world.call(e -> e.createListener(r -> r.loadBalancerArn(balancer.loadBalancerArn()).protocol("HTTPS").port(secure)
                .certificates(c -> c.certificateArn(CERTIFICATE)).defaultActions(say("secret")))).listeners().getFirst();
        assertThat(listener.sslPolicy()).isEqualTo("ELBSecurityPolicy-2016-08");
        assertThat(overTls(secure)).contains("HTTP/1.1 200").endsWith("secret");

        int plain = freePort();
        world.listener(balancer, plain, Action.builder().type(ActionTypeEnum.REDIRECT)
                .redirectConfig(c -> c.protocol("HTTPS").port("443").statusCode("HTTP_301")).build());
        HttpResponse<String> redirect = site.get(plain, "/cart?x=1");
        assertThat(redirect.statusCode()).isEqualTo(301);
        assertThat(URI.create(redirect.headers().firstValue("Location").orElseThrow())).hasScheme("https").hasPort(443).hasPath("/cart")
                .hasQuery("x=1");
    }

    @Test
    void the_default_certificate_stays_and_others_come_and_go() {
        LoadBalancer balancer = world.balancer("web");
        Listener listener = world.call(e -> e.createListener(r -> r.loadBalancerArn(balancer.loadBalancerArn()).protocol("HTTPS").port(freePort())
                .certificates(c -> c.certificateArn(CERTIFICATE)).defaultActions(say("x")))).listeners().getFirst();

        assertThatThrownBy(() -> world.call(e -> e.addListenerCertificates(r -> r.listenerArn(listener.listenerArn())
                .certificates(c -> c.certificateArn(CERTIFICATE.replace("us-east-1", "eu-west-1"))))))
                .isInstanceOf(CertificateNotFoundException.class);
        assertThatThrownBy(() -> world.call(e -> e.addListenerCertificates(r -> r.listenerArn(listener.listenerArn())
                .certificates(c -> c.certificateArn(CERTIFICATE + "-pending")))))
                .hasMessageContaining("must have a fully-qualified domain name, a supported signature, and a supported key size.");
        assertThatThrownBy(() -> world.call(e -> e.removeListenerCertificates(r -> r.listenerArn(listener.listenerArn())
                .certificates(c -> c.certificateArn(CERTIFICATE)))))
                .isInstanceOf(OperationNotPermittedException.class);
        assertThat(world.call(e -> e.describeListenerCertificates(r -> r.listenerArn(listener.listenerArn()))).certificates())
                .containsExactly(Certificate.builder().certificateArn(CERTIFICATE).isDefault(true).build());
    }

    @Test
    void a_tls_listener_has_one_alpn_policy_of_awss_and_others_have_none() {
        LoadBalancer net = world.call(e -> e.createLoadBalancer(r -> r.name("net").type("network").subnets("subnet-a"))).loadBalancers().getFirst();
        TargetGroup group = world.call(e -> e.createTargetGroup(r -> r.name("raw").protocol("TCP").port(80).vpcId("vpc-1").targetType("ip")))
                .targetGroups().getFirst();
        Listener listener = world.call(e -> e.createListener(r -> r.loadBalancerArn(net.loadBalancerArn()).protocol("TLS").port(freePort())
                .certificates(c -> c.certificateArn(CERTIFICATE)).alpnPolicy("HTTP2Preferred").defaultActions(forward(group)))).listeners()
                .getFirst();

        assertThat(listener.alpnPolicy()).containsExactly("HTTP2Preferred");
        assertThatThrownBy(() -> world.call(e -> e.modifyListener(r -> r.listenerArn(listener.listenerArn()).alpnPolicy("HTTP3"))))
                .isInstanceOf(AlpnPolicyNotSupportedException.class);
        assertThatThrownBy(() -> world.call(e -> e.createListener(r -> r.loadBalancerArn(net.loadBalancerArn()).protocol("TCP").port(freePort())
                .alpnPolicy("HTTP1Only").defaultActions(forward(group))))).isInstanceOf(ElasticLoadBalancingV2Exception.class);
        assertThat(world.call(e -> e.modifyListener(r -> r.listenerArn(listener.listenerArn()).sslPolicy("ELBSecurityPolicy-TLS13-1-3-2021-06")))
                .listeners().getFirst().alpnPolicy()).containsExactly("HTTP2Preferred");
    }

    @Test
    void a_network_load_balancer_passes_bytes_through() throws Exception {
        LoadBalancer balancer = world.call(e -> e.createLoadBalancer(r -> r.name("net").type("network").subnets("subnet-a"))).loadBalancers()
                .getFirst();
        TargetGroup group = world.call(e -> e.createTargetGroup(r -> r.name("raw").protocol("TCP").port(80).vpcId("vpc-1").targetType("ip")))
                .targetGroups().getFirst();
        world.register(group, site.server("through", 200).getAddress().getPort());
        int port = freePort();
        world.call(e -> e.createListener(r -> r.loadBalancerArn(balancer.loadBalancerArn()).protocol("TCP").port(port)
                .defaultActions(forward(group))));
        site.healthy(group);

        assertThat(balancer.loadBalancerArn()).contains(":loadbalancer/net/net/");
        assertThat(site.get(port, "/").body()).isEqualTo("through");
        assertThatThrownBy(() -> world.call(e -> e.createListener(r -> r.loadBalancerArn(balancer.loadBalancerArn()).protocol("TCP").port(freePort())
                .defaultActions(say("x")))))
                .isInstanceOf(InvalidLoadBalancerActionException.class);
        assertThatThrownBy(() -> world.listener(world.balancer("web"), freePort(), forward(group))).isInstanceOf(IncompatibleProtocolsException.class)
                .hasMessageContaining("The listener protocol 'HTTP' is not compatible with the target group protocol 'TCP'");
    }

    @Test
    void an_instance_is_reached_on_this_machine_by_its_port() throws Exception {
        TargetGroup group = world.call(e -> e.createTargetGroup(r -> r.name("hosts").protocol("HTTP").port(80).vpcId("vpc-1"))).targetGroups()
                .getFirst();
        int backend = site.server("bridge", 200).getAddress().getPort();
        world.call(e -> e.registerTargets(r -> r.targetGroupArn(group.targetGroupArn()).targets(t -> t.id("i-0123456789abcdef0").port(backend))));
        int port = freePort();
        world.listener(world.balancer("web"), port, forward(group));
        site.healthy(group);

        assertThat(site.get(port, "/").body()).isEqualTo("bridge");
        assertThatThrownBy(() -> world.call(e -> e.registerTargets(r -> r.targetGroupArn(group.targetGroupArn()).targets(t -> t.id("10.0.0.1")))))
                .isInstanceOf(InvalidTargetException.class);
    }

    private TargetGroup group(String name, String version, Matcher matcher) {
        return world.call(e -> e.createTargetGroup(r -> r.name(name).protocol("HTTP").protocolVersion(version).port(80).vpcId(FixedNetwork.VPC)
                .targetType("ip").matcher(matcher))).targetGroups().getFirst();
    }

    @Test
    void groups_say_what_their_targets_speak() {
        assertThat(group("old", null, null).protocolVersion()).isEqualTo("HTTP1");
        TargetGroup http2 = group("two", "HTTP2", null);
        assertThat(http2.protocolVersion()).isEqualTo("HTTP2");
        assertThat(http2.healthCheckPath()).isEqualTo("/");
        assertThat(http2.matcher().httpCode()).isEqualTo("200");
        TargetGroup grpc = group("calls", "GRPC", null);
        assertThat(grpc.protocolVersion()).isEqualTo("GRPC");
        assertThat(grpc.healthCheckPath()).isEqualTo("/AWS.ALB/healthcheck");
        assertThat(grpc.matcher()).isEqualTo(Matcher.builder().grpcCode("12").build());
        assertThat(group("ranges", "GRPC", Matcher.builder().grpcCode("0,5-12").build()).matcher().grpcCode()).isEqualTo("0,5-12");
        assertThat(world.call(e -> e.modifyTargetGroup(r -> r.targetGroupArn(grpc.targetGroupArn()).matcher(m -> m.grpcCode("0-99"))))
                .targetGroups().getFirst().matcher().grpcCode()).isEqualTo("0-99");
    }

    @Test
    void codes_that_do_not_belong_to_the_protocol_are_refused() {
        for (String codes : new String[] {"200", "-1", "5-3", "0;1", ""}) {
            assertThatThrownBy(() -> group("calls", "GRPC", Matcher.builder().grpcCode(codes).build()))
                    .hasMessageContaining("Health check matcher GRPC code '" + codes + "' must be within '0-99' inclusive");
        }
        assertThatThrownBy(() -> group("calls", "GRPC", Matcher.builder().httpCode("200").build()))
                .hasMessageContaining("Health check matcher GRPC code cannot be empty");
        assertThatThrownBy(() -> group("old", "HTTP1", Matcher.builder().grpcCode("0").build()))
                .hasMessageContaining("Health check matcher HTTP code cannot be empty");
        assertThatThrownBy(() -> group("three", "HTTP3", null)).hasMessageContaining("must be one of 'HTTP1, HTTP2, GRPC'");
    }

    @Test
    void targets_of_http_2_want_a_listener_of_https() {
        LoadBalancer balancer = world.balancer("web");
        for (String version : new String[] {"HTTP2", "GRPC"}) {
            TargetGroup group = group(version.toLowerCase(java.util.Locale.ROOT), version, null);
            assertThatThrownBy(() -> world.listener(balancer, freePort(), forward(group)))
                    .hasMessageContaining("Listener protocol 'HTTP' is not supported with a target group with the protocol-version '" + version + "'");
            assertThat(world.call(e -> e.createListener(r -> r.loadBalancerArn(balancer.loadBalancerArn()).protocol("HTTPS").port(freePort())
                    .certificates(c -> c.certificateArn(CERTIFICATE)).defaultActions(forward(group)))).listeners()).hasSize(1);
        }
    }

    @Test
    void http_2_is_offered_unless_the_attribute_turns_it_off() throws Exception {
        LoadBalancer balancer = world.balancer("web");
        int port = freePort();
        world.call(e -> e.createListener(r -> r.loadBalancerArn(balancer.loadBalancerArn()).protocol("HTTPS").port(port)
                .certificates(c -> c.certificateArn(CERTIFICATE)).defaultActions(say("x"))));
        assertThat(negotiated(port)).isEqualTo("h2");
        world.call(e -> e.modifyLoadBalancerAttributes(r -> r.loadBalancerArn(balancer.loadBalancerArn())
                .attributes(a -> a.key("routing.http2.enabled").value("false"))));
        assertThat(negotiated(port)).isNotEqualTo("h2");
    }

    /// What a client that speaks both is offered.
    private static String negotiated(int port) throws Exception {
        try (Socket plain = new Socket("127.0.0.1", port); SSLSocket socket = (SSLSocket) trusting().getSocketFactory().createSocket(plain,
                "web.elb.localhost", port, true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket.getApplicationProtocol();
        }
    }

    private static SSLContext trusting() throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (var in = ProtocolsTest.class.getResourceAsStream("test-certificate.pem")) {
            trusted.setCertificateEntry("web", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    static String overTls(int port) throws Exception {
        try (Socket plain = new Socket("127.0.0.1", port); SSLSocket socket = (SSLSocket) trusting().getSocketFactory().createSocket(plain,
                "web.elb.localhost", port, true)) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: web.elb.localhost\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    static String resource(String name) {
        try (var in = ProtocolsTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
