package dev.viridian.app.bench;

import dev.viridian.app.bench.Workload.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Makes the load: wrk as fast as it goes, h2load for HTTP/2, for connections without a past, and at a fixed rate.
final class Generator {
    private static final int SLACK_SECONDS = 20;
    private static final int TURNS_PER_SECOND = 100;
    private static final String UPLOAD_SCRIPT = """
            wrk.method = "POST"
            wrk.body = string.rep("0123456789abcdef", 6400)
            wrk.headers["Content-Type"] = "application/octet-stream"
            """;

    private final Children children;
    private final Path folder;
    private final String cores;

    Generator(Children children, Path folder, String cores) {
        this.children = children;
        this.folder = folder;
        this.cores = cores;
        try {
            Files.writeString(folder.resolve("upload.lua"), UPLOAD_SCRIPT);
        } catch (IOException e) {
            throw new Failed("could not write to " + folder + ": " + e.getMessage());
        }
    }

    /// As fast as it goes, but connections that are used once as many a second as the workload says.
    Load drive(Workload workload, int port, int seconds) {
        String output = children.run(cores, driving(workload, port, seconds), seconds + SLACK_SECONDS);
        return switch (workload.tool()) {
            case H2LOAD, H2LOAD_ONCE -> Load.ofH2load(output);
            case WRK, WRK_CLOSE, WRK_UPLOAD -> Load.ofWrk(output);
        };
    }

    /// Whether HTTP/2 is what is spoken, where a workload is about that: h2load would be content with less.
    boolean speaks(Workload workload, int port) {
        return workload.tool() != Tool.H2LOAD || children.run(cores, List.of("h2load", "-n", "1", workload.url(port)), SLACK_SECONDS)
                .contains("Application protocol: h2\n");
    }

    static List<String> driving(Workload workload, int port, int seconds) {
        List<String> command = new ArrayList<>(switch (workload.tool()) {
            case WRK -> wrk(workload, seconds);
            case WRK_CLOSE -> wrk(workload, seconds, "-H", "Connection: close");
            case WRK_UPLOAD -> wrk(workload, seconds, "-s", "upload.lua");
            case H2LOAD -> List.of("h2load", "-c", Integer.toString(workload.connections()), "-m", "8", "-D", seconds + "s");
            case H2LOAD_ONCE -> once(workload, seconds);
        });
        command.add(workload.url(port));
        return command;
    }

    private static List<String> wrk(Workload workload, int seconds, String... more) {
        List<String> command = new ArrayList<>(List.of("wrk", "-t", "1", "-c", Integer.toString(workload.connections()), "-d", seconds + "s",
                "--timeout", "10s"));
        command.addAll(List.of(more));
        return command;
    }

    /// As many connections as requests: each is one that h2load has never had. In place of a connection that ends it would open one that takes up the
    /// session of the last (with `-D` and `Connection: close`).
    private static List<String> once(Workload workload, int seconds) {
        String all = Integer.toString(workload.connectionsIn(seconds));
        return List.of("h2load", "--h1", "-c", all, "-n", all, "-r", Integer.toString(workload.connections() / TURNS_PER_SECOND),
                "--rate-period", 1000 / TURNS_PER_SECOND + "ms", "-H", "Connection: close");
    }

    /// Asks for `perSecond` answers in all. A connection sends its next request at its time, or when the answer before has come: what is very late is
    /// counted once for each connection, for all contenders alike.
    Latency pace(Workload workload, int port, int seconds, double perSecond) {
        Path log = folder.resolve("latency.log");
        try {
            Files.deleteIfExists(log);
            children.run(cores, pacing(workload, port, seconds, perSecond), seconds + SLACK_SECONDS);
            return Latency.ofLog(Files.readAllLines(log));
        } catch (IOException e) {
            throw new Failed("could not read what h2load has logged: " + e.getMessage());
        }
    }

    static List<String> pacing(Workload workload, int port, int seconds, double perSecond) {
        String each = String.format(Locale.ROOT, "--rps=%.2f", Math.max(1, perSecond / workload.connections()));
        List<String> command = new ArrayList<>(List.of("h2load", "-c", Integer.toString(workload.connections()), "-D", seconds + "s",
                "--warm-up-time", "1s", "--log-file", "latency.log", each));
        command.addAll(workload.tool() == Tool.H2LOAD ? List.of("-m", "8") : List.of("--h1"));
        command.add(workload.url(port));
        return command;
    }

}
