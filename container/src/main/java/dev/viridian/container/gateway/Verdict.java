package dev.viridian.container.gateway;

/// What becomes of a request.
sealed interface Verdict {
    /// Passed on as it is.
    record Pass() implements Verdict {}

    /// Answered with 403 and this message.
    record Deny(String message) implements Verdict {}

    /// Passed on if the container is the tenant's own.
    record IfOwnContainer(String id) implements Verdict {}

    /// Passed on if the network is the tenant's own.
    record IfOwnNetwork(String id) implements Verdict {}

    /// A list, restricted to what carries the tenant's labels.
    record ListOwn() implements Verdict {}

    /// Passed on when the wish asks for nothing of the host, with the tenant's labels added.
    record CreateContainer() implements Verdict {}

    /// Passed on with the tenant's labels added.
    record CreateLabelled() implements Verdict {}

    record Login() implements Verdict {}

    record Push(String name) implements Verdict {}

    record Pull() implements Verdict {}

    record Build() implements Verdict {}
}
