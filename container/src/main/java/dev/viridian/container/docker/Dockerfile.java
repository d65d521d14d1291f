package dev.viridian.container.docker;

import dev.viridian.container.ImageConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import tools.jackson.databind.node.ArrayNode;

/// The few Dockerfile lines this package writes itself.
final class Dockerfile {
    private Dockerfile() {}

    /// The instructions that make an imported file system say `config`.
    static List<String> changes(ImageConfig config) {
        List<String> changes = new ArrayList<>();
        config.environment().forEach((key, value) -> changes.add("ENV " + key + "=" + quoted(value)));
        config.labels().forEach((key, value) -> changes.add("LABEL " + quoted(key) + "=" + quoted(value)));
        config.exposedPorts().forEach(port -> changes.add("EXPOSE " + port));
        if (!config.user().isEmpty()) {
            changes.add("USER " + config.user());
        }
        if (!config.workingDirectory().isEmpty()) {
            changes.add("WORKDIR " + config.workingDirectory());
        }
        if (!config.entrypoint().isEmpty()) {
            changes.add("ENTRYPOINT " + array(config.entrypoint()));
        }
        if (!config.command().isEmpty()) {
            changes.add("CMD " + array(config.command()));
        }
        return changes;
    }

    /// A build context with nothing but this Dockerfile.
    static InputStream context(String dockerfile) {
        byte[] content = dockerfile.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            TarArchiveEntry entry = new TarArchiveEntry("Dockerfile");
            entry.setSize(content.length);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
        } catch (IOException e) {
            throw new UncheckedIOException("could not write a tar in memory", e);
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    private static String array(List<String> values) {
        ArrayNode array = Json.MAPPER.createArrayNode();
        values.forEach(array::add);
        return array.toString();
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "\\$") + '"';
    }
}
