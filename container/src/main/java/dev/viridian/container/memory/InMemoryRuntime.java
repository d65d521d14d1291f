package dev.viridian.container.memory;

import dev.viridian.container.ContainerEvent;
import dev.viridian.container.ContainerEvent.Kind;
import dev.viridian.container.ContainerException.CannotStart;
import dev.viridian.container.ContainerException.ImageNotFound;
import dev.viridian.container.ContainerException.NoEngine;
import dev.viridian.container.ContainerException.NotFound;
import dev.viridian.container.ContainerException.PortTaken;
import dev.viridian.container.ContainerException.WrongPhase;
import dev.viridian.container.ContainerRuntime;
import dev.viridian.container.ContainerSpec;
import dev.viridian.container.ContainerState;
import dev.viridian.container.ContainerState.Exited;
import dev.viridian.container.ContainerState.Health;
import dev.viridian.container.ContainerStats;
import dev.viridian.container.EngineInfo;
import dev.viridian.container.ExecResult;
import dev.viridian.container.ExecSpec;
import dev.viridian.container.Following;
import dev.viridian.container.ImageConfig;
import dev.viridian.container.Images;
import dev.viridian.container.LogLine;
import dev.viridian.container.LogLine.Stream;
import dev.viridian.container.Network;
import dev.viridian.container.NetworkSpec;
import dev.viridian.container.PortBinding;
import dev.viridian.engine.time.Time;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// A scripted engine. Say first which images there are and what they do ([#image]), then use it as any other.
///
/// Output, events and log lines reach their readers before the call that caused them returns. `stop` does not wait: a program that ignores its
/// stop signal is killed at once.
public final class InMemoryRuntime implements ContainerRuntime {
    private final Time time;
    private final MemoryImages images = new MemoryImages();
    private final MemoryNetworks networks = new MemoryNetworks();
    private final ConcurrentSkipListMap<String, MemoryContainer> containers = new ConcurrentSkipListMap<>();
    private final List<MemoryFollowing> followers = new CopyOnWriteArrayList<>();
    private final List<MemoryEvents> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong created = new AtomicLong();
    private volatile boolean away;

    public InMemoryRuntime(Time time) {
        this.time = time;
    }

    /// An image the engine holds, and what its containers do.
    public InMemoryRuntime image(String name, Program program) {
        images.add(name, ImageConfig.EMPTY, program);
        return this;
    }

    /// An image that must be pulled first.
    public InMemoryRuntime remoteImage(String name, Program program) {
        images.addRemote(name, program);
        return this;
    }

    /// From now on every call fails with [NoEngine], until [#comeBack]. Containers stay as they are.
    public void goAway() {
        away = true;
    }

    public void comeBack() {
        away = false;
        emit(Kind.RECONNECTED, null);
    }

    /// The running process of that identity, to act it out from a test.
    public Optional<ScriptedProcess> process(String identity) {
        return containers.values().stream().filter(container -> container.spec().identity().equals(identity)).findFirst()
                .flatMap(MemoryContainer::process);
    }

    @Override
    public EngineInfo engine() {
        check("ask the engine who it is");
        return new EngineInfo("In memory", "0", "0", "memory:", "none", "amd64", 1, 0, true);
    }

    @Override
    public Images images() {
        check("use images");
        return images;
    }

    @Override
    public Network ensureNetwork(NetworkSpec spec) {
        check("create network " + spec.name());
        return networks.ensure(spec);
    }

    @Override
    public List<Network> networks(Map<String, String> labels) {
        check("list networks");
        return networks.list(labels);
    }

    @Override
    public void removeNetwork(String name) {
        check("remove network " + name);
        networks.remove(name);
    }

    @Override
    public synchronized ContainerState ensureContainer(ContainerSpec spec) {
        String attempted = "create container " + spec.identity() + " from image " + spec.image();
        check(attempted);
        Optional<ContainerState> present = find(spec.identity());
        if (present.isPresent()) {
            return present.get();
        }
        Images.Image image = images.find(spec.image())
                .orElseThrow(() -> new ImageNotFound(attempted, spec.image(), "No such image: " + spec.image()));
        String id = HexFormat.of().toHexDigits(created.incrementAndGet()).repeat(4);
        MemoryContainer container = new MemoryContainer(id, spec, image.id(), time.now());
        containers.put(container.id(), container);
        return container.state();
    }

    @Override
    public ContainerState start(String id) {
        String attempted = "start container " + id;
        check(attempted);
        MemoryContainer container = required(attempted, id);
        Program program = images.program(container.spec().image())
                .orElseThrow(() -> new ImageNotFound(attempted, container.spec().image(), "No such image"));
        checkPorts(attempted, container.spec());
        ScriptedProcess process = new ScriptedProcess(this, container);
        if (container.begin(process, networks.addresses(container.spec()), networks.publish(container.spec()), time.now())) {
            run(container, program, process);
        }
        return container.state();
    }

    private void run(MemoryContainer container, Program program, ScriptedProcess process) {
        try {
            emit(Kind.STARTED, container);
            program.start(process);
        } catch (CannotStart e) {
            container.neverStarted();
            throw e;
        }
    }

    private void checkPorts(String attempted, ContainerSpec spec) {
        List<Integer> taken = containers.values().stream().flatMap(other -> other.state().ports().stream()).map(PortBinding::hostPort).toList();
        spec.ports().stream().filter(port -> port.hostPort() != 0 && taken.contains(port.hostPort())).findAny().ifPresent(port -> {
            throw new PortTaken(attempted, "port is already allocated: " + port.hostPort());
        });
    }

    @Override
    public ContainerState stop(String id, Duration grace) {
        String attempted = "stop container " + id;
        check(attempted);
        MemoryContainer container = required(attempted, id);
        container.process().ifPresent(process -> {
            process.stop();
            end(process, container, new Exited(137, false, ""));
        });
        return container.state();
    }

    @Override
    public void kill(String id, String signal) {
        String attempted = "send " + signal + " to container " + id;
        check(attempted);
        MemoryContainer container = required(attempted, id);
        ScriptedProcess process = container.process().orElseThrow(() -> new WrongPhase(attempted, "container " + id + " is not running"));
        if (signal.equals("SIGKILL")) {
            end(process, container, new Exited(137, false, ""));
        } else {
            process.stop();
        }
    }

    @Override
    public void remove(String id) {
        check("remove container " + id);
        MemoryContainer container = containers.remove(id);
        if (container != null) {
            container.process().ifPresent(process -> end(process, container, new Exited(137, false, "")));
            emit(Kind.REMOVED, container);
        }
    }

    @Override
    public Optional<ContainerState> inspect(String id) {
        check("inspect container " + id);
        return Optional.ofNullable(containers.get(id)).map(MemoryContainer::state);
    }

    @Override
    public Optional<ContainerState> find(String identity) {
        return list(Map.of(IDENTITY_LABEL, identity)).stream().findFirst();
    }

    @Override
    public List<ContainerState> list(Map<String, String> labels) {
        check("list containers");
        return containers.values().stream().filter(container -> container.labels().entrySet().containsAll(labels.entrySet()))
                .map(MemoryContainer::state).toList();
    }

    @Override
    public Following events(Map<String, String> labels, Consumer<ContainerEvent> sink) {
        MemoryEvents listener = new MemoryEvents(labels, sink, listeners::remove);
        listeners.add(listener);
        sink.accept(new ContainerEvent(Kind.RECONNECTED, "", "", Map.of(), time.now()));
        return listener;
    }

    @Override
    public Following follow(String id, Instant after, Consumer<LogLine> sink) {
        String attempted = "follow logs of container " + id;
        check(attempted);
        MemoryContainer container = required(attempted, id);
        MemoryFollowing following = new MemoryFollowing(container, after, sink);
        followers.add(following);
        following.deliver();
        if (!container.state().running()) {
            following.end();
        }
        return following;
    }

    @Override
    public List<LogLine> logs(String id, Instant after, int last) {
        String attempted = "read logs of container " + id;
        check(attempted);
        List<LogLine> lines = required(attempted, id).log(after);
        return lines.subList(Math.max(0, lines.size() - last), lines.size());
    }

    @Override
    public ExecResult exec(String id, ExecSpec spec) {
        String attempted = "run " + String.join(" ", spec.command()) + " in container " + id;
        check(attempted);
        return required(attempted, id).process().orElseThrow(() -> new WrongPhase(attempted, "container " + id + " is not running")).exec(spec);
    }

    @Override
    public ContainerStats stats(String id) {
        String attempted = "read counters of container " + id;
        check(attempted);
        return new ContainerStats(time.now(), 0, 0, required(attempted, id).spec().resources().memoryBytes(), 0, 0);
    }

    @Override
    public void putArchive(String id, String path, InputStream tar) {
        String attempted = "unpack files into " + path + " of container " + id;
        check(attempted);
        required(attempted, id).files().unpack(path, tar);
    }

    @Override
    public InputStream getArchive(String id, String path) {
        String attempted = "read " + path + " of container " + id;
        check(attempted);
        return required(attempted, id).files().pack(path)
                .orElseThrow(() -> new NotFound(attempted, "Could not find the file " + path + " in container " + id));
    }

    @Override
    public void close() {
        followers.forEach(MemoryFollowing::close);
    }

    void write(ScriptedProcess process, MemoryContainer container, Stream stream, String line) {
        if (container.current(process)) {
            container.write(stream, line, time.now());
            followers.stream().filter(follower -> follower.follows(container)).forEach(MemoryFollowing::deliver);
        }
    }

    void end(ScriptedProcess process, MemoryContainer container, Exited how) {
        if (container.finish(process, how, time.now())) {
            followers.stream().filter(follower -> follower.follows(container)).forEach(MemoryFollowing::end);
            followers.removeIf(follower -> follower.follows(container));
            if (how.oomKilled()) {
                emit(Kind.OUT_OF_MEMORY, container);
            }
            emit(Kind.EXITED, container);
        }
    }

    void health(ScriptedProcess process, MemoryContainer container, Health health) {
        if (container.change(process, health)) {
            emit(Kind.HEALTH_CHANGED, container);
        }
    }

    void later(ScriptedProcess process, MemoryContainer container, Duration delay, Runnable action) {
        time.at(time.now().plus(delay), () -> {
            if (container.current(process)) {
                action.run();
            }
        });
    }

    private void emit(Kind kind, @org.jspecify.annotations.Nullable MemoryContainer container) {
        ContainerEvent event = container == null ? new ContainerEvent(kind, "", "", Map.of(), time.now())
                : new ContainerEvent(kind, container.id(), container.spec().identity(), container.labels(), time.now());
        listeners.forEach(listener -> listener.hear(event));
    }

    private MemoryContainer required(String attempted, String id) {
        MemoryContainer container = containers.get(id);
        if (container == null) {
            throw new NotFound(attempted, "No such container: " + id);
        }
        return container;
    }

    private void check(String attempted) {
        if (away) {
            throw new NoEngine(attempted, List.of("memory: (told to be away)"));
        }
    }
}
