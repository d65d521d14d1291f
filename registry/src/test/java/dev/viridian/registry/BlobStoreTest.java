package dev.viridian.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.engine.time.VirtualTime;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobStoreTest {
    private static final ImageName SHOP = new ImageName("111122223333/us-east-1", "team/shop");
    private static final ImageName OTHER = new ImageName("111122223333/us-east-1", "other");
    private static final Duration GRACE = Duration.ofHours(1);
    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);
    @TempDir
    Path work;
    private final VirtualTime time = new VirtualTime();
    private BlobStore store;

    @BeforeEach
    void open() {
        store = BlobStore.open(work, time);
    }

    @Test
    void an_upload_that_broke_off_goes_on_after_a_restart() throws Exception {
        String upload = store.uploads().begin(SHOP);
        assertThatThrownBy(() -> store.uploads().append(SHOP, upload, 0, breakingAfter("con"))).isInstanceOf(RegistryException.class)
                .hasMessageContaining("3 bytes");

        BlobStore restarted = BlobStore.open(work, time);
        assertThat(restarted.uploads().received(SHOP, upload)).isEqualTo(3);
        restarted.uploads().append(SHOP, upload, 3, new ByteArrayInputStream("tent".getBytes(StandardCharsets.UTF_8)));
        restarted.uploads().finish(SHOP, upload, Digest.of(CONTENT));

        assertThat(restarted.find(SHOP, Digest.of(CONTENT)).orElseThrow().bytes(100)).isEqualTo(CONTENT);
    }

    @Test
    void a_half_upload_is_no_blob_and_disappears_when_nobody_continues_it() throws Exception {
        String upload = store.uploads().begin(SHOP);
        store.uploads().append(SHOP, upload, 0, new ByteArrayInputStream(CONTENT));
        assertThat(store.find(SHOP, Digest.of(CONTENT))).isEmpty();

        time.advance(GRACE.plusSeconds(1));
        store.sweep(GRACE);

        assertThatThrownBy(() -> store.uploads().received(SHOP, upload)).isInstanceOf(RegistryException.class);
        try (var left = Files.list(work.resolve("uploads"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void content_stays_while_any_repository_has_it() {
        store.put(SHOP, CONTENT);
        store.mount(SHOP, OTHER, Digest.of(CONTENT));
        store.forget(SHOP);
        time.advance(GRACE.plusSeconds(1));

        assertThat(store.sweep(GRACE)).isZero();
        assertThat(store.find(OTHER, Digest.of(CONTENT))).isPresent();
        assertThat(store.find(SHOP, Digest.of(CONTENT))).isEmpty();
        store.forget(OTHER);
        assertThat(store.sweep(GRACE)).isEqualTo(CONTENT.length);
    }

    @Test
    void a_layer_nothing_refers_to_is_dropped_unless_somebody_asked_for_it_just_now() {
        store.put(SHOP, CONTENT);
        time.advance(GRACE.plusSeconds(1));
        store.has(SHOP, Digest.of(CONTENT));
        store.retain(SHOP, Set.of(), GRACE);
        assertThat(store.has(SHOP, Digest.of(CONTENT))).isTrue();

        time.advance(GRACE.plusSeconds(1));
        store.retain(SHOP, Set.of(Digest.of(CONTENT)), GRACE);
        store.retain(OTHER, Set.of(), GRACE);
        assertThat(store.sweep(GRACE)).isZero();
        time.advance(GRACE.plusSeconds(1));
        store.retain(SHOP, Set.of(), GRACE);
        assertThat(store.sweep(GRACE)).isEqualTo(CONTENT.length);
    }

    private static InputStream breakingAfter(String start) {
        InputStream good = new ByteArrayInputStream(start.getBytes(StandardCharsets.UTF_8));
        return new InputStream() {
            @Override
            public int read() throws IOException {
                int next = good.read();
                if (next < 0) {
                    throw new IOException("connection reset");
                }
                return next;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                bytes[offset] = (byte) read();
                return 1;
            }
        };
    }
}
