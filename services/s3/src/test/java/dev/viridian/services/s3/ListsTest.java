package dev.viridian.services.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Object;

class ListsTest {
    @TempDir
    Path folder;
    private S3World world;

    @BeforeEach
    void a_bucket() {
        world = new S3World(folder);
        world.bucket("docs");
    }

    private void keys(String... keys) {
        for (String key : keys) {
            world.put("docs", key, "x");
        }
    }

    private ListObjectsV2Response list(ListObjectsV2Request.Builder request) {
        return world.get(() -> world.s3.listObjectsV2(request.bucket("docs").build()));
    }

    @Test
    void keys_come_in_the_order_of_their_bytes() {
        keys("b", "a", "B", "\uFFFDx", "\uD83D\uDE00", "a/b");
        assertThat(list(ListObjectsV2Request.builder()).contents()).extracting(S3Object::key)
                .containsExactly("B", "a", "a/b", "b", "\uFFFDx", "\uD83D\uDE00");
        assertThat(list(ListObjectsV2Request.builder().prefix("\uD83D\uDE00")).contents()).hasSize(1);
    }

    @Test
    void a_delimiter_rolls_keys_up() {
        keys("a.txt", "logs/1", "logs/2", "logs/old/0", "z");
        ListObjectsV2Response top = list(ListObjectsV2Request.builder().delimiter("/"));
        assertThat(top.contents()).extracting(S3Object::key).containsExactly("a.txt", "z");
        assertThat(top.commonPrefixes()).extracting(CommonPrefix::prefix).containsExactly("logs/");
        assertThat(top.keyCount()).isEqualTo(3);
        ListObjectsV2Response below = list(ListObjectsV2Request.builder().delimiter("/").prefix("logs/"));
        assertThat(below.contents()).extracting(S3Object::key).containsExactly("logs/1", "logs/2");
        assertThat(below.commonPrefixes()).extracting(CommonPrefix::prefix).containsExactly("logs/old/");
    }

    @Test
    void pages_neither_repeat_nor_skip() {
        keys("a/1", "a/2", "b", "c/1", "d", "e/x/1");
        for (int size = 1; size < 7; size++) {
            List<String> seen = new ArrayList<>();
            String token = null;
            ListObjectsV2Response page;
            do {
                page = list(ListObjectsV2Request.builder().delimiter("/").maxKeys(size).continuationToken(token));
                page.contents().forEach(o -> seen.add(o.key()));
                page.commonPrefixes().forEach(p -> seen.add(p.prefix()));
                token = page.nextContinuationToken();
            } while (page.isTruncated());
            assertThat(seen).containsExactlyInAnyOrder("a/", "b", "c/", "d", "e/");
        }
    }

    @Test
    void a_thousand_and_one_keys_take_two_pages() {
        for (int n = 0; n < 1001; n++) {
            world.put("docs", "k%04d".formatted(n), "");
        }
        ListObjectsV2Response first = list(ListObjectsV2Request.builder());
        assertThat(first.contents()).hasSize(1000);
        assertThat(first.isTruncated()).isTrue();
        ListObjectsV2Response second = list(ListObjectsV2Request.builder().continuationToken(first.nextContinuationToken()));
        assertThat(second.contents()).extracting(S3Object::key).containsExactly("k1000");
        assertThat(second.isTruncated()).isFalse();
    }

    @Test
    void a_list_can_begin_after_a_key() {
        keys("a", "b", "c");
        assertThat(list(ListObjectsV2Request.builder().startAfter("a")).contents()).extracting(S3Object::key).containsExactly("b", "c");
        ListObjectsResponse old = world.get(() -> world.s3.listObjects(b -> b.bucket("docs").marker("b")));
        assertThat(old.contents()).extracting(S3Object::key).containsExactly("c");
        assertThat(list(ListObjectsV2Request.builder().maxKeys(0)).isTruncated()).isFalse();
        world.refused("InvalidArgument", () -> world.s3.listObjectsV2(b -> b.bucket("docs").continuationToken("???")));
    }

    @Test
    void keys_are_encoded_for_who_asks() {
        keys("a b/ä+&.txt");
        assertThat(list(ListObjectsV2Request.builder().encodingType("url")).contents().getFirst().key()).isEqualTo("a%20b/%C3%A4%2B%26.txt");
    }

    @Test
    void every_version_is_kept_and_the_newest_is_found_first() {
        versioning(BucketVersioningStatus.ENABLED);
        String one = world.put("docs", "k", "one").versionId();
        String two = world.put("docs", "k", "two").versionId();
        assertThat(world.text("docs", "k")).isEqualTo("two");
        assertThat(world.text(GetObjectRequest.builder().bucket("docs").key("k").versionId(one).build())).isEqualTo("one");
        assertThat(versions().versions()).extracting(ObjectVersion::versionId).containsExactly(two, one);
        assertThat(versions().versions()).extracting(ObjectVersion::isLatest).containsExactly(true, false);
        world.refused("NoSuchVersion", () -> world.text(GetObjectRequest.builder().bucket("docs").key("k").versionId("nope").build()));
    }

    @Test
    void deleting_a_versioned_object_hides_it_and_deleting_the_marker_brings_it_back() {
        versioning(BucketVersioningStatus.ENABLED);
        String version = world.put("docs", "k", "one").versionId();
        DeleteObjectResponse deleted = world.get(() -> world.s3.deleteObject(b -> b.bucket("docs").key("k")));
        assertThat(deleted.deleteMarker()).isTrue();
        world.refused("NoSuchKey", () -> world.text("docs", "k"));
        world.refused("MethodNotAllowed", () -> world.text(GetObjectRequest.builder().bucket("docs").key("k").versionId(deleted.versionId())
                .build()));
        assertThat(list(ListObjectsV2Request.builder()).contents()).isEmpty();
        assertThat(versions().deleteMarkers()).singleElement().satisfies(m -> assertThat(m.isLatest()).isTrue());
        world.in(() -> world.s3.deleteObject(b -> b.bucket("docs").key("k").versionId(deleted.versionId())));
        assertThat(world.text("docs", "k")).isEqualTo("one");
        world.refused("BucketNotEmpty", () -> world.s3.deleteBucket(b -> b.bucket("docs")));
        world.in(() -> world.s3.deleteObject(b -> b.bucket("docs").key("k").versionId(version)));
        world.in(() -> world.s3.deleteBucket(b -> b.bucket("docs")));
        assertThat(world.blobs()).isZero();
    }

    @Test
    void suspended_versioning_overwrites_only_the_null_version() {
        world.put("docs", "k", "before");
        versioning(BucketVersioningStatus.ENABLED);
        String kept = world.put("docs", "k", "kept").versionId();
        versioning(BucketVersioningStatus.SUSPENDED);
        assertThat(world.put("docs", "k", "after").versionId()).isEqualTo("null");
        world.put("docs", "k", "after all");
        assertThat(versions().versions()).extracting(ObjectVersion::versionId).containsExactly("null", kept);
        assertThat(world.text("docs", "k")).isEqualTo("after all");
        assertThat(world.blobs()).isEqualTo(2);
    }

    @Test
    void versions_come_in_pages_too() {
        versioning(BucketVersioningStatus.ENABLED);
        for (String key : List.of("a", "a", "a", "b", "b")) {
            world.put("docs", key, "x");
        }
        List<String> seen = new ArrayList<>();
        String key = null;
        String version = null;
        ListObjectVersionsResponse page;
        do {
            String k = key;
            String v = version;
            page = world.get(() -> world.s3.listObjectVersions(b -> b.bucket("docs").maxKeys(2).keyMarker(k).versionIdMarker(v)));
            page.versions().forEach(o -> seen.add(o.versionId()));
            key = page.nextKeyMarker();
            version = page.nextVersionIdMarker();
        } while (page.isTruncated());
        assertThat(seen).hasSize(5).doesNotHaveDuplicates();
    }

    private ListObjectVersionsResponse versions() {
        return world.get(() -> world.s3.listObjectVersions(b -> b.bucket("docs")));
    }

    private void versioning(BucketVersioningStatus status) {
        world.in(() -> world.s3.putBucketVersioning(b -> b.bucket("docs").versioningConfiguration(v -> v.status(status))));
    }
}
