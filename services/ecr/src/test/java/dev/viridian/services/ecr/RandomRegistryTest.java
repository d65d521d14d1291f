package dev.viridian.services.ecr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.registry.Descriptor;
import dev.viridian.registry.ImageName;
import dev.viridian.registry.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecr.model.ImageIdentifier;

/// Whatever is pushed, deleted and swept in whatever order: an image that is listed is there with all it needs, and what nobody needs leaves the
/// disk.
class RandomRegistryTest {
    private static final int STEPS = 150;
    private static final List<String> NAMES = List.of("shop", "team/shop", "other");
    private static final List<SmallImage> IMAGES = IntStream.range(0, 5).mapToObj(i -> SmallImage.saying("image " + i)).toList();
    @TempDir
    Path work;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void images_are_whole_and_garbage_goes(long seed) throws Exception {
        Random random = new Random(seed);
        try (World world = new World(work)) {
            NAMES.forEach(name -> world.as(() -> world.ecr.createRepository(r -> r.repositoryName(name))));
            for (int step = 0; step < STEPS; step++) {
                String done = step(world, NAMES.get(random.nextInt(NAMES.size())), random);
                NAMES.forEach(name -> checkWhole(world, name, "seed " + seed + ", after " + done));
            }
            NAMES.forEach(name -> world.as(() -> world.ecr.deleteRepository(r -> r.repositoryName(name).force(true))));
            world.time.advance(Duration.ofDays(2));
            assertThat(files(work.resolve("blobs"))).as("seed %d: blobs nobody needs", seed).isEmpty();
        }
    }

    private static String step(World world, String name, Random random) {
        String tag = "t" + random.nextInt(3);
        SmallImage image = IMAGES.get(random.nextInt(IMAGES.size()));
        switch (random.nextInt(6)) {
            case 0, 1 -> image.push(world.ecr.registry(), new ImageName(World.ACCOUNT + "/us-east-1", name), tag);
            case 2 -> world.as(() -> world.ecr.batchDeleteImage(r -> r.repositoryName(name)
                    .imageIds(ImageIdentifier.builder().imageTag(tag).build())));
            case 3 -> world.as(() -> world.ecr.batchDeleteImage(r -> r.repositoryName(name)
                    .imageIds(ImageIdentifier.builder().imageDigest(image.digest()).build())));
            case 4 -> world.time.advance(Duration.ofMinutes(random.nextInt(120)));
            default -> {
                world.as(() -> world.ecr.deleteRepository(r -> r.repositoryName(name).force(true)));
                world.as(() -> world.ecr.createRepository(r -> r.repositoryName(name)));
            }
        }
        return "a step on " + name;
    }

    /// Reads the disk itself, as asking the registry would keep what it asks for.
    private void checkWhole(World world, String name, String when) {
        for (ImageIdentifier id : world.as(() -> world.ecr.listImages(r -> r.repositoryName(name))).imageIds()) {
            assertThat(blob(id.imageDigest())).as("%s: manifest in %s", when, name).exists();
            SmallImage image = IMAGES.stream().filter(one -> one.digest().equals(id.imageDigest())).findFirst().orElseThrow();
            for (Descriptor part : Manifest.parse(image.manifest(), Optional.empty()).blobs()) {
                assertThat(blob(part.digest().toString())).as("%s: %s in %s", when, part.mediaType(), name).exists();
                assertThat(work.resolve("repositories").resolve(World.ACCOUNT + "/us-east-1").resolve(name).resolve("_blobs")
                        .resolve(part.digest().hex()))
                        .as("%s: %s belongs to %s", when, part.digest(), name).exists();
            }
        }
    }

    private Path blob(String digest) {
        String hex = digest.substring("sha256:".length());
        return work.resolve("blobs").resolve(hex.substring(0, 2)).resolve(hex);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
