package dev.viridian.services.ecs;

import java.util.Optional;

/// Finds the image a task asks for and sees to it that the engine holds it: in our own registry first, among the engine's images, or elsewhere.
/// The assembly connects this with the registry; ECS itself only knows names.
public interface TaskImages {

    /// Blocks until the engine holds the image.
    ///
    /// @param image as the task definition names it
    /// @throws Unavailable when it cannot be had; nothing was changed
    Resolved resolve(String image);

    /// @param reference what the engine knows the image by; stands for the same content as long as possible, so rather an id than a tag
    /// @param digest of its manifest, when a registry knows it
    record Resolved(String reference, Optional<String> digest) {}

    /// The image is not to be had.
    final class Unavailable extends RuntimeException {
        /// @param reason what the engine or registry said, without a prefix, for example `IMAGE: not found`
        public Unavailable(String reason) {
            super(reason);
        }

        public Unavailable(String reason, Throwable cause) {
            super(reason, cause);
        }
    }
}
