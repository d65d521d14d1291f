package dev.viridian.services.ecr;

import dev.viridian.aws.Ids;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Next;
import dev.viridian.engine.work.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/// The record of images that came and went, written in the transaction that lets them.
final class ImageEvents {
    static final String TABLE = "ecr.pushes";
    private static final String FORGET = "ecr.forget-pushes";
    private static final Duration KEPT = Duration.ofDays(7);

    private final Table<ImageEvent> events;
    private final Work work;
    private final Time time;

    ImageEvents(Store store, Work work, Time time) {
        this.events = store.table(TABLE, ImageEvent.class);
        this.work = work;
        this.time = time;
        work.handle(FORGET, this::forgetOld);
    }

    void record(ImageEvent.Action action, EcrRepository repository, EcrImage image, Optional<String> tag, String callerArn) {
        ImageEvent event = new ImageEvent(Ids.uuid(), action, repository.account(), repository.region(), repository.name(), image.digest(), tag,
                image.mediaType(),
                image.artifactType(), callerArn, time.now());
        events.put(Key.of(repository.account(), repository.region(), repository.name(), event.id()), event);
        work.at(FORGET, repository.key(), time.now().plus(KEPT));
    }

    void follow(String subscriber, Consumer<ImageEvent> handler) {
        work.follow(subscriber, events, change -> {
            if (!change.deleted()) {
                events.find(change.key()).ifPresent(handler);
            }
        });
    }

    private Next forgetOld(String repository) {
        Instant before = time.now().minus(KEPT);
        String prefix = Key.under(Key.parts(repository));
        events.rows(prefix).stream().filter(row -> !row.value().at().isAfter(before)).forEach(row -> events.delete(row.key()));
        return events.list(prefix).stream().map(ImageEvent::at).min(Instant::compareTo).map(oldest -> Next.at(oldest.plus(KEPT)))
                .orElseGet(Next::done);
    }
}
