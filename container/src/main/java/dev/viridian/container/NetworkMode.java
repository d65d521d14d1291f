package dev.viridian.container;

import java.util.Optional;

/// Where a container's network interfaces come from.
public sealed interface NetworkMode {

    /// The engine's default bridge.
    record Bridge() implements NetworkMode {}

    /// A network made by [ContainerRuntime#ensureNetwork], with an address of choice or the next free one.
    record Named(String network, Optional<String> address) implements NetworkMode {}

    /// The namespace of another container: same address, same localhost. Ports and extra hosts belong on that other one.
    record OfContainer(String containerId) implements NetworkMode {}

    /// The host's own interfaces.
    record Host() implements NetworkMode {}

    /// Loopback only.
    record None() implements NetworkMode {}

    static NetworkMode bridge() {
        return new Bridge();
    }

    static NetworkMode named(String network) {
        return new Named(network, Optional.empty());
    }

    static NetworkMode of(String containerId) {
        return new OfContainer(containerId);
    }

    static NetworkMode host() {
        return new Host();
    }

    static NetworkMode none() {
        return new None();
    }
}
