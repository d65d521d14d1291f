package dev.viridian.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// A small image of one file, `/message`, that any engine takes for a real one.
record TestImage(byte[] layer, byte[] config, byte[] manifest) {

    static TestImage saying(String message) {
        byte[] tar = tar("message", message.getBytes(StandardCharsets.UTF_8));
        byte[] layer = gzip(tar);
        byte[] config = config(Digest.of(tar));
        return new TestImage(layer, config, manifest(layer, config));
    }

    /// As an OCI layout in a folder, which skopeo calls `oci:folder:tag`.
    void writeLayout(Path folder, String tag) throws IOException {
        Path blobs = Files.createDirectories(folder.resolve("blobs/sha256"));
        for (byte[] blob : new byte[][] {layer, config, manifest}) {
            Files.write(blobs.resolve(Digest.of(blob).hex()), blob);
        }
        Files.writeString(folder.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        Files.writeString(folder.resolve("index.json"), """
                {"schemaVersion":2,"manifests":[{"mediaType":"%s","digest":"%s","size":%d,"annotations":{"org.opencontainers.image.ref.name":"%s"}}]}
                """.formatted(MediaTypes.OCI_MANIFEST, Digest.of(manifest), manifest.length, tag));
    }

    /// As buildx makes it: the image, and a second entry that says how it was built.
    static byte[] index(TestImage image, TestImage attestation) {
        return """
                {"schemaVersion":2,"mediaType":"%s","manifests":[
                {"mediaType":"%s","digest":"%s","size":%d,"platform":{"architecture":"amd64","os":"linux"}},
                {"mediaType":"%s","digest":"%s","size":%d,"platform":{"architecture":"unknown","os":"unknown"}}]}"""
                .formatted(MediaTypes.OCI_INDEX, MediaTypes.OCI_MANIFEST, Digest.of(image.manifest()), image.manifest().length,
                        MediaTypes.OCI_MANIFEST, Digest.of(attestation.manifest()), attestation.manifest().length).getBytes(StandardCharsets.UTF_8);
    }

    static byte[] config(Digest diff) {
        return """
                {"architecture":"amd64","os":"linux","created":"2026-01-01T00:00:00Z","config":{"Cmd":["/message"]},
                "rootfs":{"type":"layers","diff_ids":["%s"]},
                "history":[{"created":"2026-01-01T00:00:00Z","created_by":"test"}]}""".formatted(diff).getBytes(StandardCharsets.UTF_8);
    }

    static byte[] manifest(byte[] layer, byte[] config) {
        return """
                {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":%d},
                "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"%s","size":%d}]}"""
                .formatted(MediaTypes.OCI_MANIFEST, Digest.of(config), config.length, Digest.of(layer), layer.length)
                .getBytes(StandardCharsets.UTF_8);
    }

    static byte[] tar(Object... namesAndContents) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                byte[] content = (byte[]) namesAndContents[i + 1];
                TarArchiveEntry entry = new TarArchiveEntry((String) namesAndContents[i], true);
                entry.setSize(content.length);
                entry.setModTime(0);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static byte[] gzip(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
