package dev.viridian.registry;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipEncodingHelper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads an image in the layout every engine loads: `manifest.json`, the configuration and the layers, compressed or not as they are.
///
/// The archive exists nowhere as a whole: headers are made up front, contents are opened when reading reaches them.
final class ArchiveExport {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int BLOCK = TarConstants.DEFAULT_RCDSIZE;

    @FunctionalInterface
    private interface Part {
        InputStream open() throws IOException;
    }

    private final Registry registry;
    private final ImageName name;
    private final List<Part> parts = new ArrayList<>();

    ArchiveExport(Registry registry, ImageName name) {
        this.registry = registry;
        this.name = name;
    }

    InputStream open(Manifest image, Optional<String> loadAs) {
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
        byte[] manifest = JSON.writeValueAsBytes(JSON.createArrayNode().add(entry));
        add("manifest.json", manifest.length, () -> new ByteArrayInputStream(manifest));
        addBlob(config.digest().hex() + ".json", config.digest());
        contents.forEach(layer -> addBlob(layerPath(layer), layer));
        parts.add(() -> new ByteArrayInputStream(new byte[2 * BLOCK]));
        return new SequenceInputStream(opening(parts.iterator()));
    }

    private static String layerPath(Digest layer) {
        return layer.hex() + "/layer.tar";
    }

    private void addBlob(String path, Digest digest) {
        Blob blob = registry.blobs().find(name, digest).orElseThrow(() -> RegistryException.missingBlob(digest));
        add(path, blob.size(), blob::open);
    }

    private void add(String path, long size, Part content) {
        TarArchiveEntry entry = new TarArchiveEntry(path);
        entry.setSize(size);
        entry.setModTime(0);
        byte[] header = header(entry);
        parts.add(() -> new ByteArrayInputStream(header));
        parts.add(content);
        parts.add(() -> new ByteArrayInputStream(new byte[(int) ((BLOCK - size % BLOCK) % BLOCK)]));
    }

    /// Sizes from 8 GiB on do not fit the field as it once was; its binary form is understood everywhere.
    private static byte[] header(TarArchiveEntry entry) {
        byte[] header = new byte[BLOCK];
        try {
            entry.writeEntryHeader(header, ZipEncodingHelper.getZipEncoding(StandardCharsets.UTF_8), true);
        } catch (IOException e) {
            throw new RegistryFailure("write the header of " + entry.getName(), e);
        }
        return header;
    }

    private static Enumeration<InputStream> opening(Iterator<Part> parts) {
        return new Enumeration<>() {
            @Override
            public boolean hasMoreElements() {
                return parts.hasNext();
            }

            @Override
            public InputStream nextElement() {
                try {
                    return parts.next().open();
                } catch (IOException e) {
                    throw new RegistryFailure("read an image as an archive", e);
                }
            }
        };
    }
}
