package dev.viridian.services.ecr;

import dev.viridian.engine.store.Key;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Next;
import dev.viridian.engine.work.Work;
import dev.viridian.registry.BlobStore;
import dev.viridian.registry.Digest;
import dev.viridian.registry.ImageName;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/// Frees the disk from what no image needs any more. Layers of a push that is under way are not needed by an image yet, hence the grace.
final class Housekeeping {
    static final Duration GRACE = Duration.ofHours(1);
    private static final Duration ROUND = Duration.ofDays(1);
    private static final String SWEEP = "ecr.sweep";
    private static final String FORGET = "ecr.forget-blobs";
    private static final String ALL = "all";

    private final Work work;
    private final Time time;
    private final Repositories repositories;
    private final Images images;
    private final BlobStore blobs;

    Housekeeping(Work work, Time time, Repositories repositories, Images images, BlobStore blobs) {
        this.work = work;
        this.time = time;
        this.repositories = repositories;
        this.images = images;
        this.blobs = blobs;
        work.handle(SWEEP, _ -> sweep());
        work.handle(FORGET, this::forget);
        work.at(SWEEP, ALL, time.now().plus(ROUND));
    }

    /// Something was deleted. Joins the current transaction.
    void soon() {
        work.at(SWEEP, ALL, time.now().plus(GRACE).plusSeconds(1));
    }

    /// A repository was deleted. Joins the current transaction.
    void forgetBlobs(EcrRepository repository) {
        work.wake(FORGET, repository.key());
        soon();
    }

    /// If the name was taken again meanwhile, what the new repository does not need goes with the next sweep.
    private Next forget(String key) {
        if (repositories.findByKey(key).isEmpty()) {
            String[] parts = Key.parts(key);
            blobs.forget(new ImageName(parts[0] + "/" + parts[1], parts[2]));
        }
        return Next.done();
    }

    private Next sweep() {
        for (EcrRepository repository : repositories.all()) {
            Set<Digest> needed = images.list(repository).stream().flatMap(image -> image.needs().stream()).collect(Collectors.toSet());
            blobs.retain(repository.image(), needed, GRACE);
        }
        blobs.sweep(GRACE);
        return Next.at(time.now().plus(ROUND));
    }
}
