package dev.viridian.services.ecs;

/// Why a task could not be started, in the words ECS shows as its `stoppedReason` and its container's `reason`.
final class StartFailure extends RuntimeException {
    private final String container;

    /// @param container whose fault it is; empty when it concerns the whole task
    StartFailure(String container, String message) {
        super(message);
        this.container = container;
    }

    static StartFailure ofTask(String message) {
        return new StartFailure("", message);
    }

    String container() {
        return container;
    }
}
