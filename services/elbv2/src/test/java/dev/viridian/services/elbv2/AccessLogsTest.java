package dev.viridian.services.elbv2;

import static dev.viridian.services.elbv2.World.forward;
import static dev.viridian.services.elbv2.World.freePort;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.viridian.aws.Principal;
import dev.viridian.engine.time.VirtualTime;
import dev.viridian.services.elbv2.logs.LogPlace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// Real requests through a real proxy, whose logs go to a bucket while time moves as the test says.
class AccessLogsTest {
    @TempDir
    Path folder;

    private final VirtualTime time = new VirtualTime();
    private final LogBucket s3 = new LogBucket();
    private final ScriptedLambda lambda = new ScriptedLambda();
    private World world;
    private LoadBalancer balancer;
    private HttpServer server;
    private int port;

    @BeforeEach
    void start() throws IOException {
        world = new World(time, Runnable::run, options());
        balancer = world.balancer("web");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("ok".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        server.start();
        TargetGroup group = world.group("app");
        world.register(group, server.getAddress().getPort());
        port = freePort();
        world.listener(balancer, port, forward(group));
    }

    @AfterEach
    void close() {
        world.close();
        server.stop(0);
    }

    private LoadBalancerOptions options() {
        return LoadBalancerOptions.DEFAULT.withFunctions(lambda).withLogs(LogPlace.in(folder.resolve("logs"), s3));
    }

    private void set(String... keysAndValues) {
        LoadBalancerAttribute[] attributes = Stream.iterate(0, i -> i < keysAndValues.length, i -> i + 2)
                .map(i -> LoadBalancerAttribute.builder().key(keysAndValues[i]).value(keysAndValues[i + 1]).build()).toArray(LoadBalancerAttribute[]::new);
        world.call(e -> e.modifyLoadBalancerAttributes(r -> r.loadBalancerArn(balancer.loadBalancerArn()).attributes(attributes)));
    }

    private void turnOn() {
        set("access_logs.s3.enabled", "true", "access_logs.s3.bucket", "logs", "access_logs.s3.prefix", "a/b");
    }

    private Map<String, String> attributes() {
        return world.call(e -> e.describeLoadBalancerAttributes(r -> r.loadBalancerArn(balancer.loadBalancerArn()))).attributes().stream()
                .collect(java.util.stream.Collectors.toMap(LoadBalancerAttribute::key, LoadBalancerAttribute::value));
    }

    private String send(String request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String get(String path) {
        return send("GET " + path + " HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: test/1\r\nConnection: close\r\n\r\n");
    }

    /// Lets as little time pass as it takes until this many lines wait in files.
    private void spooled(int lines) {
        for (int i = 0; i < 5000 && waiting().size() < lines; i++) {
            time.advance(Duration.ofMillis(50));
            LockSupport.parkNanos(2_000_000);
        }
        assertThat(waiting()).hasSizeGreaterThanOrEqualTo(lines);
    }

    private List<String> waiting() {
        try (Stream<Path> files = Files.exists(folder.resolve("logs")) ? Files.walk(folder.resolve("logs")) : Stream.empty()) {
            return files.filter(file -> file.toString().endsWith(".log")).sorted().flatMap(file -> {
                try {
                    return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fiveMinutes() {
        time.advance(Duration.ofMinutes(5));
    }

    private String resource() {
        return balancer.loadBalancerArn().split(":loadbalancer/")[1];
    }

    /// As in the documented example of a request to a function that failed.
    @Test
    void why_a_function_gave_no_answer_is_told_as_aws_does() {
        turnOn();
        TargetGroup group = world.call(e -> e.createTargetGroup(r -> r.name("fn").targetType("lambda"))).targetGroups().getFirst();
        world.call(e -> e.registerTargets(r -> r.targetGroupArn(group.targetGroupArn())
                .targets(t -> t.id("arn:aws:lambda:us-east-1:123456789012:function:hello"))));
        port = freePort();
        world.listener(balancer, port, forward(group));
        lambda.function = event -> "not an answer";
        get("/malformed");
        lambda.function = event -> "!{}";
        get("/failing");
        lambda.function = event -> "{\"statusCode\": 200}";
        get("/well");
        spooled(3);

        assertThat(waiting()).satisfiesExactly(line -> assertThat(line).contains(" 502 - ", "/malformed", " \"forward\" \"-\" \"LambdaInvalidResponse\" \"-\" \"-\" \"-\" \"-\" "),
                line -> assertThat(line).contains(" 502 - ", "/failing", " \"forward\" \"-\" \"LambdaUnhandled\" \"-\" \"-\" "),
                line -> assertThat(line).contains(" 200 200 ", "/well", " \"forward\" \"-\" \"-\" \"-\" "));
    }

    @Test
    void turning_it_on_writes_the_test_object_where_logs_will_be() {
        turnOn();
        assertThat(s3.objects).containsOnlyKeys("logs/a/b/AWSLogs/123456789012/ELBAccessLogTestFile");
        assertThat(new String(s3.objects.values().iterator().next(), StandardCharsets.US_ASCII)).startsWith("Enable AccessLog for ELB: web at 2026-01-01T12:");
        assertThat(s3.puts.getFirst().aclAsString()).isEqualTo("bucket-owner-full-control");
        assertThat(attributes()).containsEntry("access_logs.s3.enabled", "true").containsEntry("access_logs.s3.bucket", "logs")
                .containsEntry("access_logs.s3.prefix", "a/b");

        set("connection_logs.s3.enabled", "true", "connection_logs.s3.bucket", "others");
        assertThat(s3.objects).containsKey("others/AWSLogs/123456789012/ELBConnectionLogTestFile");
    }

    @Test
    void every_five_minutes_the_lines_are_one_compressed_object_under_awss_key() {
        turnOn();
        get("/a?b=c");
        get("/d");
        spooled(2);
        assertThat(s3.logs("logs")).isEmpty();
        fiveMinutes();

        assertThat(s3.logs("logs")).hasSize(1);
        assertThat(s3.logs("logs").getFirst()).matches("logs/a/b/AWSLogs/123456789012/elasticloadbalancing/us-east-1/2026/01/01/"
                + "123456789012_elasticloadbalancing_us-east-1_" + resource().replace('/', '.') + "_20260101T12[0-9]{2}Z_127\\.0\\.0\\.1_[0-9a-z]{8}\\.log\\.gz");
        assertThat(waiting()).isEmpty();
        List<LoggedLine> lines = s3.lines("logs").stream().map(LoggedLine::of).toList();
        assertThat(lines).extracting(line -> line.get("request_url")).containsExactly("http://shop.test:" + port + "/a?b=c",
                "http://shop.test:" + port + "/d");

        fiveMinutes();
        assertThat(s3.logs("logs")).as("nothing happened, nothing is sent").hasSize(1);
    }

    @Test
    void a_line_has_every_field_of_an_answered_request() {
        turnOn();
        String answer = get("/a?b=c");
        spooled(1);
        LoggedLine line = LoggedLine.of(waiting().getFirst());

        assertThat(line.text().split(" (?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)")).hasSize(34);
        assertThat(line.all("type", "elb", "client_ip", "target_ip", "target_port", "elb_status_code", "target_status_code"))
                .isEqualTo("http " + resource() + " 127.0.0.1 127.0.0.1 " + server.getAddress().getPort() + " 200 200");
        assertThat(line.get("time")).matches("2026-01-01T12:\\d\\d:\\d\\d\\.\\d{6}Z");
        assertThat(line.get("request_creation_time")).matches("2026-01-01T12:\\d\\d:\\d\\d\\.\\d{3}000Z");
        assertThat(List.of(line.get("request_processing_time"), line.get("target_processing_time"), line.get("response_processing_time")))
                .allMatch(each -> each.matches("\\d+\\.\\d{3}"));
        assertThat(line.get("sent_bytes")).isEqualTo(String.valueOf(answer.length()));
        assertThat(line.all("request_verb", "request_url", "request_proto", "user_agent"))
                .isEqualTo("GET http://shop.test:" + port + "/a?b=c HTTP/1.1 test/1");
        assertThat(line.get("target_group_arn")).startsWith("arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/app/");
        assertThat(line.get("trace_id")).matches("Root=1-[0-9a-f]{8}-[0-9a-f]{24}");
        assertThat(line.all("ssl_cipher", "ssl_protocol", "domain_name", "chosen_cert_arn", "matched_rule_priority", "actions_executed",
                "redirect_url", "lambda_error_reason", "classification", "classification_reason")).isEqualTo("- - - - 0 forward - - - -");
        assertThat(line.get("target_port_list")).isEqualTo("127.0.0.1:" + server.getAddress().getPort());
        assertThat(line.get("target_status_code_list")).isEqualTo("200");
        assertThat(line.get("conn_trace_id")).matches("TID_[0-9a-f]{32}");
        assertThat(line.get("unknown_fields")).isEqualTo(" \"-\" \"-\" \"-\" 127.0.0.1");
    }

    @Test
    void each_way_to_end_is_a_line_athena_can_read() {
        Listener listener = world.call(e -> e.describeListeners(r -> r.loadBalancerArn(balancer.loadBalancerArn()))).listeners().getFirst();
        rule(listener, 5, "/fixed", World.say("no"));
        rule(listener, 6, "/moved", Action.builder().type(ActionTypeEnum.REDIRECT).redirectConfig(c -> c.statusCode("HTTP_302").path("/new")
                .protocol("HTTPS").port("443")).build());
        rule(listener, 7, "/empty", forward(world.group("nobody")));
        TargetGroup dead = world.group("dead");
        world.register(dead, freePort());
        rule(listener, 8, "/dead", forward(dead));
        turnOn();
        get("/fixed");
        get("/moved?x=1");
        get("/empty");
        get("/dead");
        send("rubbish\r\n\r\n");
        send("GET /a HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: a\"b\\c\u00e9\r\nX-Forwarded-For: " + "1.1.1.1, ".repeat(30)
                + "1.1.1.1\r\nConnection: close\r\n\r\n");
        send("GET /fixed HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        send("GET /a HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n");
        spooled(8);

        String host = "http://shop.test:" + port;
        List<String> seen = waiting().stream().map(LoggedLine::of).map(line -> line.all("elb_status_code", "target_status_code",
                "matched_rule_priority", "actions_executed", "redirect_url", "request_verb", "request_url", "request_proto", "user_agent",
                "request_processing_time", "target_processing_time", "response_processing_time", "classification", "classification_reason")).toList();
        assertThat(seen).containsExactlyInAnyOrder(
                "200 - 5 fixed-response - GET " + host + "/fixed HTTP/1.1 test/1 -1 -1 -1 - -",
                "302 - 6 redirect https://shop.test:443/new?x=1 GET " + host + "/moved?x=1 HTTP/1.1 test/1 -1 -1 -1 - -",
                "503 - 7 forward - GET " + host + "/empty HTTP/1.1 test/1 -1 -1 -1 - -",
                "502 - 8 forward - GET " + host + "/dead HTTP/1.1 test/1 -1 -1 -1 - -",
                "400 - - - - - http://" + balancer.dnsName() + ":" + port + "- - - -1 -1 -1 Severe BadMethod",
                "463 - - - - GET " + host + "/a HTTP/1.1 a\\x22b\\x5Cc\\xE9 -1 -1 -1 - -",
                "200 - 5 fixed-response - GET " + host + "/fixed HTTP/1.1 - -1 -1 -1 Acceptable GetHeadZeroContentLength",
                "400 - - - - GET " + host + "/a HTTP/1.1 - -1 -1 -1 Ambiguous BothTeClPresent");
    }

    @SuppressWarnings("unchecked")
    private void rule(Listener listener, int priority, String path, Action action) {
        world.call(e -> e.createRule(r -> r.listenerArn(listener.listenerArn()).priority(priority)
                .conditions(c -> c.field("path-pattern").values(path)).actions(action)));
    }

    @Test
    void a_connection_log_has_a_line_per_connection() {
        set("connection_logs.s3.enabled", "true", "connection_logs.s3.bucket", "logs");
        get("/");
        get("/");
        spooled(2);
        fiveMinutes();
        assertThat(s3.logs("logs")).hasSize(1);
        assertThat(s3.logs("logs").getFirst()).contains("/conn_log_123456789012_elasticloadbalancing_us-east-1_app.web.");
        assertThat(s3.lines("logs")).hasSize(2).allMatch(line -> line.matches("2026-01-01T12:\\d\\d:\\d\\d\\.\\d{6}Z 127\\.0\\.0\\.1 \\d+ " + port
                + " - - - \"-\" - - - TID_[0-9a-f]{32} - " + resource() + " 127\\.0\\.0\\.1"));
    }

    @Test
    void a_health_check_log_has_a_line_per_check_of_the_load_balancers_targets() {
        set("health_check_logs.s3.enabled", "true", "health_check_logs.s3.bucket", "logs", "health_check_logs.s3.prefix", "h");
        assertThat(s3.objects).containsOnlyKeys("logs/h/AWSLogs/123456789012/ELBHealthCheckLogTestFile");
        world.listener(balancer, freePort(), forward(world.call(e -> e.describeTargetGroups()).targetGroups().getFirst()));
        spooled(2);
        fiveMinutes();
        assertThat(s3.logs("logs").getFirst()).contains("logs/h/AWSLogs/123456789012/elasticloadbalancing/us-east-1/2026/01/01/health_check_log_123456789012_");
        assertThat(s3.lines("logs")).allMatch(line -> line.matches("http 2026-01-01T12:\\d\\d:\\d\\d\\.\\d{6}Z \\d\\.\\d{9} 127\\.0\\.0\\.1:"
                + server.getAddress().getPort() + " app PASS 200 - " + resource() + " 127\\.0\\.0\\.1"));
        List<String> times = s3.lines("logs").stream().map(line -> line.split(" ")[1]).toList();
        assertThat(times).as("one line although two listeners send there").doesNotHaveDuplicates();
    }

    @Test
    void a_bucket_that_lets_nobody_in_is_refused_and_nothing_changes() {
        s3.lets = caller -> false;
        assertThatThrownBy(this::turnOn).isInstanceOf(InvalidConfigurationRequestException.class)
                .hasMessageContaining("Access Denied for bucket: logs. Please check S3bucket permission");
        assertThat(attributes()).containsEntry("access_logs.s3.enabled", "false").containsEntry("access_logs.s3.bucket", "");
        get("/");
        fiveMinutes();
        assertThat(s3.objects).isEmpty();
        assertThat(waiting()).isEmpty();
    }

    @Test
    void log_delivery_comes_as_its_service_or_as_the_regions_account() {
        s3.lets = caller -> caller.principal() instanceof Principal.Service service && service.name().equals("logdelivery.elasticloadbalancing.amazonaws.com")
                && service.source().orElseThrow().toString().equals(balancer.loadBalancerArn());
        turnOn();
        s3.lets = caller -> caller.principal().equals(new Principal.Root("127311923021"));
        set("access_logs.s3.prefix", "c");
        assertThat(s3.puts).hasSize(2);
        s3.lets = caller -> caller.account().equals("123456789012");
        assertThatThrownBy(() -> set("access_logs.s3.prefix", "d")).hasMessageContaining("Access Denied");
    }

    @ParameterizedTest(name = "{0}={1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        access_logs.s3.bucket     |             | The value of 'access_logs.s3.bucket' cannot be empty
        access_logs.s3.prefix     | /a          | The value of 'access_logs.s3.prefix' cannot start or end with '/'
        access_logs.s3.prefix     | a/          | The value of 'access_logs.s3.prefix' cannot start or end with '/'
        connection_logs.s3.prefix | x/AWSLogs/y | The value of 'connection_logs.s3.prefix' cannot include 'AWSLogs'
        access_logs.s3.enabled    | true        | The value of 'access_logs.s3.bucket' cannot be empty
        access_logs.s3.enabled    | maybe       | 'access_logs.s3.enabled' value 'maybe' must be one of 'false, true'
        """)
    void what_cannot_be_is_refused(String key, String value, String message) {
        assertThatThrownBy(() -> set(key, value == null ? "" : value)).hasMessageContaining(message);
        assertThat(s3.objects).isEmpty();
    }

    @Test
    void a_bucket_must_exist_in_the_region() {
        assertThatThrownBy(() -> set("access_logs.s3.enabled", "true", "access_logs.s3.bucket", "nowhere"))
                .isInstanceOf(InvalidConfigurationRequestException.class).hasMessageContaining("S3Bucket: nowhere does not exist");
        s3.region = "eu-west-1";
        assertThatThrownBy(this::turnOn).isInstanceOf(InvalidConfigurationRequestException.class)
                .hasMessageContaining("S3Bucket: logs is not located in the same region with ELB: web");
    }

    @Test
    void turning_it_off_sends_what_waits_at_once_and_logs_no_more() {
        turnOn();
        get("/last");
        spooled(1);
        set("access_logs.s3.enabled", "false");
        time.advance(Duration.ZERO);
        assertThat(s3.lines("logs")).hasSize(1);
        get("/after");
        fiveMinutes();
        assertThat(s3.lines("logs")).hasSize(1);
        assertThat(folder.resolve("logs")).isEmptyDirectory();
    }

    @Test
    void what_waits_for_one_bucket_goes_there_although_another_was_named_since() {
        turnOn();
        get("/one");
        spooled(1);
        set("access_logs.s3.bucket", "others", "access_logs.s3.prefix", "");
        get("/two");
        spooled(1);
        fiveMinutes();
        assertThat(s3.lines("logs")).hasSize(1).allMatch(line -> line.contains("/one HTTP"));
        assertThat(s3.lines("others")).hasSize(1).allMatch(line -> line.contains("/two HTTP"));
    }

    @Test
    void deleting_the_load_balancer_sends_what_waits() {
        turnOn();
        get("/");
        spooled(1);
        world.call(e -> e.deleteLoadBalancer(r -> r.loadBalancerArn(balancer.loadBalancerArn())));
        time.advance(Duration.ZERO);
        assertThat(s3.lines("logs")).hasSize(1);
        assertThat(folder.resolve("logs")).isEmptyDirectory();
    }

    @Test
    void a_bucket_that_fails_is_tried_again_and_nothing_is_lost_or_twice() {
        turnOn();
        get("/");
        spooled(1);
        s3.lets = caller -> false;
        fiveMinutes();
        assertThat(s3.logs("logs")).isEmpty();
        assertThat(waiting()).hasSize(1);
        s3.lets = caller -> true;
        time.advance(Duration.ofMinutes(1));
        assertThat(s3.lines("logs")).hasSize(1);
        fiveMinutes();
        assertThat(s3.lines("logs")).hasSize(1);
    }

    @Test
    void lines_that_waited_outlive_the_process_and_the_half_of_a_line_does_not() throws IOException {
        turnOn();
        get("/before");
        spooled(1);
        world = world.crashed(options());
        try (Stream<Path> files = Files.walk(folder.resolve("logs"))) {
            Path file = files.filter(each -> each.toString().endsWith(".log")).findFirst().orElseThrow();
            Files.writeString(file, "http 2026-01-01T12:00", java.nio.file.StandardOpenOption.APPEND);
        }
        get("/after");
        spooled(2);
        fiveMinutes();
        assertThat(s3.lines("logs").stream().map(LoggedLine::of).map(line -> line.get("request_url"))).containsExactlyInAnyOrder(
                "http://shop.test:" + port + "/before", "http://shop.test:" + port + "/after");
    }

    @Test
    void a_file_that_was_sent_when_the_process_died_is_sent_again_under_the_same_key() throws IOException {
        turnOn();
        get("/");
        spooled(1);
        Path file;
        try (Stream<Path> files = Files.walk(folder.resolve("logs"))) {
            file = files.filter(each -> each.toString().endsWith(".log")).findFirst().orElseThrow();
        }
        byte[] lines = Files.readAllBytes(file);
        fiveMinutes();
        Map<String, byte[]> before = new java.util.TreeMap<>(s3.objects);
        world = world.crashed(options());
        Files.write(file, lines); // as if it had not been deleted
        fiveMinutes();
        assertThat(s3.puts).hasSize(3);
        assertThat(s3.objects.keySet()).isEqualTo(before.keySet());
        before.forEach((key, bytes) -> assertThat(Arrays.equals(bytes, s3.objects.get(key))).as(key).isTrue());
    }

    @Test
    void what_an_emptied_store_does_not_know_is_deleted() {
        turnOn();
        get("/");
        spooled(1);
        world.store.clear();
        world.elb.start();
        assertThat(folder.resolve("logs")).isEmptyDirectory();
    }

    @Test
    void without_a_place_for_logs_they_cannot_be_turned_on() {
        world = world.crashed(LoadBalancerOptions.DEFAULT);
        assertThatThrownBy(this::turnOn).isInstanceOf(UnsupportedOperationException.class);
        assertThat(attributes()).containsEntry("access_logs.s3.enabled", "false");
    }
}
