package dev.viridian.services.codepipeline;

import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.services.codepipeline.model.ArtifactStore;

/// What a provider is told about the action it works on.
///
/// @param now the moment of this look
record ActionContext(Pipeline pipeline, Execution execution, ActionRun run, Instant now) {

    String required(String key) {
        String value = run.configuration().get(key);
        if (value == null) {
            throw new IllegalStateException("the structure check let an action without " + key + " pass");
        }
        return value;
    }

    Optional<String> optional(String key) {
        return Optional.ofNullable(run.configuration().get(key));
    }

    ArtifactLocation input(String name) {
        return run.inputs().stream().filter(i -> i.name().equals(name)).findFirst().orElseThrow().location();
    }

    ArtifactLocation onlyOutput() {
        return run.outputs().getFirst().location();
    }

    String onlyOutputName() {
        return run.outputs().getFirst().name();
    }

    ArtifactStore store() {
        return execution.pipeline().artifactStore();
    }
}
