package dev.viridian.app.links;

import dev.viridian.container.Images.RegistryLogin;
import dev.viridian.container.gateway.ImageGateway;
import dev.viridian.registry.ArchiveLimits;
import dev.viridian.registry.Manifest;
import dev.viridian.registry.Platform;
import dev.viridian.registry.Registry;
import dev.viridian.registry.RegistryAccess;
import dev.viridian.registry.RegistryAccess.Action;
import dev.viridian.registry.RegistryAccess.Attempt;
import dev.viridian.registry.RegistryAccess.Credentials;
import dev.viridian.registry.RegistryAccess.Decision;
import dev.viridian.registry.RegistryException;
import dev.viridian.services.ecr.Ecr;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;

/// `docker login`, `push` and `pull` for ECR names, as they come through our docker socket: images move in-band, by the archives docker itself makes, and
/// the same rules decide as for clients that speak to the registry directly.
public final class RegistryGateway implements ImageGateway {
    private final Registry registry;
    private final RegistryAccess access;

    public RegistryGateway(Registry registry, RegistryAccess access) {
        this.registry = registry;
        this.access = access;
    }

    @Override
    public boolean claims(String host) {
        return Ecr.isRegistryHost(host);
    }

    @Override
    public void authenticate(String host, String user, String password) throws Refused {
        admit(new Attempt(host, Optional.empty(), Optional.empty(), Optional.of(new Credentials(user, password))), host);
    }

    @Override
    public Pushed push(String name, String tag, Optional<RegistryLogin> login, InputStream savedImage, Consumer<String> progress) throws Refused {
        EcrName target = target(name, tag);
        String principal = admit(attempt(name, Action.WRITE_MANIFEST, target, login), name);
        try {
            Manifest manifest = registry.importArchive(target.inRegistry(), tag, savedImage, Optional.of(name + ":" + tag), ArchiveLimits.DEFAULT, principal);
            return new Pushed(manifest.digest().toString(), manifest.bytes().length);
        } catch (RegistryException e) {
            throw new Refused(e.spoken());
        }
    }

    @Override
    public InputStream pull(String name, String reference, Optional<RegistryLogin> login) throws Refused {
        EcrName target = target(name, reference);
        admit(attempt(name, Action.READ_MANIFEST, target, login), name);
        try {
            return registry.exportArchive(target.inRegistry(), reference, Platform.LINUX_AMD64, Optional.of(name + (reference.contains(":") ? "@" : ":") + reference));
        } catch (RegistryException e) {
            throw new Refused(e.spoken());
        }
    }

    private static EcrName target(String name, String reference) throws Refused {
        return EcrName.parse(name + (reference.contains(":") ? "@" : ":") + reference)
                .orElseThrow(() -> new Refused("invalid reference format: " + name + ":" + reference));
    }

    private static Attempt attempt(String name, Action action, EcrName target, Optional<RegistryLogin> login) {
        String host = name.substring(0, name.indexOf('/'));
        return new Attempt(host, Optional.of(action), Optional.of(target.inRegistry()), login.map(l -> new Credentials(l.user(), l.password())));
    }

    /// Texts as docker prints them after the registry's answer.
    private String admit(Attempt attempt, String what) throws Refused {
        return switch (access.admit(attempt)) {
            case Decision.Admitted(String principal) -> principal;
            case Decision.Unauthenticated _ -> throw new Refused(attempt.credentials().isEmpty() ? "no basic auth credentials" : "denied: Your authorization token is not valid for " + what);
            case Decision.Refused(RegistryException reason) -> throw new Refused(reason.spoken());
        };
    }
}
