package dev.viridian.container;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A container as it was at the moment of asking.
///
/// @param identity as in its spec; empty for a container that is not ours
/// @param imageId the content the image name stood for when it was created, `sha256:...`
/// @param addresses network name to IP address, while running; empty when it lives in another container's namespace
/// @param ports published ports with the host ports really taken, while running
/// @param startedAt the last start
public record ContainerState(String id, String identity, String name, String image, String imageId, Map<String, String> labels, Phase phase,
                             Health health, Map<String, String> addresses, List<PortBinding> ports, Instant createdAt,
                             Optional<Instant> startedAt, Optional<Instant> finishedAt) {
    public ContainerState {
        labels = Map.copyOf(labels);
        addresses = Map.copyOf(addresses);
        ports = List.copyOf(ports);
    }

    public sealed interface Phase {}

    /// Not started yet, or a start that failed before anything ran.
    public record Created() implements Phase {}

    public record Running() implements Phase {}

    /// @param exitCode of the first process; 128 + signal when it was killed by one
    /// @param oomKilled whether the kernel killed it for its memory limit (engines other than Docker may not tell)
    /// @param error the engine's own words, empty mostly
    public record Exited(int exitCode, boolean oomKilled, String error) implements Phase {}

    public enum Health {
        /// It has no health check.
        NONE,
        STARTING,
        HEALTHY,
        UNHEALTHY
    }

    public boolean running() {
        return phase instanceof Running;
    }

    public Optional<Exited> exited() {
        return phase instanceof Exited exited ? Optional.of(exited) : Optional.empty();
    }

    /// The address in its only or first network.
    public Optional<String> address() {
        return addresses.values().stream().findFirst();
    }

    /// The host port on which a TCP port of the container is published.
    public Optional<PortBinding> published(int containerPort) {
        return ports.stream().filter(port -> port.containerPort() == containerPort).findFirst();
    }
}
