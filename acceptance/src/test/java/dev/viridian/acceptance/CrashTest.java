package dev.viridian.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.engine.time.Polling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `kill -9` of the server process at three moments of a delivery.
class CrashTest {

    @BeforeAll
    static void theMachineHasWhatItNeeds() {
        Machine.needs("docker", "git", "aws");
        Machine.needsImages();
    }

    @Test
    void a_server_killed_in_a_build_in_a_shift_and_in_the_termination_wait_goes_on_with_the_same_ids() throws IOException {
        try (RunningServer server = RunningServer.start(60)) {
            RunningServer.Script script = server.begin("crash.sh", Map.of());
            Path wanted = script.work().resolve("crash");
            int crashes = 0;
            while (waitForWishOrEnd(script, wanted)) {
                server.kill();
                server.startAgain();
                Files.delete(wanted);
                crashes++;
            }

            assertThat(script.succeeded()).withFailMessage(script::story).isTrue();
            assertThat(crashes).isEqualTo(3);
        }
    }

    /// True when the script asks for a crash, false when it has ended.
    private static boolean waitForWishOrEnd(RunningServer.Script script, Path wanted) {
        return Polling.until(Duration.ofMillis(50), Duration.ofMinutes(6), () -> Files.exists(wanted) ? Optional.of(true)
                : script.process().isAlive() ? Optional.empty() : Optional.of(false)).orElseThrow(() -> new AssertionError("the script hangs\n" + script.story()));
    }
}
