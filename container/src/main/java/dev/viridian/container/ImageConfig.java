package dev.viridian.container;

import java.util.List;
import java.util.Map;

/// What an image says about how to run it.
///
/// @param exposedPorts for example `80/tcp`
/// @param stopSignal empty for the engine's default, SIGTERM
public record ImageConfig(List<String> entrypoint, List<String> command, Map<String, String> environment, Map<String, String> labels,
                          List<String> exposedPorts, String user, String workingDirectory, String stopSignal) {
    public static final ImageConfig EMPTY = new ImageConfig(List.of(), List.of(), Map.of(), Map.of(), List.of(), "", "", "");

    public ImageConfig {
        entrypoint = List.copyOf(entrypoint);
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        labels = Map.copyOf(labels);
        exposedPorts = List.copyOf(exposedPorts);
    }

    public ImageConfig withEntrypoint(String... value) {
        return new ImageConfig(List.of(value), command, environment, labels, exposedPorts, user, workingDirectory, stopSignal);
    }

    public ImageConfig withCommand(String... value) {
        return new ImageConfig(entrypoint, List.of(value), environment, labels, exposedPorts, user, workingDirectory, stopSignal);
    }

    public ImageConfig withLabels(Map<String, String> value) {
        return new ImageConfig(entrypoint, command, environment, value, exposedPorts, user, workingDirectory, stopSignal);
    }
}
