package dev.viridian.services.codebuild;

import dev.viridian.services.codebuild.Checkouts.NoSuchVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.codebuild.model.Build;
import software.amazon.awssdk.services.codebuild.model.ProjectSource;
import software.amazon.awssdk.services.codebuild.model.SourceType;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/// Fetches what a build works on, as the caller that is bound: the project's service role.
final class Sources {
    private final S3Client s3;
    private final Checkouts checkouts;

    Sources(S3Client s3, Checkouts checkouts) {
        this.s3 = s3;
        this.checkouts = checkouts;
    }

    /// @param version what the source resolved to: a commit id, an object's version, or empty
    /// @param directories `CODEBUILD_SRC_DIR` under the empty name, and one per source identifier
    record Fetched(String version, Map<String, String> directories) {}

    /// Writes primary and secondary sources into `tar`.
    Fetched fetch(BuildRun run, Path scratch, TarFile tar) throws SourceException, IOException {
        Build build = run.build();
        List<ProjectSource> others = build.secondarySources();
        boolean pipelineWithMany = build.source().type() == SourceType.CODEPIPELINE && !others.isEmpty();
        String root = run.sourceDirectory();
        Map<String, String> directories = new LinkedHashMap<>();
        directories.put("", directory(build.source(), root, pipelineWithMany ? root + "/s3/00" : root));
        String version = fetch(build.source(), Optional.ofNullable(build.sourceVersion()).orElse(""), directories.get(""), scratch, tar);
        for (int i = 0; i < others.size(); i++) {
            ProjectSource other = others.get(i);
            String wanted = secondaryVersion(build, other.sourceIdentifier());
            String standard = root + "/s3/%02d".formatted(i + 1);
            directories.put(other.sourceIdentifier(), directory(other, root, standard));
            fetch(other, wanted, directories.get(other.sourceIdentifier()), scratch, tar);
        }
        return new Fetched(version, directories);
    }

    private static String secondaryVersion(Build build, String identifier) {
        return build.secondarySourceVersions().stream().filter(version -> version.sourceIdentifier().equals(identifier))
                .map(version -> Optional.ofNullable(version.sourceVersion()).orElse("")).findFirst().orElse("");
    }

    /// A clone lies in a folder named after its URL.
    private static String directory(ProjectSource source, String root, String standard) {
        return source.type() == SourceType.CODECOMMIT ? root + "/" + source.location().replaceFirst("^https?://", "") : standard;
    }

    private String fetch(ProjectSource source, String version, String directory, Path scratch, TarFile tar) throws SourceException, IOException {
        tar.directory(directory);
        return switch (source.type()) {
            case CODECOMMIT -> clone(source, version, directory, scratch, tar);
            case CODEPIPELINE -> object(source.location(), "", directory, scratch, tar);
            case S3 -> source.location().endsWith("/") ? folder(source.location(), directory, scratch, tar)
                    : object(source.location(), version, directory, scratch, tar);
            case NO_SOURCE -> "";
            default -> throw new SourceException("CLIENT_ERROR", "sources of type " + source.typeAsString() + " cannot be reached from here");
        };
    }

    /// Source of the words: DOWNLOAD_SOURCE contexts of real builds.
    private String clone(ProjectSource source, String version, String directory, Path scratch, TarFile tar) throws SourceException, IOException {
        String repository = source.location().substring(source.location().lastIndexOf('/') + 1);
        Path zip = Files.createTempFile(scratch, "source", ".zip");
        try {
            int depth = Optional.ofNullable(source.gitCloneDepth()).orElse(0);
            String commit = checkouts.fetch(repository, version.replaceFirst("^refs/heads/", ""), depth, zip);
            tar.unzip(zip, directory);
            return commit;
        } catch (NoSuchVersion e) {
            throw new SourceException("CLIENT_ERROR", e.getMessage() + " for primary source and source version " + version);
        } finally {
            Files.deleteIfExists(zip);
        }
    }

    private String object(String location, String version, String directory, Path scratch, TarFile tar) throws SourceException, IOException {
        String bucket = bucket(location);
        String key = location.substring(location.indexOf('/') + 1);
        Path zip = Files.createTempFile(scratch, "source", ".zip");
        try (ResponseInputStream<GetObjectResponse> object = get(bucket, key, version.isEmpty() ? null : version)) {
            Files.copy(object, zip, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            unzip(zip, location, directory, tar);
            return Optional.ofNullable(object.response().versionId()).orElse("");
        } finally {
            Files.deleteIfExists(zip);
        }
    }

    private static void unzip(Path zip, String location, String directory, TarFile tar) throws SourceException {
        try {
            tar.unzip(zip, directory);
        } catch (IOException e) {
            throw new SourceException("CLIENT_ERROR", "could not unpack s3://" + location + ": " + e.getMessage());
        }
    }

    private String folder(String location, String directory, Path scratch, TarFile tar) throws SourceException, IOException {
        String bucket = bucket(location);
        String prefix = location.substring(location.indexOf('/') + 1);
        List<S3Object> objects;
        try {
            objects = s3.listObjectsV2Paginator(request -> request.bucket(bucket).prefix(prefix)).contents().stream().toList();
        } catch (S3Exception e) {
            throw new SourceException("CLIENT_ERROR", "error while downloading S3 object: " + e.getMessage());
        }
        for (S3Object object : objects) {
            if (!object.key().endsWith("/")) {
                try (InputStream content = get(bucket, object.key(), null)) {
                    tar.file(directory + "/" + object.key().substring(prefix.length()), content, object.size());
                }
            }
        }
        return "";
    }

    private ResponseInputStream<GetObjectResponse> get(String bucket, String key, @Nullable String version) throws SourceException {
        try {
            return s3.getObject(request -> request.bucket(bucket).key(key).versionId(version));
        } catch (S3Exception e) {
            throw new SourceException("CLIENT_ERROR", "error while downloading key " + key + ", error: " + e.getMessage());
        }
    }

    /// A text object by ARN, for buildspecs kept in S3.
    String text(String arn) throws SourceException, IOException {
        String location = arn.replaceFirst("^arn:aws[a-z-]*:s3:::", "");
        try (InputStream object = get(bucket(location), location.substring(location.indexOf('/') + 1), null)) {
            return new String(object.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    private static String bucket(String location) {
        return location.substring(0, location.indexOf('/'));
    }
}
