package dev.viridian.services.ecs;

import dev.viridian.container.ContainerException;
import dev.viridian.container.Images;
import java.util.Optional;

/// Images as the engine itself has or gets them: what is there is taken, what is not is pulled from its registry without a login.
public final class EngineImages implements TaskImages {
    private final Images images;

    public EngineImages(Images images) {
        this.images = images;
    }

    @Override
    public Resolved resolve(String image) {
        try {
            return resolved(images.find(image).orElseGet(() -> images.pull(image, Optional.empty(), _ -> {})));
        } catch (ContainerException.ImageNotFound e) {
            throw new Unavailable(e.reason(), e);
        }
    }

    private static Resolved resolved(Images.Image found) {
        Optional<String> digest = found.digests().stream().map(name -> name.substring(name.indexOf('@') + 1)).findFirst();
        return new Resolved(found.id(), digest);
    }
}
