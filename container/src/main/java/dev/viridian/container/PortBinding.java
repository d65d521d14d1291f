package dev.viridian.container;

/// A port of a container on a port of the host. In a spec, host port 0 asks for any free one; in a state it is the real one.
///
/// @param hostAddress where it listens; `127.0.0.1` keeps it from the outside, `0.0.0.0` does not
public record PortBinding(int containerPort, Protocol protocol, String hostAddress, int hostPort) {
    public enum Protocol { TCP, UDP }

    public PortBinding {
        if (containerPort < 1 || containerPort > 65_535 || hostPort < 0 || hostPort > 65_535) {
            throw new IllegalArgumentException("ports are 1 to 65535, got container port " + containerPort + ", host port " + hostPort);
        }
    }

    /// Published on a free port of the host's loopback.
    public static PortBinding loopback(int containerPort) {
        return new PortBinding(containerPort, Protocol.TCP, "127.0.0.1", 0);
    }

    public static PortBinding fixed(int containerPort, String hostAddress, int hostPort) {
        return new PortBinding(containerPort, Protocol.TCP, hostAddress, hostPort);
    }
}
