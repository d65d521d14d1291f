package dev.viridian.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.app.internal.Status;
import dev.viridian.aws.Caller;
import dev.viridian.aws.Ids;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.InvalidConfigurationRequestException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/// Logs of a load balancer in a real bucket, whose policy the real evaluator reads.
class LoadBalancerLogsTest {
    @TempDir
    static Path folder;

    private static Viridian viridian;
    private static String balancer;

    private String bucket;

    @BeforeAll
    static void start() {
        viridian = Viridian.start(new Settings(folder, "127.0.0.1", 0, 600, Settings.DEFAULT_ACCOUNT, Settings.DEFAULT_REGION, false, false));
        List<Subnet> subnets = as(() -> viridian.client(Ec2Client.class).describeSubnets()).subnets();
        LoadBalancer created = as(() -> elb().createLoadBalancer(r -> r.name("web").subnets(subnets.get(0).subnetId(), subnets.get(1).subnetId())))
                .loadBalancers().getFirst();
        balancer = created.loadBalancerArn();
        as(() -> elb().createListener(r -> r.loadBalancerArn(balancer).protocol("HTTP").port(18475).defaultActions(a -> a.type(ActionTypeEnum.FIXED_RESPONSE)
                .fixedResponseConfig(f -> f.statusCode("200").contentType("text/plain").messageBody("hello")))));
    }

    @AfterAll
    static void close() {
        viridian.close();
    }

    @BeforeEach
    void bucket() {
        bucket = "logs-" + Ids.digits(8);
        as(() -> s3().createBucket(b -> b.bucket(bucket)));
    }

    private static <T> T as(Supplier<T> call) {
        return Caller.get(viridian.root(), call);
    }

    private static S3Client s3() {
        return viridian.client(S3Client.class);
    }

    private static ElasticLoadBalancingV2Client elb() {
        return viridian.client(ElasticLoadBalancingV2Client.class);
    }

    private void turnOn() {
        as(() -> elb().modifyLoadBalancerAttributes(r -> r.loadBalancerArn(balancer).attributes(a -> a.key("access_logs.s3.enabled").value("true"),
                a -> a.key("access_logs.s3.bucket").value(bucket), a -> a.key("access_logs.s3.prefix").value("web"))));
    }

    private void policy(String principal, String resource, String condition) {
        as(() -> s3().putBucketPolicy(b -> b.bucket(bucket).policy("""
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": %s, "Action": "s3:PutObject",
                 "Resource": "arn:aws:s3:::%s/%s"%s}]}""".formatted(principal, bucket, resource, condition))));
    }

    /// The policies of the user guide, and near misses.
    @ParameterizedTest(name = "{0} for {1}{2}: {3}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"} | web/AWSLogs/000000000000/* | `` | true
        {"AWS": "arn:aws:iam::127311923021:root"}                     | web/AWSLogs/000000000000/* | `` | true
        {"AWS": "127311923021"}                                       | web/AWSLogs/000000000000/* | `` | true
        {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"} | web/AWSLogs/000000000000/* | , "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/app/web/*"}} | true
        {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"} | web/AWSLogs/000000000000/* | , "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}} | true
        {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"} | web/AWSLogs/000000000000/* | , "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}} | false
        {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"} | AWSLogs/000000000000/*     | `` | false
        {"Service": "delivery.logs.amazonaws.com"}                    | web/AWSLogs/000000000000/* | `` | false
        {"AWS": "arn:aws:iam::033677994240:root"}                     | web/AWSLogs/000000000000/* | `` | false
        """)
    void a_buckets_policy_decides(String principal, String resource, String condition, boolean allowed) {
        policy(principal, resource, condition);
        if (allowed) {
            turnOn();
            assertThat(keys()).containsExactly("web/AWSLogs/000000000000/ELBAccessLogTestFile");
        } else {
            assertThatThrownBy(this::turnOn).isInstanceOf(InvalidConfigurationRequestException.class)
                    .hasMessageContaining("Access Denied for bucket: " + bucket + ". Please check S3bucket permission");
        }
    }

    /// The policy of the user guide for network load balancers.
    @Test
    void logs_of_network_load_balancers_come_from_delivery_logs() {
        String subnet = as(() -> viridian.client(Ec2Client.class).describeSubnets()).subnets().getFirst().subnetId();
        String network = as(() -> elb().createLoadBalancer(r -> r.name("net").type("network").subnets(subnet))).loadBalancers().getFirst().loadBalancerArn();
        policy("{\"Service\": \"delivery.logs.amazonaws.com\"}", "AWSLogs/000000000000/*", """
                , "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceAccount": ["000000000000"]},
                "ArnLike": {"aws:SourceArn": ["arn:aws:logs:us-east-1:000000000000:*"]}}""");
        as(() -> elb().modifyLoadBalancerAttributes(r -> r.loadBalancerArn(network).attributes(a -> a.key("access_logs.s3.enabled").value("true"),
                a -> a.key("access_logs.s3.bucket").value(bucket))));
        assertThat(keys()).containsExactly("AWSLogs/000000000000/ELBAccessLogTestFile");
    }

    @Test
    void without_a_policy_not_even_the_owners_bucket_takes_logs() {
        assertThatThrownBy(this::turnOn).hasMessageContaining("Access Denied for bucket: " + bucket);
        assertThat(keys()).isEmpty();
    }

    @Test
    void a_request_is_in_the_bucket_once_its_interval_is_over() throws Exception {
        policy("{\"Service\": \"logdelivery.elasticloadbalancing.amazonaws.com\"}", "web/AWSLogs/000000000000/*", "");
        turnOn();
        Status.Listener listener = viridian.status().listeners().getFirst();
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThat(client.send(HttpRequest.newBuilder(URI.create("http://" + listener.bound() + "/page?a=b")).build(), BodyHandlers.ofString()).body())
                    .isEqualTo("hello");
        }
        String key = awaitLog();
        assertThat(key).startsWith("web/AWSLogs/000000000000/elasticloadbalancing/us-east-1/");
        byte[] bytes = as(() -> s3().getObjectAsBytes(b -> b.bucket(bucket).key(key))).asByteArray();
        String lines = new String(new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(lines.lines()).hasSize(1);
        assertThat(lines).startsWith("http ").contains("/page?a=b HTTP/1.1\"").contains("\"fixed-response\"");
    }

    private String awaitLog() {
        for (int i = 0; i < 1000; i++) {
            for (String key : keys()) {
                if (key.endsWith(".log.gz")) {
                    return key;
                }
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        throw new AssertionError("no log after 20 s, only " + keys());
    }

    private List<String> keys() {
        return as(() -> s3().listObjectsV2(b -> b.bucket(bucket))).contents().stream().map(S3Object::key).toList();
    }
}
