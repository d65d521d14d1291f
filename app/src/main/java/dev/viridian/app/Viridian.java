package dev.viridian.app;

import dev.viridian.app.internal.Status;
import dev.viridian.aws.Caller;
import dev.viridian.aws.Ids;
import dev.viridian.aws.Principal;
import java.nio.file.Path;
import java.util.Optional;

/// The running whole: every service behind its gate, on one port and for programs in this process.
///
/// A program that embeds it calls services through [#client], inside `Caller.run(viridian.root(), ...)`.
public final class Viridian implements AutoCloseable {
    public static final String VERSION = "0.1.0";

    private final Settings settings;
    private final Wiring world;

    private Viridian(Settings settings, Wiring world) {
        this.settings = settings;
        this.world = world;
    }

    /// Returns once everything answers; what was under way when the last process ended goes on.
    ///
    /// @throws HttpFront.PortTaken when somebody else listens on the port
    public static Viridian start(Settings settings) {
        return start(settings, () -> { });
    }

    /// For tests that hold up the listeners.
    static Viridian start(Settings settings, Runnable beforeListening) {
        return new Viridian(settings, Wiring.start(settings, beforeListening));
    }

    /// Of every API, e.g. `http://127.0.0.1:4566`.
    public String endpoint() {
        return world.endpoint();
    }

    /// The certificate of our authority, for tools that use HTTPS.
    public Path certificateAuthority() {
        return world.certificateAuthority();
    }

    /// What `DOCKER_HOST` must be so that docker knows our registry; empty without an engine.
    public Optional<String> dockerHost() {
        return world.dockerHost();
    }

    /// A service, e.g. `client(EcsClient.class)`; every call passes the same gate as calls on the wire.
    public <C> C client(Class<C> clientInterface) {
        return world.client(clientInterface);
    }

    /// The default account itself, in the default region.
    public Caller root() {
        return new Caller(settings.account(), settings.region(), new Principal.Root(settings.account()), Ids.uuid());
    }

    public Status status() {
        return world.status();
    }

    @Override
    public void close() {
        world.close();
    }
}
