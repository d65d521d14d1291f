package dev.viridian.container;

import java.util.Map;

/// The image whose container does nothing but hold a network namespace for others to join: 129 bytes, made on the spot.
///
/// Its one process ignores every signal it may (as first process of a container it has no default actions), so it is removed or killed rather than
/// stopped with a grace.
public final class PauseImage {
    public static final String NAME = "viridian/pause:1";

    private PauseImage() {}

    /// The name of the image, which the engine holds when this returns.
    public static String ensure(ContainerRuntime runtime) {
        if (runtime.images().find(NAME).isEmpty()) {
            byte[] program = StaticProgram.pause(runtime.engine().architecture());
            ImageConfig config = ImageConfig.EMPTY.withEntrypoint("/pause").withLabels(Map.of("dev.viridian.image", "pause"));
            runtime.images().importImage(NAME, StaticProgram.rootFileSystem(Map.of("pause", program)), config);
        }
        return NAME;
    }
}
