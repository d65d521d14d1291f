package dev.viridian.services.codebuild;

import dev.viridian.aws.Arn;
import dev.viridian.aws.Caller;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.Time;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.codebuild.model.CacheType;
import software.amazon.awssdk.services.codebuild.model.CreateProjectRequest;
import software.amazon.awssdk.services.codebuild.model.EnvironmentVariableType;
import software.amazon.awssdk.services.codebuild.model.ImagePullCredentialsType;
import software.amazon.awssdk.services.codebuild.model.Project;
import software.amazon.awssdk.services.codebuild.model.ProjectArtifacts;
import software.amazon.awssdk.services.codebuild.model.ProjectCache;
import software.amazon.awssdk.services.codebuild.model.ProjectEnvironment;
import software.amazon.awssdk.services.codebuild.model.ProjectSource;
import software.amazon.awssdk.services.codebuild.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.codebuild.model.ResourceNotFoundException;
import software.amazon.awssdk.services.codebuild.model.SourceType;
import software.amazon.awssdk.services.codebuild.model.UpdateProjectRequest;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.StsException;

/// The rows of projects, by account, region and name.
final class Projects {
    private final Store store;
    private final Table<ProjectRow> table;
    private final StsClient sts;
    private final Time time;

    Projects(Store store, StsClient sts, Time time) {
        this.store = store;
        this.table = store.table("codebuild.projects", ProjectRow.class);
        this.sts = sts;
        this.time = time;
    }

    Project create(CreateProjectRequest request) {
        Project project = Project.builder().name(request.name()).arn(arn(request.name())).description(request.description())
                .source(complete(request.source())).secondarySources(request.secondarySources().stream().map(Projects::complete).toList())
                .sourceVersion(request.sourceVersion()).secondarySourceVersions(request.secondarySourceVersions())
                .artifacts(complete(request.artifacts(), request.name()))
                .secondaryArtifacts(request.secondaryArtifacts().stream().map(one -> complete(one, request.name())).toList())
                .cache(request.cache() == null ? ProjectCache.builder().type(CacheType.NO_CACHE).build() : request.cache())
                .environment(complete(request.environment())).serviceRole(roleArn(request.serviceRole()))
                .timeoutInMinutes(Optional.ofNullable(request.timeoutInMinutes()).orElse(60))
                .queuedTimeoutInMinutes(Optional.ofNullable(request.queuedTimeoutInMinutes()).orElse(480))
                .encryptionKey(keyArn(request.encryptionKey())).tags(request.tags()).vpcConfig(request.vpcConfig())
                .badge(badge -> badge.badgeEnabled(Boolean.TRUE.equals(request.badgeEnabled()))).logsConfig(request.logsConfig())
                .fileSystemLocations(request.fileSystemLocations()).concurrentBuildLimit(request.concurrentBuildLimit())
                .autoRetryLimit(request.autoRetryLimit()).projectVisibility("PRIVATE").created(time.now()).lastModified(time.now()).build();
        ProjectRules.check(project);
        checkRole(project.serviceRole());
        if (!table.putIfAbsent(key(project.name()), new ProjectRow(project, 0))) {
            throw ResourceAlreadyExistsException.builder().message("Project already exists: " + project.arn()).build();
        }
        return project;
    }

    /// What the request does not name stays as it is.
    Project update(UpdateProjectRequest request) {
        Optional.ofNullable(request.serviceRole()).ifPresent(role -> checkRole(roleArn(role)));
        return change(request.name(), project -> {
            Project.Builder changed = project.toBuilder();
            Optional.ofNullable(request.description()).ifPresent(changed::description);
            Optional.ofNullable(request.source()).map(Projects::complete).ifPresent(changed::source);
            Optional.ofNullable(request.sourceVersion()).ifPresent(changed::sourceVersion);
            Optional.ofNullable(request.artifacts()).map(one -> complete(one, project.name())).ifPresent(changed::artifacts);
            Optional.ofNullable(request.cache()).ifPresent(changed::cache);
            Optional.ofNullable(request.environment()).map(Projects::complete).ifPresent(changed::environment);
            Optional.ofNullable(request.serviceRole()).map(Projects::roleArn).ifPresent(changed::serviceRole);
            Optional.ofNullable(request.timeoutInMinutes()).ifPresent(changed::timeoutInMinutes);
            Optional.ofNullable(request.queuedTimeoutInMinutes()).ifPresent(changed::queuedTimeoutInMinutes);
            Optional.ofNullable(request.encryptionKey()).map(Projects::keyArn).ifPresent(changed::encryptionKey);
            Optional.ofNullable(request.vpcConfig()).ifPresent(changed::vpcConfig);
            Optional.ofNullable(request.logsConfig()).ifPresent(changed::logsConfig);
            Optional.ofNullable(request.badgeEnabled()).ifPresent(enabled -> changed.badge(badge -> badge.badgeEnabled(enabled)));
            Optional.ofNullable(request.autoRetryLimit()).ifPresent(changed::autoRetryLimit);
            // -1 takes the limit away
            Optional.ofNullable(request.concurrentBuildLimit()).ifPresent(limit -> changed.concurrentBuildLimit(limit == -1 ? null : limit));
            if (request.hasSecondarySources()) {
                changed.secondarySources(request.secondarySources().stream().map(Projects::complete).toList());
            }
            if (request.hasSecondarySourceVersions()) {
                changed.secondarySourceVersions(request.secondarySourceVersions());
            }
            if (request.hasSecondaryArtifacts()) {
                changed.secondaryArtifacts(request.secondaryArtifacts().stream().map(one -> complete(one, project.name())).toList());
            }
            if (request.hasFileSystemLocations()) {
                changed.fileSystemLocations(request.fileSystemLocations());
            }
            if (request.hasTags()) {
                changed.tags(request.tags());
            }
            return changed.lastModified(time.now()).build();
        });
    }

    private Project change(String name, UnaryOperator<Project> change) {
        return store.transact(() -> {
            Project changed = change.apply(require(name).project());
            ProjectRules.check(changed);
            table.update(key(name), row -> row.with(changed));
            return changed;
        });
    }

    /// No error when there is no such project; its builds stay.
    void delete(String name) {
        table.delete(key(plain(name)));
    }

    Optional<Project> find(String nameOrArn) {
        return table.find(key(plain(nameOrArn))).map(ProjectRow::project);
    }

    /// @throws ResourceNotFoundException as AWS words it
    ProjectRow require(String nameOrArn) {
        String name = plain(nameOrArn);
        return table.find(key(name)).orElseThrow(
                () -> ResourceNotFoundException.builder().message("Project cannot be found: " + arn(name)).build());
    }

    /// Joins the current transaction.
    long nextBuildNumber(String name) {
        return table.update(key(name), ProjectRow::counted).builds();
    }

    /// Of the current caller's account and region.
    List<Project> list() {
        Caller caller = Caller.current();
        return table.list(Key.under(caller.account(), caller.region())).stream().map(ProjectRow::project).toList();
    }

    private void checkRole(String role) {
        Caller caller = Caller.current();
        try {
            Caller.run(Caller.service("codebuild.amazonaws.com", caller.account(), caller.region()),
                    () -> sts.assumeRole(request -> request.roleArn(role).roleSessionName("AWSCodeBuild")));
        } catch (StsException _) {
            throw ProjectRules.invalid("CodeBuild is not authorized to perform: sts:AssumeRole on " + role);
        }
    }

    static ProjectSource complete(ProjectSource source) {
        ProjectSource.Builder result = source.toBuilder().insecureSsl(Boolean.TRUE.equals(source.insecureSsl()));
        boolean git = source.type() != SourceType.S3 && source.type() != SourceType.CODEPIPELINE && source.type() != SourceType.NO_SOURCE;
        if (git && source.gitCloneDepth() == null) {
            result.gitCloneDepth(0);
        }
        return result.build();
    }

    static ProjectArtifacts complete(ProjectArtifacts artifacts, String project) {
        ProjectArtifacts.Builder result = artifacts.toBuilder();
        return switch (artifacts.type()) {
            case NO_ARTIFACTS -> result.build();
            default -> result.name(Optional.ofNullable(artifacts.name()).orElse(project))
                    .packaging(Optional.ofNullable(artifacts.packagingAsString()).orElse("NONE"))
                    .encryptionDisabled(Boolean.TRUE.equals(artifacts.encryptionDisabled())).build();
        };
    }

    static ProjectEnvironment complete(ProjectEnvironment environment) {
        ImagePullCredentialsType pull = Optional.ofNullable(environment.imagePullCredentialsType()).orElse(ImagePullCredentialsType.CODEBUILD);
        return environment.toBuilder().privilegedMode(Boolean.TRUE.equals(environment.privilegedMode())).imagePullCredentialsType(pull)
                .environmentVariables(environment.environmentVariables().stream().map(variable -> variable.toBuilder()
                        .type(Optional.ofNullable(variable.type()).orElse(EnvironmentVariableType.PLAINTEXT)).build()).toList()).build();
    }

    /// CodeBuild takes the bare name of a role too.
    private static String roleArn(String role) {
        return Arn.isArn(role) ? role : "arn:aws:iam::" + Caller.current().account() + ":role/" + role;
    }

    static String keyArn(@org.jspecify.annotations.Nullable String key) {
        String given = key == null || key.isEmpty() ? "alias/aws/s3" : key;
        return Arn.isArn(given) ? given : Arn.here("kms", given.startsWith("alias/") ? given : "key/" + given);
    }

    private static String arn(String name) {
        return Arn.here("codebuild", "project/" + name);
    }

    private static String plain(String nameOrArn) {
        return nameOrArn.startsWith("arn:") ? nameOrArn.substring(nameOrArn.indexOf(":project/") + ":project/".length()) : nameOrArn;
    }

    private static String key(String name) {
        Caller caller = Caller.current();
        return Key.of(caller.account(), caller.region(), name);
    }
}
