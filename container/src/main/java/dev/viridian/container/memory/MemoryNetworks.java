package dev.viridian.container.memory;

import dev.viridian.container.ContainerException.CannotStart;
import dev.viridian.container.ContainerException.NetworkConflict;
import dev.viridian.container.ContainerSpec;
import dev.viridian.container.Network;
import dev.viridian.container.NetworkMode;
import dev.viridian.container.NetworkSpec;
import dev.viridian.container.PortBinding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Networks that hand out addresses and host ports nobody listens on.
final class MemoryNetworks {
    private static final Network BRIDGE = new Network("bridge", "bridge", "172.17.0.0/16", "172.17.0.1", Map.of());
    private final Map<String, Network> networks = new LinkedHashMap<>();
    private int nextHost = 2;
    private int nextPort = 32_768;

    synchronized Network ensure(NetworkSpec spec) {
        Network present = networks.get(spec.name());
        if (present != null && !present.subnet().equals(spec.subnet())) {
            throw new NetworkConflict("use network " + spec.name() + " with subnet " + spec.subnet(),
                    "a network of that name exists with subnet " + present.subnet());
        }
        if (present != null) {
            return present;
        }
        networks.values().stream().filter(other -> other.subnet().equals(spec.subnet())).findAny().ifPresent(other -> {
            throw new NetworkConflict("create network " + spec.name(), "Pool overlaps with other one on this address space: " + other.name());
        });
        Network network = new Network("net-" + spec.name(), spec.name(), spec.subnet(), address(spec.subnet(), 1), spec.labels());
        networks.put(spec.name(), network);
        return network;
    }

    synchronized List<Network> list(Map<String, String> labels) {
        return networks.values().stream().filter(network -> network.labels().entrySet().containsAll(labels.entrySet())).toList();
    }

    synchronized void remove(String name) {
        networks.remove(name);
    }

    synchronized Map<String, String> addresses(ContainerSpec spec) {
        return switch (spec.network()) {
            case NetworkMode.Bridge() -> Map.of("bridge", address(BRIDGE.subnet(), nextHost++));
            case NetworkMode.Named(String name, Optional<String> fixed) -> {
                Network network = Optional.ofNullable(networks.get(name)).orElseThrow(
                        () -> new CannotStart("start container " + spec.identity(), "network " + name + " not found"));
                yield Map.of(name, fixed.orElseGet(() -> address(network.subnet(), nextHost++)));
            }
            case NetworkMode.OfContainer _, NetworkMode.Host _, NetworkMode.None _ -> Map.of();
        };
    }

    synchronized List<PortBinding> publish(ContainerSpec spec) {
        return spec.ports().stream().map(port -> new PortBinding(port.containerPort(), port.protocol(), port.hostAddress(),
                port.hostPort() == 0 ? nextPort++ : port.hostPort())).toList();
    }

    private static String address(String subnet, int host) {
        String[] octets = subnet.substring(0, subnet.indexOf('/')).split("\\.");
        return octets[0] + "." + octets[1] + "." + (Integer.parseInt(octets[2]) + host / 256) + "." + host % 256;
    }
}
