package dev.viridian.services.codepipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codebuild.model.ArtifactPackaging;
import software.amazon.awssdk.services.codebuild.model.ArtifactsType;
import software.amazon.awssdk.services.codebuild.model.Build;
import software.amazon.awssdk.services.codebuild.model.BuildPhase;
import software.amazon.awssdk.services.codebuild.model.EnvironmentVariable;
import software.amazon.awssdk.services.codebuild.model.EnvironmentVariableType;
import software.amazon.awssdk.services.codebuild.model.ProjectArtifacts;
import software.amazon.awssdk.services.codebuild.model.ProjectSource;
import software.amazon.awssdk.services.codebuild.model.ResourceNotFoundException;
import software.amazon.awssdk.services.codebuild.model.SourceType;
import software.amazon.awssdk.services.codebuild.model.StartBuildRequest;
import software.amazon.awssdk.services.codebuild.model.StatusType;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Build action CodeBuild: a build of a project on the input artifact.
///
/// The build gets its source and says where its artifacts go through overrides of type CODEPIPELINE whose `location` is `bucket/key`; that way a
/// project made for CodeCommit serves a pipeline too. Source: user guide, "CodeBuild action reference"; texts: delivery-plane reference 4.3.
final class CodeBuildAction implements Provider {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

    private final CodeBuildClient codebuild;
    private final String category;

    /// @param category `Build` or `Test`: the same provider serves both
    CodeBuildAction(CodeBuildClient codebuild, String category) {
        this.codebuild = codebuild;
        this.category = category;
    }

    @Override
    public Terms terms() {
        return new Terms(category, "CodeBuild", Set.of("ProjectName"), Set.of("PrimarySource", "EnvironmentVariables", "BatchEnabled", "CombineArtifacts"),
                1, 5, 0, 5, Duration.ofHours(36));
    }

    @Override
    public Outcome begin(ActionContext action) {
        List<ActionRun.NamedArtifact> inputs = action.run().inputs();
        if (inputs.size() > 1 && action.optional("PrimarySource").isEmpty()) {
            return Outcome.Failed.configuration("PrimarySource must be specified when there is more than one input artifact");
        }
        if (action.optional("BatchEnabled").orElse("false").equals("true")) {
            return Outcome.Failed.configuration("BatchEnabled is not implemented here.");
        }
        List<EnvironmentVariable> environment;
        try {
            environment = environment(action);
        } catch (JacksonException | IllegalArgumentException e) {
            return Outcome.Failed.configuration("EnvironmentVariables is not a JSON array of objects with name, value and type: " + e.getMessage());
        }
        String primary = action.optional("PrimarySource").orElse(inputs.getFirst().name());
        try {
            Build build = codebuild.startBuild(request(action, primary, environment)).build();
            return new Outcome.Going(build.id(), link(action, build.id()), null, LOOK_AGAIN);
        } catch (ResourceNotFoundException e) {
            return Outcome.Failed.configuration("Error calling startBuild: " + (e.awsErrorDetails() == null ? e.getMessage() : e.awsErrorDetails().errorMessage()));
        }
    }

    private static StartBuildRequest request(ActionContext action, String primary, List<EnvironmentVariable> environment) {
        StartBuildRequest.Builder request = StartBuildRequest.builder()
                .projectName(action.required("ProjectName"))
                .idempotencyToken(action.run().id())
                .sourceTypeOverride(SourceType.CODEPIPELINE)
                .sourceLocationOverride(at(action.input(primary)))
                .sourceVersion(arn(action.input(primary)))
                .environmentVariablesOverride(environment);
        List<ProjectSource> others = new ArrayList<>();
        action.run().inputs().stream().filter(i -> !i.name().equals(primary)).forEach(i -> others.add(
                ProjectSource.builder().type(SourceType.CODEPIPELINE).sourceIdentifier(i.name()).location(at(i.location())).build()));
        if (!others.isEmpty()) {
            request.secondarySourcesOverride(others);
        }
        List<ActionRun.NamedArtifact> outputs = action.run().outputs();
        switch (outputs.size()) {
            case 0 -> request.artifactsOverride(ProjectArtifacts.builder().type(ArtifactsType.NO_ARTIFACTS).build());
            case 1 -> request.artifactsOverride(artifact(outputs.getFirst(), null));
            default -> request.artifactsOverride(ProjectArtifacts.builder().type(ArtifactsType.NO_ARTIFACTS).build())
                    .secondaryArtifactsOverride(outputs.stream().map(o -> artifact(o, o.name())).toList());
        }
        return request.build();
    }

    private static ProjectArtifacts artifact(ActionRun.NamedArtifact output, String identifier) {
        return ProjectArtifacts.builder()
                .type(ArtifactsType.CODEPIPELINE)
                .location(at(output.location()))
                .packaging(ArtifactPackaging.ZIP)
                .artifactIdentifier(identifier)
                .build();
    }

    private static String at(ArtifactLocation location) {
        return location.bucket() + "/" + location.key();
    }

    private static String arn(ArtifactLocation location) {
        return "arn:aws:s3:::" + at(location);
    }

    /// Commands and the pipeline's commit are told to the build as CodePipeline tells them.
    private static List<EnvironmentVariable> environment(ActionContext action) {
        List<EnvironmentVariable> result = new ArrayList<>();
        result.add(variable("CODEBUILD_INITIATOR", "codepipeline/" + action.pipeline().declaration().name()));
        action.execution().revisions().stream()
                .filter(r -> action.run().inputs().stream().anyMatch(i -> i.name().equals(r.artifact())))
                .findFirst()
                .ifPresent(r -> result.add(variable("CODEBUILD_RESOLVED_SOURCE_VERSION", r.id())));
        JsonNode given = JSON.readTree(action.optional("EnvironmentVariables").orElse("[]"));
        if (!given.isArray()) {
            throw new IllegalArgumentException("not an array");
        }
        for (JsonNode one : given) {
            if (!one.path("name").isString() || !one.has("value")) {
                throw new IllegalArgumentException("an element lacks name or value");
            }
            result.add(EnvironmentVariable.builder()
                    .name(one.get("name").asString())
                    .value(one.get("value").asString())
                    .type(one.has("type") ? one.get("type").asString() : EnvironmentVariableType.PLAINTEXT.toString())
                    .build());
        }
        return result;
    }

    private static EnvironmentVariable variable(String name, String value) {
        return EnvironmentVariable.builder().name(name).value(value).type(EnvironmentVariableType.PLAINTEXT).build();
    }

    private static String link(ActionContext action, String build) {
        String region = action.pipeline().region();
        return "https://console.aws.amazon.com/codebuild/home?region=" + region + "#/builds/" + build + "/view/new";
    }

    @Override
    public Outcome follow(ActionContext action) {
        String id = action.run().externalId();
        Build build = codebuild.batchGetBuilds(b -> b.ids(id)).builds().stream().findFirst().orElse(null);
        if (build == null) {
            return Outcome.Failed.job("The build " + id + " no longer exists");
        }
        StatusType status = build.buildStatus();
        return switch (status) {
            case IN_PROGRESS -> new Outcome.Going(id, link(action, id), null, LOOK_AGAIN);
            case SUCCEEDED -> new Outcome.Done(id, link(action, id), null, exported(build), List.of());
            default -> Outcome.Failed.job("Build terminated with state: " + build.buildStatusAsString() + failedPhase(build));
        };
    }

    private static Map<String, String> exported(Build build) {
        Map<String, String> result = new LinkedHashMap<>();
        build.exportedEnvironmentVariables().forEach(v -> result.put(v.name(), v.value()));
        return result;
    }

    private static String failedPhase(Build build) {
        return build.phases().stream()
                .filter(CodeBuildAction::hasFailed)
                .findFirst()
                .map(phase -> phase.contexts().stream().findFirst()
                        .map(c -> ". Phase: " + phase.phaseTypeAsString() + ", Code: " + c.statusCode() + ", Message: " + c.message())
                        .orElse(". Phase: " + phase.phaseTypeAsString()))
                .orElse("");
    }

    private static boolean hasFailed(BuildPhase phase) {
        return phase.phaseStatus() != null && phase.phaseStatus() != StatusType.SUCCEEDED && phase.phaseStatus() != StatusType.IN_PROGRESS;
    }
}
