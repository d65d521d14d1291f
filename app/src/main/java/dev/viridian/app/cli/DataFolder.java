package dev.viridian.app.cli;

import dev.viridian.app.cli.Main.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Which data folder a command means, and what the server that uses it wrote there about itself.
final class DataFolder {
    private static final String SERVER = "server.json";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Option(names = "--data", paramLabel = "FOLDER", description = "Folder of everything that must survive (default: $VIRIDIAN_DATA or ~/.viridian).")
    private Path chosen;

    /// How other commands find a running server.
    record Server(long pid, String endpoint, String account, String region, String ca, String dockerHost) {}

    Path path() {
        if (chosen != null) {
            return chosen.toAbsolutePath();
        }
        String fromEnvironment = System.getenv("VIRIDIAN_DATA");
        return (fromEnvironment != null && !fromEnvironment.isBlank() ? Path.of(fromEnvironment) : Path.of(System.getProperty("user.home"), ".viridian")).toAbsolutePath();
    }

    void announce(Path folder, Server server) {
        try {
            Files.writeString(folder.resolve(SERVER), JSON.writeValueAsString(server));
        } catch (IOException e) {
            throw new Problem("could not write " + folder.resolve(SERVER) + ": " + e.getMessage());
        }
    }

    static void withdraw(Path folder) {
        try {
            Files.deleteIfExists(folder.resolve(SERVER));
        } catch (IOException e) {
            throw new Problem("could not delete " + folder.resolve(SERVER) + ": " + e.getMessage());
        }
    }

    /// The server that runs on this folder, if one does.
    Optional<Server> server() {
        Path file = path().resolve(SERVER);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Server server = JSON.readValue(Files.readString(file), Server.class);
            return ProcessHandle.of(server.pid()).filter(ProcessHandle::isAlive).map(_ -> server);
        } catch (IOException | JacksonException e) {
            throw new Problem("could not read " + file + ": " + e.getMessage());
        }
    }

    Server requireServer() {
        return server().orElseThrow(() -> new Problem("no server runs on " + path() + ". Start one with 'viridian up'" + (chosen == null ? "" : " --data " + chosen) + "."));
    }
}
