package dev.viridian.services.codebuild;

import dev.viridian.container.ContainerRuntime;
import dev.viridian.container.gateway.Door;
import dev.viridian.container.gateway.EngineGateway;
import dev.viridian.container.gateway.Tenant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Doors of an [EngineGateway], one folder each.
public final class GatewayAccess implements EngineAccess, AutoCloseable {
    private final EngineGateway gateway;
    private final ContainerRuntime runtime;
    private final Path folder;
    private final Map<String, Door> doors = new ConcurrentHashMap<>();

    /// @param folder on the engine's host; when it is too long for a unix socket in it, the folder for temporary files is used instead
    public GatewayAccess(EngineGateway gateway, ContainerRuntime runtime, Path folder) {
        this.gateway = gateway;
        this.runtime = runtime;
        this.folder = folder.toAbsolutePath();
    }

    @Override
    public String open(String build, Map<String, String> labels) {
        Path home = home(build);
        doors.computeIfAbsent(build, _ -> opened(home, labels));
        return home.toString();
    }

    /// The same for the same build, also in the next process.
    private Path home(String build) {
        Path wanted = folder.resolve(build);
        if (wanted.resolve("docker.sock").toString().length() <= EngineGateway.LONGEST_PATH) {
            return wanted;
        }
        String installation = Integer.toHexString(folder.toString().hashCode());
        return Path.of(System.getProperty("java.io.tmpdir"), "viridian-" + installation + "-" + build.substring(0, Math.min(13, build.length())));
    }

    private Door opened(Path home, Map<String, String> labels) {
        try {
            Files.createDirectories(home);
            Door door = gateway.open(home.resolve("docker.sock"), new Tenant("build " + home.getFileName(), labels));
            Files.writeString(home.resolve("opened"), UUID.randomUUID().toString());
            return door;
        } catch (IOException e) {
            throw new UncheckedIOException("could not open the engine for a build in " + home, e);
        }
    }

    @Override
    public void close(String build, Map<String, String> labels) {
        Door door = doors.remove(build);
        if (door != null) {
            door.close();
        }
        runtime.list(labels).forEach(container -> runtime.remove(container.id()));
        runtime.networks(labels).forEach(network -> runtime.removeNetwork(network.name()));
        try {
            Path home = home(build);
            Files.deleteIfExists(home.resolve("docker.sock"));
            Files.deleteIfExists(home.resolve("opened"));
            Files.deleteIfExists(home);
        } catch (IOException e) {
            throw new UncheckedIOException("could not remove the folder of build " + build, e);
        }
    }

    /// Stops serving without clearing anything away, as a process does that ends while builds go on.
    @Override
    public void close() {
        doors.values().forEach(Door::close);
        doors.clear();
    }
}
