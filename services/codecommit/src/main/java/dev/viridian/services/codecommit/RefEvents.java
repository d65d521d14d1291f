package dev.viridian.services.codecommit;

import dev.viridian.aws.Ids;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Next;
import dev.viridian.engine.work.Work;
import dev.viridian.git.GitRepository;
import dev.viridian.git.RefUpdate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// The record of every ref that moved. Beside the events it keeps where each ref stood when its last move was recorded, so that moves a crash kept
/// from being recorded are found again by comparison.
final class RefEvents {
    static final String TABLE = "codecommit.ref-updates";
    private static final String FORGET = "codecommit.forget-ref-updates";
    private static final Duration KEPT = Duration.ofDays(7);

    /// @param refs full names with the ids they pointed at
    record Recorded(Map<String, String> refs) {}

    private final Store store;
    private final Work work;
    private final Time time;
    private final Table<RefEvent> events;
    private final Table<Recorded> recorded;

    RefEvents(Store store, Work work, Time time) {
        this.store = store;
        this.work = work;
        this.time = time;
        this.events = store.table(TABLE, RefEvent.class);
        this.recorded = store.table("codecommit.recorded-refs", Recorded.class);
        work.handle(FORGET, this::forgetOld);
    }

    /// Within the git repository's own turn: no ref moves meanwhile.
    void record(Repository repository, String callerArn, List<RefUpdate> updates) {
        store.transact(() -> {
            Map<String, String> refs = new TreeMap<>(recorded.find(repository.id()).map(Recorded::refs).orElse(Map.of()));
            for (RefUpdate update : updates) {
                RefEvent event = new RefEvent(Ids.uuid(), repository.account(), repository.region(), repository.id(), repository.name(),
                        update.ref(), update.before(),
                        update.after(), update.forced(), callerArn, time.now());
                events.put(Key.of(repository.account(), repository.region(), repository.id(), event.id()), event);
                update.after().ifPresentOrElse(id -> refs.put(update.ref(), id), () -> refs.remove(update.ref()));
            }
            recorded.put(repository.id(), new Recorded(refs));
            work.at(FORGET, Key.of(repository.account(), repository.region(), repository.id()), time.now().plus(KEPT));
        });
    }

    /// Records what moved but was not recorded because the process died in between.
    void catchUp(Repository repository, GitRepository git) {
        git.exclusively(() -> {
            List<RefUpdate> missed = difference(recorded.find(repository.id()).map(Recorded::refs).orElse(Map.of()), git.refs());
            if (!missed.isEmpty()) {
                record(repository, "arn:aws:iam::" + repository.account() + ":root", missed);
            }
            return missed.size();
        });
    }

    private static List<RefUpdate> difference(Map<String, String> known, Map<String, String> actual) {
        TreeSet<String> names = new TreeSet<>(known.keySet());
        names.addAll(actual.keySet());
        List<RefUpdate> moved = new ArrayList<>();
        for (String name : names) {
            Optional<String> before = Optional.ofNullable(known.get(name));
            Optional<String> after = Optional.ofNullable(actual.get(name));
            if (!before.equals(after)) {
                moved.add(new RefUpdate(name, before, after, false));
            }
        }
        return moved;
    }

    void follow(String subscriber, Consumer<RefEvent> handler) {
        work.follow(subscriber, events, change -> {
            if (!change.deleted()) {
                events.find(change.key()).ifPresent(handler);
            }
        });
    }

    void forget(Repository repository) {
        recorded.delete(repository.id());
    }

    private Next forgetOld(String key) {
        Instant before = time.now().minus(KEPT);
        String prefix = Key.under(Key.parts(key));
        events.rows(prefix).stream().filter(row -> !row.value().at().isAfter(before)).forEach(row -> events.delete(row.key()));
        Optional<Instant> oldest = events.list(prefix).stream().map(RefEvent::at).min(Instant::compareTo);
        return oldest.map(at -> Next.at(at.plus(KEPT))).orElseGet(Next::done);
    }
}
