package dev.viridian.services.codebuild;

import dev.viridian.container.ContainerException.NotFound;
import dev.viridian.container.ContainerRuntime;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// Makes a container trust one more authority without using any tool of its image: the bundle is read out, lengthened and put back.
final class TrustStore {
    private static final List<String> BUNDLES = List.of("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
            "/etc/ssl/cert.pem");

    private TrustStore() {}

    /// The bundle that was changed; empty when the image has none.
    static Optional<String> add(ContainerRuntime runtime, String container, String certificate) throws IOException {
        for (String bundle : BUNDLES) {
            Optional<String> present = read(runtime, container, bundle);
            if (present.isPresent()) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                try (TarFile tar = new TarFile(bytes)) {
                    tar.text(bundle, present.get().contains(certificate) ? present.get() : present.get().stripTrailing() + "\n" + certificate);
                }
                runtime.putArchive(container, "/", new ByteArrayInputStream(bytes.toByteArray()));
                return Optional.of(bundle);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> read(ContainerRuntime runtime, String container, String path) throws IOException {
        try (InputStream archive = runtime.getArchive(container, path); TarArchiveInputStream tar = new TarArchiveInputStream(archive)) {
            TarArchiveEntry entry = tar.getNextEntry();
            return entry != null && entry.isFile() ? Optional.of(new String(tar.readAllBytes(), StandardCharsets.UTF_8)) : Optional.empty();
        } catch (NotFound _) {
            return Optional.empty();
        }
    }
}
