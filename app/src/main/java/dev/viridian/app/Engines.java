package dev.viridian.app;

import dev.viridian.container.ContainerException;
import dev.viridian.container.ContainerRuntime;
import dev.viridian.container.EngineInfo;
import dev.viridian.container.docker.DockerEngine;
import dev.viridian.engine.time.Time;

/// Looks for a container engine, and puts what was found into a sentence.
public final class Engines {
    private Engines() {}

    /// @param available whether an engine answered; one that starts later is found then
    /// @param description name and version, or what was tried
    public record Found(boolean available, String description) {}

    public static Found look(Time time) {
        try (ContainerRuntime runtime = DockerEngine.discover(time)) {
            return describe(runtime);
        }
    }

    static Found describe(ContainerRuntime runtime) {
        try {
            EngineInfo info = runtime.engine();
            return new Found(true, info.name() + " " + info.version() + " (API " + info.apiVersion() + ") at " + info.endpoint());
        } catch (ContainerException.NoEngine e) {
            return new Found(false, "none: tried " + String.join(", ", e.tried()));
        }
    }
}
