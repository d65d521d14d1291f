package dev.viridian.services.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.ObjectAttributes;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.Tag;

class ObjectsTest {
    @TempDir
    Path folder;
    private S3World world;

    @BeforeEach
    void a_bucket() {
        world = new S3World(folder);
        world.bucket("artifacts");
    }

    @Test
    void what_was_put_is_got_with_its_headers_and_metadata() {
        PutObjectResponse put = world.get(() -> world.s3.putObject(b -> b.bucket("artifacts").key("a b/ä+.txt").contentType("text/plain")
                .cacheControl("no-store").expires(Instant.EPOCH)
                .metadata(Map.of("Colour", "green")), RequestBody.fromString("hello")));
        assertThat(put.eTag()).isEqualTo("\"5d41402abc4b2a76b9719d911017c592\"");
        assertThat(put.versionId()).isNull();
        HeadObjectResponse head = world.get(() -> world.s3.headObject(b -> b.bucket("artifacts").key("a b/ä+.txt")));
        assertThat(head.contentLength()).isEqualTo(5);
        assertThat(head.contentType()).isEqualTo("text/plain");
        assertThat(head.cacheControl()).isEqualTo("no-store");
        assertThat(head.expires()).isEqualTo(Instant.EPOCH);
        assertThat(head.metadata()).containsExactly(Map.entry("colour", "green"));
        assertThat(head.serverSideEncryptionAsString()).isEqualTo("AES256");
        assertThat(head.lastModified()).isEqualTo(world.time.now());
        assertThat(world.text("artifacts", "a b/ä+.txt")).isEqualTo("hello");
    }

    @Test
    void a_missing_key_and_a_missing_bucket_are_told_apart() {
        world.refused("NoSuchKey", () -> world.text("artifacts", "nothing")).hasMessageContaining("The specified key does not exist.");
        world.refused("NoSuchBucket", () -> world.text("nowhere-at-all", "nothing")).hasMessageContaining("The specified bucket does not exist");
    }

    @Test
    void putting_again_replaces_and_the_old_bytes_leave_the_disk() {
        world.put("artifacts", "k", "one");
        world.put("artifacts", "k", "two");
        assertThat(world.text("artifacts", "k")).isEqualTo("two");
        assertThat(world.blobs()).isEqualTo(1);
    }

    @Test
    void a_reader_finishes_what_a_writer_has_replaced() throws Exception {
        world.put("artifacts", "k", "one");
        try (ResponseInputStream<GetObjectResponse> reading = world.get(() -> world.s3.getObject(b -> b.bucket("artifacts").key("k")))) {
            world.put("artifacts", "k", "two");
            assertThat(new String(reading.readAllBytes())).isEqualTo("one");
        }
        assertThat(world.blobs()).isEqualTo(1);
    }

    @Test
    void a_range_gives_just_those_bytes() {
        world.put("artifacts", "k", "0123456789");
        GetObjectRequest.Builder get = GetObjectRequest.builder().bucket("artifacts").key("k");
        assertThat(world.text(get.range("bytes=2-4").build())).isEqualTo("234");
        assertThat(world.text(get.range("bytes=7-").build())).isEqualTo("789");
        assertThat(world.text(get.range("bytes=-2").build())).isEqualTo("89");
        assertThat(world.text(get.range("bytes=8-100").build())).isEqualTo("89");
        assertThat(world.text(get.range("bytes=0-1,3-4").build())).isEqualTo("0123456789");
        world.refused("InvalidRange", () -> world.text(get.range("bytes=10-").build()));
        GetObjectResponse answer = world.get(() -> world.s3.getObject(get.range("bytes=2-4").build()).response());
        assertThat(answer.contentRange()).isEqualTo("bytes 2-4/10");
        assertThat(answer.contentLength()).isEqualTo(3);
        assertThat(answer.sdkHttpResponse().statusCode()).isEqualTo(206);
    }

    @Test
    void readers_may_make_conditions() {
        String etag = world.put("artifacts", "k", "text").eTag();
        GetObjectRequest.Builder get = GetObjectRequest.builder().bucket("artifacts").key("k");
        assertThat(world.text(get.ifMatch(etag).build())).isEqualTo("text");
        world.refused("PreconditionFailed", () -> world.text(get.ifMatch("\"other\"").build()));
        world.refused("NotModified", () -> world.text(get.ifMatch(null).ifNoneMatch(etag).build()));
        world.refused("NotModified", () -> world.text(get.ifNoneMatch(null).ifModifiedSince(world.time.now()).build()));
        world.refused("PreconditionFailed", () -> world.text(get.ifModifiedSince(null).ifUnmodifiedSince(world.time.now().minusSeconds(1)).build()));
    }

    @Test
    void writers_may_make_conditions() {
        String etag = world.put("artifacts", "k", "one").eTag();
        world.refused("PreconditionFailed", () -> world.s3.putObject(b -> b.bucket("artifacts").key("k")
                .ifNoneMatch("*"), RequestBody.fromString("two")));
        world.refused("PreconditionFailed", () -> world.s3.putObject(b -> b.bucket("artifacts").key("k")
                .ifMatch("\"x\""), RequestBody.fromString("two")));
        world.get(() -> world.s3.putObject(b -> b.bucket("artifacts").key("k").ifMatch(etag), RequestBody.fromString("two")));
        assertThat(world.text("artifacts", "k")).isEqualTo("two");
        assertThat(world.blobs()).isEqualTo(1);
    }

    @Test
    void a_wrong_digest_is_refused_and_leaves_nothing_behind() {
        world.refused("BadDigest", () -> world.s3.putObject(b -> b.bucket("artifacts").key("k")
                .contentMD5("1B2M2Y8AsgTpgAmY7PhCfg=="), RequestBody.fromString("x")));
        world.refused("InvalidDigest", () -> world.s3.putObject(b -> b.bucket("artifacts").key("k")
                .contentMD5("nonsense"), RequestBody.fromString("x")));
        world.refused("BadDigest", () -> world.s3.putObject(b -> b.bucket("artifacts").key("k")
                .checksumCRC32("AAAAAA=="), RequestBody.fromString("x")));
        world.refused("IncompleteBody", () -> world.s3.putObject(b -> b.bucket("artifacts").key("k"),
                RequestBody.fromContentProvider(() -> InputStream.nullInputStream(), 7, "text/plain")));
        world.refused("NoSuchKey", () -> world.text("artifacts", "k"));
        assertThat(world.blobs()).isZero();
    }

    @Test
    void checksums_are_computed_and_returned_when_asked_for() {
        PutObjectResponse put = world.get(() -> world.s3.putObject(b -> b.bucket("artifacts").key("k").checksumAlgorithm(ChecksumAlgorithm.SHA256),
                RequestBody.fromString("hello")));
        assertThat(put.checksumSHA256()).isEqualTo("LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=");
        assertThat(world.get(() -> world.s3.headObject(b -> b.bucket("artifacts").key("k"))).checksumSHA256()).isNull();
        assertThat(world.get(() -> world.s3.headObject(b -> b.bucket("artifacts").key("k").checksumMode(ChecksumMode.ENABLED))).checksumSHA256())
                .isEqualTo(put.checksumSHA256());
        assertThat(world.put("artifacts", "plain", "123456789").checksumCRC64NVME()).isEqualTo("rosUhgp5mIg=");
    }

    @Test
    void a_body_that_breaks_off_leaves_nothing_behind() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the line went dead");
            }
        };
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> world.in(() -> world.s3.putObject(b -> b.bucket("artifacts").key("k"),
                RequestBody.fromContentProvider(() -> broken, "text/plain")))).hasMessageContaining("the line went dead");
        assertThat(world.blobs()).isZero();
    }

    @Test
    void what_a_crash_left_is_settled_at_the_next_start() throws Exception {
        world.put("artifacts", "k", "kept");
        Path shelved;
        try (var files = Files.walk(folder.resolve("shelves"))) {
            shelved = files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        Path named = folder.resolve("incoming").resolve(shelved.getFileName());
        Files.move(shelved, named); // as if the process had died between commit and shelving
        Files.writeString(folder.resolve("incoming/0123456789abcdef"), "nobody's"); // as if it had died before the commit
        assertThat(world.text("artifacts", "k")).isEqualTo("kept");
        world.restart();
        assertThat(world.text("artifacts", "k")).isEqualTo("kept");
        assertThat(shelved).exists();
        assertThat(world.blobs()).isEqualTo(1);
    }

    @Test
    void a_copy_takes_bytes_headers_and_tags_along_unless_told_otherwise() {
        world.bucket("other");
        world.get(() -> world.s3.putObject(b -> b.bucket("artifacts").key("a/ü.txt").contentType("text/css")
                .tagging("stage=prod"), RequestBody.fromString("x")));
        world.in(() -> world.s3.copyObject(b -> b.copySource("artifacts/a/%C3%BC.txt").bucket("other").key("b")));
        assertThat(world.text("other", "b")).isEqualTo("x");
        assertThat(world.get(() -> world.s3.headObject(b -> b.bucket("other").key("b"))).contentType()).isEqualTo("text/css");
        assertThat(world.get(() -> world.s3.getObjectTagging(b -> b.bucket("other").key("b"))).tagSet()).containsExactly(tag("stage", "prod"));
        world.in(() -> world.s3.copyObject(b -> b.sourceBucket("artifacts").sourceKey("a/ü.txt").bucket("other").key("b")
                .metadataDirective(MetadataDirective.REPLACE)
                .contentType("text/html")));
        assertThat(world.get(() -> world.s3.headObject(b -> b.bucket("other").key("b"))).contentType()).isEqualTo("text/html");
        world.refused("InvalidRequest", () -> world.s3.copyObject(b -> b.copySource("other/b").bucket("other").key("b")));
        world.refused("NoSuchKey", () -> world.s3.copyObject(b -> b.copySource("other/none").bucket("other").key("c")));
        assertThat(world.blobs()).isEqualTo(2);
    }

    @Test
    void deleting_what_is_not_there_succeeds() {
        world.in(() -> world.s3.deleteObject(b -> b.bucket("artifacts").key("none")));
        world.put("artifacts", "k", "x");
        var deleted = world.get(() -> world.s3.deleteObjects(b -> b.bucket("artifacts").delete(d -> d.objects(
                ObjectIdentifier.builder().key("k").build(), ObjectIdentifier.builder().key("none").build()))));
        assertThat(deleted.deleted()).extracting(d -> d.key()).containsExactly("k", "none");
        assertThat(world.blobs()).isZero();
    }

    @Test
    void tags_are_limited_and_can_be_replaced() {
        world.put("artifacts", "k", "x");
        world.in(() -> world.s3.putObjectTagging(b -> b.bucket("artifacts").key("k").tagging(t -> t.tagSet(tag("a", "1"), tag("b", "2")))));
        assertThat(world.get(() -> world.s3.headObject(b -> b.bucket("artifacts").key("k"))).tagCount()).isEqualTo(2);
        List<Tag> eleven = IntStream.range(0, 11).mapToObj(n -> tag("k" + n, "")).toList();
        world.refused("BadRequest", () -> world.s3.putObjectTagging(b -> b.bucket("artifacts").key("k").tagging(t -> t.tagSet(eleven))));
        world.in(() -> world.s3.deleteObjectTagging(b -> b.bucket("artifacts").key("k")));
        assertThat(world.get(() -> world.s3.getObjectTagging(b -> b.bucket("artifacts").key("k"))).tagSet()).isEmpty();
    }

    @Test
    void attributes_are_those_asked_for() {
        world.put("artifacts", "k", "hello");
        var attributes = world.get(() -> world.s3.getObjectAttributes(b -> b.bucket("artifacts").key("k")
                .objectAttributes(ObjectAttributes.E_TAG, ObjectAttributes.OBJECT_SIZE)));
        assertThat(attributes.eTag()).isEqualTo("5d41402abc4b2a76b9719d911017c592");
        assertThat(attributes.objectSize()).isEqualTo(5);
        assertThat(attributes.checksum()).isNull();
    }

    @Test
    void what_would_be_an_empty_promise_is_refused() {
        world.refused("NotImplemented", () -> world.s3.putObject(b -> b.bucket("artifacts").key("k")
                .sseCustomerAlgorithm("AES256"), RequestBody.fromString("x")));
        world.refused("AccessControlListNotSupported",
                () -> world.s3.putObject(b -> b.bucket("artifacts").key("k").acl("public-read"), RequestBody.fromString("x")));
        world.refused("AccessControlListNotSupported",
                () -> world.s3.putObject(b -> b.bucket("artifacts").key("k").grantRead("id=x"), RequestBody.fromString("x")));
        world.refused("NotImplemented", () -> world.s3.putObject(b -> b.bucket("artifacts").key("k")
                .storageClass("GLACIER"), RequestBody.fromString("x")));
        world.refused("KeyTooLongError", () -> world.put("artifacts", "k".repeat(1025), "x"));
        world.refused("MetadataTooLarge", () -> world.s3.putObject(b -> b.bucket("artifacts").key("k")
                .metadata(Map.of("a", "x".repeat(2048))), RequestBody.fromString("x")));
    }

    @Test
    void an_object_encrypted_by_kms_has_an_etag_that_says_nothing() {
        String etag = world.get(() -> world.s3.putObject(b -> b.bucket("artifacts").key("k")
                .serverSideEncryption("aws:kms"), RequestBody.fromString("hello"))).eTag();
        assertThat(etag).isNotEqualTo("\"5d41402abc4b2a76b9719d911017c592\"").hasSize(34);
        world.time.advance(Duration.ofMinutes(1));
        assertThat(world.get(() -> world.s3.headObject(b -> b.bucket("artifacts").key("k"))).serverSideEncryptionAsString()).isEqualTo("aws:kms");
    }

    @Test
    void everything_can_be_forgotten_at_once() {
        world.put("artifacts", "k", "x");
        world.store.clear();
        Runnable rest = world.s3.forgetBlobs();
        world.bucket("artifacts");
        world.put("artifacts", "k", "fresh");
        rest.run();
        assertThat(world.text("artifacts", "k")).isEqualTo("fresh");
        assertThat(world.blobs()).isEqualTo(1);
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }
}
