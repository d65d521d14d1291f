package dev.viridian.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is left when the registry is killed, and what one with little memory can do.
class RegistryCrashTest {
    private static final long MEBIBYTE = 1 << 20;
    @TempDir
    Path work;
    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void an_upload_whose_registry_is_killed_is_no_blob_and_goes_on_where_it_stopped() throws Exception {
        long size = 40 * MEBIBYTE;
        String digest = digest(size);
        CountDownLatch half = new CountDownLatch(1);
        CountDownLatch killed = new CountDownLatch(1);
        String upload;
        try (RegistryProcess registry = new RegistryProcess(work)) {
            upload = begin(registry);
            CompletableFuture<?> sending = client.sendAsync(request(registry, upload, "PATCH",
                    BodyPublishers.ofInputStream(() -> noise(0, size, () -> pause(half, killed)))),
                    BodyHandlers.discarding());
            assertThat(half.await(2, TimeUnit.MINUTES)).isTrue();
            // what was sent may still be on its way, so wait until some of it has arrived
            awaitBytes(work.resolve("uploads"));
            registry.kill();
            killed.countDown();
            assertThat(sending.handle((_, failure) -> failure).join()).isNotNull();
        }
        try (RegistryProcess registry = new RegistryProcess(work)) {
            assertThat(send(request(registry, "/v2/shop/blobs/" + digest, "HEAD", BodyPublishers.noBody())).statusCode()).isEqualTo(404);
            HttpResponse<String> progress = send(request(registry, upload, "GET", BodyPublishers.noBody()));
            long next = Long.parseLong(progress.headers().firstValue("Range").orElseThrow().substring(2)) + 1;
            assertThat(next).isBetween(1L, size - 1);
            assertThat(send(request(registry, upload + "?digest=" + digest, "PUT", BodyPublishers.ofInputStream(() -> noise(next, size, () -> { }))))
                    .statusCode()).isEqualTo(201);
            assertThat(send(request(registry, "/v2/shop/blobs/" + digest, "HEAD", BodyPublishers.noBody())).headers().firstValue("Content-Length"))
                    .contains(Long.toString(size));
        }
    }

    @Test
    void a_layer_larger_than_the_registrys_memory_goes_in_and_comes_out() throws Exception {
        long size = 120 * MEBIBYTE;
        String digest = digest(size);
        try (RegistryProcess registry = new RegistryProcess(work)) {
            String upload = begin(registry);
            assertThat(send(request(registry, upload + "?digest=" + digest, "PUT", BodyPublishers.ofInputStream(() -> noise(0, size, () -> { }))))
                    .statusCode()).isEqualTo(201);
            HttpResponse<InputStream> got = client.send(request(registry, "/v2/shop/blobs/" + digest, "GET", BodyPublishers.noBody()),
                    BodyHandlers.ofInputStream());
            try (InputStream body = got.body()) {
                assertThat(digest(body)).isEqualTo(digest);
            }
        }
    }

    private String begin(RegistryProcess registry) throws Exception {
        return send(request(registry, "/v2/shop/blobs/uploads/", "POST", BodyPublishers.noBody())).headers().firstValue("Location").orElseThrow();
    }

    private HttpResponse<String> send(HttpRequest request) throws Exception {
        return client.send(request, BodyHandlers.ofString());
    }

    private static HttpRequest request(RegistryProcess registry, String path, String method, BodyPublisher body) {
        return HttpRequest.newBuilder(URI.create(registry.url(path))).method(method, body)
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString("dev:secret".getBytes())).build();
    }

    private static void awaitBytes(Path uploads) throws Exception {
        try (var watch = uploads.getFileSystem().newWatchService(); var folders = Files.list(uploads)) {
            Path upload = folders.findFirst().orElseThrow();
            upload.register(watch, StandardWatchEventKinds.ENTRY_MODIFY);
            while (Files.size(upload.resolve("bytes")) == 0) {
                var key = watch.poll(2, TimeUnit.MINUTES);
                assertThat(key).as("bytes should arrive").isNotNull();
                key.reset();
            }
        }
    }

    private static void pause(CountDownLatch reached, CountDownLatch until) {
        reached.countDown();
        try {
            until.await(2, TimeUnit.MINUTES);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static String digest(long size) throws Exception {
        return digest(noise(0, size, () -> { }));
    }

    private static String digest(InputStream in) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] buffer = new byte[1 << 16];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            digest.update(buffer, 0, read);
        }
        return "sha256:" + HexFormat.of().formatHex(digest.digest());
    }

    /// Bytes from `from` to `size`, the same each time, with something happening half way.
    private static InputStream noise(long from, long size, Runnable halfWay) {
        byte[] block = new byte[(int) MEBIBYTE];
        new Random(5).nextBytes(block);
        return new InputStream() {
            private long at = from;

            @Override
            public int read() throws IOException {
                throw new IOException("read in blocks");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                if (at >= size) {
                    return -1;
                }
                int inBlock = (int) (at % MEBIBYTE);
                int count = (int) Math.min(Math.min(length, size - at), MEBIBYTE - inBlock);
                System.arraycopy(block, inBlock, bytes, offset, count);
                boolean crosses = at < size / 2 && at + count >= size / 2;
                at += count;
                if (crosses) {
                    halfWay.run();
                }
                return count;
            }
        };
    }
}
