package dev.viridian.app;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;

/// The address under which containers see this machine, on systems where the engine runs beside us. In a virtual machine (Docker Desktop) the engine
/// leads containers to our loopback address by itself.
final class ContainerBridge {
    /// Docker's default bridge, and Podman's.
    private static final List<String> NAMES = List.of("docker0", "podman0", "cni-podman0");

    private ContainerBridge() {}

    static Optional<InetAddress> address() {
        return NAMES.stream().flatMap(name -> of(name).stream()).findFirst();
    }

    private static Optional<InetAddress> of(String name) {
        try {
            NetworkInterface bridge = NetworkInterface.getByName(name);
            return bridge == null ? Optional.empty() : bridge.inetAddresses().filter(Inet4Address.class::isInstance).findFirst();
        } catch (SocketException e) {
            return Optional.empty(); // an interface that cannot be asked is as good as none
        }
    }
}
