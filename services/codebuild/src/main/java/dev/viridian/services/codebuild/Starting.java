package dev.viridian.services.codebuild;

import dev.viridian.aws.Arn;
import dev.viridian.aws.Caller;
import dev.viridian.aws.Ids;
import dev.viridian.aws.Principal;
import dev.viridian.engine.time.Time;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codebuild.model.ArtifactsType;
import software.amazon.awssdk.services.codebuild.model.Build;
import software.amazon.awssdk.services.codebuild.model.BuildArtifacts;
import software.amazon.awssdk.services.codebuild.model.BuildPhase;
import software.amazon.awssdk.services.codebuild.model.BuildPhaseType;
import software.amazon.awssdk.services.codebuild.model.CloudWatchLogsConfig;
import software.amazon.awssdk.services.codebuild.model.EnvironmentVariable;
import software.amazon.awssdk.services.codebuild.model.LogsConfig;
import software.amazon.awssdk.services.codebuild.model.LogsLocation;
import software.amazon.awssdk.services.codebuild.model.Project;
import software.amazon.awssdk.services.codebuild.model.ProjectArtifacts;
import software.amazon.awssdk.services.codebuild.model.ProjectEnvironment;
import software.amazon.awssdk.services.codebuild.model.ProjectSource;
import software.amazon.awssdk.services.codebuild.model.SourceType;
import software.amazon.awssdk.services.codebuild.model.StartBuildRequest;
import software.amazon.awssdk.services.codebuild.model.StatusType;

/// Makes a build of a project and what a StartBuild says otherwise.
final class Starting {
    /// Facts a pipeline passes along as variables, for want of fields for them; anybody else's are plain variables and have no effect.
    private static final String INITIATOR = "CODEBUILD_INITIATOR";
    private static final String RESOLVED = "CODEBUILD_RESOLVED_SOURCE_VERSION";

    private Starting() {}

    static BuildRun build(Project project, StartBuildRequest request, long number, Time time) {
        String uuid = Ids.uuid();
        Caller caller = Caller.current();
        Instant now = time.now();
        ProjectSource source = source(project, request);
        ProjectArtifacts artifacts = Projects.complete(Optional.ofNullable(request.artifactsOverride()).orElse(project.artifacts()), project.name());
        List<ProjectArtifacts> others = (request.hasSecondaryArtifactsOverride() ? request.secondaryArtifactsOverride()
                : project.secondaryArtifacts()).stream().map(one -> Projects.complete(one, project.name())).toList();
        check(source, artifacts);
        Map<String, EnvironmentVariable> variables = variables(project, request);
        boolean pipeline = source.type() == SourceType.CODEPIPELINE;
        Optional<String> initiator = Optional.ofNullable(variables.remove(INITIATOR)).map(EnvironmentVariable::value).filter(_ -> pipeline);
        Optional<String> resolved = Optional.ofNullable(variables.remove(RESOLVED)).map(EnvironmentVariable::value).filter(_ -> pipeline);
        Build.Builder build = Build.builder().id(project.name() + ":" + uuid).arn(Arn.here("codebuild", "build/" + project.name() + ":" + uuid))
                .buildNumber(number).startTime(now).currentPhase(BuildPhaseType.SUBMITTED.toString()).buildStatus(StatusType.IN_PROGRESS)
                .sourceVersion(or(request.sourceVersion(), project.sourceVersion())).resolvedSourceVersion(resolved.orElse(null))
                .projectName(project.name()).phases(BuildPhase.builder().phaseType(BuildPhaseType.SUBMITTED).startTime(now).build())
                .source(source).environment(environment(project, request, variables.values()))
                .secondarySources(request.hasSecondarySourcesOverride() ? request.secondarySourcesOverride() : project.secondarySources())
                .secondarySourceVersions(request.hasSecondarySourcesVersionOverride() ? request.secondarySourcesVersionOverride()
                        : project.secondarySourceVersions())
                .artifacts(shown(artifacts, project.name(), uuid))
                .secondaryArtifacts(others.stream().map(one -> shown(one, project.name(), uuid)).toList())
                .cache(Optional.ofNullable(request.cacheOverride()).orElse(project.cache())).vpcConfig(project.vpcConfig())
                .serviceRole(or(request.serviceRoleOverride(), project.serviceRole()))
                .logs(logs(Optional.ofNullable(request.logsConfigOverride()).orElse(project.logsConfig()), project.name(), uuid))
                .timeoutInMinutes(Optional.ofNullable(request.timeoutInMinutesOverride()).orElse(project.timeoutInMinutes()))
                .queuedTimeoutInMinutes(Optional.ofNullable(request.queuedTimeoutInMinutesOverride()).orElse(project.queuedTimeoutInMinutes()))
                .buildComplete(false).initiator(initiator.orElseGet(() -> initiator(caller.principal())))
                .encryptionKey(request.encryptionKeyOverride() == null ? project.encryptionKey() : Projects.keyArn(request.encryptionKeyOverride()))
                .exportedEnvironmentVariables(List.of());
        String directory = "/codebuild/output/src" + Ids.digits(9) + "/src";
        return new BuildRun(build.build(), caller.account(), caller.region(), Ids.hex(24), directory, artifacts, others,
                Optional.empty(), Optional.empty(), Instant.EPOCH, Optional.empty(), false);
    }

    private static void check(ProjectSource source, ProjectArtifacts artifacts) {
        boolean pipeline = source.type() == SourceType.CODEPIPELINE;
        if (pipeline && Optional.ofNullable(source.location()).orElse("").isEmpty()) {
            throw ProjectRules.invalid("Builds of projects with source type CODEPIPELINE must be started by CodePipeline: there is no source");
        }
        ProjectRules.source(source);
        // a pipeline's action without output artifacts has none, also when its source comes from the pipeline
        if (!pipeline || artifacts.type() != ArtifactsType.NO_ARTIFACTS) {
            ProjectRules.artifacts(source, artifacts);
        }
    }

    private static ProjectSource source(Project project, StartBuildRequest request) {
        ProjectSource.Builder source = project.source().toBuilder();
        boolean otherType = request.sourceTypeOverride() != null && request.sourceTypeOverride() != project.source().type();
        if (otherType) {
            source.type(request.sourceTypeOverride()).location(null).auth((software.amazon.awssdk.services.codebuild.model.SourceAuth) null);
        }
        Optional.ofNullable(request.sourceLocationOverride()).ifPresent(source::location);
        Optional.ofNullable(request.sourceAuthOverride()).ifPresent(source::auth);
        Optional.ofNullable(request.gitCloneDepthOverride()).ifPresent(source::gitCloneDepth);
        Optional.ofNullable(request.gitSubmodulesConfigOverride()).ifPresent(source::gitSubmodulesConfig);
        Optional.ofNullable(request.buildspecOverride()).ifPresent(source::buildspec);
        Optional.ofNullable(request.insecureSslOverride()).ifPresent(source::insecureSsl);
        Optional.ofNullable(request.reportBuildStatusOverride()).ifPresent(source::reportBuildStatus);
        return Projects.complete(source.build());
    }

    private static ProjectEnvironment environment(Project project, StartBuildRequest request, Iterable<EnvironmentVariable> variables) {
        ProjectEnvironment.Builder environment = project.environment().toBuilder();
        List<EnvironmentVariable> all = new ArrayList<>();
        variables.forEach(all::add);
        Optional.ofNullable(request.environmentTypeOverride()).ifPresent(environment::type);
        Optional.ofNullable(request.imageOverride()).ifPresent(environment::image);
        Optional.ofNullable(request.computeTypeOverride()).ifPresent(environment::computeType);
        Optional.ofNullable(request.certificateOverride()).ifPresent(environment::certificate);
        Optional.ofNullable(request.privilegedModeOverride()).ifPresent(environment::privilegedMode);
        Optional.ofNullable(request.registryCredentialOverride()).ifPresent(environment::registryCredential);
        Optional.ofNullable(request.imagePullCredentialsTypeOverride()).ifPresent(environment::imagePullCredentialsType);
        return Projects.complete(environment.environmentVariables(all).build());
    }

    /// The build's variables outrank the project's of the same name.
    private static Map<String, EnvironmentVariable> variables(Project project, StartBuildRequest request) {
        Map<String, EnvironmentVariable> variables = new LinkedHashMap<>();
        project.environment().environmentVariables().forEach(variable -> variables.put(variable.name(), variable));
        request.environmentVariablesOverride().forEach(variable -> variables.put(variable.name(), variable));
        return variables;
    }

    private static BuildArtifacts shown(ProjectArtifacts artifacts, String project, String uuid) {
        BuildArtifacts.Builder shown = BuildArtifacts.builder().artifactIdentifier(artifacts.artifactIdentifier())
                .overrideArtifactName(artifacts.overrideArtifactName()).encryptionDisabled(artifacts.encryptionDisabled());
        return shown.location(Destination.of(artifacts, project, uuid).map(Destination::arn).orElse("")).build();
    }

    private static LogsLocation logs(@Nullable LogsConfig config, String project, String uuid) {
        CloudWatchLogsConfig chosen = Optional.ofNullable(config).map(LogsConfig::cloudWatchLogs)
                .orElse(CloudWatchLogsConfig.builder().status("ENABLED").build());
        String group = Optional.ofNullable(chosen.groupName()).orElse("/aws/codebuild/" + project);
        String stream = Optional.ofNullable(chosen.streamName()).map(prefix -> prefix + "/" + uuid).orElse(uuid);
        String region = Caller.current().region();
        return LogsLocation.builder().groupName(group).streamName(stream).cloudWatchLogs(chosen)
                .cloudWatchLogsArn(Arn.here("logs", "log-group:" + group + ":log-stream:" + stream))
                .deepLink("https://console.aws.amazon.com/cloudwatch/home?region=" + region + "#logsV2:log-groups/log-group/" + encoded(group)
                        + "/log-events/" + encoded(stream))
                .s3Logs(s3 -> s3.status("DISABLED").encryptionDisabled(false)).build();
    }

    /// The console writes a slash as `$252F`.
    private static String encoded(String text) {
        return text.replace("/", "$252F");
    }

    private static String initiator(Principal principal) {
        return switch (principal) {
            case Principal.Root _ -> "root";
            case Principal.User user -> user.name();
            case Principal.RoleSession session -> session.roleName() + "/" + session.session();
            case Principal.Service service -> service.name();
        };
    }

    private static @Nullable String or(@Nullable String first, @Nullable String second) {
        return first == null ? second : first;
    }
}
