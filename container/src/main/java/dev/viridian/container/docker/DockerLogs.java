package dev.viridian.container.docker;

import dev.viridian.container.ContainerException.EngineFailure;
import dev.viridian.container.Following;
import dev.viridian.container.LogLine;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// Reads what containers wrote.
final class DockerLogs {
    private final EngineApi api;

    DockerLogs(EngineApi api) {
        this.api = api;
    }

    /// A stream that breaks while the container runs (the engine restarted) is taken up again where it broke.
    Following follow(String id, Instant after, Consumer<LogLine> sink) {
        AtomicReference<Instant> last = new AtomicReference<>(after);
        Consumer<LogLine> remembering = line -> {
            sink.accept(line);
            last.set(line.at());
        };
        return Background.start("logs of " + id, reader -> {
            Instant before = last.get();
            stream(reader, id, before, remembering);
            return running(id) && !reader.closed();
        });
    }

    List<LogLine> read(String id, Instant after, int last) {
        String attempted = "read logs of container " + id;
        List<LogLine> lines = new ArrayList<>();
        try (Reply reply = api.get(attempted, path(id, after) + "&tail=" + last).orThrow()) {
            new Frames(reply.body(), hasTerminal(id)).readLines(lines::add);
        } catch (IOException e) {
            throw new EngineFailure(attempted, e);
        }
        return lines.stream().filter(line -> line.at().isAfter(after)).toList();
    }

    private void stream(Background reader, String id, Instant after, Consumer<LogLine> sink) throws IOException {
        boolean terminal = hasTerminal(id);
        try (Reply reply = reader.using(api.get("follow logs of container " + id, path(id, after) + "&follow=1").orThrow())) {
            new Frames(reply.body(), terminal).readLines(line -> {
                if (line.at().isAfter(after)) {
                    sink.accept(line);
                }
            });
        }
    }

    private static String path(String id, Instant after) {
        String since = after.equals(Instant.EPOCH) ? "" : "&since=" + after.getEpochSecond() + "." + "%09d".formatted(after.getNano());
        return "/containers/" + id + "/logs?stdout=1&stderr=1&timestamps=1" + since;
    }

    private boolean hasTerminal(String id) {
        try (Reply reply = api.get("inspect container " + id, "/containers/" + id + "/json").orThrow()) {
            return reply.json().path("Config").path("Tty").asBoolean(false);
        }
    }

    private boolean running(String id) {
        try (Reply reply = api.get("inspect container " + id, "/containers/" + id + "/json")) {
            return reply.succeeded() && reply.json().path("State").path("Running").asBoolean(false);
        }
    }
}
