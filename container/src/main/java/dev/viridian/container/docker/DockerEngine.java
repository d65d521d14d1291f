package dev.viridian.container.docker;

import dev.viridian.container.ContainerEvent;
import dev.viridian.container.ContainerException;
import dev.viridian.container.ContainerException.CannotStart;
import dev.viridian.container.ContainerException.EngineFailure;
import dev.viridian.container.ContainerException.ImageNotFound;
import dev.viridian.container.ContainerException.InvalidSpec;
import dev.viridian.container.ContainerException.NotFound;
import dev.viridian.container.ContainerException.PortTaken;
import dev.viridian.container.ContainerException.WrongPhase;
import dev.viridian.container.ContainerRuntime;
import dev.viridian.container.ContainerSpec;
import dev.viridian.container.ContainerState;
import dev.viridian.container.ContainerStats;
import dev.viridian.container.EngineInfo;
import dev.viridian.container.ExecResult;
import dev.viridian.container.ExecSpec;
import dev.viridian.container.Following;
import dev.viridian.container.Images;
import dev.viridian.container.LogLine;
import dev.viridian.container.Network;
import dev.viridian.container.NetworkSpec;
import dev.viridian.container.docker.EngineApi.Payload;
import dev.viridian.container.http.Link;
import dev.viridian.engine.time.Time;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// A Docker-compatible engine, found when first needed and found anew when it went away.
///
/// Keeps no state of its own beyond where the engine was last seen; safe for any number of threads.
public final class DockerEngine implements ContainerRuntime {
    private final EngineApi api;
    private final DockerNetworks networks;
    private final DockerImages images;
    private final DockerLogs logs;
    private final DockerEvents events;
    private final DockerExec exec;

    /// Looks where `environment` and the folder of `home` point; connects when first used, so that this never fails.
    public DockerEngine(Time time, Map<String, String> environment, Path home) {
        this.api = new EngineApi(new Discovery(environment, home));
        this.networks = new DockerNetworks(api);
        this.images = new DockerImages(api);
        this.logs = new DockerLogs(api);
        this.events = new DockerEvents(api, time);
        this.exec = new DockerExec(api);
    }

    /// The engine the user's own docker client would find, and the usual sockets after that.
    public static DockerEngine discover(Time time) {
        return new DockerEngine(time, System.getenv(), Path.of(System.getProperty("user.home")));
    }

    @Override
    public EngineInfo engine() {
        return new Introduction(api, networks).info();
    }

    /// A raw connection to the engine, for those who pass on somebody else's requests.
    ///
    /// @throws ContainerException.NoEngine when none answers
    public Link dial() {
        String attempted = "connect to the engine";
        try {
            return api.connected(attempted).endpoint().dial();
        } catch (IOException e) {
            throw new EngineFailure(attempted, e);
        }
    }

    @Override
    public Images images() {
        return images;
    }

    @Override
    public Network ensureNetwork(NetworkSpec spec) {
        return networks.ensure(spec);
    }

    @Override
    public List<Network> networks(Map<String, String> labels) {
        return networks.list(labels);
    }

    @Override
    public void removeNetwork(String name) {
        networks.remove(name);
    }

    /// Creating comes first and the engine's refusal of a taken name tells that it exists: two callers with the same wish cannot both create.
    @Override
    public ContainerState ensureContainer(ContainerSpec spec) {
        String attempted = "create container " + spec.identity() + " from image " + spec.image();
        String name = ContainerName.of(spec);
        try (Reply reply = api.post(attempted, "/containers/create?name=" + EngineApi.encoded(name), CreateBody.of(spec))) {
            return switch (reply.status()) {
                case 201 -> required(attempted, reply.json().path("Id").asString(""));
                case 409 -> existing(attempted, name, spec, reply.message());
                case 404 -> throw missing(attempted, spec, reply.message());
                case 400 -> throw new InvalidSpec(attempted, reply.message());
                default -> throw reply.failure(reply.message());
            };
        }
    }

    private ContainerState existing(String attempted, String name, ContainerSpec spec, String conflict) {
        ContainerState state = inspect(name).orElseThrow(() -> new EngineFailure(attempted, conflict));
        if (!state.identity().equals(spec.identity())) {
            throw new InvalidSpec(attempted, "the name " + name + " belongs to another container: " + conflict);
        }
        return state;
    }

    private static ContainerException missing(String attempted, ContainerSpec spec, String message) {
        boolean image = message.toLowerCase(java.util.Locale.ROOT).contains("image");
        return image ? new ImageNotFound(attempted, spec.image(), message) : new NotFound(attempted, message);
    }

    @Override
    public ContainerState start(String id) {
        String attempted = "start container " + id;
        try (Reply reply = api.post(attempted, "/containers/" + id + "/start")) {
            if (!reply.succeeded()) {
                throw notStarted(attempted, reply.status(), reply.message());
            }
        }
        return required(attempted, id);
    }

    private static ContainerException notStarted(String attempted, int status, String message) {
        if (message.contains("port is already allocated") || message.contains("address already in use")) {
            return new PortTaken(attempted, message);
        }
        return status == 404 && message.contains("No such container") ? new NotFound(attempted, message) : new CannotStart(attempted, message);
    }

    @Override
    public ContainerState stop(String id, Duration grace) {
        String attempted = "stop container " + id;
        try (Reply reply = api.post(attempted, "/containers/" + id + "/stop?t=" + CreateBody.wholeSeconds(grace))) {
            reply.orThrow();
        }
        return required(attempted, id);
    }

    @Override
    public void kill(String id, String signal) {
        try (Reply reply = api.post("send " + signal + " to container " + id, "/containers/" + id + "/kill?signal=" + EngineApi.encoded(signal))) {
            if (reply.status() == 409) {
                throw new WrongPhase(reply.attempted(), reply.message());
            }
            reply.orThrow();
        }
    }

    @Override
    public void remove(String id) {
        try (Reply reply = api.delete("remove container " + id, "/containers/" + id + "?v=1&force=1")) {
            // 404: it is gone; 409: somebody else's removal is under way
            if (reply.status() != 404 && reply.status() != 409) {
                reply.orThrow();
            }
        }
    }

    @Override
    public Optional<ContainerState> inspect(String id) {
        try (Reply reply = api.get("inspect container " + id, "/containers/" + EngineApi.encoded(id) + "/json")) {
            if (reply.status() == 404) {
                return Optional.empty();
            }
            JsonNode json = reply.orThrow().json();
            return Inspected.goingAway(json) ? Optional.empty() : Optional.of(Inspected.state(json));
        }
    }

    @Override
    public Optional<ContainerState> find(String identity) {
        return list(Map.of(IDENTITY_LABEL, identity)).stream().findFirst();
    }

    @Override
    public List<ContainerState> list(Map<String, String> labels) {
        try (Reply reply = api.get("list containers", "/containers/json?all=1&filters=" + CreateBody.labelFilter(labels)).orThrow()) {
            List<ContainerState> states = new ArrayList<>();
            for (JsonNode node : reply.json().values()) {
                inspect(node.path("Id").asString("")).ifPresent(states::add);
            }
            return states;
        }
    }

    @Override
    public Following events(Map<String, String> labels, Consumer<ContainerEvent> sink) {
        return events.follow(labels, sink);
    }

    @Override
    public Following follow(String id, Instant after, Consumer<LogLine> sink) {
        return logs.follow(id, after, sink);
    }

    @Override
    public List<LogLine> logs(String id, Instant after, int last) {
        return logs.read(id, after, last);
    }

    @Override
    public ExecResult exec(String id, ExecSpec spec) {
        return exec.run(id, spec);
    }

    @Override
    public ContainerStats stats(String id) {
        try (Reply reply = api.get("read counters of container " + id, "/containers/" + id + "/stats?stream=false&one-shot=true").orThrow()) {
            return Counters.of(reply.json());
        }
    }

    @Override
    public void putArchive(String id, String path, InputStream tar) {
        String attempted = "unpack files into " + path + " of container " + id;
        String target = "/containers/" + id + "/archive?path=" + EngineApi.encoded(path);
        try (Reply reply = api.send(attempted, "PUT", target, new Payload.OfTar(tar), Optional.empty())) {
            reply.orThrow();
        }
    }

    @Override
    public InputStream getArchive(String id, String path) {
        return api.get("read " + path + " of container " + id, "/containers/" + id + "/archive?path=" + EngineApi.encoded(path)).orThrow().stream();
    }

    private ContainerState required(String attempted, String id) {
        return inspect(id).orElseThrow(() -> new NotFound(attempted, "no such container: " + id));
    }

    /// Nothing is held between calls; streams are closed by whoever follows them.
    @Override
    public void close() {}
}
