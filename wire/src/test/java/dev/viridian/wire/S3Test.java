package dev.viridian.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.BucketAlreadyExistsException;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/// The real S3 client, whose protocol is the oddest of all.
class S3Test {
    private static final FakeS3 SERVICE = new FakeS3();
    private static TestServer server;
    private static S3Client s3;

    @BeforeAll
    static void start() {
        server = new TestServer(false);
        server.wire.serve(S3Client.class, SERVICE);
        server.start();
        s3 = server.client(S3Client.builder().forcePathStyle(true));
    }

    @AfterAll
    static void stop() {
        s3.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain.txt", "a/b/c.txt", "with space+plus&amp=eq?q#h.txt", "ünï/中.txt", "a//b/../c/./d", "%41%2F", "!*'();:@$,[]~-_."})
    void any_key_arrives_letter_by_letter(String key) {
        s3.putObject(request -> request.bucket("keys").key(key).contentType("text/plain").metadata(Map.of("color", "blue")),
                RequestBody.fromString(key));

        assertThat(SERVICE.objects).containsKey("keys/" + key);
        ResponseBytes<GetObjectResponse> object = s3.getObjectAsBytes(request -> request.bucket("keys").key(key));
        assertThat(object.asUtf8String()).isEqualTo(key);
        assertThat(object.response().metadata()).containsEntry("color", "blue");
        assertThat(object.response().contentType()).isEqualTo("text/plain");
        assertThat(object.response().lastModified()).isEqualTo(Instant.parse("2026-01-02T03:04:05Z"));
        s3.deleteObject(request -> request.bucket("keys").key(key));
        assertThat(SERVICE.objects).doesNotContainKey("keys/" + key);
    }

    @ParameterizedTest
    @EnumSource(value = ChecksumAlgorithm.class, names = {"CRC32", "CRC32_C", "SHA1", "SHA256"})
    void a_large_body_in_chunks_arrives_whole_with_any_checksum(ChecksumAlgorithm algorithm) {
        byte[] bytes = new byte[1_500_000];
        new Random(7).nextBytes(bytes);

        s3.putObject(request -> request.bucket("b").key("large").checksumAlgorithm(algorithm), RequestBody.fromBytes(bytes));

        assertThat(SERVICE.objects.get("b/large").bytes()).isEqualTo(bytes);
        assertThat(SERVICE.objects.get("b/large").request().contentEncoding()).isNull();
        assertThat(s3.getObjectAsBytes(request -> request.bucket("b").key("large").range("bytes=5-14")).asByteArray()).hasSize(10);
    }

    @Test
    void signed_chunks_are_verified() {
        byte[] bytes = new byte[300_000];
        try (S3Client signing = server.client(S3Client.builder().forcePathStyle(true)
                .serviceConfiguration(S3Configuration.builder().chunkedEncodingEnabled(true).build()));
                S3Client whole = server.client(S3Client.builder().forcePathStyle(true)
                        .serviceConfiguration(S3Configuration.builder().chunkedEncodingEnabled(false).build()))) {
            signing.putObject(request -> request.bucket("b").key("chunks"), RequestBody.fromBytes(bytes));
            assertThat(SERVICE.objects.get("b/chunks").bytes()).hasSize(300_000);
            whole.putObject(request -> request.bucket("b").key("whole"), RequestBody.fromBytes(bytes));
            assertThat(SERVICE.objects.get("b/whole").bytes()).hasSize(300_000);
        }
    }

    @Test
    void an_empty_object_is_an_object() {
        s3.putObject(request -> request.bucket("b").key("empty"), RequestBody.empty());

        assertThat(SERVICE.objects.get("b/empty").bytes()).isEmpty();
        assertThat(s3.headObject(request -> request.bucket("b").key("empty")).contentLength()).isZero();
        assertThat(s3.getObjectAsBytes(request -> request.bucket("b").key("empty")).asByteArray()).isEmpty();
    }

    @Test
    void operations_that_share_method_and_path_are_told_apart() {
        s3.copyObject(request -> request.sourceBucket("b").sourceKey("x").destinationBucket("b").destinationKey("y"));
        assertThat(SERVICE.lastOperation).isEqualTo("CopyObject");
        String upload = s3.createMultipartUpload(request -> request.bucket("b").key("m/1")).uploadId();
        assertThat(upload).isEqualTo("u/1+2");
        s3.uploadPart(request -> request.bucket("b").key("m/1").uploadId(upload).partNumber(2), RequestBody.fromString("part"));
        assertThat(SERVICE.parts).containsKey("u/1+2#2");
        assertThat(s3.listParts(request -> request.bucket("b").key("m/1").uploadId(upload)).parts()).hasSize(1);
        assertThat(s3.completeMultipartUpload(request -> request.bucket("b").key("m/1").uploadId(upload).multipartUpload(parts -> parts.parts(
                part -> part.partNumber(1).eTag("a"), part -> part.partNumber(2).eTag("b")))).eTag()).isEqualTo("[a, b]");
        s3.abortMultipartUpload(request -> request.bucket("b").key("m/1").uploadId(upload));
        assertThat(SERVICE.lastOperation).isEqualTo("AbortMultipartUpload");
        s3.putBucketVersioning(request -> request.bucket("b").versioningConfiguration(versioning -> versioning.status("Enabled")));
        assertThat(SERVICE.lastOperation).isEqualTo("PutBucketVersioning Enabled");
        assertThat(s3.deleteObjects(request -> request.bucket("b").delete(delete -> delete.objects(ObjectIdentifier.builder().key("a&b").build())))
                .deleted().getFirst().key())
                .isEqualTo("a&b");
    }

    @Test
    void buckets_are_listed_and_made() {
        assertThat(s3.listBuckets().buckets().getFirst().name()).isEqualTo("b1");
        assertThat(s3.createBucket(request -> request.bucket("new").createBucketConfiguration(bucket -> bucket.locationConstraint("eu-west-1")))
                .location())
                .isEqualTo("/neweu-west-1");
        assertThat(s3.getBucketLocation(request -> request.bucket("new")).locationConstraintAsString()).isEqualTo("eu-west-1");
        s3.putObject(request -> request.bucket("list").key("<a> & b"), RequestBody.fromString("x"));
        var list = s3.listObjectsV2(request -> request.bucket("list"));
        assertThat(list.contents().getFirst().key()).isEqualTo("<a> & b");
        assertThat(list.commonPrefixes()).hasSize(2);
    }

    @Test
    void errors_are_S3s_own() {
        assertThatThrownBy(() -> s3.getObjectAsBytes(request -> request.bucket("b").key("none"))).isInstanceOf(NoSuchKeyException.class)
                .hasMessageContaining("The specified key does not exist.").hasMessageContaining("404");
        assertThatThrownBy(() -> s3.headObject(request -> request.bucket("b").key("none"))).isInstanceOf(NoSuchKeyException.class);
        assertThatThrownBy(() -> s3.createBucket(request -> request.bucket("taken"))).isInstanceOf(BucketAlreadyExistsException.class);
        S3Exception policy = catchThrowableOfType(S3Exception.class, () -> s3.getBucketPolicy(request -> request.bucket("b")));
        assertThat(policy.awsErrorDetails().errorCode()).isEqualTo("NoSuchBucketPolicy");
        assertThat(policy.statusCode()).isEqualTo(404);
        assertThat(policy.requestId()).isNotEmpty();
        S3Exception missing = catchThrowableOfType(S3Exception.class, () -> s3.getBucketCors(request -> request.bucket("b")));
        assertThat(missing.statusCode()).isEqualTo(501);
    }

    @Test
    void wrong_keys_are_refused_before_anything_is_stored() {
        try (S3Client stranger = server.client(S3Client.builder().forcePathStyle(true), AwsBasicCredentials.create(TestServer.KEY, "wrong"));
                S3Client nobody = server.client(S3Client.builder().forcePathStyle(true), AwsBasicCredentials.create("AKIANOBODY", "x"))) {
            S3Exception put = catchThrowableOfType(S3Exception.class, () -> stranger.putObject(request -> request.bucket("b").key("stolen"),
                    RequestBody.fromString("x")));
            assertThat(put.statusCode()).isEqualTo(403); // this HTTP client drops the body of an answer that comes instead of 100 Continue
            S3Exception wrong = catchThrowableOfType(S3Exception.class, () -> stranger.deleteObject(request -> request.bucket("b").key("chunks")));
            assertThat(wrong.awsErrorDetails().errorCode()).isEqualTo("SignatureDoesNotMatch");
            S3Exception unknown = catchThrowableOfType(S3Exception.class, nobody::listBuckets);
            assertThat(unknown.awsErrorDetails().errorCode()).isEqualTo("InvalidAccessKeyId");
            assertThat(SERVICE.objects).doesNotContainKey("b/stolen");
        }
    }

    @Test
    void links_work_without_headers_until_they_expire() throws Exception {
        s3.putObject(request -> request.bucket("b").key("link me"), RequestBody.fromString("linked"));
        try (S3Presigner presigner = S3Presigner.builder().region(Region.EU_WEST_1).endpointOverride(server.uri())
                .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).build())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(TestServer.KEY, TestServer.SECRET))).build()) {
            URI link = presigner.presignGetObject(presign -> presign.signatureDuration(Duration.ofMinutes(1))
                    .getObjectRequest(get -> get.bucket("b").key("link me").responseContentType("text/x-own"))).url().toURI();
            HttpResponse<String> answer = get(link);
            assertThat(answer.body()).isEqualTo("linked");
            assertThat(answer.headers().firstValue("content-type")).contains("text/x-own");
            assertThat(get(URI.create(link.toString().replace("link%20me", "chunks"))).statusCode()).isEqualTo(403);
            URI late = presigner.presignGetObject(presign -> presign.signatureDuration(Duration.ofMinutes(1))
                    .getObjectRequest(get -> get.bucket("b").key("x"))).url().toURI();
            assertThat(get(URI.create(late.toString().replaceAll("X-Amz-Date=\\d{8}T", "X-Amz-Date=20200101T")
                    .replaceAll("(Credential=[^%]+%2F)\\d{8}", "$120200101"))).body())
                    .contains("<Code>AccessDenied</Code>").contains("Request has expired");
        }
    }

    @Test
    void unsigned_requests_see_nothing() throws Exception {
        HttpResponse<String> answer = get(URI.create(server.uri() + "/b/chunks"));

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("<Error><Code>AccessDenied</Code><Message>Access Denied</Message>").doesNotContain("ErrorResponse");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vbucket.s3.amazonaws.com", "vbucket.s3.eu-west-1.amazonaws.com", "vbucket.s3-eu-west-1.amazonaws.com",
            "vbucket.s3.localhost", "vbucket.localhost", "vbucket.viridian.internal", "s3.localhost"})
    void the_bucket_may_stand_in_the_host_name(String host) throws Exception {
        try (TestServer open = new TestServer(true)) {
            FakeS3 service = new FakeS3();
            open.wire.serve(S3Client.class, service);
            open.start();
            String path = host.startsWith("s3.") ? "/vbucket/the/key" : "/the/key";
            String request = "PUT " + path + " HTTP/1.1\r\nHost: " + host + ":" + open.port()
                    + "\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";
            try (java.net.Socket socket = new java.net.Socket("127.0.0.1", open.port())) {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(answer).startsWith("HTTP/1.1 200").contains("x-amz-version-id: v1");
            }
            assertThat(service.objects).containsKey("vbucket/the/key");
        }
    }

    private static HttpResponse<String> get(URI uri) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
