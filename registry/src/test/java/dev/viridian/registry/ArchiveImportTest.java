package dev.viridian.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.engine.time.VirtualTime;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Archives nobody's docker has written.
class ArchiveImportTest {
    private static final ImageName SHOP = new ImageName("here", "shop");
    @TempDir
    Path work;
    private Registry registry;

    @BeforeEach
    void open() {
        registry = new Registry(BlobStore.open(work, new VirtualTime()), new MemoryCatalog().with(SHOP));
    }

    @Test
    void the_image_asked_for_is_taken_from_an_archive_of_several() {
        byte[] layer = TestImage.tar("message", utf8("one"));
        byte[] config = TestImage.config(Digest.of(layer));
        byte[] archive = TestImage.tar("a.json", config, "b.json", utf8("{}"), "l/layer.tar", layer, "manifest.json",
                utf8("[{\"Config\":\"b.json\",\"RepoTags\":[\"b:1\"],\"Layers\":[]},"
                        + "{\"Config\":\"a.json\",\"RepoTags\":[\"a:1\"],\"Layers\":[\"l/layer.tar\"]}]"));

        assertThat(take(archive, Optional.of("a:1")).layers()).singleElement().extracting(Descriptor::digest).isEqualTo(Digest.of(layer));
        assertThatThrownBy(() -> take(archive, Optional.of("c:1"))).hasMessageContaining("2 images, none of them c:1");
    }

    @Test
    void names_that_lead_outside_are_refused() {
        assertThatThrownBy(() -> take(TestImage.tar("../../etc/passwd", utf8("x")), Optional.empty()))
                .isInstanceOf(RegistryException.class).hasMessageContaining("outside of itself");
        byte[] archive = TestImage.tar("manifest.json", utf8("[{\"Config\":\"../../../etc/passwd\",\"Layers\":[]}]"));
        assertThatThrownBy(() -> take(archive, Optional.empty())).hasMessageContaining("outside of itself");
    }

    @Test
    void what_unpacks_to_more_than_allowed_is_refused() {
        byte[] bomb = TestImage.gzip(TestImage.tar("manifest.json", new byte[5_000_000]));
        assertThat(bomb.length).isLessThan(100_000);
        assertThatThrownBy(() -> registry.importArchive(SHOP, "1", new ByteArrayInputStream(bomb), Optional.empty(),
                new ArchiveLimits(1_000_000, 10), "me"))
                .isInstanceOf(RegistryException.class).hasMessageContaining("larger than allowed");
        assertThatThrownBy(() -> registry.importArchive(SHOP, "1", new ByteArrayInputStream(TestImage.tar("a", utf8("1"), "b", utf8("2"))),
                Optional.empty(),
                new ArchiveLimits(1_000_000, 1), "me")).hasMessageContaining("more than 1 entries");
    }

    @Test
    void rubbish_and_archives_without_an_image_are_refused_with_a_reason() {
        assertThatThrownBy(() -> take(utf8("this is no tar at all, but it is long enough to look like something".repeat(20)), Optional.empty()))
                .isInstanceOf(RegistryException.class);
        assertThatThrownBy(() -> take(new byte[0], Optional.empty())).hasMessageContaining("neither an index.json nor a manifest.json");
        assertThatThrownBy(() -> take(TestImage.tar("manifest.json", utf8("[{\"Config\":\"gone.json\",\"Layers\":[]}]")), Optional.empty()))
                .hasMessageContaining("gone.json");
        assertThatThrownBy(() -> take(TestImage.tar("manifest.json", utf8("[{")), Optional.empty())).hasMessageContaining("not JSON");
        assertThat(registry.resolve(SHOP, "1")).isEmpty();
    }

    private Manifest take(byte[] archive, Optional<String> wanted) {
        return registry.importArchive(SHOP, "1", new ByteArrayInputStream(archive), wanted, ArchiveLimits.DEFAULT, "me");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
