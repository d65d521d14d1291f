package dev.viridian.services.codebuild;

import dev.viridian.container.ContainerRuntime;
import dev.viridian.services.codebuild.BuildLog.Line;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.codebuild.model.BuildArtifacts;
import software.amazon.awssdk.services.codebuild.model.ProjectArtifacts;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/// UPLOAD_ARTIFACTS: files out of the container into S3, as the caller that is bound.
final class Upload {
    private static final int SYMLINK = 0120777;
    private final ContainerRuntime runtime;
    private final S3Client s3;

    Upload(ContainerRuntime runtime, S3Client s3) {
        this.runtime = runtime;
        this.s3 = s3;
    }

    /// @param artifacts what became of the main artifact
    record Uploaded(BuildArtifacts artifacts, List<Line> log) {}

    Uploaded upload(BuildRun run, String container, Instant now) throws SourceException, IOException {
        List<Line> log = new ArrayList<>();
        Plan plan = run.plan().orElseThrow();
        String source = directory(run);
        Collector collector = new Collector(runtime, container, source);
        BuildArtifacts main = run.build().artifacts();
        Optional<Destination> destination = Destination.of(run.artifacts(), run.project(), run.uuid());
        if (plan.artifacts().isPresent() && destination.isPresent()) {
            main = one(run, collector, plan.artifacts().get(), destination.get(), main, log, now);
        }
        for (ProjectArtifacts other : run.otherArtifacts()) {
            Plan.Artifacts wanted = plan.secondary().get(other.artifactIdentifier());
            Optional<Destination> target = Destination.of(other, run.project(), run.uuid());
            if (wanted != null && target.isPresent()) {
                log.add(Line.container(now, "Preparing to copy secondary artifacts " + other.artifactIdentifier()));
                one(run, collector, wanted, target.get(), main, log, now);
            }
        }
        return new Uploaded(main, log);
    }

    /// Relative paths in artifacts count from the source directory, wherever the commands went.
    private static String directory(BuildRun run) {
        String location = run.build().source().location();
        return switch (run.build().source().type()) {
            case CODECOMMIT -> run.sourceDirectory() + "/" + location.replaceFirst("^https?://", "");
            case CODEPIPELINE -> run.build().secondarySources().isEmpty() ? run.sourceDirectory() : run.sourceDirectory() + "/s3/00";
            default -> run.sourceDirectory();
        };
    }

    private BuildArtifacts one(BuildRun run, Collector collector, Plan.Artifacts wanted, Destination to, BuildArtifacts shown, List<Line> log,
                               Instant now) throws SourceException, IOException {
        log.add(Line.container(now, "Expanding base directory path:  " + wanted.baseDirectory()));
        log.add(Line.container(now, "Assembling file list"));
        wanted.files().forEach(pattern -> log.add(Line.container(now, "Expanding " + pattern)));
        Collector.Collected collected;
        BuildArtifacts result = shown;
        if (to.zipped()) {
            Path zip = Files.createTempFile("viridian-artifact", ".zip");
            try {
                collected = zip(collector, wanted, zip);
                put(run, to, to.key(wanted), RequestBody.fromFile(zip));
                result = shown.toBuilder().sha256sum(digest("SHA-256", zip)).md5sum(digest("MD5", zip)).build();
            } finally {
                Files.deleteIfExists(zip);
            }
        } else {
            collected = collector.collect(wanted, (path, content, size, _, _) -> put(run, to, to.key(wanted, path), body(content, size)));
        }
        log.add(Line.container(now, "Found " + collected.files() + " file(s)"));
        collected.unmatched().forEach(pattern -> log.add(Line.container(now, "Skipping invalid file path " + pattern)));
        return result;
    }

    private static RequestBody body(InputStream content, long size) throws IOException {
        return RequestBody.fromBytes(content.readNBytes(Math.toIntExact(size)));
    }

    private static Collector.Collected zip(Collector collector, Plan.Artifacts wanted, Path target) throws SourceException, IOException {
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(target)) {
            return collector.collect(wanted, (path, content, _, mode, link) -> {
                ZipArchiveEntry entry = new ZipArchiveEntry(path);
                entry.setUnixMode(link.isEmpty() ? mode | 0100000 : SYMLINK);
                zip.putArchiveEntry(entry);
                if (link.isEmpty()) {
                    content.transferTo(zip);
                } else {
                    zip.write(link.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                }
                zip.closeArchiveEntry();
            });
        }
    }

    private void put(BuildRun run, Destination to, String key, RequestBody body) throws IOException {
        PutObjectRequest.Builder request = PutObjectRequest.builder().bucket(to.bucket()).key(key)
                .metadata(Map.of("codebuild-buildarn", run.build().arn()));
        if (to.encrypted()) {
            request.serverSideEncryption(ServerSideEncryption.AWS_KMS).ssekmsKeyId(run.build().encryptionKey());
        }
        try {
            s3.putObject(request.build(), body);
        } catch (S3Exception e) {
            throw new IOException("Error uploading to s3://" + to.bucket() + "/" + key + ": " + e.getMessage(), e);
        }
    }

    private static String digest(String algorithm, Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            byte[] buffer = new byte[64 * 1024];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }
}
