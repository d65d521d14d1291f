package dev.viridian.services.codebuild;

import dev.viridian.aws.Caller;
import dev.viridian.container.ContainerRuntime;
import dev.viridian.services.codebuild.BuildLog.Line;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import software.amazon.awssdk.services.codebuild.model.BuildPhaseType;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.StsException;

/// DOWNLOAD_SOURCE: source, buildspec and environment into the container, before it starts.
final class Preparation {
    private final ContainerRuntime runtime;
    private final Sources sources;
    private final StsClient sts;
    private final HiddenValues hidden;
    private final BuildEnvironment surroundings;

    Preparation(ContainerRuntime runtime, Sources sources, StsClient sts, HiddenValues hidden, BuildEnvironment surroundings) {
        this.runtime = runtime;
        this.sources = sources;
        this.sts = sts;
        this.hidden = hidden;
        this.surroundings = surroundings;
    }

    /// @param run with its plan
    /// @param log what the agent says about it
    record Prepared(BuildRun run, List<Line> log) {}

    /// Everything is put there again when this is repeated.
    Prepared prepare(BuildRun run, String container, Instant now) throws SourceException, IOException {
        Path scratch = Files.createTempDirectory("viridian-build");
        try {
            Path archive = scratch.resolve("source.tar");
            Sources.Fetched source;
            try (OutputStream out = Files.newOutputStream(archive); TarFile tar = new TarFile(out)) {
                source = Caller.call(run.role(), () -> sources.fetch(run, scratch, tar));
            }
            put(container, archive);
            Plan plan = plan(run, archive, source);
            Map<String, String> variables = new LinkedHashMap<>(variables(run, plan, source));
            variables.putAll(trust(container));
            Path driver = scratch.resolve("driver.tar");
            try (OutputStream out = Files.newOutputStream(driver); TarFile tar = new TarFile(out)) {
                DriverFiles.write(tar, run, plan, variables, source.directories().get(""));
            }
            put(container, driver);
            return new Prepared(run.planned(plan, source.version()), said(run, plan, source, now));
        } catch (BuildspecException e) {
            throw new SourceException("YAML_FILE_ERROR", e.getMessage());
        } catch (SourceException | IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("preparing a build threw what nobody declared", e);
        } finally {
            delete(scratch);
        }
    }

    private void put(String container, Path tar) throws IOException {
        try (InputStream in = Files.newInputStream(tar)) {
            runtime.putArchive(container, "/", in);
        }
    }

    /// The buildspec is text right in the project, an object in S3, or a file of the source.
    private Plan plan(BuildRun run, Path archive, Sources.Fetched source) throws BuildspecException, SourceException, IOException {
        String buildspec = Optional.ofNullable(run.build().source().buildspec()).filter(text -> !text.isBlank()).orElse("buildspec.yml");
        if (buildspec.contains("\n") || buildspec.stripLeading().startsWith("version:") || buildspec.stripLeading().startsWith("{")) {
            return Buildspec.parse("buildspec.yml", buildspec);
        }
        if (buildspec.startsWith("arn:")) {
            return Buildspec.parse(buildspec, asRole(run, buildspec));
        }
        String path = source.directories().get("") + "/" + buildspec;
        Optional<String> text = find(archive, path);
        if (text.isEmpty()) {
            throw new BuildspecException(buildspec.equals("buildspec.yml") ? "YAML file does not exist"
                    : "stat " + path + ": no such file or directory");
        }
        return Buildspec.parse(buildspec, text.get());
    }

    private String asRole(BuildRun run, String arn) throws SourceException, IOException {
        try {
            return Caller.call(run.role(), () -> sources.text(arn));
        } catch (SourceException | IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("reading a buildspec threw what nobody declared", e);
        }
    }

    private static Optional<String> find(Path archive, String path) throws IOException {
        String wanted = Path.of(path).normalize().toString().substring(1);
        try (InputStream in = Files.newInputStream(archive); TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.isFile() && entry.getName().equals(wanted)) {
                    return Optional.of(new String(tar.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        return Optional.empty();
    }

    private Map<String, String> variables(BuildRun run, Plan plan, Sources.Fetched source) throws Exception {
        Credentials credentials = credentials(run);
        return Caller.call(run.role(), () -> Variables.of(run, plan, source, credentials, hidden, surroundings));
    }

    private Credentials credentials(BuildRun run) throws SourceException {
        try {
            return Caller.get(run.service(), () -> sts.assumeRole(request -> request.roleArn(run.build().serviceRole())
                    .roleSessionName("AWSCodeBuild-" + run.uuid()))).credentials();
        } catch (StsException e) {
            throw new SourceException("ACCESS_DENIED", "CodeBuild is not authorized to perform: sts:AssumeRole on " + run.build().serviceRole()
                    + ". Error message: " + e.getMessage());
        }
    }

    private Map<String, String> trust(String container) throws IOException {
        if (surroundings.certificateAuthority().isEmpty()) {
            return Map.of();
        }
        // tools that bring their own bundle are told where the image's is
        return TrustStore.add(runtime, container, surroundings.certificateAuthority())
                .map(bundle -> Map.of("AWS_CA_BUNDLE", bundle, "REQUESTS_CA_BUNDLE", bundle, "NODE_EXTRA_CA_CERTS", bundle)).orElse(Map.of());
    }

    private static List<Line> said(BuildRun run, Plan plan, Sources.Fetched source, Instant now) {
        List<String> said = new ArrayList<>(List.of("Waiting for agent ping", "Waiting for DOWNLOAD_SOURCE", "Phase is DOWNLOAD_SOURCE"));
        source.directories().forEach((name, path) -> said.add((name.isEmpty() ? "CODEBUILD_SRC_DIR=" : "CODEBUILD_SRC_DIR_" + name + "=") + path));
        said.add("YAML location is " + location(run, source));
        for (BuildPhaseType type : List.of(BuildPhaseType.INSTALL, BuildPhaseType.PRE_BUILD, BuildPhaseType.BUILD, BuildPhaseType.POST_BUILD)) {
            if (plan.phase(type).isEmpty()) {
                said.add("No commands found for phase name: " + type.toString().toLowerCase(java.util.Locale.ROOT));
            }
        }
        said.add("Processing environment variables");
        said.addAll(plan.remarks());
        said.addAll(Remarks.about(run.build()));
        said.add("Moving to directory " + source.directories().get(""));
        said.add("Registering with agent");
        said.add("Phases found in YAML: " + plan.phases().size());
        plan.phases().forEach(phase -> said.add(" " + phase.type() + ": " + phase.commands().size() + " commands"));
        said.add("Phase complete: DOWNLOAD_SOURCE State: SUCCEEDED");
        said.add("Phase context status code:  Message: ");
        return said.stream().map(text -> Line.container(now, text)).toList();
    }

    private static String location(BuildRun run, Sources.Fetched source) {
        String buildspec = Optional.ofNullable(run.build().source().buildspec()).orElse("buildspec.yml");
        return buildspec.contains("\n") ? "/codebuild/readonly/buildspec.yml" : source.directories().get("") + "/" + buildspec;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
