package dev.viridian.proxy.routing;

/// One place requests can go. To take a target out, leave it out of the next snapshot: it is then drained.
///
/// @param id      how the caller knows it, unique together with `port` within its group
/// @param address IP address; empty for a function
/// @param port    0 for a function
public record Target(String id, String address, int port) {
    public Target {
        boolean nowhere = address.isEmpty() && port == 0;
        if (!nowhere && (port < 1 || port > 65535)) {
            throw new IllegalArgumentException("target " + id + " cannot have port " + port);
        }
    }

    /// A target that is nowhere: a function, which the proxy's owner calls.
    public static Target function(String id) {
        return new Target(id, "", 0);
    }

    public boolean isFunction() {
        return port == 0;
    }

    /// A target known by its address.
    public static Target at(String address, int port) {
        return new Target(address, address, port);
    }
}
