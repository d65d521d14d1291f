package dev.viridian.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.app.tls.CertificateAuthority;
import dev.viridian.aws.Caller;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.acm.AcmClient;
import software.amazon.awssdk.services.acm.model.ResourceInUseException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.DeleteConflictException;

/// From a certificate in ACM to a page over HTTPS, through the whole server in this process.
class HttpsListenerTest {
    @TempDir
    Path folder;
    @TempDir
    Path elsewhere;
    private Viridian viridian;
    private AcmClient acm;
    private ElasticLoadBalancingV2Client elb;
    private String balancer;

    @BeforeEach
    void start() {
        viridian = Viridian.start(new Settings(folder, "127.0.0.1", 0, 1, Settings.DEFAULT_ACCOUNT, Settings.DEFAULT_REGION, false, false));
        acm = viridian.client(AcmClient.class);
        elb = viridian.client(ElasticLoadBalancingV2Client.class);
        List<String> subnets = as(() -> viridian.client(Ec2Client.class).describeSubnets(r -> { })).subnets().stream().map(Subnet::subnetId).limit(2)
                .toList();
        balancer = as(() -> elb.createLoadBalancer(r -> r.name("web").subnets(subnets))).loadBalancers().getFirst().loadBalancerArn();
    }

    @AfterEach
    void stop() {
        viridian.close();
    }

    @Test
    void a_requested_certificate_serves_whoever_trusts_the_authority_of_this_server() throws Exception {
        String arn = as(() -> acm.requestCertificate(r -> r.domainName("web.elb.localhost").keyAlgorithm("EC_prime256v1"))).certificateArn();
        int port = listener(arn);

        try (SSLSocket socket = connect(port, "web.elb.localhost", trusting(Files.readString(folder.resolve("tls/ca.pem"))))) {
            assertThat(get(socket, "web.elb.localhost")).isEqualTo("secret");
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
        }
        assertThat(as(() -> acm.describeCertificate(r -> r.certificateArn(arn))).certificate().inUseBy()).containsExactly(balancer);
        assertThatThrownBy(() -> as(() -> acm.deleteCertificate(r -> r.certificateArn(arn)))).isInstanceOf(ResourceInUseException.class);
    }

    @Test
    void a_reimport_is_shown_to_the_next_client_and_open_connections_go_on() throws Exception {
        CertificateAuthority foreign = CertificateAuthority.in(elsewhere, Instant.now());
        CertificateAuthority.Issued old = foreign.issue(List.of("www.shop.localhost"), Instant.now());
        CertificateAuthority.Issued renewed = foreign.issue(List.of("www.shop.localhost"), Instant.now());
        String arn = bring(old, null);
        int port = listener(arn);

        try (SSLSocket open = connect(port, "www.shop.localhost", trusting(foreign.pem()))) {
            assertThat(get(open, "www.shop.localhost")).isEqualTo("secret");
            bring(renewed, arn);
            assertThat(get(open, "www.shop.localhost")).isEqualTo("secret");
            try (SSLSocket next = connect(port, "www.shop.localhost", trusting(foreign.pem()))) {
                assertThat(shown(next)).isEqualTo(renewed.chain().getFirst());
                assertThat(get(next, "www.shop.localhost")).isEqualTo("secret");
            }
        }
    }

    @Test
    void certificates_survive_a_restart_with_their_listeners() throws Exception {
        CertificateAuthority foreign = CertificateAuthority.in(elsewhere, Instant.now());
        CertificateAuthority.Issued brought = foreign.issue(List.of("www.shop.localhost"), CertificateAuthority.keys("RSA_2048"), Instant.now());
        int port = listener(bring(brought, null));
        CertificateAuthority.Issued older = foreign.issue(List.of("old.shop.localhost"), Instant.now());
        IamClient iam = viridian.client(IamClient.class);
        String uploaded = as(() -> iam.uploadServerCertificate(r -> r.serverCertificateName("old")
                .certificateBody(CertificateAuthority.pem(older.chain().getFirst())).privateKey(CertificateAuthority.pem(older.key()))))
                .serverCertificateMetadata().arn();
        String listener = as(() -> elb.describeListeners(r -> r.loadBalancerArn(balancer))).listeners().getFirst().listenerArn();
        as(() -> elb.addListenerCertificates(r -> r.listenerArn(listener).certificates(c -> c.certificateArn(uploaded))));
        assertThatThrownBy(() -> as(() -> iam.deleteServerCertificate(r -> r.serverCertificateName("old"))))
                .isInstanceOf(DeleteConflictException.class);
        viridian.close();

        viridian = Viridian.start(new Settings(folder, "127.0.0.1", 0, 1, Settings.DEFAULT_ACCOUNT, Settings.DEFAULT_REGION, false, false));

        try (SSLSocket socket = connect(port, "www.shop.localhost", trusting(foreign.pem()))) {
            assertThat(get(socket, "www.shop.localhost")).isEqualTo("secret");
        }
        try (SSLSocket socket = connect(port, "old.shop.localhost", trusting(foreign.pem()))) {
            assertThat(shown(socket)).isEqualTo(older.chain().getFirst());
        }
        assertThat(Files.readString(folder.resolve("audit.jsonl"))).contains("ImportCertificate").doesNotContain("PRIVATE KEY");
    }

    @Test
    void whoever_is_answered_first_after_a_restart_finds_the_listeners_bound() throws Exception {
        int port = listener(as(() -> acm.requestCertificate(r -> r.domainName("web.elb.localhost").keyAlgorithm("EC_prime256v1"))).certificateArn());
        viridian.close();
        int api = freePort();
        FutureTask<Boolean> firstCaller = new FutureTask<>(() -> {
            awaitAnswer(api);
            return isBound(port);
        });
        Thread.ofPlatform().daemon().start(firstCaller);
        Thread starting = Thread.currentThread();

        viridian = Viridian.start(new Settings(folder, "127.0.0.1", api, 1, Settings.DEFAULT_ACCOUNT, Settings.DEFAULT_REGION, false, false),
                () -> holdUp(firstCaller, starting));

        assertThat(firstCaller.get()).isTrue();
    }

    /// Until nothing is left to be done but to wait for the listeners, and then for as long as somebody who is answered all the same needs to see
    /// that none is bound.
    private static void holdUp(FutureTask<?> caller, Thread starting) {
        while (!caller.isDone() && !(starting.getState() == Thread.State.WAITING && isInside(starting, "finished", "close"))) {
            Thread.onSpinWait();
        }
        try {
            caller.get(1, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            // as it should be
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isInside(Thread thread, String... methodsOfWiring) {
        return Arrays.stream(thread.getStackTrace()).filter(frame -> frame.getClassName().equals(Wiring.class.getName()))
                .map(StackTraceElement::getMethodName).anyMatch(List.of(methodsOfWiring)::contains);
    }

    /// Asks as soon as anybody listens, and waits. What is asked is wrong, which is answered soonest.
    private static void awaitAnswer(int port) throws IOException {
        while (true) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(socket.getInputStream().read()).isEqualTo('H');
                return;
            } catch (ConnectException e) {
                Thread.onSpinWait();
            }
        }
    }

    private static boolean isBound(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (ConnectException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int listener(String certificate) {
        int port = freePort();
        Action say = Action.builder().type(ActionTypeEnum.FIXED_RESPONSE)
                .fixedResponseConfig(f -> f.statusCode("200").contentType("text/plain").messageBody("secret")).build();
        as(() -> elb.createListener(r -> r.loadBalancerArn(balancer).protocol("HTTPS").port(port).certificates(c -> c.certificateArn(certificate))
                .sslPolicy("ELBSecurityPolicy-TLS13-1-2-2021-06").defaultActions(say)));
        return port;
    }

    private String bring(CertificateAuthority.Issued brought, String arn) {
        return as(() -> acm.importCertificate(r -> r.certificate(bytes(CertificateAuthority.pem(brought.chain().getFirst())))
                .certificateChain(bytes(CertificateAuthority.pem(brought.chain().getLast())))
                .privateKey(bytes(CertificateAuthority.pem(brought.key()))).certificateArn(arn))).certificateArn();
    }

    private static SdkBytes bytes(String text) {
        return SdkBytes.fromUtf8String(text);
    }

    private static SSLContext trusting(String pem) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("one", CertificateFactory.getInstance("X.509")
                .generateCertificate(new java.io.ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /// Checks the name too, as a browser does.
    private static SSLSocket connect(int port, String name, SSLContext context) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(new Socket("127.0.0.1", port), name, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static X509Certificate shown(SSLSocket socket) throws IOException {
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }

    private static String get(SSLSocket socket, String host) throws IOException {
        socket.getOutputStream().write(("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII), 1);
        assertThat(lines.readLine()).isEqualTo("HTTP/1.1 200 OK");
        int length = 0;
        for (String line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring("content-length:".length()).strip());
            }
        }
        char[] body = new char[length];
        for (int i = 0; i < length; i++) {
            body[i] = (char) lines.read();
        }
        return new String(body);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <R> R as(Supplier<R> call) {
        return Caller.get(viridian.root(), call);
    }
}
