package dev.viridian.services.codebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.codebuild.model.BuildPhaseType;

class BuildspecTest {

    @Test
    void the_workshops_buildspec_is_read_in_order() throws Exception {
        Plan plan = Buildspec.parse("buildspec.yml", """
                version: 0.2

                phases:
                  pre_build:
                    commands:
                      - echo Logging in
                      - aws ecr get-login-password | docker login --username AWS --password-stdin $REPOSITORY_URI
                  build:
                    on-failure: ABORT
                    commands:
                      - docker build -t $REPOSITORY_URI:latest .
                    finally:
                      - echo done
                artifacts:
                  files:
                    - "appspec.yaml"
                    - taskdef.json
                  discard-paths: yes
                  secondary-artifacts:
                    other:
                      base-directory: out
                      files: ['**/*']
                """);

        assertThat(plan.version()).isEqualTo("0.2");
        assertThat(plan.phase(BuildPhaseType.PRE_BUILD).orElseThrow().commands()).hasSize(2);
        assertThat(plan.phase(BuildPhaseType.BUILD).orElseThrow().last()).containsExactly("echo done");
        assertThat(plan.phase(BuildPhaseType.BUILD).orElseThrow().onFailure()).contains(Plan.OnFailure.ABORT);
        assertThat(plan.phase(BuildPhaseType.INSTALL)).isEmpty();
        assertThat(plan.artifacts().orElseThrow().files()).containsExactly("appspec.yaml", "taskdef.json");
        assertThat(plan.artifacts().orElseThrow().discardPaths()).isTrue();
        assertThat(plan.secondary().get("other").baseDirectory()).isEqualTo("out");
    }

    @Test
    void runtime_versions_are_said_to_have_no_effect() throws Exception {
        Plan plan = Buildspec.parse("buildspec.yaml", """
                version: 0.2
                phases:
                  install:
                    runtime-versions:
                      java: openjdk8
                      docker: 18
                """);
        assertThat(plan.remarks()).containsExactly("Skipping install of runtimes. Runtime version selection is not supported by this build image.");
    }

    @Test
    void version_0_1_has_its_own_place_for_variables() throws Exception {
        Plan plan = Buildspec.parse("b.yml", "version: 0.1\nenvironment_variables:\n  plaintext:\n    A: \"1\"\nphases:\n  build:\n    commands: [ls]\n");
        assertThat(plan.variables()).containsEntry("A", "1");
        assertThat(plan.artifacts()).isEqualTo(Optional.empty());
    }

    @Test
    void a_command_with_a_colon_is_told_as_aws_tells_it() {
        assertThatThrownBy(() -> Buildspec.parse("buildspec.yml", """
                version: 0.2
                phases:
                  build:
                    commands:
                      - echo Build: started
                """)).hasMessage("Expected Commands[0] to be of string type: found subkeys instead at line 5, value of the key tag on line 4 might be empty");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            ''                                                                    | buildspec.yml is empty: expected a buildspec
            phases: {}                                                            | buildspec.yml: expected 'version: 0.2', found no version
            version: 1                                                            | buildspec.yml, line 1: expected version 0.1 or 0.2, found '1'
            version: 0.2                                                          | buildspec.yml: expected a section 'phases', found none
            version: 0.2;phases:;  bild: {commands: [ls]}                         | buildspec.yml, line 3: expected phase install, pre_build, build or post_build, found 'bild'
            version: 0.2;phases:;  build:;    commands: ls                        | buildspec.yml, line 4: expected a list of commands, found 'ls'
            version: 0.2;phases:;  build:;    command: [ls]                       | buildspec.yml, line 4: expected 'commands' in phase build, found none
            version: 0.2;phases: {build: {commands: [ls]}};artifacts: {name: x}   | buildspec.yml, line 3: expected a list 'files' under artifacts, found none
            version: 0.2;phases: {build: {commands: [ls], on-failure: RETRY-3}}   | buildspec.yml, line 2: expected on-failure ABORT or CONTINUE (RETRY is not available here), found 'RETRY-3'
            version: 0.2;run-as: ann;phases: {build: {commands: [ls]}}            | buildspec.yml, line 2: run-as: commands of another user than root is not available here
            version: 0.2;phases:;  build:;   - x;  y: z                           | buildspec.yml, line 4: expected a mapping, found a list
            version: 0.2;phases: [                                                | buildspec.yml, line 3: expected the node content, but found '<stream end>'
            """)
    void what_is_wrong_is_told_with_its_place(String lines, String message) {
        assertThatThrownBy(() -> Buildspec.parse("buildspec.yml", lines.replace(";", "\n") + "\n")).hasMessageContaining(message);
    }
}
