package dev.viridian.services.codepipeline;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import software.amazon.awssdk.services.s3.S3Client;

/// The zips that actions hand on to each other through the artifact bucket.
final class Artifacts {
    /// CodeDeployToECS refuses larger input zips. Source: user guide, quotas.
    private static final long LARGEST_TEMPLATE_ZIP = 3L * 1024 * 1024;
    private static final int LARGEST_TEMPLATE = 4 * 1024 * 1024;

    private final S3Client s3;

    Artifacts(S3Client s3) {
        this.s3 = s3;
    }

    /// The bucket key of an output: the pipeline's name cut to 20 characters, the artifact's to 10, and something random.
    static String key(String pipeline, String artifact, String random) {
        return cut(pipeline, 20) + "/" + cut(artifact, 10) + "/" + random;
    }

    /// The text of one file in an artifact; empty when the zip or the file is missing, too large, or not a zip.
    Optional<String> file(ArtifactLocation artifact, String path) {
        byte[] zip = s3.getObject(b -> b.bucket(artifact.bucket()).key(artifact.key()), (response, body) -> {
            if (response.contentLength() != null && response.contentLength() > LARGEST_TEMPLATE_ZIP) {
                return new byte[0];
            }
            return body.readNBytes((int) LARGEST_TEMPLATE_ZIP);
        });
        return fileIn(new ByteArrayInputStream(zip), path);
    }

    private static Optional<String> fileIn(InputStream zip, String path) {
        String wanted = path.startsWith("./") ? path.substring(2) : path;
        try (ZipInputStream entries = new ZipInputStream(zip)) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                if (entry.getName().equals(wanted)) {
                    byte[] text = entries.readNBytes(LARGEST_TEMPLATE + 1);
                    return text.length > LARGEST_TEMPLATE ? Optional.empty() : Optional.of(new String(text, StandardCharsets.UTF_8));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String cut(String name, int length) {
        return name.length() <= length ? name : name.substring(0, length);
    }
}
