package dev.viridian.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes the layout every engine loads: `manifest.json`, the configuration and the layers, compressed or not as they are.
final class ArchiveExport {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Registry registry;
    private final ImageName name;

    ArchiveExport(Registry registry, ImageName name) {
        this.registry = registry;
        this.name = name;
    }

    void run(Manifest image, Optional<String> loadAs, OutputStream to) {
        try {
            TarArchiveOutputStream tar = new TarArchiveOutputStream(to, StandardCharsets.UTF_8.name());
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            write(tar, image, loadAs);
            tar.finish();
            tar.flush();
        } catch (IOException e) {
            throw new RegistryFailure("write " + name + " at " + image.digest() + " as an archive", e);
        }
    }

    private void write(TarArchiveOutputStream tar, Manifest image, Optional<String> loadAs) throws IOException {
        Descriptor config = image.config().orElseThrow(() -> RegistryException.archiveInvalid(image.digest() + " is no image"));
        ObjectNode entry = JSON.createObjectNode().put("Config", config.digest().hex() + ".json");
        ArrayNode tags = entry.putArray("RepoTags");
        loadAs.ifPresent(tags::add);
        ArrayNode layers = entry.putArray("Layers");
        Set<Digest> contents = new LinkedHashSet<>();
        for (Descriptor layer : image.layers()) {
            layers.add(layerPath(layer.digest()));
            contents.add(layer.digest());
        }
        writeBytes(tar, "manifest.json", JSON.writeValueAsBytes(JSON.createArrayNode().add(entry)));
        writeBlob(tar, config.digest().hex() + ".json", config.digest());
        for (Digest layer : contents) {
            writeBlob(tar, layerPath(layer), layer);
        }
    }

    private static String layerPath(Digest layer) {
        return layer.hex() + "/layer.tar";
    }

    private static void writeBytes(TarArchiveOutputStream tar, String path, byte[] bytes) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(path);
        entry.setSize(bytes.length);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    private void writeBlob(TarArchiveOutputStream tar, String path, Digest digest) throws IOException {
        Blob blob = registry.blobs().find(name, digest).orElseThrow(() -> RegistryException.missingBlob(digest));
        TarArchiveEntry entry = new TarArchiveEntry(path);
        entry.setSize(blob.size());
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        try (InputStream in = blob.open()) {
            in.transferTo(tar);
        }
        tar.closeArchiveEntry();
    }
}
