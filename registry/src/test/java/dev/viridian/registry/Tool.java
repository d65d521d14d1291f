package dev.viridian.registry;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/// A program the tests run as a user would; a test that needs one that is not installed is skipped and says so.
final class Tool {
    record Result(int exit, String output) {}

    private Tool() {}

    static Result run(Path folder, List<String> command) {
        try {
            Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes());
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            return Assumptions.abort("needs " + command.getFirst() + ", which could not be started: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while " + command + " ran", e);
        }
    }

    /// Fails the test when the program does.
    static String expect(Path folder, String... command) {
        Result result = run(folder, List.of(command));
        if (result.exit() != 0) {
            throw new AssertionError(String.join(" ", command) + " ended with " + result.exit() + ":\n" + result.output());
        }
        return result.output().strip();
    }
}
