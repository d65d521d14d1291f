package dev.viridian.container;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A container as it is wished for.
///
/// @param identity what this container is for, in the words of its owner, for example `ecs/<task id>/<container name>`; at most one exists
/// @param name a readable name in the engine; must be unique there, empty lets the engine choose
/// @param command replaces the image's `CMD`; absent keeps it
/// @param entrypoint replaces the image's `ENTRYPOINT`; absent keeps it
/// @param user replaces the image's user; absent keeps it
/// @param extraHosts host name to address, in `/etc/hosts`; the address `host-gateway` means the engine's host
/// @param addedCapabilities as the kernel names them, without `CAP_`, for example `NET_ADMIN`
/// @param stopSignal for example `SIGTERM`; absent keeps the image's
/// @param stopTimeout grace used by the engine when nobody says otherwise
/// @param init whether a tiny init reaps zombies and passes signals on
public record ContainerSpec(String identity, Optional<String> name, String image, Optional<List<String>> command, Optional<List<String>> entrypoint,
                            Map<String, String> environment, Map<String, String> labels, NetworkMode network, List<PortBinding> ports,
                            Resources resources, Optional<HealthCheck> healthCheck, Optional<String> user, Optional<String> workingDirectory,
                            List<Mount> mounts, Map<String, String> extraHosts, List<String> addedCapabilities, List<String> droppedCapabilities,
                            Optional<String> stopSignal, Optional<Duration> stopTimeout, boolean readOnlyRoot, boolean init, boolean tty,
                            boolean openStdin, boolean privileged, Optional<String> hostname, List<String> dnsServers,
                            Map<String, String> sysctls) {
    public ContainerSpec {
        if (identity.isBlank() || image.isBlank()) {
            throw new IllegalArgumentException("a container needs an identity and an image, got '" + identity + "' and '" + image + "'");
        }
        command = command.map(List::copyOf);
        entrypoint = entrypoint.map(List::copyOf);
        environment = new LinkedHashMap<>(environment);
        labels = Map.copyOf(labels);
        ports = List.copyOf(ports);
        mounts = List.copyOf(mounts);
        extraHosts = Map.copyOf(extraHosts);
        addedCapabilities = List.copyOf(addedCapabilities);
        droppedCapabilities = List.copyOf(droppedCapabilities);
        dnsServers = List.copyOf(dnsServers);
        sysctls = Map.copyOf(sysctls);
    }

    /// The same wish with one more label.
    public ContainerSpec withLabel(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(labels);
        more.put(key, value);
        return new ContainerSpec(identity, name, image, command, entrypoint, environment, more, network, ports, resources, healthCheck, user,
                workingDirectory, mounts, extraHosts, addedCapabilities, droppedCapabilities, stopSignal, stopTimeout, readOnlyRoot, init, tty,
                openStdin, privileged, hostname, dnsServers, sysctls);
    }

    public static Builder of(String identity, String image) {
        return new Builder(identity, image);
    }

    /// Collects what differs from the plain container: image defaults, default bridge, no limits.
    public static final class Builder {
        private final String identity;
        private final String image;
        private Optional<String> name = Optional.empty();
        private Optional<List<String>> command = Optional.empty();
        private Optional<List<String>> entrypoint = Optional.empty();
        private final Map<String, String> environment = new LinkedHashMap<>();
        private final Map<String, String> labels = new LinkedHashMap<>();
        private NetworkMode network = NetworkMode.bridge();
        private final List<PortBinding> ports = new ArrayList<>();
        private Resources resources = Resources.UNLIMITED;
        private Optional<HealthCheck> healthCheck = Optional.empty();
        private Optional<String> user = Optional.empty();
        private Optional<String> workingDirectory = Optional.empty();
        private final List<Mount> mounts = new ArrayList<>();
        private final Map<String, String> extraHosts = new LinkedHashMap<>();
        private final List<String> addedCapabilities = new ArrayList<>();
        private final List<String> droppedCapabilities = new ArrayList<>();
        private Optional<String> stopSignal = Optional.empty();
        private Optional<Duration> stopTimeout = Optional.empty();
        private boolean readOnlyRoot;
        private boolean init;
        private boolean tty;
        private boolean openStdin;
        private boolean privileged;
        private Optional<String> hostname = Optional.empty();
        private final List<String> dnsServers = new ArrayList<>();
        private final Map<String, String> sysctls = new LinkedHashMap<>();

        private Builder(String identity, String image) {
            this.identity = Objects.requireNonNull(identity);
            this.image = Objects.requireNonNull(image);
        }

        public Builder name(String value) {
            name = Optional.of(value);
            return this;
        }

        public Builder command(String... value) {
            return command(List.of(value));
        }

        public Builder command(List<String> value) {
            command = Optional.of(value);
            return this;
        }

        public Builder entrypoint(List<String> value) {
            entrypoint = Optional.of(value);
            return this;
        }

        public Builder environment(String key, String value) {
            environment.put(key, value);
            return this;
        }

        public Builder environment(Map<String, String> values) {
            environment.putAll(values);
            return this;
        }

        public Builder label(String key, String value) {
            labels.put(key, value);
            return this;
        }

        public Builder labels(Map<String, String> values) {
            labels.putAll(values);
            return this;
        }

        public Builder network(NetworkMode value) {
            network = value;
            return this;
        }

        public Builder port(PortBinding value) {
            ports.add(value);
            return this;
        }

        public Builder ports(List<PortBinding> values) {
            ports.addAll(values);
            return this;
        }

        public Builder resources(Resources value) {
            resources = value;
            return this;
        }

        public Builder healthCheck(HealthCheck value) {
            healthCheck = Optional.of(value);
            return this;
        }

        public Builder user(String value) {
            user = Optional.of(value);
            return this;
        }

        public Builder workingDirectory(String value) {
            workingDirectory = Optional.of(value);
            return this;
        }

        public Builder mount(Mount value) {
            mounts.add(value);
            return this;
        }

        public Builder extraHost(String host, String address) {
            extraHosts.put(host, address);
            return this;
        }

        public Builder addCapability(String value) {
            addedCapabilities.add(value);
            return this;
        }

        public Builder dropCapability(String value) {
            droppedCapabilities.add(value);
            return this;
        }

        public Builder stopSignal(String value) {
            stopSignal = Optional.of(value);
            return this;
        }

        public Builder stopTimeout(Duration value) {
            stopTimeout = Optional.of(value);
            return this;
        }

        public Builder readOnlyRoot(boolean value) {
            readOnlyRoot = value;
            return this;
        }

        public Builder init(boolean value) {
            init = value;
            return this;
        }

        public Builder tty(boolean value) {
            tty = value;
            return this;
        }

        public Builder openStdin(boolean value) {
            openStdin = value;
            return this;
        }

        public Builder privileged(boolean value) {
            privileged = value;
            return this;
        }

        public Builder hostname(String value) {
            hostname = Optional.of(value);
            return this;
        }

        public Builder dnsServer(String value) {
            dnsServers.add(value);
            return this;
        }

        public Builder sysctl(String key, String value) {
            sysctls.put(key, value);
            return this;
        }

        public ContainerSpec build() {
            return new ContainerSpec(identity, name, image, command, entrypoint, environment, labels, network, ports, resources, healthCheck, user,
                    workingDirectory, mounts, extraHosts, addedCapabilities, droppedCapabilities, stopSignal, stopTimeout, readOnlyRoot, init, tty,
                    openStdin, privileged, hostname, dnsServers, sysctls);
        }
    }
}
