package dev.viridian.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The walkthroughs' own commands, against a server started as a user starts it.
class WalkthroughTest {

    @BeforeAll
    static void theMachineHasWhatTheyNeed() {
        Machine.needs("docker", "git", "aws");
        Machine.needsImages();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"003-codedeploy-by-hand.sh", "004-pipeline-manual-reroute.sh", "bad-input.sh", "elbv2-tester-list.sh"})
    void holds(String script) {
        try (RunningServer server = RunningServer.start(60)) {
            RunningServer.Script run = server.run(script, Map.of());

            assertThat(run.succeeded()).withFailMessage(run::story).isTrue();
        }
    }

    @Test
    void a_browser_is_served() {
        Machine.needs("aws", "chromium", "node", "npm", "openssl", "python3");
        try (RunningServer server = RunningServer.start(60)) {
            RunningServer.Script run = server.run("browser.sh", Map.of());

            assertThat(run.succeeded()).withFailMessage(run::story).isTrue();
        }
    }
}
