package dev.viridian.container;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A command to run beside a container's first process.
public record ExecSpec(List<String> command, Map<String, String> environment, Optional<String> user, Optional<String> workingDirectory) {
    public ExecSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    public static ExecSpec of(String... command) {
        return new ExecSpec(List.of(command), Map.of(), Optional.empty(), Optional.empty());
    }
}
