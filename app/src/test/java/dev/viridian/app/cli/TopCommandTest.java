package dev.viridian.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.app.Settings;
import dev.viridian.app.Viridian;
import dev.viridian.aws.Caller;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;

/// The command against a whole server in this process.
class TopCommandTest {
    @TempDir
    Path folder;

    private record Outcome(int code, String out, String err) {}

    private Outcome top(String... options) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringWriter err = new StringWriter();
        PrintStream before = System.out;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            CommandLine line = Main.commandLine().setErr(new PrintWriter(err, true));
            String[] arguments = java.util.stream.Stream.concat(java.util.stream.Stream.of("lb", "top", "--data", folder.toString()),
                    java.util.Arrays.stream(options)).toArray(String[]::new);
            return new Outcome(line.execute(arguments), out.toString(StandardCharsets.UTF_8), err.toString());
        } finally {
            System.setOut(before);
        }
    }

    private Viridian server() {
        Settings settings = new Settings(folder, "127.0.0.1", 0, 60, Settings.DEFAULT_ACCOUNT, Settings.DEFAULT_REGION, false, true);
        Viridian viridian = Viridian.start(settings);
        new DataFolder().announce(folder, new DataFolder.Server(ProcessHandle.current().pid(), viridian.endpoint(), settings.account(),
                settings.region(), "", ""));
        return viridian;
    }

    private static int balancer(Viridian viridian, String name) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Caller.run(viridian.root(), () -> {
            var subnets = viridian.client(Ec2Client.class).describeSubnets(r -> {}).subnets().stream().map(Subnet::subnetId).limit(2).toList();
            ElasticLoadBalancingV2Client elb = viridian.client(ElasticLoadBalancingV2Client.class);
            String arn = elb.createLoadBalancer(r -> r.name(name).subnets(subnets)).loadBalancers().getFirst().loadBalancerArn();
            elb.createListener(r -> r.loadBalancerArn(arn).protocol("HTTP").port(port).defaultActions(a -> a.type(ActionTypeEnum.FIXED_RESPONSE)
                    .fixedResponseConfig(f -> f.statusCode("200").contentType("text/plain").messageBody("hello"))));
        });
        return port;
    }

    @Test
    void without_a_server_it_says_so() {
        Outcome outcome = top("--once");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("no server runs on").contains("viridian up");
    }

    @Test
    void without_a_load_balancer_it_says_how_to_get_one() {
        try (Viridian _ = server()) {
            Outcome outcome = top("--once", "--interval", "0.1");

            assertThat(outcome.code()).isZero();
            assertThat(outcome.out()).contains("No load balancer exists").contains("create-load-balancer");
        }
    }

    @Test
    void one_table_shows_every_load_balancer_and_listener() throws Exception {
        try (Viridian viridian = server()) {
            int port = balancer(viridian, "web");
            Outcome outcome = top("--once", "--interval", "0.1");

            assertThat(outcome.code()).isZero();
            assertThat(outcome.out().lines()).hasSize(3).allMatch(line -> line.length() <= 80);
            assertThat(outcome.out()).startsWith("LOAD BALANCER").contains("\nweb ").contains("\n :" + port).doesNotContain("\u001b");
        }
    }

    @Test
    void tables_for_scripts_are_lines_of_json_and_end_when_told() throws Exception {
        try (Viridian viridian = server()) {
            balancer(viridian, "web");
            Outcome outcome = top("--json", "-n", "2", "--interval", "0.1");

            assertThat(outcome.out().lines()).hasSize(2).allMatch(line -> line.startsWith("{\"seconds\":") && line.contains("\"loadBalancer\":\"web\""));
        }
    }

    @Test
    void what_cannot_be_is_refused() {
        assertThat(top("--interval", "0").err()).contains("--interval must be between");
        assertThat(top("-n", "0").err()).contains("-n at least 1");
    }

    @Test
    void the_server_gives_the_same_figures_to_prometheus() throws Exception {
        try (Viridian viridian = server(); HttpClient http = HttpClient.newHttpClient()) {
            int port = balancer(viridian, "web");
            try (Socket client = new Socket("127.0.0.1", port)) {
                client.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)).endsWith("hello");
            }
            var page = http.send(HttpRequest.newBuilder(URI.create(viridian.endpoint() + "/_viridian/metrics")).build(), BodyHandlers.ofString());

            assertThat(page.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain; version=0.0.4");
            assertThat(page.body()).contains("viridian_lb_fixed_responses_total{account=\"" + Settings.DEFAULT_ACCOUNT + "\",listener=\"" + port
                    + "\",load_balancer=\"web\",region=\"" + Settings.DEFAULT_REGION + "\"} 1.0");
        }
    }

    @Test
    void colours_need_somebody_who_looks_and_can_be_declined() {
        assertThat(Terminal.of(true, Map.of("TERM", "xterm")).coloured()).isTrue();
        assertThat(Terminal.of(true, Map.of("TERM", "xterm", "NO_COLOR", "1")).coloured()).isFalse();
        assertThat(Terminal.of(true, Map.of("TERM", "xterm", "NO_COLOR", "1")).movesCursor()).isTrue();
        assertThat(Terminal.of(false, Map.of("TERM", "xterm")).coloured()).isFalse();
        assertThat(Terminal.of(true, Map.of("TERM", "dumb")).movesCursor()).isFalse();
    }
}
