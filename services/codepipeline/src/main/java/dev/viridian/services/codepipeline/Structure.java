package dev.viridian.services.codepipeline;

import dev.viridian.engine.Decision;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.codepipeline.model.ActionDeclaration;
import software.amazon.awssdk.services.codepipeline.model.CodePipelineException;
import software.amazon.awssdk.services.codepipeline.model.ExecutionMode;
import software.amazon.awssdk.services.codepipeline.model.InvalidActionDeclarationException;
import software.amazon.awssdk.services.codepipeline.model.InvalidStageDeclarationException;
import software.amazon.awssdk.services.codepipeline.model.InvalidStructureException;
import software.amazon.awssdk.services.codepipeline.model.PipelineDeclaration;
import software.amazon.awssdk.services.codepipeline.model.PipelineType;
import software.amazon.awssdk.services.codepipeline.model.StageDeclaration;

/// Whether a pipeline's definition makes sense, checked before anything is stored.
///
/// Source: CodePipeline user guide, "Pipeline structure requirements". Texts that the reference marks as well known are used literally; the
/// others are guesses and carry the right exception.
@Decision
final class Structure {
    private static final int MOST_STAGES = 50;
    private static final int MOST_ACTIONS_IN_STAGE = 50;
    private static final int LONGEST_VALUE = 1000;

    private final Map<String, Provider.Terms> known = new HashMap<>();

    Structure(List<Provider.Terms> terms) {
        terms.forEach(t -> known.put(t.category() + "/" + t.name(), t));
    }

    /// @param region where the pipeline is to live
    void check(PipelineDeclaration pipeline, String region) {
        checkStages(pipeline);
        checkMode(pipeline);
        Set<String> produced = new HashSet<>();
        for (int i = 0; i < pipeline.stages().size(); i++) {
            checkStage(pipeline.stages().get(i), i == 0, produced, region);
        }
    }

    private static void checkStages(PipelineDeclaration pipeline) {
        int count = pipeline.stages().size();
        if (count < 2) {
            throw structure("Pipeline has only " + count + " stage(s). There should be a minimum of 2 stages in a pipeline");
        }
        if (count > MOST_STAGES) {
            throw structure("Pipeline has " + count + " stages. There should be a maximum of " + MOST_STAGES + " stages in a pipeline");
        }
        Set<String> names = new HashSet<>();
        for (StageDeclaration stage : pipeline.stages()) {
            if (!names.add(stage.name())) {
                throw structure("Two or more stages have the same name: " + stage.name() + ". Stage names must be unique within a pipeline");
            }
        }
        if (pipeline.artifactStore() == null && !pipeline.hasArtifactStores()) {
            throw structure("Pipeline must have an artifactStore or artifactStores");
        }
        if (pipeline.hasArtifactStores() && !pipeline.artifactStores().isEmpty()) {
            throw structure("artifactStores (actions in several regions) is not implemented here; give the pipeline one artifactStore");
        }
    }

    private static void checkMode(PipelineDeclaration pipeline) {
        boolean v2 = pipeline.pipelineType() == PipelineType.V2;
        boolean needsV2 = pipeline.executionMode() == ExecutionMode.QUEUED || pipeline.executionMode() == ExecutionMode.PARALLEL || !pipeline.variables().isEmpty();
        if (needsV2 && !v2) {
            throw structure("Execution modes QUEUED and PARALLEL and pipeline-level variables need a pipeline of type V2");
        }
        if (!pipeline.triggers().isEmpty()) {
            throw structure("Triggers belong to connections to other source providers, which are not implemented here");
        }
        for (StageDeclaration stage : pipeline.stages()) {
            if (stage.beforeEntry() != null || stage.onSuccess() != null || stage.onFailure() != null) {
                throw stage("Stage " + stage.name() + " has conditions (beforeEntry, onSuccess, onFailure), which are not implemented here");
            }
        }
    }

    private void checkStage(StageDeclaration stage, boolean first, Set<String> produced, String region) {
        if (stage.actions().isEmpty() || stage.actions().size() > MOST_ACTIONS_IN_STAGE) {
            throw stage("Stage " + stage.name() + " has " + stage.actions().size() + " actions. A stage must have 1 to " + MOST_ACTIONS_IN_STAGE + " actions");
        }
        Set<String> names = new HashSet<>();
        for (ActionDeclaration action : stage.actions()) {
            if (!names.add(action.name())) {
                throw stage("Two or more actions in stage " + stage.name() + " have the same name: " + action.name());
            }
            boolean source = action.actionTypeId().categoryAsString().equals("Source");
            if (first && !source) {
                throw structure("Pipeline should start with a stage that only contains source actions");
            }
            if (!first && source) {
                throw structure("Pipeline has source action " + action.name() + " in stage " + stage.name() + ". Only the first stage can contain source actions");
            }
            checkAction(action, region);
        }
        checkArtifacts(stage, produced);
    }

    private void checkAction(ActionDeclaration action, String region) {
        String type = action.actionTypeId().categoryAsString() + "/" + action.actionTypeId().provider();
        Provider.Terms terms = known.get(type);
        if (terms == null || !action.actionTypeId().ownerAsString().equals("AWS")) {
            throw action("ActionType (Category: '" + action.actionTypeId().categoryAsString() + "', Provider: '" + action.actionTypeId().provider() + "', Owner: '"
                    + action.actionTypeId().ownerAsString() + "', Version: '" + action.actionTypeId().version() + "') in action '" + action.name()
                    + "' is not available in this region");
        }
        if (action.region() != null && !action.region().equals(region)) {
            throw action("Action '" + action.name() + "' names another region, which is not implemented here");
        }
        checkConfiguration(action, terms);
        count(action, "input", action.inputArtifacts().size(), terms.minInputs(), terms.maxInputs());
        count(action, "output", action.outputArtifacts().size(), terms.minOutputs(), terms.maxOutputs());
    }

    private static void checkConfiguration(ActionDeclaration action, Provider.Terms terms) {
        for (String key : terms.required()) {
            if (!action.configuration().containsKey(key)) {
                throw action("Action configuration for action '" + action.name() + "' is missing required configuration '" + key + "'");
            }
        }
        action.configuration().forEach((key, value) -> {
            if (!terms.required().contains(key) && !terms.optional().contains(key)) {
                throw action("Action configuration for action '" + action.name() + "' contains unknown configuration '" + key + "'");
            }
            if (value.length() > LONGEST_VALUE) {
                throw action("Action configuration value for key '" + key + "' in action '" + action.name() + "' is longer than " + LONGEST_VALUE + " characters");
            }
        });
        for (int i = 1; i <= 4; i++) {
            boolean artifact = action.configuration().containsKey("Image" + i + "ArtifactName");
            if (artifact != action.configuration().containsKey("Image" + i + "ContainerName")) {
                throw action("Action configuration for action '" + action.name() + "' must have both Image" + i + "ArtifactName and Image" + i + "ContainerName");
            }
        }
    }

    private static void count(ActionDeclaration action, String kind, int found, int least, int most) {
        if (found < least || found > most) {
            throw action("Action " + action.name() + " declares " + found + " " + kind + " artifact(s) which is not in the allowed range [" + least + ", " + most + "]");
        }
    }

    /// An input must come from an earlier stage or an earlier run order of the same stage; an output name is used once in the whole pipeline.
    private static void checkArtifacts(StageDeclaration stage, Set<String> produced) {
        List<ActionDeclaration> inOrder = stage.actions().stream().sorted(Comparator.comparingInt(Structure::order)).toList();
        for (ActionDeclaration action : inOrder) {
            action.inputArtifacts().forEach(input -> {
                boolean earlier = produced.contains(input.name())
                        && inOrder.stream().filter(a -> order(a) >= order(action)).noneMatch(a -> a.outputArtifacts().stream().anyMatch(o -> o.name().equals(input.name())));
                if (!earlier) {
                    throw action("Input Artifact Bundle " + input.name() + " in action " + action.name() + " is not the output of any earlier action");
                }
            });
            action.outputArtifacts().forEach(output -> {
                if (!produced.add(output.name())) {
                    throw action("Output Artifact Bundle name must be unique within the pipeline. " + output.name() + " has been used more than once");
                }
            });
        }
    }

    private static int order(ActionDeclaration action) {
        return action.runOrder() == null ? 1 : action.runOrder();
    }

    private static CodePipelineException structure(String message) {
        return InvalidStructureException.builder().message(message).build();
    }

    private static CodePipelineException stage(String message) {
        return InvalidStageDeclarationException.builder().message(message).build();
    }

    private static CodePipelineException action(String message) {
        return InvalidActionDeclarationException.builder().message(message).build();
    }
}
