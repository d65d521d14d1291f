package dev.viridian.services.codepipeline;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.codedeploy.model.RevisionLocation;
import software.amazon.awssdk.services.codedeploy.model.RevisionLocationType;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Deploy action CodeDeployToECS: fills image names into a task definition, registers it, fills its ARN into the AppSpec, deploys that.
///
/// Source: CodePipeline user guide, "Amazon ECS and CodeDeploy blue-green action reference"; texts: delivery-plane reference 4.3.
final class CodeDeployToEcs implements Provider {
    private static final int IMAGES = 4;
    private static final String TASK_DEFINITION = "<TASK_DEFINITION>";

    private final Deployments deployments;
    private final Artifacts artifacts;
    private final EcsClient ecs;
    private final JsonMapper shapes;

    /// @param shapes reads SDK model objects from their JSON
    CodeDeployToEcs(Deployments deployments, Artifacts artifacts, EcsClient ecs, JsonMapper shapes) {
        this.deployments = deployments;
        this.artifacts = artifacts;
        this.ecs = ecs;
        this.shapes = shapes;
    }

    @Override
    public Terms terms() {
        Set<String> optional = new LinkedHashSet<>(Set.of("TaskDefinitionTemplatePath", "AppSpecTemplatePath"));
        for (int i = 1; i <= IMAGES; i++) {
            optional.add("Image" + i + "ArtifactName");
            optional.add("Image" + i + "ContainerName");
        }
        return new Terms("Deploy", "CodeDeployToECS",
                Set.of("ApplicationName", "DeploymentGroupName", "TaskDefinitionTemplateArtifact", "AppSpecTemplateArtifact"),
                optional, 1, 5, 0, 0, Duration.ofDays(5));
    }

    @Override
    public Outcome begin(ActionContext action) {
        String definitionArtifact = action.required("TaskDefinitionTemplateArtifact");
        Optional<String> template = read(action, definitionArtifact, action.optional("TaskDefinitionTemplatePath").orElse("taskdef.json"));
        if (template.isEmpty()) {
            return Outcome.Failed.configuration("Exception while trying to read the task definition artifact file from: " + definitionArtifact);
        }
        String appSpecArtifact = action.required("AppSpecTemplateArtifact");
        Optional<String> appSpec = read(action, appSpecArtifact, action.optional("AppSpecTemplatePath").orElse("appspec.yaml"));
        if (appSpec.isEmpty()) {
            return Outcome.Failed.configuration("Exception while trying to read the appspec artifact file from: " + appSpecArtifact);
        }
        String definition = template.get();
        for (int i = 1; i <= IMAGES; i++) {
            Optional<String> imageArtifact = action.optional("Image" + i + "ArtifactName");
            Optional<String> placeholder = action.optional("Image" + i + "ContainerName");
            if (imageArtifact.isPresent() && placeholder.isPresent()) {
                Optional<String> image = imageUri(action, imageArtifact.get());
                if (image.isEmpty()) {
                    return Outcome.Failed.configuration("Exception while trying to read the image artifact file from: " + imageArtifact.get());
                }
                definition = definition.replace("<" + placeholder.get() + ">", image.get());
            }
        }
        return deploy(action, definition, appSpec.get());
    }

    private Outcome deploy(ActionContext action, String definition, String appSpec) {
        RegisterTaskDefinitionRequest request;
        try {
            request = shapes.readValue(definition, RegisterTaskDefinitionRequest.class);
        } catch (JacksonException e) {
            return Outcome.Failed.configuration("The task definition template is not valid JSON for a task definition: " + e.getMessage());
        }
        String content = appSpec;
        if (appSpec.contains(TASK_DEFINITION)) {
            String arn = ecs.registerTaskDefinition(request).taskDefinition().taskDefinitionArn();
            content = appSpec.replace(TASK_DEFINITION, arn);
        } else {
            // A literal ARN stays; the template is registered all the same, as AWS does (walkthroughs 002 and 004 deploy an old revision that way).
            ecs.registerTaskDefinition(request);
        }
        String finished = content;
        return deployments.create(action, RevisionLocation.builder()
                .revisionType(RevisionLocationType.APP_SPEC_CONTENT)
                .appSpecContent(c -> c.content(finished).sha256(sha256(finished)))
                .build());
    }

    @Override
    public Outcome follow(ActionContext action) {
        return deployments.follow(action);
    }

    private Optional<String> imageUri(ActionContext action, String artifact) {
        return read(action, artifact, "imageDetail.json").flatMap(text -> {
            try {
                JsonNode uri = shapes.readTree(text).path("ImageURI");
                return uri.isString() ? Optional.of(uri.asString()) : Optional.empty();
            } catch (JacksonException e) {
                return Optional.empty();
            }
        });
    }

    private Optional<String> read(ActionContext action, String artifact, String path) {
        return Stream.of(artifact)
                .filter(name -> action.run().inputs().stream().anyMatch(i -> i.name().equals(name)))
                .findFirst()
                .flatMap(name -> artifacts.file(action.input(name), path));
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
