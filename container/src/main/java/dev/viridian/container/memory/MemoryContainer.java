package dev.viridian.container.memory;

import dev.viridian.container.ContainerRuntime;
import dev.viridian.container.ContainerSpec;
import dev.viridian.container.ContainerState;
import dev.viridian.container.ContainerState.Created;
import dev.viridian.container.ContainerState.Exited;
import dev.viridian.container.ContainerState.Health;
import dev.viridian.container.ContainerState.Phase;
import dev.viridian.container.ContainerState.Running;
import dev.viridian.container.LogLine;
import dev.viridian.container.LogLine.Stream;
import dev.viridian.container.PortBinding;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One container and its log. Guarded by itself.
final class MemoryContainer {
    private final String id;
    private final ContainerSpec spec;
    private final String imageId;
    private final Instant createdAt;
    private final MemoryFiles files = new MemoryFiles();
    private final List<LogLine> log = new ArrayList<>();
    private Phase phase = new Created();
    private Health health = Health.NONE;
    private Map<String, String> addresses = Map.of();
    private List<PortBinding> ports = List.of();
    private @Nullable ScriptedProcess process;
    private @Nullable Instant startedAt;
    private @Nullable Instant finishedAt;

    MemoryContainer(String id, ContainerSpec spec, String imageId, Instant createdAt) {
        this.id = id;
        this.spec = spec;
        this.imageId = imageId;
        this.createdAt = createdAt;
    }

    String id() {
        return id;
    }

    ContainerSpec spec() {
        return spec;
    }

    MemoryFiles files() {
        return files;
    }

    Map<String, String> labels() {
        Map<String, String> labels = new HashMap<>(spec.labels());
        labels.put(ContainerRuntime.IDENTITY_LABEL, spec.identity());
        return labels;
    }

    synchronized ContainerState state() {
        String name = spec.name().orElse("memory-" + id.substring(0, 12));
        return new ContainerState(id, spec.identity(), name, spec.image(), imageId, labels(), phase, health, addresses, ports, createdAt, Optional.ofNullable(startedAt), Optional.ofNullable(finishedAt));
    }

    synchronized Optional<ScriptedProcess> process() {
        return phase instanceof Running ? Optional.ofNullable(process) : Optional.empty();
    }

    /// False when it runs already.
    synchronized boolean begin(ScriptedProcess run, Map<String, String> newAddresses, List<PortBinding> newPorts, Instant now) {
        if (phase instanceof Running) {
            return false;
        }
        process = run;
        phase = new Running();
        addresses = newAddresses;
        ports = newPorts;
        health = spec.healthCheck().isPresent() ? Health.STARTING : Health.NONE;
        startedAt = now;
        return true;
    }

    synchronized void neverStarted() {
        phase = new Created();
        addresses = Map.of();
        ports = List.of();
    }

    /// False when that run is over already.
    synchronized boolean finish(ScriptedProcess run, Exited how, Instant now) {
        if (!current(run)) {
            return false;
        }
        phase = how;
        health = health == Health.NONE ? Health.NONE : Health.UNHEALTHY;
        addresses = Map.of();
        ports = List.of();
        finishedAt = now;
        return true;
    }

    synchronized boolean change(ScriptedProcess run, Health to) {
        boolean changed = current(run) && health != Health.NONE && health != to;
        if (changed) {
            health = to;
        }
        return changed;
    }

    synchronized boolean current(ScriptedProcess run) {
        return phase instanceof Running && process == run;
    }

    /// Timestamps grow even when the clock stands still, so that each line can be resumed from.
    synchronized void write(Stream stream, String text, Instant now) {
        Instant last = log.isEmpty() ? Instant.EPOCH : log.getLast().at();
        log.add(new LogLine(now.isAfter(last) ? now : last.plusNanos(1), stream, text));
    }

    synchronized List<LogLine> log(Instant after) {
        return log.stream().filter(line -> line.at().isAfter(after)).toList();
    }
}
