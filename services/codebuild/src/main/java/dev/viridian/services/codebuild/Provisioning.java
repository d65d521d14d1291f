package dev.viridian.services.codebuild;

import dev.viridian.container.ContainerException.ImageNotFound;
import dev.viridian.container.ContainerRuntime;
import dev.viridian.container.ContainerSpec;
import dev.viridian.container.Mount;
import dev.viridian.container.Resources;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.codebuild.model.ComputeType;

/// PROVISIONING: the container a build runs in, found again or created, not started.
final class Provisioning {
    private static final long GIB = 1L << 30;
    private final ContainerRuntime runtime;
    private final EngineAccess engine;
    private final BuildEnvironment surroundings;

    Provisioning(ContainerRuntime runtime, EngineAccess engine, BuildEnvironment surroundings) {
        this.runtime = runtime;
        this.engine = engine;
        this.surroundings = surroundings;
    }

    /// What the build's container is for, in words that outlast this process.
    static String identity(BuildRun run) {
        return "codebuild/" + run.uuid();
    }

    /// The id of the container.
    ///
    /// @throws dev.viridian.container.ContainerException when there is no such image or no engine
    String provide(BuildRun run) {
        String image = run.build().environment().image();
        if (runtime.images().find(image).isEmpty()) {
            pull(image);
        }
        return runtime.ensureContainer(spec(run)).id();
    }

    /// AWS's own images are on no registry: they are made here or not at all.
    private void pull(String image) {
        if (image.startsWith("aws/codebuild/")) {
            throw new ImageNotFound("find build image " + image, image, "the container engine does not hold " + image
                    + ", and AWS publishes it on no registry. 'images/build.sh standard' makes an image of that name");
        }
        runtime.images().pull(image, Optional.empty(), _ -> {});
    }

    private ContainerSpec spec(BuildRun run) {
        ContainerSpec.Builder spec = ContainerSpec.of(identity(run), run.build().environment().image())
                .entrypoint(DriverFiles.COMMAND_LINE).command(List.of()).user("0").workingDirectory("/")
                .label("dev.viridian.service", "codebuild").label("dev.viridian.build", run.build().id())
                .resources(resources(run.build().environment().computeType()));
        surroundings.extraHosts().forEach(spec::extraHost);
        lend(run).ifPresent(folder -> spec.mount(Mount.bind(folder, DriverFiles.ENGINE)));
        return spec.build();
    }

    /// Memory as AWS sizes its machines; processors by weight, since a small host should not stand idle.
    private static Resources resources(ComputeType type) {
        return switch (type) {
            case BUILD_GENERAL1_MEDIUM -> Resources.of(8 * GIB, 4096);
            case BUILD_GENERAL1_LARGE -> Resources.of(16 * GIB, 8192);
            case BUILD_GENERAL1_XLARGE -> Resources.of(72 * GIB, 36_864);
            case BUILD_GENERAL1_2_XLARGE -> Resources.of(144 * GIB, 73_728);
            default -> Resources.of(4 * GIB, 2048);
        };
    }

    /// Sees to it that a privileged build's door is open, which after a restart of this server it is not; the folder it is in.
    Optional<String> lend(BuildRun run) {
        return run.build().environment().privilegedMode() ? Optional.of(engine.open(run.uuid(), tenant(run))) : Optional.empty();
    }

    /// Marks what the build itself makes in the engine; the build's own container does not carry it, so the build does not see that one.
    static Map<String, String> tenant(BuildRun run) {
        return Map.of("dev.viridian.lent-to", run.uuid());
    }
}
