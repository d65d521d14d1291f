package dev.viridian.services.ecs;

import java.time.Instant;

/// The next step of one task.
sealed interface TaskPlan {

    /// Make its network, when it has one of its own.
    record Provision() implements TaskPlan {}

    /// Fetch images, look at log groups, environment files and everything else without which no container may start.
    record Prepare() implements TaskPlan {}

    record StartContainer(String name) implements TaskPlan {}

    /// Everything there is to start has been started.
    record Activate() implements TaskPlan {}

    /// Make it known to its target groups.
    record Register() implements TaskPlan {}

    /// From now on it is wanted stopped, for this reason.
    record End(Reason reason, String text) implements TaskPlan {}

    /// It is wanted stopped: take the first step down.
    record Leave() implements TaskPlan {}

    record Deregister() implements TaskPlan {}

    /// Nothing is connected to it any more, or nobody could have been.
    record Drained() implements TaskPlan {}

    /// Look again whether its connections have drained.
    record AwaitDrain() implements TaskPlan {}

    /// Ask a container to stop.
    record Interrupt(String name) implements TaskPlan {}

    /// It was asked, and its time is over.
    record Kill(String name) implements TaskPlan {}

    record ContainersEnded() implements TaskPlan {}

    /// Lines of its containers have not all arrived yet.
    record AwaitLogs() implements TaskPlan {}

    /// Give containers and network back.
    record Release() implements TaskPlan {}

    /// It has been visible for long enough.
    record Forget() implements TaskPlan {}

    /// Something must happen outside first; look again at `moment` in case nobody tells.
    record Await(Instant moment) implements TaskPlan {}

    /// Why a task ends by itself.
    enum Reason { ESSENTIAL_CONTAINER_EXITED, FAILED_TO_START }
}
