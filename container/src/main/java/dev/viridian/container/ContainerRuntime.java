package dev.viridian.container;

import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// A place where containers run.
///
/// Methods state wishes and are safe to repeat: starting what runs, stopping what stands and removing what is gone are no errors. Calls block
/// until the engine has answered; any number of threads may call. Every failure is a [ContainerException] of its own kind.
public interface ContainerRuntime extends AutoCloseable {

    /// Label under which the identity of a [ContainerSpec] is kept in the engine.
    String IDENTITY_LABEL = "dev.viridian.identity";

    /// Asks the engine who it is.
    ///
    /// @throws ContainerException.NoEngine when none answers; the message lists what was tried
    EngineInfo engine();

    Images images();

    /// The network of that name, created when it does not exist yet.
    ///
    /// @throws ContainerException.NetworkConflict when one of that name exists with another subnet, or the subnet overlaps another network
    Network ensureNetwork(NetworkSpec spec);

    /// Networks that carry all of these labels.
    List<Network> networks(Map<String, String> labels);

    /// Gone afterwards; no error when it was not there.
    void removeNetwork(String name);

    /// The container of `spec.identity()`, in whatever phase it is, created (not started) when there is none. An existing container is never
    /// changed to fit another spec: a different wish needs a different identity.
    ///
    /// @throws ContainerException.ImageNotFound when the image is not in the engine; this method never pulls
    ContainerState ensureContainer(ContainerSpec spec);

    /// Starts a created or exited container and returns it running, or already exited when it was quick.
    ///
    /// @throws ContainerException.CannotStart with the engine's own text, for example when the entry point does not exist
    /// @throws ContainerException.PortTaken when a published port is in use
    ContainerState start(String id);

    /// Asks to stop with the container's stop signal, kills after `grace`; returns it exited. Blocks up to `grace`.
    ContainerState stop(String id, Duration grace);

    /// Sends one signal, for example `SIGHUP`.
    void kill(String id, String signal);

    /// Removes it with its anonymous volumes, killing it first when it runs.
    void remove(String id);

    Optional<ContainerState> inspect(String id);

    Optional<ContainerState> find(String identity);

    /// Containers that carry all of these labels, running or not.
    List<ContainerState> list(Map<String, String> labels);

    /// Hints that something happened to containers with these labels. They may be late, doubled or lost (engines forget them, connections
    /// break): a reader looks at the state itself and also without a hint from time to time. Survives reconnects until closed.
    Following events(Map<String, String> labels, Consumer<ContainerEvent> sink);

    /// Lines written after `after` (exclusive; [Instant#EPOCH] for all), oldest first, and then the new ones as they appear, until the
    /// container exits or the handle is closed. A reader that remembers the timestamp of the last line it kept can resume after a crash.
    Following follow(String id, Instant after, Consumer<LogLine> sink);

    /// The lines there are, oldest first; at most the `last` newest ones.
    List<LogLine> logs(String id, Instant after, int last);

    /// Runs a command in a running container and waits for its end.
    ExecResult exec(String id, ExecSpec spec);

    ContainerStats stats(String id);

    /// Unpacks a tar into the directory `path`. Works on containers that are not running too.
    void putArchive(String id, String path, InputStream tar);

    /// The file or directory `path` as a tar; the caller closes it.
    ///
    /// @throws ContainerException.NotFound when there is no such path
    InputStream getArchive(String id, String path);

    @Override
    void close();
}
