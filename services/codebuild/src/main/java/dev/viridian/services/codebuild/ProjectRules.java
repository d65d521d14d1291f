package dev.viridian.services.codebuild;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codebuild.model.ArtifactsType;
import software.amazon.awssdk.services.codebuild.model.InvalidInputException;
import software.amazon.awssdk.services.codebuild.model.LogsConfig;
import software.amazon.awssdk.services.codebuild.model.LogsConfigStatusType;
import software.amazon.awssdk.services.codebuild.model.Project;
import software.amazon.awssdk.services.codebuild.model.ProjectArtifacts;
import software.amazon.awssdk.services.codebuild.model.ProjectSource;
import software.amazon.awssdk.services.codebuild.model.SourceType;

/// What a project must be like, beyond the constraints of its shapes.
///
/// Source: user guide, "Create a build project"; sentences as seen in terraform's and moto's collections of CodeBuild errors.
final class ProjectRules {
    private static final List<SourceType> WITH_LOCATION = List.of(SourceType.CODECOMMIT, SourceType.S3, SourceType.GITHUB,
            SourceType.GITHUB_ENTERPRISE, SourceType.BITBUCKET, SourceType.GITLAB, SourceType.GITLAB_SELF_MANAGED);

    private ProjectRules() {}

    static void check(Project project) {
        source(project.source());
        project.secondarySources().forEach(ProjectRules::secondary);
        artifacts(project.source(), project.artifacts());
        logs(project.logsConfig());
        between("timeoutInMinutes", project.timeoutInMinutes(), 5, 2160);
        between("queuedTimeoutInMinutes", project.queuedTimeoutInMinutes(), 5, 480);
        if (!project.fileSystemLocations().isEmpty()) {
            throw invalid("File systems cannot be mounted in builds here");
        }
    }

    static void source(ProjectSource source) {
        if (source.type() == SourceType.UNKNOWN_TO_SDK_VERSION) {
            throw invalid("Invalid type provided: Project source type");
        }
        String location = Optional.ofNullable(source.location()).orElse("");
        if (WITH_LOCATION.contains(source.type()) && location.isEmpty()) {
            throw invalid("Project source location is required");
        }
        if (source.type() == SourceType.S3 && !location.contains("/")) {
            throw invalid("Invalid project source: location of an S3 source must be bucket/key or bucket/folder/");
        }
        if (source.type() == SourceType.NO_SOURCE && Optional.ofNullable(source.buildspec()).orElse("").isBlank()) {
            throw invalid("Invalid project source: buildspec is required for source type NO_SOURCE");
        }
    }

    private static void secondary(ProjectSource source) {
        if (Optional.ofNullable(source.sourceIdentifier()).orElse("").isEmpty()) {
            throw invalid("Invalid secondary source: sourceIdentifier is required");
        }
        source(source);
    }

    static void artifacts(ProjectSource source, ProjectArtifacts artifacts) {
        if (artifacts.type() == ArtifactsType.UNKNOWN_TO_SDK_VERSION) {
            throw invalid("Invalid type provided: Artifact type");
        }
        boolean fromPipeline = source.type() == SourceType.CODEPIPELINE;
        boolean toPipeline = artifacts.type() == ArtifactsType.CODEPIPELINE;
        if (fromPipeline != toPipeline) {
            throw invalid("Invalid project source: source type " + source.typeAsString() + " cannot be combined with artifacts type "
                    + artifacts.typeAsString());
        }
        if (artifacts.type() == ArtifactsType.S3 && Optional.ofNullable(artifacts.location()).orElse("").isEmpty()) {
            throw invalid("Invalid artifacts: location must be set for artifacts type S3");
        }
    }

    private static void logs(@Nullable LogsConfig logs) {
        if (logs != null && logs.s3Logs() != null && logs.s3Logs().status() == LogsConfigStatusType.ENABLED) {
            throw invalid("Logs cannot be kept in S3 here: only CloudWatch Logs are available");
        }
    }

    private static void between(String name, @Nullable Integer value, int least, int most) {
        if (value != null && (value < least || value > most)) {
            throw invalid("Invalid " + name + ": must be between " + least + " and " + most + " minutes");
        }
    }

    static InvalidInputException invalid(String message) {
        return InvalidInputException.builder().message(message).build();
    }
}
