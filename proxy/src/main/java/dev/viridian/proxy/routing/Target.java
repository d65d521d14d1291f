package dev.viridian.proxy.routing;

/// One place requests can go. To take a target out, leave it out of the next snapshot: it is then drained.
///
/// @param id      how the caller knows it, unique together with `port` within its group
/// @param address IP address
public record Target(String id, String address, int port) {
    public Target {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("target " + id + " cannot have port " + port);
        }
    }

    /// A target known by its address.
    public static Target at(String address, int port) {
        return new Target(address, address, port);
    }
}
