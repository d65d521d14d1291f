package dev.viridian.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The real `git`, run in one folder with no configuration of whoever runs the tests.
final class GitClient {

    record Result(int exit, String output) {}

    private final Path folder;

    GitClient(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    /// Fails the test when git does.
    String run(String... arguments) {
        Result result = attempt(arguments);
        if (result.exit() != 0) {
            throw new AssertionError("git " + String.join(" ", arguments) + " ended with " + result.exit() + ":\n" + result.output());
        }
        return result.output().strip();
    }

    Result attempt(String... arguments) {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        try {
            ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
            builder.environment().putAll(Map.of("GIT_CONFIG_GLOBAL", "/dev/null", "GIT_CONFIG_SYSTEM", "/dev/null", "GIT_TERMINAL_PROMPT", "0",
                    "GIT_AUTHOR_NAME", "Dev", "GIT_AUTHOR_EMAIL", "dev@example.com", "GIT_COMMITTER_NAME", "Dev", "GIT_COMMITTER_EMAIL",
                    "dev@example.com",
                    "LC_ALL", "C.UTF-8"));
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes());
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            throw new AssertionError("git could not be started: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while git ran", e);
        }
    }

    GitClient in(String name) {
        return new GitClient(folder.resolve(name));
    }

    GitClient write(String name, String content) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), content);
        return this;
    }

    /// Adds everything and commits it; the new commit's id.
    String commitAll(String message) {
        run("add", "-A");
        run("commit", "-q", "-m", message);
        return run("rev-parse", "HEAD");
    }
}
