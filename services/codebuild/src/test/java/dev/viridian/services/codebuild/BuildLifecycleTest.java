package dev.viridian.services.codebuild;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.services.codebuild.BuildLifecycle.Ending;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.codebuild.model.BuildPhaseType;

class BuildLifecycleTest {

    /// As the user guide's picture "Build phase transitions" has it.
    @ParameterizedTest(name = "{0} that ends {1} is followed by {2}")
    @CsvSource(delimiter = '|', textBlock = """
            # phase          | ending               | next
            SUBMITTED        | SUCCEEDED            | QUEUED
            QUEUED           | SUCCEEDED            | PROVISIONING
            QUEUED           | CUT_SHORT            | COMPLETED
            PROVISIONING     | FAILED               | COMPLETED
            DOWNLOAD_SOURCE  | FAILED               | FINALIZING
            INSTALL          | FAILED               | FINALIZING
            INSTALL          | FAILED_BUT_CONTINUED | PRE_BUILD
            PRE_BUILD        | FAILED               | FINALIZING
            BUILD            | FAILED               | POST_BUILD
            BUILD            | ABORTED              | FINALIZING
            POST_BUILD       | FAILED               | UPLOAD_ARTIFACTS
            UPLOAD_ARTIFACTS | FAILED               | FINALIZING
            FINALIZING       | SUCCEEDED            | COMPLETED
            """)
    void what_follows_a_phase_depends_on_how_it_ended(BuildPhaseType phase, Ending ending, BuildPhaseType next) {
        assertThat(BuildLifecycle.LIFECYCLE.next(phase, ending)).isEqualTo(next);
    }

    @Test
    void the_picture_in_the_documentation_is_fresh() throws IOException {
        Path picture = repository().resolve("docs/lifecycles/codebuild-build.md");
        String wanted = "# CodeBuild: a build\n\nDrawn from `BuildLifecycle`; do not edit. To draw it again: `mvn -pl services/codebuild test"
                + " -Dtest=BuildLifecycleTest -Dviridian.draw=true`.\n\n```mermaid\n" + BuildLifecycle.LIFECYCLE.diagram() + "```\n";
        if (Boolean.getBoolean("viridian.draw")) {
            Files.writeString(picture, wanted);
        }
        assertThat(picture).hasContent(wanted);
    }

    private static Path repository() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/lifecycles")) && folder.getParent() != null) {
            folder = folder.getParent();
        }
        return folder;
    }
}
