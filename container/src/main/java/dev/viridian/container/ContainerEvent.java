package dev.viridian.container;

import java.time.Instant;
import java.util.Map;

/// Something happened to a container: look at its state.
///
/// @param containerId the engine's id; empty on [Kind#RECONNECTED], which says "anything may have happened"
public record ContainerEvent(Kind kind, String containerId, String identity, Map<String, String> labels, Instant at) {
    public enum Kind { STARTED, EXITED, OUT_OF_MEMORY, HEALTH_CHANGED, REMOVED, RECONNECTED }

    public ContainerEvent {
        labels = Map.copyOf(labels);
    }
}
