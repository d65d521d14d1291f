package dev.viridian.app.bench;

import dev.viridian.engine.time.Polling;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The processes a comparison has started. All of them end with it, on Ctrl-C too, and none outlives a limit of time whatever happens to us.
final class Children implements AutoCloseable {
    private static final String LIFE = "1800";
    private static final Duration START = Duration.ofSeconds(60);

    private final Path folder;
    private final List<Process> running = new ArrayList<>();
    private final Thread atExit = new Thread(this::stopAll, "viridian-bench-stop");

    Children(Path folder) {
        this.folder = folder;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /// Starts a server, held to `cores`; what it says goes into a file of the folder.
    synchronized Process serve(String name, String cores, List<String> command) {
        List<String> whole = new ArrayList<>(List.of("timeout", "--foreground", "-k", "5", LIFE, "taskset", "-c", cores));
        whole.addAll(command);
        try {
            ProcessBuilder builder = new ProcessBuilder(whole).directory(folder.toFile());
            builder.redirectErrorStream(true).redirectOutput(log(name).toFile());
            builder.environment().put("VIRIDIAN_NO_BUILD", "1");
            Process process = builder.start();
            running.add(process);
            return process;
        } catch (IOException e) {
            throw new Failed("could not start " + name + ": " + e.getMessage());
        }
    }

    private Path log(String name) {
        return folder.resolve(name + ".out");
    }

    /// Runs a generator to its end.
    String run(String cores, List<String> command, int limitSeconds) {
        List<String> whole = new ArrayList<>(List.of("timeout", "--foreground", "-k", "2", Integer.toString(limitSeconds), "taskset", "-c", cores));
        whole.addAll(command);
        try {
            Process process = new ProcessBuilder(whole).directory(folder.toFile()).redirectErrorStream(true).start();
            synchronized (this) {
                running.add(process);
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            synchronized (this) {
                running.remove(process);
            }
            if (code != 0) {
                throw new Failed("'" + String.join(" ", command) + "' ended with exit code " + code + ": " + output.strip());
            }
            return output;
        } catch (IOException e) {
            throw new Failed("could not run '" + command.getFirst() + "': " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failed("interrupted");
        }
    }

    /// Returns when somebody listens on `port`.
    void await(String name, Process process, int port) {
        boolean listens = Polling.until(Duration.ofMillis(50), START, () -> {
            if (!process.isAlive()) {
                throw new Failed(name + " ended at once: " + output(name));
            }
            return Optional.of(true).filter(_ -> listens(port));
        }).isPresent();
        if (!listens) {
            throw new Failed(name + " does not listen on port " + port + " after " + START.toSeconds() + " s: " + output(name));
        }
    }

    String output(String name) {
        try {
            return Files.readString(log(name)).strip();
        } catch (IOException e) {
            return "(" + e.getMessage() + ")";
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /// A port nobody has at the moment.
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new Failed("there is no free port: " + e.getMessage());
        }
    }

    void stop(Process process) {
        synchronized (this) {
            running.remove(process);
        }
        end(process);
    }

    private void stopAll() {
        List<Process> all;
        synchronized (this) {
            all = List.copyOf(running);
            running.clear();
        }
        all.forEach(Process::destroy);
        all.forEach(Children::end);
    }

    private static void end(Process process) {
        List<ProcessHandle> family = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        family.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        stopAll();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException _) {
            // The whole program is ending already.
        }
    }
}
