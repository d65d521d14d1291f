package dev.viridian.services.codebuild;

import dev.viridian.container.ContainerException.NoEngine;
import dev.viridian.container.ContainerRuntime;
import dev.viridian.engine.work.Handler;
import dev.viridian.engine.work.Next;
import java.util.Optional;

/// Removes a finished build's container and what the build left running in the engine; tried again until the engine is there to do it.
final class Leftovers implements Handler {
    static final String KIND = "codebuild.leftovers";
    private final Builds builds;
    private final ContainerRuntime runtime;
    private final EngineAccess engine;

    Leftovers(Builds builds, ContainerRuntime runtime, EngineAccess engine) {
        this.builds = builds;
        this.runtime = runtime;
        this.engine = engine;
    }

    @Override
    public Next run(String key) {
        Optional<BuildRun> found = builds.find(key);
        if (found.isEmpty()) {
            return Next.done();
        }
        BuildRun run = found.get();
        try {
            // by identity, not by id: a crash may have come between the container and the note of its id
            runtime.find(Provisioning.identity(run)).ifPresent(state -> runtime.remove(state.id()));
            if (run.build().environment().privilegedMode()) {
                engine.close(run.uuid(), Provisioning.tenant(run));
            }
        } catch (NoEngine e) {
            if (run.containerId().isPresent()) {
                throw e;
            }
        }
        return Next.done();
    }
}
