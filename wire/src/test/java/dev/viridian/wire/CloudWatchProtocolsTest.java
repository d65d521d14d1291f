package dev.viridian.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.cbor.CBORFactory;
import tools.jackson.dataformat.cbor.CBORGenerator;
import tools.jackson.dataformat.cbor.CBORMapper;

/// CloudWatch is one service behind three protocols, and clients of each kind must find the same alarm.
class CloudWatchProtocolsTest {
    private static final FakeCloudWatch SERVICE = new FakeCloudWatch();
    private static final CBORMapper CBOR = new CBORMapper();
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(true);
        server.wire.serve(CloudWatchClient.class, SERVICE);
        server.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void the_same_alarm_arrives_by_form_json_and_cbor() throws Exception {
        Map<String, Object> alarm = Map.of("AlarmName", "a", "Threshold", 1.5, "Period", 60, "Dimensions",
                List.of(Map.of("Name", "n", "Value", "v")));
        form("Action=PutMetricAlarm&Version=2010-08-01&AlarmName=a&Threshold=1.5&Period=60&Dimensions.member.1.Name=n&Dimensions.member.1.Value=v");
        expectAlarm();
        json("PutMetricAlarm", JsonMapper.shared().writeValueAsBytes(alarm), Map.of());
        expectAlarm();
        cbor("PutMetricAlarm", CBOR.writeValueAsBytes(alarm));
        expectAlarm();
    }

    private static void expectAlarm() {
        assertThat(SERVICE.alarm.getAndSet(null)).satisfies(alarm -> {
            assertThat(alarm.alarmName()).isEqualTo("a");
            assertThat(alarm.threshold()).isEqualTo(1.5);
            assertThat(alarm.period()).isEqualTo(60);
            assertThat(alarm.dimensions()).containsExactly(Dimension.builder().name("n").value("v").build());
        });
    }

    @Test
    void cbor_answers_carry_its_marks_and_tagged_times() throws Exception {
        HttpResponse<byte[]> answer = cbor("DescribeAlarms", CBOR.writeValueAsBytes(Map.of()));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("smithy-protocol")).contains("rpc-v2-cbor");
        assertThat(answer.headers().firstValue("content-type")).contains("application/cbor");
        JsonNode alarm = CBOR.readTree(answer.body()).get("MetricAlarms").get(0);
        assertThat(alarm.get("StateUpdatedTimestamp").asDouble()).isEqualTo(1767225600.5);
        assertThat(indexOf(answer.body(), (byte) 0xC1, (byte) 0xFB)).as("tag 1 before a double").isPositive();
    }

    @Test
    void cbor_times_are_read_with_their_tag() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (CBORGenerator cbor = (CBORGenerator) new CBORFactory().createGenerator(ObjectWriteContext.empty(), bytes)) {
            cbor.writeStartObject();
            cbor.writeStringProperty("Namespace", "Shop");
            cbor.writeArrayPropertyStart("MetricData");
            cbor.writeStartObject();
            cbor.writeStringProperty("MetricName", "m");
            cbor.writeName("Timestamp");
            cbor.writeTag(1);
            cbor.writeNumber(1767225600.25);
            cbor.writeEndObject();
            cbor.writeEndArray();
            cbor.writeEndObject();
        }
        cbor("PutMetricData", bytes.toByteArray());

        assertThat(SERVICE.data.get().metricData().getFirst().timestamp()).isEqualTo(Instant.parse("2026-01-01T00:00:00.250Z"));
    }

    @Test
    void errors_carry_the_code_of_the_query_days() throws Exception {
        Map<String, String> state = Map.of("AlarmName", "x", "StateValue", "OK", "StateReason", "r");

        HttpResponse<byte[]> json = json("SetAlarmState", JsonMapper.shared().writeValueAsBytes(state), Map.of("x-amzn-query-mode", "true"));
        assertThat(json.statusCode()).isEqualTo(404);
        assertThat(json.headers().firstValue("x-amzn-query-error")).contains("ResourceNotFound;Sender");
        HttpResponse<byte[]> cbor = cbor("SetAlarmState", CBOR.writeValueAsBytes(state));
        assertThat(cbor.headers().firstValue("x-amzn-query-error")).contains("ResourceNotFound;Sender");
        assertThat(CBOR.readTree(cbor.body()).get("message").asString()).isEqualTo("no such alarm");
    }

    @Test
    void gzipped_bodies_are_unzipped_up_to_the_limit() throws Exception {
        byte[] body = JsonMapper.shared().writeValueAsBytes(Map.of("AlarmName", "zipped"));
        assertThat(json("PutMetricAlarm", gzip(body), Map.of("Content-Encoding", "gzip")).statusCode()).isEqualTo(200);
        assertThat(SERVICE.alarm.get().alarmName()).isEqualTo("zipped");

        HttpResponse<byte[]> bomb = json("PutMetricAlarm", gzip(new byte[40 * 1024 * 1024]), Map.of("Content-Encoding", "gzip"));
        assertThat(bomb.statusCode()).isEqualTo(413);
        assertThat(json("PutMetricAlarm", body, Map.of("Content-Encoding", "gzip")).statusCode()).isEqualTo(400);
    }

    private static void form(String body) throws Exception {
        send(HttpRequest.newBuilder(server.uri()).header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"), body.getBytes());
    }

    private static HttpResponse<byte[]> json(String operation, byte[] body, Map<String, String> headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.uri()).header("Content-Type", "application/x-amz-json-1.0")
                .header("X-Amz-Target", "GraniteServiceVersion20100801." + operation);
        headers.forEach(request::header);
        return send(request, body);
    }

    private static HttpResponse<byte[]> cbor(String operation, byte[] body) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(server.uri() + "/service/GraniteServiceVersion20100801/operation/" + operation))
                .header("Content-Type", "application/cbor").header("smithy-protocol", "rpc-v2-cbor"), body);
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request, byte[] body) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(), HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    private static byte[] gzip(byte[] body) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(body);
        }
        return bytes.toByteArray();
    }

    private static int indexOf(byte[] bytes, byte first, byte second) {
        for (int i = 0; i + 1 < bytes.length; i++) {
            if (bytes[i] == first && bytes[i + 1] == second) {
                return i;
            }
        }
        return -1;
    }
}
