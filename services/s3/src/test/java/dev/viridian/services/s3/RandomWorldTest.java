package dev.viridian.services.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/// Random puts, deletes and changes of versioning, compared step by step with a model small enough to be believed.
class RandomWorldTest {
    private static final List<String> KEYS = List.of("a", "a/b", "a/c", "b", "\u00e4", "\ud83d\ude00");
    @TempDir
    Path folder;

    /// Versions of every key, oldest first; a null text is a delete marker.
    private final Map<String, LinkedHashMap<String, String>> model = new TreeMap<>(Text::compare);
    private S3World world;
    private Random random;
    private BucketVersioningStatus versioning;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void what_is_read_is_what_was_written_and_nothing_is_left_over(long seed) {
        random = new Random(seed);
        world = new S3World(folder.resolve(Long.toString(seed)));
        world.bucket("world");
        for (int step = 0; step < 150; step++) {
            act(step);
            if (step % 40 == 39) {
                world.restart();
            }
        }
        model.forEach((key, versions) -> versions.forEach((version, text) -> {
            if (text != null) {
                assertThat(world.text(GetObjectRequest.builder().bucket("world").key(key).versionId(version).build())).as("seed %d, %s", seed, key)
                        .isEqualTo(text);
            }
        }));
        assertThat(listed()).as("seed %d", seed).containsExactlyElementsOf(model.keySet().stream().filter(key -> newest(key) != null).toList());
        assertThat(world.blobs()).as("seed %d", seed)
                .isEqualTo(model.values().stream().flatMap(versions -> versions.values().stream()).filter(text -> text != null).count());
    }

    private void act(int step) {
        String key = KEYS.get(random.nextInt(KEYS.size()));
        switch (random.nextInt(8)) {
            case 0, 1, 2, 3 -> put(key, "text " + step);
            case 4, 5 -> delete(key);
            case 6 -> deleteVersion(key);
            default -> change();
        }
    }

    private LinkedHashMap<String, String> versions(String key) {
        return model.computeIfAbsent(key, _ -> new LinkedHashMap<>());
    }

    private String newest(String key) {
        LinkedHashMap<String, String> versions = versions(key);
        return versions.isEmpty() ? null : versions.lastEntry().getValue();
    }

    private void write(String key, String version, String text) {
        String id = version == null ? "null" : version;
        versions(key).remove(id);
        versions(key).put(id, text);
    }

    private void put(String key, String text) {
        write(key, world.put("world", key, text).versionId(), text);
        assertThat(world.text("world", key)).isEqualTo(text);
    }

    private void delete(String key) {
        var deleted = world.get(() -> world.s3.deleteObject(b -> b.bucket("world").key(key)));
        if (versioning == null) {
            versions(key).clear();
        } else {
            write(key, deleted.versionId(), null);
        }
    }

    private void deleteVersion(String key) {
        List<String> ids = new ArrayList<>(versions(key).keySet());
        if (!ids.isEmpty()) {
            String id = ids.get(random.nextInt(ids.size()));
            world.in(() -> world.s3.deleteObject(b -> b.bucket("world").key(key).versionId(id)));
            versions(key).remove(id);
        }
    }

    private void change() {
        versioning = random.nextBoolean() ? BucketVersioningStatus.ENABLED : BucketVersioningStatus.SUSPENDED;
        world.in(() -> world.s3.putBucketVersioning(b -> b.bucket("world").versioningConfiguration(v -> v.status(versioning))));
    }

    private List<String> listed() {
        List<String> keys = new ArrayList<>();
        String[] token = new String[1];
        ListObjectsV2Response page;
        do {
            page = world.get(() -> world.s3.listObjectsV2(b -> b.bucket("world").maxKeys(2).continuationToken(token[0])));
            page.contents().forEach(object -> keys.add(object.key()));
            token[0] = page.nextContinuationToken();
        } while (page.isTruncated());
        return keys;
    }
}
