package dev.viridian.registry;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// A [RunningRegistry] in a process of its own, which can be killed and has little memory.
final class RegistryProcess implements AutoCloseable {
    private static final String HEAP = "-Xmx40m";
    private final Process process;
    private final String host;

    RegistryProcess(Path folder) {
        try {
            process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(), HEAP, "-XX:+UseSerialGC", "-cp",
                    System.getProperty("java.class.path"), RegistryProcess.class.getName(), folder.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start();
            host = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url(String path) {
        return "http://" + host + path;
    }

    /// As `kill -9`.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    public static void main(String[] arguments) throws Exception {
        System.out.println(new RunningRegistry(Path.of(arguments[0])).host());
    }
}
