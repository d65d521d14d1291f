package dev.viridian.container.gateway;

import dev.viridian.container.docker.DockerEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/// Opens doors to an engine.
public final class EngineGateway {
    /// Linux keeps the path of a unix socket in 108 bytes, macOS in 104.
    public static final int LONGEST_PATH = 103;
    private final DockerEngine engine;
    private final ImageGateway images;

    public EngineGateway(DockerEngine engine, ImageGateway images) {
        this.engine = engine;
        this.images = images;
    }

    /// A socket at that path for that tenant, served until closed; a file left there by an earlier process is replaced.
    ///
    /// @throws IllegalArgumentException when the path is too long for a unix socket
    public Door open(Path socket, Tenant tenant) {
        if (socket.toAbsolutePath().toString().length() > LONGEST_PATH) {
            throw new IllegalArgumentException("the path of a unix socket may have " + LONGEST_PATH + " characters, this one has more: " + socket);
        }
        try {
            return SocketDoor.open(socket.toAbsolutePath(), new Porter(engine, images, tenant), tenant);
        } catch (IOException e) {
            throw new UncheckedIOException("could not open the socket " + socket + " for " + tenant.name(), e);
        }
    }
}
