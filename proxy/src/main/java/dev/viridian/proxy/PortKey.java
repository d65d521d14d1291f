package dev.viridian.proxy;

import dev.viridian.proxy.routing.Listener;

/// A socket somebody wants. HTTP listeners with the same address and port share one, HTTPS listeners likewise; others, and those that take any free
/// port, have their own.
///
/// @param owner id of the only listener, empty where sharing is possible
record PortKey(String address, int port, Listener.Protocol protocol, String owner) {
    static PortKey of(Listener listener, String address) {
        boolean shared = listener.port() != 0 && listener.protocol().readsRequests();
        return new PortKey(address, listener.port(), listener.protocol(), shared ? "" : listener.id());
    }
}
