package dev.viridian.container.gateway;

import dev.viridian.container.gateway.Verdict.Build;
import dev.viridian.container.gateway.Verdict.CreateContainer;
import dev.viridian.container.gateway.Verdict.CreateLabelled;
import dev.viridian.container.gateway.Verdict.Deny;
import dev.viridian.container.gateway.Verdict.IfOwnContainer;
import dev.viridian.container.gateway.Verdict.IfOwnNetwork;
import dev.viridian.container.gateway.Verdict.ListOwn;
import dev.viridian.container.gateway.Verdict.Login;
import dev.viridian.container.gateway.Verdict.Pass;
import dev.viridian.container.gateway.Verdict.Pull;
import dev.viridian.container.gateway.Verdict.Push;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/// Who may ask what of the engine. Pure: a request in, a verdict out. What is not known to be harmless is denied.
final class Rules {
    private static final Pattern CONTAINER = Pattern.compile("/containers/([^/]+)(/.*)?");
    private static final Pattern NETWORK = Pattern.compile("/networks/([^/]+)(/.*)?");
    private static final Pattern PUSH = Pattern.compile("/images/(.+)/push");
    private static final Set<String> READABLE = Set.of("/_ping", "/version", "/info", "/events", "/images/json", "/images/search", "/images/get",
            "/networks", "/volumes", "/system/df");
    /// What `docker inspect` asks through before it says that there is no such thing.
    private static final List<String> READABLE_BELOW = List.of("/volumes/", "/plugins", "/services", "/tasks", "/nodes", "/secrets/", "/configs/");
    private static final List<String> OPEN = List.of("/exec/", "/images/", "/build", "/session", "/grpc", "/commit", "/distribution/");

    private Rules() {}

    /// @param path without version prefix and query
    static Verdict judge(String method, String path) {
        boolean post = method.equals("POST");
        Matcher push = PUSH.matcher(path);
        Matcher container = CONTAINER.matcher(path);
        Matcher network = NETWORK.matcher(path);
        if (path.endsWith("/prune")) {
            return new Deny("pruning would take away what belongs to others");
        } else if (post && path.equals("/auth")) {
            return new Login();
        } else if (post && push.matches()) {
            return new Push(push.group(1));
        } else if (post && path.equals("/images/create")) {
            return new Pull();
        } else if (post && path.equals("/build")) {
            return new Build();
        } else if (path.equals("/containers/json")) {
            return new ListOwn();
        } else if (post && path.equals("/containers/create")) {
            return new CreateContainer();
        } else if (container.matches()) {
            return new IfOwnContainer(container.group(1));
        } else if (post && (path.equals("/networks/create") || path.equals("/volumes/create"))) {
            return new CreateLabelled();
        } else if (network.matches() && !method.equals("GET")) {
            return new IfOwnNetwork(network.group(1));
        }
        return harmless(method, path) ? new Pass() : new Deny(method + " " + path + " is not available in builds");
    }

    private static boolean harmless(String method, String path) {
        boolean reads = method.equals("GET") || method.equals("HEAD");
        return reads && (READABLE.contains(path) || NETWORK.matcher(path).matches() || READABLE_BELOW.stream().anyMatch(path::startsWith))
                || OPEN.stream().anyMatch(path::startsWith);
    }

    /// What a wished-for container asks of the host, if anything.
    static Optional<String> forbidden(JsonNode create) {
        JsonNode host = create.path("HostConfig");
        if (host.path("Privileged").asBoolean(false)) {
            return Optional.of("privileged containers cannot be started in builds");
        }
        for (String namespace : List.of("PidMode", "IpcMode", "UTSMode", "UsernsMode", "NetworkMode", "CgroupnsMode")) {
            if (host.path(namespace).asString("").equals("host")) {
                return Optional.of(namespace + " 'host' cannot be used in builds");
            }
        }
        if (!host.path("Devices").isEmpty() || !host.path("CapAdd").isEmpty() || !host.path("VolumesFrom").isEmpty()) {
            return Optional.of("devices, added capabilities and other containers' volumes cannot be used in builds");
        }
        return mounted(host).map(source -> "the host path " + source + " cannot be mounted in builds: the engine is not in the build's container."
                + " Copy files with 'docker cp' or COPY in the Dockerfile instead");
    }

    private static Optional<String> mounted(JsonNode host) {
        Optional<String> bind = StreamSupport.stream(host.path("Binds").values().spliterator(), false).map(node -> node.asString("").split(":")[0])
                .filter(source -> source.startsWith("/")).findFirst();
        return bind.or(() -> StreamSupport.stream(host.path("Mounts").values().spliterator(), false)
                .filter(mount -> mount.path("Type").asString("").equals("bind")).map(mount -> mount.path("Source").asString("")).findFirst());
    }

    /// Other containers whose namespaces a wished-for container would enter.
    static List<String> joined(JsonNode create) {
        JsonNode host = create.path("HostConfig");
        return List.of("NetworkMode", "PidMode", "IpcMode").stream().map(key -> host.path(key).asString(""))
                .filter(mode -> mode.startsWith("container:")).map(mode -> mode.substring("container:".length())).toList();
    }
}
