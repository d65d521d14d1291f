package dev.viridian.container;

import java.util.List;

/// A wish that could not be fulfilled: what was attempted, and what the engine said.
public abstract sealed class ContainerException extends RuntimeException {
    private final String attempted;
    private final String reason;

    private ContainerException(String attempted, String reason) {
        super(attempted + ": " + reason);
        this.attempted = attempted;
        this.reason = reason;
    }

    /// In the infinitive, for example `start container ecs/1f3c/app`.
    public String attempted() {
        return attempted;
    }

    /// The engine's own words where there are any.
    public String reason() {
        return reason;
    }

    /// No container engine answers.
    public static final class NoEngine extends ContainerException {
        private final List<String> tried;

        public NoEngine(String attempted, List<String> tried) {
            super(attempted, "no container engine: tried " + String.join(", ", tried));
            this.tried = List.copyOf(tried);
        }

        public List<String> tried() {
            return tried;
        }
    }

    /// The image is not in the engine, or could not be fetched.
    public static final class ImageNotFound extends ContainerException {
        private final String image;

        public ImageNotFound(String attempted, String image, String reason) {
            super(attempted, reason);
            this.image = image;
        }

        public String image() {
            return image;
        }
    }

    /// The container was created but its first process could not be started; the reason is the text of the low-level runtime.
    public static final class CannotStart extends ContainerException {
        public CannotStart(String attempted, String reason) {
            super(attempted, reason);
        }
    }

    /// A host port is in use by something else.
    public static final class PortTaken extends ContainerException {
        public PortTaken(String attempted, String reason) {
            super(attempted, reason);
        }
    }

    /// The name or subnet of a network is in use for something else.
    public static final class NetworkConflict extends ContainerException {
        public NetworkConflict(String attempted, String reason) {
            super(attempted, reason);
        }
    }

    /// There is no such container, network or path.
    public static final class NotFound extends ContainerException {
        public NotFound(String attempted, String reason) {
            super(attempted, reason);
        }
    }

    /// The container is not in a phase in which this can be done, for example a command in a container that does not run.
    public static final class WrongPhase extends ContainerException {
        public WrongPhase(String attempted, String reason) {
            super(attempted, reason);
        }
    }

    /// The engine refused the wish as malformed.
    public static final class InvalidSpec extends ContainerException {
        public InvalidSpec(String attempted, String reason) {
            super(attempted, reason);
        }
    }

    /// An image build ended with an error.
    public static final class BuildFailed extends ContainerException {
        public BuildFailed(String attempted, String reason) {
            super(attempted, reason);
        }
    }

    /// The engine failed in a way nobody foresaw, or the connection to it broke.
    public static final class EngineFailure extends ContainerException {
        public EngineFailure(String attempted, String reason) {
            super(attempted, reason);
        }

        public EngineFailure(String attempted, Throwable cause) {
            super(attempted, String.valueOf(cause.getMessage()));
            initCause(cause);
        }
    }
}
