package dev.viridian.app.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The developer's clone: walkthrough 000's files, edited, committed and pushed with the real git.
final class Worktree {
    private static final List<String> FILES = List.of("Dockerfile", "index.html", "nginx.conf", "buildspec.yml", "appspec.yaml", "taskdef.json");

    private final Path folder;
    private final Map<String, String> environment;

    /// @param user and password as IAM's service-specific credentials for CodeCommit give them
    Worktree(Path folder, String user, String password) {
        this.folder = folder;
        // Read from the environment by a helper, so that the password is on no command line.
        this.environment = Map.of(
                "DEMO_GIT_USER", user, "DEMO_GIT_PASSWORD", password, "GIT_TERMINAL_PROMPT", "0", "GIT_CONFIG_NOSYSTEM", "1",
                "GIT_CONFIG_COUNT", "1", "GIT_CONFIG_KEY_0", "credential.helper",
                "GIT_CONFIG_VALUE_0", "!f() { echo \"username=$DEMO_GIT_USER\"; echo \"password=$DEMO_GIT_PASSWORD\"; }; f");
    }

    /// A first commit of the application as the walkthrough has it, blue.
    void begin(String remote) {
        try {
            Files.createDirectories(folder);
            for (String file : FILES) {
                try (InputStream in = Worktree.class.getResourceAsStream("/demo/" + file)) {
                    Files.write(folder.resolve(file), in.readAllBytes());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Could not write the demo's files to " + folder, e);
        }
        git("init", "--quiet", "--initial-branch=main");
        git("remote", "add", "origin", remote);
        commit("First commit");
    }

    void edit(String file, String from, String to) {
        Path path = folder.resolve(file);
        try {
            String text = Files.readString(path);
            if (!text.contains(from)) {
                throw new Failed("the demo's " + file + " does not contain what was to be changed: " + from);
            }
            Files.writeString(path, text.replace(from, to));
        } catch (IOException e) {
            throw new UncheckedIOException("Could not edit " + path, e);
        }
    }

    void commit(String message) {
        git("add", ".");
        git("-c", "user.name=Demo", "-c", "user.email=demo@example.com", "commit", "--quiet", "-m", message);
    }

    void push() {
        git("push", "--quiet", "--set-upstream", "origin", "main");
    }

    private void git(String... arguments) {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new Failed("'" + String.join(" ", command) + "' failed: " + output.strip());
            }
        } catch (IOException e) {
            throw new Failed("could not run git: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failed("interrupted");
        }
    }
}
