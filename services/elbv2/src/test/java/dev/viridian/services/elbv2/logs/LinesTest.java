package dev.viridian.services.elbv2.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.aws.Arn;
import dev.viridian.proxy.log.ConnectionLog;
import dev.viridian.proxy.log.FlowLog;
import dev.viridian.proxy.log.HealthLog;
import dev.viridian.proxy.log.LoggedConnection;
import dev.viridian.proxy.log.RequestLog;
import dev.viridian.proxy.log.RequestLog.Done;
import dev.viridian.proxy.log.RequestLog.Kind;
import dev.viridian.proxy.log.RequestText;
import dev.viridian.proxy.log.Rewritten;
import dev.viridian.proxy.routing.Target;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Lines against AWS's own examples.
class LinesTest {
    private static final String ARN = "arn:aws:elasticloadbalancing:us-east-2:123456789012:loadbalancer/app/my-loadbalancer/50dc6c495c0c9188";
    private static final String GROUP = "arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/my-targets/73e2d6bc24d8a067";
    private static final String CERTIFICATE = "arn:aws:acm:us-east-2:123456789012:certificate/12345678-1234-1234-1234-123456789012";
    private static final LogStream STREAM = new LogStream("id", LogKind.ACCESS, ARN, "my-loadbalancer-1.us-east-2.elb.localhost",
            new LogDestination("logs", ""), Optional.empty());
    private static final String ID = "3180a73013c8ca4bac2f731159d4b0fe";

    private static long micros(String time) {
        Instant instant = Instant.parse(time);
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000;
    }

    private static RequestText text(String method, String host, String target, String agent, String version) {
        return new RequestText((method + host + target + agent).getBytes(StandardCharsets.ISO_8859_1), method.length(),
                method.length() + host.length(), method.length() + host.length() + target.length(), version);
    }

    private static String line(RequestLog request) {
        LineBuffer out = new LineBuffer();
        new AccessLine(STREAM).write(request, out);
        return out.toString();
    }

    private static RequestLog request(Kind kind, int port, LoggedConnection connection, RequestText text, Target target, long[] millis, int status,
            long received, long sent, int priority, Done done, String redirect, String trace) {
        return new RequestLog("listener", port, connection.tls().isPresent(), kind, connection, micros("2018-07-02T22:22:48.364123Z"),
                micros("2018-07-02T22:23:00.186641Z"), text, target == null ? "" : GROUP, Optional.ofNullable(target), millis[0] * 1_000_000,
                millis[1] * 1_000_000, millis[2] * 1_000_000, status, target == null ? 0 : status, received, sent, priority, done, "", "",
                Optional.empty(), redirect, "", trace);
    }

    private static LoggedConnection plain(String address, int port) {
        return new LoggedConnection(ID, address, port, "10.0.0.9", false, Optional.empty());
    }

    private static LoggedConnection tls(String address, int port, boolean multiplexed, String name, String certificate) {
        return new LoggedConnection(ID, address, port, "10.0.0.9", multiplexed,
                Optional.of(new LoggedConnection.Tls("TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256", name, name.equals("www.example.com"),
                        certificate, 4_036_000_000L)));
    }

    /// The documented line, and the fields that came later.
    @Test
    void http() {
        assertThat(line(request(Kind.HTTP, 80, plain("192.168.131.39", 2817), text("GET", "www.example.com", "/", "curl/7.46.0", "HTTP/1.1"),
                Target.at("10.0.0.1", 80), new long[] {0, 1, 0}, 200, 34, 366, 0, Done.FORWARD, "", "Root=1-58337262-36d228ad5d99923122bbe354")))
                .isEqualTo("http 2018-07-02T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 192.168.131.39:2817 10.0.0.1:80 0.000 0.001 0.000 200 200 "
                        + "34 366 \"GET http://www.example.com:80/ HTTP/1.1\" \"curl/7.46.0\" - - " + GROUP
                        + " \"Root=1-58337262-36d228ad5d99923122bbe354\" \"-\" \"-\" 0 2018-07-02T22:22:48.364000Z \"forward\" \"-\" \"-\" "
                        + "\"10.0.0.1:80\" \"200\" \"-\" \"-\" TID_" + ID + " \"-\" \"-\" \"-\" 10.0.0.9\n");
    }

    @Test
    void https_with_the_name_and_the_certificate() {
        assertThat(line(request(Kind.HTTP, 443, tls("192.168.131.39", 2817, false, "www.example.com", CERTIFICATE),
                text("GET", "www.example.com", "/", "curl/7.46.0", "HTTP/1.1"), Target.at("10.0.0.1", 80), new long[] {86, 48, 37}, 200, 0, 57, 1,
                Done.FORWARD, "", "Root=1-58337281-1d84f3d73c47ec4e58577259")))
                .startsWith("https 2018-07-02T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 192.168.131.39:2817 10.0.0.1:80 0.086 0.048 0.037 200 "
                        + "200 0 57 \"GET https://www.example.com:443/ HTTP/1.1\" \"curl/7.46.0\" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 " + GROUP
                        + " \"Root=1-58337281-1d84f3d73c47ec4e58577259\" \"www.example.com\" \"" + CERTIFICATE + "\" 1 2018-07-02T22:22:48.364000Z ");
    }

    @Test
    void a_tls_client_that_named_nobody_is_answered_by_the_balancer_itself() {
        assertThat(line(request(Kind.HTTP, 443, tls("10.0.0.2", 1, false, "", CERTIFICATE), text("GET", "a", "/", "", "HTTP/1.1"),
                null, new long[] {-1, -1, -1}, 404, 1, 2, 0, Done.FIXED_RESPONSE, "", "Root=1-2-3")))
                .contains(" \"GET https://a:443/ HTTP/1.1\" \"-\" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 - \"Root=1-2-3\" \"-\" \"" + CERTIFICATE
                        + "\" 0 ").contains("\"fixed-response\" \"-\" \"-\" \"-\" \"-\" \"-\" \"-\" TID_");
    }

    @Test
    void http2_with_a_redirect() {
        assertThat(line(request(Kind.HTTP2, 773, tls("10.0.1.252", 48160, true, "", CERTIFICATE), text("GET", "10.0.2.105", "/", "curl/7.46.0", "HTTP/2.0"),
                null, new long[] {-1, -1, -1}, 301, 5, 257, 1, Done.REDIRECT, "https://example.com:80/", "Root=1-58337327-72bd00b0343d75b906739c42")))
                .startsWith("h2 ").contains(" - -1 -1 -1 301 - 5 257 \"GET https://10.0.2.105:773/ HTTP/2.0\" \"curl/7.46.0\" ")
                .contains(" 1 2018-07-02T22:22:48.364000Z \"redirect\" \"https://example.com:80/\" \"-\" \"-\" \"-\" ");
    }

    @Test
    void websockets_and_grpc_have_types_of_their_own() {
        LoggedConnection secure = tls("10.0.0.140", 44244, false, "", "");
        RequestText text = text("GET", "10.0.0.30", "/", "", "HTTP/1.1");
        Target target = Target.at("10.0.0.171", 8010);
        long[] millis = {0, 1, 0};
        assertThat(line(request(Kind.WEBSOCKET, 443, secure, text, target, millis, 101, 218, 786, 1, Done.FORWARD, "", "Root=1-2-3")))
                .startsWith("wss ").contains(" 10.0.0.171:8010 0.000 0.001 0.000 101 101 218 786 \"GET https://10.0.0.30:443/ HTTP/1.1\" \"-\" ");
        assertThat(line(request(Kind.WEBSOCKET, 80, plain("10.0.0.1", 1), text, target, millis, 101, 1, 1, 1, Done.FORWARD, "", ""))).startsWith("ws ");
        assertThat(line(request(Kind.GRPC, 443, tls("10.0.0.1", 1, true, "", ""), text, target, millis, 200, 1, 1, 1, Done.FORWARD, "", "")))
                .startsWith("grpcs ");
    }

    /// As seen of the real service in 2025.
    @Test
    void what_could_not_be_read_is_dashes() {
        assertThat(line(request(Kind.HTTP, 80, plain("205.210.31.158", 61084), RequestText.UNREADABLE, null, new long[] {-1, -1, -1}, 400, 0, 272, -1,
                Done.NOTHING, "", ""))).isEqualTo("http 2018-07-02T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 205.210.31.158:61084 - -1 -1 -1 400 - "
                        + "0 272 \"- http://my-loadbalancer-1.us-east-2.elb.localhost:80- -\" \"-\" - - - \"-\" \"-\" \"-\" - 2018-07-02T22:22:48.364000Z "
                        + "\"-\" \"-\" \"-\" \"-\" \"-\" \"-\" \"-\" TID_" + ID + " \"-\" \"-\" \"-\" 10.0.0.9\n");
    }

    @Test
    void what_would_break_the_line_is_written_in_hexadecimal_digits() {
        assertThat(line(request(Kind.HTTP, 80, plain("10.0.0.1", 1), text("GET", "a", "/\"\u00ff", "x\ty\\", "HTTP/1.0"), null, new long[] {-1, -1, -1},
                200, 1, 1, 0, Done.FIXED_RESPONSE, "", ""))).contains("\"GET http://a:80/\\x22\\xFF HTTP/1.0\" \"x\\x09y\\x5C\" ");
    }

    @Test
    void an_absolute_target_without_a_path_is_the_root_and_ipv6_stands_in_brackets() {
        assertThat(line(request(Kind.HTTP, 80, plain("::1", 7), text("GET", "a", "", "", "HTTP/1.1"), Target.at("::1", 8), new long[] {0, 0, 0}, 200, 1,
                1, 0, Done.FORWARD, "", ""))).contains(" [::1]:7 [::1]:8 ").contains("\"GET http://a:80/ HTTP/1.1\"");
    }

    /// The documented line, with the field that came later.
    @Test
    void flows() {
        LogStream stream = new LogStream("id", LogKind.ACCESS, "arn:aws:elasticloadbalancing:us-east-2:1:loadbalancer/net/my-network-loadbalancer/c6e77e28c25b2234",
                "", new LogDestination("logs", ""), Optional.empty());
        LoggedConnection connection = new LoggedConnection(ID, "72.21.218.154", 51341, "172.100.100.185", false,
                Optional.of(new LoggedConnection.Tls("TLSv1.2", "ECDHE-RSA-AES128-SHA", "my-network-loadbalancer.elb.amazonaws.com", true, CERTIFICATE, 2_900_000)));
        String listener = "arn:aws:elasticloadbalancing:us-east-2:1:listener/net/my-network-loadbalancer/c6e77e28c25b2234/g3d4b5e8bb8464cd";
        LineBuffer out = new LineBuffer();
        FlowLine line = new FlowLine(stream);
        line.write(new FlowLog(listener, 443, connection, micros("2018-12-20T02:59:35.000001Z"), micros("2018-12-20T02:59:40.5Z"), 5_500_000, 98, 246, "h2"), out);
        line.write(new FlowLog(listener, 443, plain("72.21.218.154", 1), micros("2018-12-20T02:59:00Z"), micros("2018-12-20T02:59:00Z"), 0, 0, 0, ""), out);
        assertThat(out.toString().lines()).containsExactly("tls 2.0 2018-12-20T02:59:40 net/my-network-loadbalancer/c6e77e28c25b2234 g3d4b5e8bb8464cd "
                + "72.21.218.154:51341 172.100.100.185:443 5 2 98 246 - " + CERTIFICATE + " - ECDHE-RSA-AES128-SHA tlsv12 - "
                + "my-network-loadbalancer.elb.amazonaws.com h2 - - 2018-12-20T02:59:35",
                "tls 2.0 2018-12-20T02:59:00 net/my-network-loadbalancer/c6e77e28c25b2234 g3d4b5e8bb8464cd 72.21.218.154:1 10.0.0.9:443 0 - 0 0 - - - - - - - "
                + "- - - 2018-12-20T02:59:00");
    }

    @Test
    void rewrites() {
        RequestLog plain = request(Kind.HTTP, 80, plain("10.0.0.1", 1), text("GET", "a", "/", "", "HTTP/1.1"), null, new long[] {-1, -1, -1}, 500, 1, 1, 1,
                Done.FORWARD, "", "");
        assertThat(line(rewritten(plain, Rewritten.Outcome.DONE, "b.test", "/x?y"))).endsWith(" \"b.test\" \"/x?y\" \"TransformSuccess\" 10.0.0.9\n");
        assertThat(line(rewritten(plain, Rewritten.Outcome.INVALID_HOST, "", ""))).endsWith(" \"-\" \"-\" \"TransformInvalidHost\" 10.0.0.9\n");
        assertThat(line(rewritten(plain, Rewritten.Outcome.INVALID_TARGET, "", ""))).endsWith(" \"-\" \"-\" \"TransformInvalidPath\" 10.0.0.9\n");
    }

    private static RequestLog rewritten(RequestLog r, Rewritten.Outcome outcome, String host, String target) {
        return new RequestLog(r.listenerId(), r.listenerPort(), r.secure(), r.kind(), r.connection(), r.beganMicros(), r.endedMicros(), r.request(),
                r.groupId(), r.target(), r.requestNanos(), r.targetNanos(), r.responseNanos(), r.status(), r.targetStatus(), r.receivedBytes(),
                r.sentBytes(), r.rulePriority(), r.done(), r.oddity(), r.oddityReason(), Optional.of(new Rewritten(outcome, host, target)),
                r.redirectUrl(), r.failure(), r.traceId());
    }

    @Test
    void connections() {
        LineBuffer out = new LineBuffer();
        ConnectionLine line = new ConnectionLine(STREAM);
        line.write(new ConnectionLog("listener", tls("203.0.113.1", 36280, false, "", ""), micros("2023-10-04T17:05:15.514108Z"), 443, true, true), out);
        line.write(new ConnectionLog("listener", plain("203.0.113.1", 36281), micros("2023-10-04T17:05:15Z"), 443, true, false), out);
        line.write(new ConnectionLog("listener", plain("203.0.113.1", 36282), micros("2023-10-04T17:05:00Z"), 80, false, true), out);
        String tail = " TID_" + ID + " - app/my-loadbalancer/50dc6c495c0c9188 10.0.0.9";
        assertThat(out.toString().lines()).containsExactly(
                "2023-10-04T17:05:15.514108Z 203.0.113.1 36280 443 TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 4.036 \"-\" - - Success" + tail,
                "2023-10-04T17:05:15.000000Z 203.0.113.1 36281 443 - - - \"-\" - - Failed:UnmappedConnectionError" + tail,
                "2023-10-04T17:05:00.000000Z 203.0.113.1 36282 80 - - - \"-\" - - -" + tail);
    }

    /// The documented lines, with the fields that came later.
    @Test
    void health_checks() {
        String group = "arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/HCLogsTestIPs/73e2d6bc24d8a067";
        String tail = " app/my-loadbalancer/50dc6c495c0c9188 10.0.0.9";
        assertThat(health(HealthLog.Kind.HTTP, group, Target.at("172.31.20.97", 80), "2025-10-31T12:44:59.875678Z", 19_584_011, HealthLog.Outcome.PASSED, 200))
                .isEqualTo("http 2025-10-31T12:44:59.875678Z 0.019584011 172.31.20.97:80 HCLogsTestIPs PASS 200 -" + tail + "\n");
        assertThat(health(HealthLog.Kind.HTTP, group, Target.at("172.31.31.9", 80), "2025-10-31T12:44:58.901409Z", 1_121_980_746L,
                HealthLog.Outcome.UNEXPECTED_STATUS, 502))
                .isEqualTo("http 2025-10-31T12:44:58.901409Z 1.121980746 172.31.31.9:80 HCLogsTestIPs FAIL 502 TargetError" + tail + "\n");
        assertThat(reason(HealthLog.Kind.HTTPS, HealthLog.Outcome.UNEXPECTED_STATUS, 404)).isEqualTo("https FAIL 404 ResponseCodeMismatch");
        assertThat(reason(HealthLog.Kind.HTTP2, HealthLog.Outcome.TIMED_OUT, -1)).isEqualTo("h2 FAIL - TimedOut");
        assertThat(reason(HealthLog.Kind.HTTP, HealthLog.Outcome.BROKEN, -1)).isEqualTo("http FAIL - ConnectionReset");
        assertThat(reason(HealthLog.Kind.GRPC, HealthLog.Outcome.UNEXPECTED_STATUS, 14)).isEqualTo("grpc FAIL 14 GRPCUnexpectedStatus");
        assertThat(reason(HealthLog.Kind.GRPC, HealthLog.Outcome.UNEXPECTED_STATUS, 404)).isEqualTo("grpc FAIL 404 ResponseCodeMismatch");
        String function = "arn:aws:lambda:us-east-1:123456789012:function:hello";
        assertThat(health(HealthLog.Kind.FUNCTION, group, Target.function(function), "2025-10-31T12:44:59Z", 0, HealthLog.Outcome.BROKEN, -1))
                .startsWith("lambda 2025-10-31T12:44:59.000000Z 0.000000000 " + function + " HCLogsTestIPs FAIL - TargetError ");
    }

    private static String health(HealthLog.Kind kind, String group, Target target, String time, long nanos, HealthLog.Outcome outcome, int status) {
        LineBuffer out = new LineBuffer();
        new HealthLine(STREAM, "10.0.0.9").write(new HealthLog(List.of("listener"), kind, group, target, micros(time), nanos, outcome, status), out);
        return out.toString();
    }

    private static String reason(HealthLog.Kind kind, HealthLog.Outcome outcome, int status) {
        String[] fields = health(kind, GROUP, Target.at("10.0.0.1", 80), "2025-10-31T12:44:59Z", 1, outcome, status).split(" ");
        return fields[0] + " " + fields[5] + " " + fields[6] + " " + fields[7];
    }

    /// The documented file names.
    @Test
    void keys() {
        Instant end = Instant.parse("2022-05-01T23:40:00Z");
        Arn balancer = Arn.parse(ARN);
        assertThat(ObjectKeys.log(LogKind.ACCESS, new LogDestination("b", "logging-prefix"), balancer, end, "172.160.1.192", "20sg8hgm"))
                .isEqualTo("logging-prefix/AWSLogs/123456789012/elasticloadbalancing/us-east-2/2022/05/01/"
                        + "123456789012_elasticloadbalancing_us-east-2_app.my-loadbalancer.50dc6c495c0c9188_20220501T2340Z_172.160.1.192_20sg8hgm.log.gz");
        assertThat(ObjectKeys.log(LogKind.CONNECTION, new LogDestination("b", ""), balancer, end, "172.160.1.192", "20sg8hgm"))
                .isEqualTo("AWSLogs/123456789012/elasticloadbalancing/us-east-2/2022/05/01/"
                        + "conn_log_123456789012_elasticloadbalancing_us-east-2_app.my-loadbalancer.50dc6c495c0c9188_20220501T2340Z_172.160.1.192_20sg8hgm.log.gz");
        assertThat(ObjectKeys.log(LogKind.HEALTH_CHECK, new LogDestination("b", "logging-prefix"), balancer, end, "172.160.1.192", "20sg8hgm"))
                .isEqualTo("logging-prefix/AWSLogs/123456789012/elasticloadbalancing/us-east-2/2022/05/01/health_check_log_"
                        + "123456789012_elasticloadbalancing_us-east-2_app.my-loadbalancer.50dc6c495c0c9188_20220501T2340Z_172.160.1.192_20sg8hgm.log.gz");
        assertThat(ObjectKeys.test(LogKind.ACCESS, new LogDestination("b", "p"), "123456789012")).isEqualTo("p/AWSLogs/123456789012/ELBAccessLogTestFile");
    }
}
