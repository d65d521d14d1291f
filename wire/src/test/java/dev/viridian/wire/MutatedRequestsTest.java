package dev.viridian.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.dataformat.cbor.CBORMapper;

/// Whatever arrives, the answer is an answer: the sender's mistakes are never ours.
class MutatedRequestsTest {
    private static final int ROUNDS = 400;
    private static TestServer server;

    /// @param headers `Host` and the like are the HTTP client's own
    private record Sample(String method, String path, Map<String, String> headers, byte[] body) {}

    @BeforeAll
    static void start() {
        server = new TestServer(true);
        server.wire.serve(EcsClient.class, new FakeEcs()).serve(CloudWatchClient.class, new FakeCloudWatch()).serve(S3Client.class, new FakeS3());
        server.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void no_request_makes_the_server_fail(long seed) throws Exception {
        Random random = new Random(seed);
        List<Sample> samples = samples();
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (int i = 0; i < ROUNDS; i++) {
                Sample sample = samples.get(random.nextInt(samples.size()));
                byte[] body = mutated(sample.body(), random);
                HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.uri() + sample.path()))
                        .method(sample.method(), HttpRequest.BodyPublishers.ofByteArray(body));
                sample.headers().forEach((name, value) -> request.header(name, random.nextInt(4) == 0 ? mutatedText(value, random) : value));
                HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).as("round %s of seed %s, %s with body %s: %s", i, seed, sample.headers(),
                        new String(body, StandardCharsets.ISO_8859_1), answer.body()).isNotEqualTo(500).isLessThan(502);
            }
        }
    }

    private static List<Sample> samples() {
        byte[] cbor = new CBORMapper().writeValueAsBytes(Map.of("AlarmName", "a", "Threshold", 1.5, "Dimensions", List.of(Map.of("Name", "n", "Value", "v"))));
        String auth = "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=00";
        return List.of(
                new Sample("POST", "/", Map.of("X-Amz-Target", "AmazonEC2ContainerServiceV20141113.RegisterTaskDefinition", "Content-Type", "application/x-amz-json-1.1"),
                        bytes("{\"family\":\"f\",\"containerDefinitions\":[{\"name\":\"web\",\"portMappings\":[{\"containerPort\":80}],\"dockerLabels\":{\"a\":\"b\"}}]}")),
                new Sample("POST", "/", Map.of("Content-Type", "application/x-www-form-urlencoded"),
                        bytes("Action=PutMetricAlarm&Version=2010-08-01&AlarmName=a&Threshold=1.5&Dimensions.member.1.Name=n&Dimensions.member.1.Value=%20v")),
                new Sample("POST", "/service/GraniteServiceVersion20100801/operation/PutMetricAlarm",
                        Map.of("smithy-protocol", "rpc-v2-cbor", "Content-Type", "application/cbor"), cbor),
                new Sample("POST", "/bucket?delete", Map.of("Authorization", auth, "x-amz-date", "20260101T000000Z"),
                        bytes("<?xml version=\"1.0\"?><Delete xmlns=\"x\"><Object><Key>a&amp;b</Key></Object><Quiet>true</Quiet></Delete>")),
                new Sample("PUT", "/bucket/key", Map.of("Authorization", auth, "x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                        "x-amz-trailer", "x-amz-checksum-crc32", "x-amz-decoded-content-length", "9"), bytes("9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n")));
    }

    private static byte[] mutated(byte[] body, Random random) {
        byte[] copy = random.nextInt(5) == 0 ? java.util.Arrays.copyOf(body, random.nextInt(body.length + 1)) : body.clone();
        for (int i = random.nextInt(4); i > 0 && copy.length > 0; i--) {
            copy[random.nextInt(copy.length)] = (byte) random.nextInt(256);
        }
        return copy;
    }

    private static String mutatedText(String text, Random random) {
        int at = random.nextInt(text.length());
        return text.substring(0, at) + (char) (' ' + random.nextInt(94)) + text.substring(at + 1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
