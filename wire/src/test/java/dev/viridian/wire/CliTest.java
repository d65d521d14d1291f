package dev.viridian.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.s3.S3Client;

/// The real `aws`, as users type it. What it prints is what a user compares with AWS.
class CliTest {
    private static final Path AWS = Path.of(System.getProperty("viridian.test.aws", "/usr/bin/aws"));
    private static final FakeS3 OBJECTS = new FakeS3();
    private static final FakeCloudWatch ALARMS = new FakeCloudWatch();
    private static TestServer server;

    @TempDir
    private Path folder;

    record Result(int status, String out, String err) {}

    @BeforeAll
    static void start() {
        assumeTrue(Files.isExecutable(AWS), "the AWS CLI is not installed at " + AWS);
        server = new TestServer(false);
        server.wire.serve(EcsClient.class, new FakeEcs()).serve(S3Client.class, OBJECTS).serve(CloudWatchClient.class, ALARMS);
        server.start();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void a_call_and_its_errors_print_what_users_know() throws Exception {
        assertThat(aws("ecs", "create-cluster", "--cluster-name", "c", "--query", "cluster.clusterArn", "--output", "text").out())
                .isEqualTo("arn:aws:ecs:us-east-1:111122223333:cluster/c\n");
        Result missing = aws("ecs", "delete-cluster", "--cluster", "none");
        assertThat(missing.err().strip())
                .endsWith("An error occurred (ClusterNotFoundException) when calling the DeleteCluster operation: Cluster not found.");
        assertThat(missing.status()).isEqualTo(254);
        assertThat(aws("ecs", "list-services").err())
                .contains("An error occurred (NotImplemented) when calling the ListServices operation: Viridian does not implement ecs:ListServices");
    }

    @Test
    void an_alarm_arrives_in_whatever_protocol_this_version_speaks() throws Exception {
        Result put = aws("cloudwatch", "put-metric-alarm", "--alarm-name", "a", "--metric-name", "m", "--namespace", "n", "--statistic", "Sum",
                "--period", "60",
                "--threshold", "1.5", "--comparison-operator", "GreaterThanThreshold", "--evaluation-periods", "1", "--dimensions",
                        "Name=TargetGroup,Value=tg/1");
        assertThat(put.status()).as(put.err()).isZero();
        assertThat(ALARMS.alarm.get().dimensions().getFirst().value()).isEqualTo("tg/1");
        assertThat(aws("cloudwatch", "describe-alarms", "--query", "MetricAlarms[0].[AlarmName,StateUpdatedTimestamp]", "--output", "text").out())
                .startsWith("a<b>\t2026-01-01T00:00:00.5");
        assertThat(aws("cloudwatch", "set-alarm-state", "--alarm-name", "x", "--state-value", "OK", "--state-reason", "r").err())
                .contains("An error occurred (ResourceNotFound) when calling the SetAlarmState operation: no such alarm");
    }

    @Test
    void files_are_copied_there_and_back() throws Exception {
        byte[] bytes = new byte[3_000_000];
        new Random(3).nextBytes(bytes);
        Path file = Files.write(folder.resolve("large file.bin"), bytes);
        Result up = aws("s3", "cp", file.toString(), "s3://bucket/a/large file.bin");
        assertThat(up.status()).as(up.err()).isZero();
        assertThat(OBJECTS.objects.get("bucket/a/large file.bin").bytes()).isEqualTo(bytes);
        Result down = aws("s3", "cp", "s3://bucket/a/large file.bin", folder.resolve("back").toString());
        assertThat(down.status()).as(down.err()).isZero();
        assertThat(Files.readAllBytes(folder.resolve("back"))).isEqualTo(bytes);
        assertThat(aws("s3", "ls", "s3://bucket/").out()).contains("PRE a/").contains("3000000 large file.bin");
        assertThat(aws("s3api", "create-bucket", "--bucket", "taken").err())
                .contains("An error occurred (BucketAlreadyExists) when calling the CreateBucket operation: The requested bucket name is not available.");
        assertThat(aws("s3api", "head-object", "--bucket", "bucket", "--key", "none").err())
                .contains("An error occurred (404) when calling the HeadObject operation: Not Found");
        assertThat(aws("s3", "rm", "s3://bucket/a/large file.bin").status()).isZero();
        assertThat(OBJECTS.objects).doesNotContainKey("bucket/a/large file.bin");
    }

    @Test
    void a_file_in_parts_arrives_part_by_part() throws Exception {
        Path file = Files.write(folder.resolve("parts"), new byte[17 * 1024 * 1024]);
        Result up = aws("s3", "cp", file.toString(), "s3://bucket/parts");
        assertThat(up.status()).as(up.err()).isZero();
        assertThat(OBJECTS.parts.values().stream().mapToInt(part -> part.length).sum()).isEqualTo(17 * 1024 * 1024);
        assertThat(OBJECTS.lastOperation).isEqualTo("CompleteMultipartUpload");
    }

    @Test
    void wrong_keys_are_told_as_AWS_tells_them() throws Exception {
        assertThat(aws(Map.of("AWS_SECRET_ACCESS_KEY", "wrong"), "ecs", "create-cluster").err())
                .contains("An error occurred (InvalidSignatureException) when calling the CreateCluster operation: The request signature we calculated does not match");
        assertThat(aws(Map.of("AWS_ACCESS_KEY_ID", "AKIANOBODY"), "ecs", "create-cluster").err())
                .contains("An error occurred (UnrecognizedClientException) when calling the CreateCluster operation: The security token included in the request is invalid.");
        Path file = Files.write(folder.resolve("x"), new byte[100_000]);
        assertThat(aws(Map.of("AWS_SECRET_ACCESS_KEY", "wrong"), "s3", "cp", file.toString(), "s3://bucket/x").err())
                .contains("An error occurred (SignatureDoesNotMatch) when calling the PutObject operation");
    }

    private Result aws(String... arguments) throws IOException, InterruptedException {
        return aws(Map.of(), arguments);
    }

    private Result aws(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(AWS.toString(), "--endpoint-url", server.uri().toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(false);
        process.environment()
                .putAll(Map.of("AWS_ACCESS_KEY_ID", TestServer.KEY, "AWS_SECRET_ACCESS_KEY", TestServer.SECRET, "AWS_DEFAULT_REGION", "us-east-1",
                "AWS_PAGER", "", "AWS_CONFIG_FILE", "/dev/null", "AWS_SHARED_CREDENTIALS_FILE", "/dev/null", "AWS_EC2_METADATA_DISABLED", "true"));
        process.environment().putAll(environment);
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process running = process.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        assertThat(running.waitFor(60, TimeUnit.SECONDS)).as("aws ends").isTrue();
        return new Result(running.exitValue(), Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }
}
