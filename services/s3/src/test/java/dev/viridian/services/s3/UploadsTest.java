package dev.viridian.services.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

class UploadsTest {
    private static final String FIVE_MIB = "x".repeat(5 << 20);
    @TempDir
    Path folder;
    private S3World world;

    @BeforeEach
    void a_bucket() {
        world = new S3World(folder);
        world.bucket("big");
    }

    private String begin(CreateMultipartUploadRequest.Builder request) {
        return world.get(() -> world.s3.createMultipartUpload(request.bucket("big").key("k").build())).uploadId();
    }

    private UploadPartResponse part(String upload, int number, String text) {
        return world.get(() -> world.s3.uploadPart(b -> b.bucket("big").key("k").uploadId(upload).partNumber(number), RequestBody.fromString(text)));
    }

    private CompleteMultipartUploadResponse complete(String upload, CompletedPart... parts) {
        return world.get(() -> world.s3.completeMultipartUpload(b -> b.bucket("big").key("k").uploadId(upload).multipartUpload(m -> m.parts(parts))));
    }

    private static CompletedPart part(int number, String etag) {
        return CompletedPart.builder().partNumber(number).eTag(etag).build();
    }

    @Test
    void parts_become_one_object() {
        String upload = begin(CreateMultipartUploadRequest.builder().contentType("text/plain").metadata(Map.of("a", "b")));
        String second = part(upload, 2, "tail").eTag();
        String first = part(upload, 1, FIVE_MIB).eTag();
        part(upload, 9, "never named");
        CompleteMultipartUploadResponse done = complete(upload, part(1, first), part(2, second));
        assertThat(done.eTag()).endsWith("-2\"");
        assertThat(world.text("big", "k")).isEqualTo(FIVE_MIB + "tail");
        HeadObjectResponse head = world.get(() -> world.s3.headObject(b -> b.bucket("big").key("k")));
        assertThat(head.contentLength()).isEqualTo((5 << 20) + 4);
        assertThat(head.contentType()).isEqualTo("text/plain");
        assertThat(head.metadata()).containsEntry("a", "b");
        assertThat(world.blobs()).isEqualTo(2);
        world.refused("NoSuchUpload", () -> complete(upload, part(1, first)));
    }

    @Test
    void a_part_can_be_read_by_its_number_and_a_range_may_cross_parts() {
        String upload = begin(CreateMultipartUploadRequest.builder());
        String first = part(upload, 1, FIVE_MIB).eTag();
        String second = part(upload, 2, "tail").eTag();
        complete(upload, part(1, first), part(2, second));
        assertThat(world.text(GetObjectRequest.builder().bucket("big").key("k").partNumber(2).build())).isEqualTo("tail");
        assertThat(world.text(GetObjectRequest.builder().bucket("big").key("k").range("bytes=%d-%d".formatted((5 << 20) - 2, 5 << 20)).build()))
                .isEqualTo("xxt");
        GetObjectResponse answer = world.get(() -> world.s3.getObject(b -> b.bucket("big").key("k").partNumber(2)).response());
        assertThat(answer.partsCount()).isEqualTo(2);
        world.refused("InvalidPartNumber", () -> world.text(GetObjectRequest.builder().bucket("big").key("k").partNumber(3).build()));
    }

    @ParameterizedTest
    @EnumSource(value = Algorithm.class, names = {"CRC32", "CRC32C", "CRC64NVME"})
    void the_checksum_of_the_whole_follows_from_the_parts(Algorithm algorithm) {
        String upload = begin(CreateMultipartUploadRequest.builder().checksumAlgorithm(algorithm.name()).checksumType("FULL_OBJECT"));
        String first = part(upload, 1, FIVE_MIB).eTag();
        String second = part(upload, 2, "tail").eTag();
        complete(upload, part(1, first), part(2, second));
        Digest digest = algorithm.digest();
        byte[] all = (FIVE_MIB + "tail").getBytes();
        digest.update(all, 0, all.length);
        String expected = ObjectChecksum.full(algorithm, digest.value()).value();
        HeadObjectResponse head = world.get(() -> world.s3.headObject(b -> b.bucket("big").key("k").checksumMode(ChecksumMode.ENABLED)));
        assertThat(ObjectChecksum.sentWith(head).orElseThrow().value()).isEqualTo(expected);
        assertThat(head.checksumTypeAsString()).isEqualTo("FULL_OBJECT");
    }

    @Test
    void a_composite_checksum_counts_its_parts() {
        String upload = begin(CreateMultipartUploadRequest.builder().checksumAlgorithm("SHA256"));
        String first = part(upload, 1, FIVE_MIB).eTag();
        String second = part(upload, 2, "tail").eTag();
        assertThat(complete(upload, part(1, first), part(2, second)).checksumSHA256()).endsWith("-2");
        world.refused("InvalidRequest", () -> world.s3.createMultipartUpload(b -> b.bucket("big").key("k").checksumAlgorithm("SHA256")
                .checksumType("FULL_OBJECT")));
    }

    @Test
    void what_does_not_fit_together_is_refused_and_the_upload_goes_on() {
        String upload = begin(CreateMultipartUploadRequest.builder());
        String first = part(upload, 1, "small").eTag();
        String second = part(upload, 2, "tail").eTag();
        world.refused("EntityTooSmall", () -> complete(upload, part(1, first), part(2, second)));
        world.refused("InvalidPartOrder", () -> complete(upload, part(2, second), part(1, first)));
        world.refused("InvalidPart", () -> complete(upload, part(1, first), part(3, second)));
        world.refused("InvalidPart", () -> complete(upload, part(1, second)));
        world.refused("MalformedXML", () -> complete(upload));
        world.refused("InvalidArgument", () -> part(upload, 10_001, "x"));
        complete(upload, part(1, first));
        assertThat(world.text("big", "k")).isEqualTo("small");
    }

    @Test
    void sending_a_part_again_replaces_it() {
        String upload = begin(CreateMultipartUploadRequest.builder());
        part(upload, 1, "one");
        String again = part(upload, 1, "two").eTag();
        assertThat(world.blobs()).isEqualTo(1);
        complete(upload, part(1, again));
        assertThat(world.text("big", "k")).isEqualTo("two");
    }

    @Test
    void uploads_and_parts_can_be_listed_and_an_abort_removes_them() {
        String upload = begin(CreateMultipartUploadRequest.builder());
        part(upload, 1, "a");
        part(upload, 2, "b");
        part(upload, 3, "c");
        var page = world.get(() -> world.s3.listParts(b -> b.bucket("big").key("k").uploadId(upload).maxParts(2)));
        assertThat(page.parts()).extracting(Part::partNumber).containsExactly(1, 2);
        assertThat(page.isTruncated()).isTrue();
        var rest = world.get(() -> world.s3.listParts(b -> b.bucket("big").key("k").uploadId(upload).partNumberMarker(page.nextPartNumberMarker())));
        assertThat(rest.parts()).extracting(Part::partNumber).containsExactly(3);
        assertThat(world.get(() -> world.s3.listMultipartUploads(b -> b.bucket("big"))).uploads()).extracting(u -> u.uploadId())
                .isEqualTo(List.of(upload));
        world.in(() -> world.s3.abortMultipartUpload(b -> b.bucket("big").key("k").uploadId(upload)));
        world.refused("NoSuchUpload", () -> part(upload, 4, "d"));
        assertThat(world.get(() -> world.s3.listMultipartUploads(b -> b.bucket("big"))).uploads()).isEmpty();
        assertThat(world.blobs()).isZero();
    }

    @Test
    void a_part_can_be_copied_from_an_object() {
        world.put("big", "source", "0123456789");
        String upload = begin(CreateMultipartUploadRequest.builder());
        String etag = world.get(() -> world.s3.uploadPartCopy(b -> b.bucket("big").key("k").uploadId(upload).partNumber(1).copySource("big/source")
                .copySourceRange("bytes=2-5")))
                .copyPartResult().eTag();
        complete(upload, part(1, etag));
        assertThat(world.text("big", "k")).isEqualTo("2345");
        String other = begin(CreateMultipartUploadRequest.builder());
        world.refused("InvalidArgument", () -> world.s3.uploadPartCopy(
                b -> b.bucket("big").key("k").uploadId(other).partNumber(1).copySource("big/source").copySourceRange("bytes=2-50")));
    }
}
