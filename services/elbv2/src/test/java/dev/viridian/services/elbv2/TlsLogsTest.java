package dev.viridian.services.elbv2;

import static dev.viridian.services.elbv2.ProtocolsTest.CERTIFICATE;
import static dev.viridian.services.elbv2.World.forward;
import static dev.viridian.services.elbv2.World.freePort;
import static dev.viridian.services.elbv2.World.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.aws.Principal;
import dev.viridian.services.elbv2.logs.LogPlace;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// What is logged of encrypted traffic, of application and of network load balancers. Five configured minutes are five seconds.
class TlsLogsTest {
    @TempDir
    Path folder;

    private final LogBucket s3 = new LogBucket();
    private Site site;

    @BeforeEach
    void start() {
        site = new Site(ProtocolsTest.WITH_CERTIFICATE.withLogs(LogPlace.in(folder.resolve("logs"), s3)));
    }

    @AfterEach
    void close() {
        site.close();
    }

    private void turnOn(LoadBalancer balancer, String log) {
        site.world.call(e -> e.modifyLoadBalancerAttributes(r -> r.loadBalancerArn(balancer.loadBalancerArn()).attributes(
                LoadBalancerAttribute.builder().key(log + ".s3.enabled").value("true").build(),
                LoadBalancerAttribute.builder().key(log + ".s3.bucket").value("logs").build())));
    }

    private LoadBalancer network() {
        return site.world.call(e -> e.createLoadBalancer(r -> r.name("front").type("network").subnets("subnet-a"))).loadBalancers().getFirst();
    }

    private List<String> lines(int count) {
        for (int i = 0; i < 3000 && s3.lines("logs").size() < count; i++) {
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(s3.lines("logs")).hasSize(count);
        return s3.lines("logs");
    }

    @Test
    void https_tells_cipher_protocol_and_certificate_and_its_connection_log_the_handshake() throws Exception {
        LoadBalancer balancer = site.world.balancer("web");
        int port = freePort();
        site.world.call(e -> e.createListener(r -> r.loadBalancerArn(balancer.loadBalancerArn()).protocol("HTTPS").port(port)
                .certificates(c -> c.certificateArn(CERTIFICATE)).defaultActions(say("secret"))));
        turnOn(balancer, "access_logs");
        turnOn(balancer, "connection_logs");
        assertThat(ProtocolsTest.overTls(port)).endsWith("secret");

        List<String> both = lines(2);
        LoggedLine line = LoggedLine.of(both.stream().filter(each -> each.startsWith("https ")).findFirst().orElseThrow());
        assertThat(line.get("request_url")).isEqualTo("https://web.elb.localhost:" + port + "/");
        assertThat(line.get("ssl_protocol")).matches("TLSv1\\.[23]");
        assertThat(line.get("ssl_cipher")).matches("[A-Z0-9_-]+");
        assertThat(line.get("chosen_cert_arn")).isEqualTo(CERTIFICATE);
        String connection = both.stream().filter(each -> !each.startsWith("https ")).findFirst().orElseThrow();
        assertThat(connection).matches("[-0-9T:.]+Z 127\\.0\\.0\\.1 \\d+ " + port + " " + line.get("ssl_protocol") + " " + line.get("ssl_cipher")
                + " \\d+\\.\\d{3} \"-\" - - Success " + line.get("conn_trace_id") + " - app/web/\\w+ 127\\.0\\.0\\.1");
    }

    @Test
    void a_network_load_balancer_logs_the_flows_of_its_tls_listeners_only() throws Exception {
        LoadBalancer balancer = network();
        TargetGroup group = site.world.call(e -> e.createTargetGroup(r -> r.name("app").protocol("TCP").port(80).vpcId(FixedNetwork.VPC).targetType("ip")))
                .targetGroups().getFirst();
        site.world.register(group, site.server("behind", 200).getAddress().getPort());
        int secure = freePort();
        Listener tls = site.world.call(e -> e.createListener(r -> r.loadBalancerArn(balancer.loadBalancerArn()).protocol("TLS").port(secure)
                .certificates(c -> c.certificateArn(CERTIFICATE)).defaultActions(forward(group)))).listeners().getFirst();
        int plain = freePort();
        site.world.call(e -> e.createListener(r -> r.loadBalancerArn(balancer.loadBalancerArn()).protocol("TCP").port(plain).defaultActions(forward(group))));
        turnOn(balancer, "access_logs");

        assertThat(site.get(plain, "/").body()).isEqualTo("behind");
        assertThat(ProtocolsTest.overTls(secure)).endsWith("behind");

        assertThat(lines(1).getFirst()).matches("tls 2\\.0 [-0-9T:]{19} net/front/\\w+ " + tls.listenerArn().replaceAll(".*/", "")
                + " 127\\.0\\.0\\.1:\\d+ 127\\.0\\.0\\.1:" + secure + " \\d+ \\d+ \\d+ \\d+ - " + CERTIFICATE + " - [A-Z0-9_-]+ tlsv1[23] - "
                + "web\\.elb\\.localhost - - - [-0-9T:]{19}");
        assertThat(s3.logs("logs").getFirst()).matches("logs/AWSLogs/123456789012/elasticloadbalancing/us-east-1/\\d{4}/\\d\\d/\\d\\d/"
                + "123456789012_elasticloadbalancing_us-east-1_net\\.front\\.\\w+_\\d{8}T\\d{4}Z_[0-9a-z]{8}\\.log\\.gz");
    }

    @Test
    void logs_of_a_network_load_balancer_are_delivered_by_another_service() {
        s3.lets = caller -> caller.principal() instanceof Principal.Service service && service.name().equals("delivery.logs.amazonaws.com")
                && service.source().orElseThrow().toString().startsWith("arn:aws:logs:us-east-1:123456789012:");
        LoadBalancer balancer = network();
        turnOn(balancer, "access_logs");
        assertThat(s3.objects).containsOnlyKeys("logs/AWSLogs/123456789012/ELBAccessLogTestFile");
        LoadBalancer application = site.world.balancer("web");
        assertThatThrownBy(() -> turnOn(application, "access_logs")).isInstanceOf(InvalidConfigurationRequestException.class);
        s3.lets = caller -> false;
        LoadBalancer other = site.world.call(e -> e.createLoadBalancer(r -> r.name("other").type("network").subnets("subnet-a"))).loadBalancers().getFirst();
        assertThatThrownBy(() -> turnOn(other, "access_logs")).isNotInstanceOf(InvalidConfigurationRequestException.class)
                .hasMessageContaining("Access Denied for bucket: logs. Please check S3bucket permission");
    }
}
