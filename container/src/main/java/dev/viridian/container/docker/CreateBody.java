package dev.viridian.container.docker;

import dev.viridian.container.ContainerRuntime;
import dev.viridian.container.ContainerSpec;
import dev.viridian.container.HealthCheck;
import dev.viridian.container.Mount;
import dev.viridian.container.NetworkMode;
import dev.viridian.container.PortBinding;
import dev.viridian.container.Resources;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A wish, as the body of `POST /containers/create`.
final class CreateBody {
    private CreateBody() {}

    static ObjectNode of(ContainerSpec spec) {
        boolean ownNetwork = !(spec.network() instanceof NetworkMode.OfContainer);
        ObjectNode body = Json.object();
        body.put("Image", spec.image());
        spec.command().ifPresent(command -> body.set("Cmd", array(command)));
        spec.entrypoint().ifPresent(entrypoint -> body.set("Entrypoint", array(entrypoint)));
        body.set("Env", array(spec.environment().entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).toList()));
        ObjectNode labels = body.putObject("Labels");
        spec.labels().forEach(labels::put);
        labels.put(ContainerRuntime.IDENTITY_LABEL, spec.identity());
        spec.user().ifPresent(user -> body.put("User", user));
        spec.workingDirectory().ifPresent(directory -> body.put("WorkingDir", directory));
        spec.stopSignal().ifPresent(signal -> body.put("StopSignal", signal));
        spec.stopTimeout().ifPresent(timeout -> body.put("StopTimeout", wholeSeconds(timeout)));
        spec.healthCheck().ifPresent(check -> body.set("Healthcheck", health(check)));
        body.put("Tty", spec.tty()).put("OpenStdin", spec.openStdin());
        if (ownNetwork) {
            spec.hostname().ifPresent(hostname -> body.put("Hostname", hostname));
            expose(body.putObject("ExposedPorts"), spec.ports());
        }
        body.set("HostConfig", host(spec, ownNetwork));
        network(spec.network(), body);
        return body;
    }

    static int wholeSeconds(Duration duration) {
        return (int) Math.ceilDiv(duration.toMillis(), 1000L);
    }

    private static ObjectNode host(ContainerSpec spec, boolean ownNetwork) {
        ObjectNode host = Json.object();
        host.put("NetworkMode", mode(spec.network()));
        host.put("Privileged", spec.privileged()).put("ReadonlyRootfs", spec.readOnlyRoot()).put("Init", spec.init());
        host.set("CapAdd", array(spec.addedCapabilities()));
        host.set("CapDrop", array(spec.droppedCapabilities()));
        host.set("Mounts", mounts(spec.mounts()));
        // a driver whose lines can be read back, and a bound on what one talkative container may write to the disk
        host.putObject("LogConfig").put("Type", "json-file").putObject("Config").put("max-size", "64m").put("max-file", "4");
        limits(host, spec.resources());
        if (ownNetwork) {
            host.set("ExtraHosts", array(spec.extraHosts().entrySet().stream().map(entry -> entry.getKey() + ":" + entry.getValue()).toList()));
            host.set("Dns", array(spec.dnsServers()));
            ObjectNode sysctls = host.putObject("Sysctls");
            spec.sysctls().forEach(sysctls::put);
            bind(host.putObject("PortBindings"), spec.ports());
        }
        return host;
    }

    private static void limits(ObjectNode host, Resources resources) {
        if (resources.memoryBytes() > 0) {
            // swap included in the same limit: without it a container over its limit would swap instead of being stopped
            host.put("Memory", resources.memoryBytes()).put("MemorySwap", resources.memoryBytes());
        }
        host.put("MemoryReservation", resources.memoryReservationBytes()).put("CpuShares", resources.cpuShares());
        host.put("NanoCpus", Math.round(resources.cpus() * 1_000_000_000L));
        if (resources.pids() > 0) {
            host.put("PidsLimit", resources.pids());
        }
        ArrayNode ulimits = host.putArray("Ulimits");
        resources.ulimits().forEach(limit -> ulimits.addObject().put("Name", limit.name()).put("Soft", limit.soft()).put("Hard", limit.hard()));
    }

    private static String mode(NetworkMode network) {
        return switch (network) {
            case NetworkMode.Bridge() -> "bridge";
            case NetworkMode.Named named -> named.network();
            case NetworkMode.OfContainer(String id) -> "container:" + id;
            case NetworkMode.Host() -> "host";
            case NetworkMode.None() -> "none";
        };
    }

    private static void network(NetworkMode network, ObjectNode body) {
        if (network instanceof NetworkMode.Named named && named.address().isPresent()) {
            body.putObject("NetworkingConfig").putObject("EndpointsConfig").putObject(named.network())
                    .putObject("IPAMConfig").put("IPv4Address", named.address().get());
        }
    }

    private static ObjectNode health(HealthCheck check) {
        ObjectNode health = Json.object();
        health.set("Test", array(check.command()));
        return health.put("Interval", check.interval().toNanos()).put("Timeout", check.timeout().toNanos()).put("Retries", check.retries())
                .put("StartPeriod", check.startPeriod().toNanos());
    }

    private static ArrayNode mounts(List<Mount> mounts) {
        ArrayNode array = Json.MAPPER.createArrayNode();
        for (Mount mount : mounts) {
            ObjectNode node = array.addObject().put("Type", mount.kind().name().toLowerCase(Locale.ROOT)).put("Target", mount.target());
            node.put("ReadOnly", mount.readOnly());
            if (mount.kind() != Mount.Kind.TMPFS) {
                node.put("Source", mount.source());
            }
        }
        return array;
    }

    private static void expose(ObjectNode exposed, List<PortBinding> ports) {
        ports.forEach(port -> exposed.putObject(key(port)));
    }

    private static void bind(ObjectNode bindings, List<PortBinding> ports) {
        for (PortBinding port : ports) {
            bindings.withArray("/" + key(port).replace("/", "~1")).addObject().put("HostIp", port.hostAddress())
                    .put("HostPort", port.hostPort() == 0 ? "" : String.valueOf(port.hostPort()));
        }
    }

    private static String key(PortBinding port) {
        return port.containerPort() + "/" + port.protocol().name().toLowerCase(Locale.ROOT);
    }

    private static JsonNode array(List<String> values) {
        ArrayNode array = Json.MAPPER.createArrayNode();
        values.forEach(array::add);
        return array;
    }

    /// A filter for listing, for example `{"label":["a=b"]}`, ready for a query string.
    static String labelFilter(Map<String, String> labels) {
        ObjectNode filter = Json.object();
        filter.set("label", array(labels.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).toList()));
        return EngineApi.encoded(filter.toString());
    }
}
