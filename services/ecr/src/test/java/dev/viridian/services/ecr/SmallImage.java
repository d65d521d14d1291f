package dev.viridian.services.ecr;

import dev.viridian.registry.Digest;
import dev.viridian.registry.ImageName;
import dev.viridian.registry.Manifest;
import dev.viridian.registry.MediaTypes;
import dev.viridian.registry.Registry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// An image of one small file that any engine takes for a real one.
record SmallImage(byte[] layer, byte[] config, byte[] manifest) {

    static SmallImage saying(String message) {
        byte[] tar = tar(message.getBytes(StandardCharsets.UTF_8));
        byte[] layer = gzip(tar);
        byte[] config = """
                {"architecture":"amd64","os":"linux","created":"2026-01-01T00:00:00Z","config":{"Cmd":["/message"]},
                "rootfs":{"type":"layers","diff_ids":["%s"]},
                "history":[{"created":"2026-01-01T00:00:00Z","created_by":"test"}]}""".formatted(Digest.of(tar)).getBytes(StandardCharsets.UTF_8);
        byte[] manifest = """
                {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"application/vnd.docker.container.image.v1+json","digest":"%s","size":%d},
                "layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","digest":"%s","size":%d}]}"""
                .formatted(MediaTypes.DOCKER_MANIFEST, Digest.of(config), config.length, Digest.of(layer), layer.length)
                .getBytes(StandardCharsets.UTF_8);
        return new SmallImage(layer, config, manifest);
    }

    String digest() {
        return Digest.of(manifest).toString();
    }

    String text() {
        return new String(manifest, StandardCharsets.UTF_8);
    }

    /// As a push would leave it.
    Manifest push(Registry registry, ImageName name, String tag) {
        upload(registry, name);
        return registry.push(name, manifest, Optional.of(MediaTypes.DOCKER_MANIFEST), Optional.of(tag), "arn:aws:iam::111122223333:user/dev");
    }

    void upload(Registry registry, ImageName name) {
        registry.blobs().put(name, layer);
        registry.blobs().put(name, config);
    }

    /// As a folder skopeo calls `dir:folder`.
    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve(Digest.of(layer).hex()), layer);
        Files.write(folder.resolve(Digest.of(config).hex()), config);
        Files.write(folder.resolve("manifest.json"), manifest);
        Files.writeString(folder.resolve("version"), "Directory Transport Version: 1.1\n");
    }

    /// As an archive `docker load` takes.
    byte[] archive(String reference) {
        byte[] tar = ungzip(layer);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes)) {
            add(out, "manifest.json", "[{\"Config\":\"c.json\",\"RepoTags\":[\"%s\"],\"Layers\":[\"l/layer.tar\"]}]".formatted(reference)
                    .getBytes(StandardCharsets.UTF_8));
            add(out, "c.json", config);
            add(out, "l/layer.tar", tar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void add(TarArchiveOutputStream out, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        entry.setModTime(0);
        out.putArchiveEntry(entry);
        out.write(content);
        out.closeArchiveEntry();
    }

    private static byte[] tar(byte[] message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes)) {
            add(out, "message", message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] ungzip(byte[] content) {
        try (var zip = new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(content))) {
            return zip.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
