package dev.viridian.services.ecs;

import dev.viridian.engine.lifecycle.Lifecycle;

/// Where a task stands on its way up and down again; shown as `lastStatus`.
///
/// Source: ECS Developer Guide, "Task lifecycle".
enum TaskState {
    /// Waiting for its network.
    PROVISIONING,
    /// Waiting for images and containers.
    PENDING,
    /// Containers run; it is being registered with its target groups.
    ACTIVATING,
    RUNNING,
    /// Deregistered, waiting for its connections to drain.
    DEACTIVATING,
    /// Its containers are being stopped.
    STOPPING,
    /// Its containers have ended; logs are being kept, then containers and network go.
    DEPROVISIONING,
    STOPPED;

    enum Event {
        NETWORK_READY,
        CONTAINERS_STARTED,
        REGISTERED,
        LEAVE,
        DRAINED,
        CONTAINERS_ENDED,
        RELEASED
    }

    static final Lifecycle<TaskState, Event> LIFECYCLE = Lifecycle.<TaskState, Event>startingIn(PROVISIONING)
            .move(PROVISIONING, Event.NETWORK_READY, PENDING)
            .move(PROVISIONING, Event.LEAVE, DEPROVISIONING)
            .move(PENDING, Event.CONTAINERS_STARTED, ACTIVATING)
            .move(PENDING, Event.LEAVE, STOPPING)
            .move(ACTIVATING, Event.REGISTERED, RUNNING)
            .move(ACTIVATING, Event.LEAVE, DEACTIVATING)
            .move(RUNNING, Event.LEAVE, DEACTIVATING)
            .move(DEACTIVATING, Event.DRAINED, STOPPING)
            .move(STOPPING, Event.CONTAINERS_ENDED, DEPROVISIONING)
            .move(DEPROVISIONING, Event.RELEASED, STOPPED)
            .build();

    /// Whether containers may be running and the task is not on its way down.
    boolean isUp() {
        return this == ACTIVATING || this == RUNNING;
    }

    boolean isStarting() {
        return this == PROVISIONING || this == PENDING || this == ACTIVATING;
    }
}
