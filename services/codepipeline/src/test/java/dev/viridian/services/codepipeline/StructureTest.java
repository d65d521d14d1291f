package dev.viridian.services.codepipeline;

import static dev.viridian.services.codepipeline.World.aPipeline;
import static dev.viridian.services.codepipeline.World.build;
import static dev.viridian.services.codepipeline.World.deploy;
import static dev.viridian.services.codepipeline.World.source;
import static dev.viridian.services.codepipeline.World.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.codepipeline.model.ActionDeclaration;
import software.amazon.awssdk.services.codepipeline.model.ExecutionMode;
import software.amazon.awssdk.services.codepipeline.model.InvalidActionDeclarationException;
import software.amazon.awssdk.services.codepipeline.model.InvalidStructureException;
import software.amazon.awssdk.services.codepipeline.model.PipelineDeclaration;

class StructureTest {
    final World world = new World();

    @Test
    void a_pipeline_has_at_least_two_stages() {
        refused(aPipeline(source()).build(), InvalidStructureException.class,
                "Pipeline has only 1 stage(s). There should be a minimum of 2 stages in a pipeline");
    }

    @Test
    void it_starts_with_sources_and_has_them_nowhere_else() {
        refused(aPipeline(build(), deploy()).build(), InvalidStructureException.class, "Pipeline should start with a stage that only contains source actions");
        refused(aPipeline(source(), build(), stage("Again", source().actions().getFirst())).build(), InvalidStructureException.class, "Only the first stage");
    }

    @Test
    void required_configuration_is_asked_for_and_unknown_configuration_refused() {
        refused(withBuild(without("ProjectName")), InvalidActionDeclarationException.class,
                "Action configuration for action 'Build' is missing required configuration 'ProjectName'");
        refused(withBuild(with("Foo", "1")), InvalidActionDeclarationException.class, "Action configuration for action 'Build' contains unknown configuration 'Foo'");
        refused(withBuild(with("EnvironmentVariables", "x".repeat(1001))), InvalidActionDeclarationException.class, "1000");
    }

    @Test
    void an_input_comes_from_an_earlier_action_and_an_output_name_is_used_once() {
        refused(aPipeline(source(), deploy()).build(), InvalidActionDeclarationException.class, "Input Artifact Bundle BuildArtifact");
        refused(aPipeline(source(), build(), stage("More", build().actions().getFirst().toBuilder().name("More").build())).build(),
                InvalidActionDeclarationException.class, "Output Artifact Bundle name must be unique");
    }

    @Test
    void queued_and_parallel_need_type_v2() {
        refused(aPipeline(source(), build()).executionMode(ExecutionMode.QUEUED).build(), InvalidStructureException.class, "type V2");
    }

    @Test
    void the_role_must_trust_codepipeline() {
        refused(aPipeline(source(), build()).roleArn("arn:aws:iam::111122223333:role/stranger").build(), InvalidStructureException.class,
                "CodePipeline is not authorized to perform AssumeRole on role arn:aws:iam::111122223333:role/stranger");
    }

    @Test
    void a_provider_nobody_knows_is_refused() {
        ActionDeclaration unknown = build().actions().getFirst().toBuilder().actionTypeId(t -> t.category("Build").owner("AWS").provider("Abacus").version("1")).build();
        refused(aPipeline(source(), stage("Build", unknown)).build(), InvalidActionDeclarationException.class, "Provider: 'Abacus'");
    }

    private void refused(PipelineDeclaration pipeline, Class<? extends Exception> type, String words) {
        assertThatThrownBy(() -> world.create(pipeline)).isInstanceOf(type).hasMessageContaining(words);
        assertThat(world.call(() -> world.pipelines.listPipelines()).pipelines()).isEmpty();
    }

    private static PipelineDeclaration withBuild(UnaryOperator<Map<String, String>> change) {
        ActionDeclaration build = build().actions().getFirst();
        Map<String, String> configuration = change.apply(new HashMap<>(build.configuration()));
        return aPipeline(source(), stage("Build", build.toBuilder().configuration(configuration).build())).build();
    }

    private static UnaryOperator<Map<String, String>> without(String key) {
        return configuration -> {
            configuration.remove(key);
            return configuration;
        };
    }

    private static UnaryOperator<Map<String, String>> with(String key, String value) {
        return configuration -> {
            configuration.put(key, value);
            return configuration;
        };
    }
}
