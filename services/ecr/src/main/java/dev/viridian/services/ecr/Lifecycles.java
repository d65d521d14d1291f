package dev.viridian.services.ecr;

import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Next;
import dev.viridian.engine.work.Work;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// Lets images expire as their repository's policy says. AWS promises to do so within a day; here every repository with a policy is looked at every
/// hour.
final class Lifecycles {
    private static final String EVALUATE = "ecr.lifecycle";
    private static final Duration ROUND = Duration.ofHours(1);
    private static final String CALLER = "ecr.amazonaws.com";

    private final Store store;
    private final Work work;
    private final Time time;
    private final Repositories repositories;
    private final Images images;
    private final Housekeeping housekeeping;

    Lifecycles(Store store, Work work, Time time, Repositories repositories, Images images, Housekeeping housekeeping) {
        this.store = store;
        this.work = work;
        this.time = time;
        this.repositories = repositories;
        this.images = images;
        this.housekeeping = housekeeping;
        work.handle(EVALUATE, this::evaluate);
    }

    void put(EcrRepository repository, String text) {
        LifecyclePolicy.parse(text);
        store.transact(() -> {
            repositories.change(repository, row -> row.withLifecycle(Optional.of(new EcrRepository.Lifecycle(text, Optional.empty()))));
            work.at(EVALUATE, repository.key(), time.deadline(ROUND));
        });
    }

    void remove(EcrRepository repository) {
        store.transact(() -> {
            repositories.change(repository, row -> row.withLifecycle(Optional.empty()));
            work.cancel(EVALUATE, repository.key());
        });
    }

    private Next evaluate(String key) {
        return store.transact(() -> {
            Optional<EcrRepository> repository = repositories.findByKey(key).filter(row -> row.lifecycle().isPresent());
            repository.ifPresent(this::expire);
            return repository.isPresent() ? Next.at(time.deadline(ROUND)) : Next.done();
        });
    }

    private void expire(EcrRepository repository) {
        String text = repository.lifecycle().orElseThrow().text();
        Set<String> expired = LifecyclePolicy.parse(text).expired(images.list(repository), images.tagsByDigest(repository), time::paced, time.now());
        expired.forEach(digest -> images.find(repository, digest).ifPresent(image -> images.delete(repository, image, CALLER)));
        repositories.change(repository, row -> row.withLifecycle(Optional.of(new EcrRepository.Lifecycle(text, Optional.of(time.now())))));
        if (!expired.isEmpty()) {
            housekeeping.soon();
        }
    }
}
