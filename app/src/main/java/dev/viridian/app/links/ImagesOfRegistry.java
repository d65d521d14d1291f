package dev.viridian.app.links;

import dev.viridian.container.ContainerException;
import dev.viridian.container.Images;
import dev.viridian.registry.Digest;
import dev.viridian.registry.Manifest;
import dev.viridian.registry.Platform;
import dev.viridian.registry.Registry;
import dev.viridian.registry.RegistryException;
import dev.viridian.services.ecs.EngineImages;
import dev.viridian.services.ecs.TaskImages;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// Images for tasks: those with an ECR name come from our registry and are moved into the engine in-band, so the engine needs neither our name nor our
/// certificate; all others are what the engine has or gets.
public final class ImagesOfRegistry implements TaskImages {
    private final Registry registry;
    private final Images engine;
    private final TaskImages others;

    public ImagesOfRegistry(Registry registry, Images engine) {
        this.registry = registry;
        this.engine = engine;
        this.others = new EngineImages(engine);
    }

    @Override
    public Resolved resolve(String image) {
        return EcrName.parse(image).map(name -> fromRegistry(image, name)).orElseGet(() -> others.resolve(image));
    }

    private Resolved fromRegistry(String image, EcrName name) {
        Digest digest = registry.resolve(name.inRegistry(), name.reference())
                .orElseThrow(() -> new Unavailable(image + ": not found"));
        // A name by content: loading it twice is harmless, and a tag that moves later does not change what this task runs.
        String byDigest = "viridian.internal/" + name.inRegistry() + ":" + digest.toString().replace(':', '-');
        Images.Image held = engine.find(byDigest).orElseGet(() -> load(image, name, digest, byDigest));
        return new Resolved(held.id(), Optional.of(digest.toString()));
    }

    private Images.Image load(String image, EcrName name, Digest digest, String byDigest) {
        try {
            Platform platform = new Platform("linux", architecture());
            Manifest manifest = registry.image(name.inRegistry(), digest.toString(), platform);
            try (InputStream archive = registry.exportArchive(name.inRegistry(), manifest.digest().toString(), platform, Optional.of(byDigest))) {
                engine.load(archive);
            }
        } catch (RegistryException | ContainerException | IOException e) {
            throw new Unavailable(image + ": could not be brought into the engine: " + e.getMessage(), e);
        }
        return engine.find(byDigest).orElseThrow(() -> new Unavailable(image + ": the engine took it and does not show it"));
    }

    private static String architecture() {
        return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    }
}
