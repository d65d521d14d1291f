package dev.viridian.proxy;

import dev.viridian.proxy.routing.Listener;

/// Where one listener is reachable on one of its addresses.
///
/// @param wantedPort the listener's own port
/// @param port       the port clients must use: equal to `wantedPort` unless that could not be bound; 0 when nothing could be bound
/// @param problem    why the wanted port could not be bound; empty when it was
public record Binding(String listenerId, Listener.Protocol protocol, String address, int wantedPort, int port, String problem) {

    public boolean reachable() {
        return port != 0;
    }

    /// Bound, but on another port than wanted.
    public boolean substituted() {
        return port != 0 && wantedPort != 0 && port != wantedPort;
    }
}
