package dev.viridian.acceptance;

import dev.viridian.engine.time.Polling;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A real server process, as a user starts it, on a data folder of its own; it can be killed and started again.
public final class RunningServer implements AutoCloseable {
    static final Path HOME = Path.of("").toAbsolutePath().getParent();
    private static final Duration START = Duration.ofSeconds(180);

    private final Path folder;
    private final int port;
    private final int pace;
    private Process process;

    private RunningServer(Path folder, int port, int pace) {
        this.folder = folder;
        this.port = port;
        this.pace = pace;
        this.process = launch();
    }

    public static RunningServer start(int pace) {
        try {
            return new RunningServer(Files.createTempDirectory("viridian-acceptance-"), freePort(), pace);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    Path data() {
        return folder.resolve("data");
    }

    Path log() {
        return folder.resolve("server.log");
    }

    public String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    /// As `kill -9`: nothing gets a chance to tidy up.
    void kill() {
        process.destroyForcibly();
        await(process);
    }

    void startAgain() {
        process = launch();
    }

    private Process launch() {
        List<String> command = new ArrayList<>(List.of(HOME.resolve("viridian").toString(), "up", "--data", data().toString(), "--port", String.valueOf(port),
                "--pace", String.valueOf(pace)));
        try {
            Process started = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .directory(folder.toFile()).start();
            boolean up = Polling.until(Duration.ofMillis(100), START, () -> answers() ? Optional.of(true)
                    : started.isAlive() ? Optional.empty() : Optional.of(false)).orElse(false);
            if (!up) {
                throw new IllegalStateException("the server did not start:\n" + Files.readString(log()));
            }
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean answers() {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint() + "/_viridian/status")).timeout(Duration.ofSeconds(2)).build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200 && Files.exists(data().resolve("server.json"));
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Runs one of `acceptance/scripts` to its end.
    Script run(String name, Map<String, String> more) {
        Script script = begin(name, more);
        script.awaitEnd(Duration.ofMinutes(8));
        return script;
    }

    Script begin(String name, Map<String, String> more) {
        try {
            Path work = Files.createDirectories(folder.resolve("work-" + name));
            Path output = folder.resolve(name + ".log");
            ProcessBuilder builder = new ProcessBuilder("bash", HOME.resolve("acceptance/scripts").resolve(name).toString())
                    .redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().putAll(Map.of("VIRIDIAN_HOME", HOME.toString(), "VIRIDIAN_DATA", data().toString(), "WORK", work.toString(), "VIRIDIAN_NO_BUILD", "1"));
            builder.environment().putAll(more);
            return new Script(builder.start(), work, output, log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A script that runs or ran.
    record Script(Process process, Path work, Path output, Path serverLog) {
        void awaitEnd(Duration limit) {
            try {
                if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError("the script did not end within " + limit + "\n" + story());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        boolean succeeded() {
            return process.exitValue() == 0;
        }

        String story() {
            try {
                return "---- script\n" + Files.readString(output) + "\n---- server\n" + Files.readString(serverLog);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void await(Process process) {
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Stops the server, removes what it left in the engine, deletes the folder.
    @Override
    public void close() {
        process.destroy();
        await(process);
        removeContainers();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void removeContainers() {
        String label = "dev.viridian.installation=" + installation();
        shell("docker ps -aq --filter label=" + label + " | xargs -r docker rm -f; docker network ls -q --filter label=" + label + " | xargs -r docker network rm");
    }

    /// Under which the server labels what it makes in the engine.
    String installation() {
        try {
            return Files.readString(data().resolve("installation")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String shell(String command) {
        try {
            Process process = new ProcessBuilder("bash", "-c", command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes());
            await(process);
            return output.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
