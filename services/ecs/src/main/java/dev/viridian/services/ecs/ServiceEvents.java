package dev.viridian.services.ecs;

import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;

/// The last hundred things that happened to a service, newest first, in ECS's sentences.
///
/// Source: ECS Developer Guide, "Service event messages"; forms in parentheses as observed.
final class ServiceEvents {
    private static final int KEPT = 100;
    private static final Duration QUIET = Duration.ofHours(6);

    record Ring(List<ServiceEvent> events) {
        static final Ring EMPTY = new Ring(List.of());

        Ring {
            events = List.copyOf(events);
        }

        /// A sentence that was said within the quiet time, with nothing else said since, is not repeated.
        Ring with(ServiceEvent event) {
            boolean said = !events.isEmpty() && events.getFirst().message().equals(event.message())
                    && events.getFirst().createdAt().plus(QUIET).isAfter(event.createdAt());
            if (said) {
                return this;
            }
            List<ServiceEvent> next = new ArrayList<>(events);
            next.addFirst(event);
            return new Ring(next.subList(0, Math.min(KEPT, next.size())));
        }
    }

    private final Store store;
    private final Table<Ring> rings;
    private final ServiceTable services;
    private final Time time;

    ServiceEvents(Store store, ServiceTable services, Time time) {
        this.store = store;
        this.rings = store.table("ecs.service-events", Ring.class);
        this.services = services;
        this.time = time;
    }

    /// @param what the sentence after `(service NAME)`
    void say(ServiceId service, String what) {
        add(service, "(service " + service.name() + ") " + what);
    }

    /// Speaks of a task set where there are task sets, else of the service.
    void say(ServiceId service, String workload, String what) {
        boolean sets = services.find(service).map(row -> !row.rollsByItself()).orElse(false);
        add(service, "(service " + service.name() + (sets ? ", taskSet " + workload : "") + ") " + what);
    }

    /// Says a whole sentence, unless it is among those still remembered.
    void sayOnce(ServiceId service, String message) {
        if (of(service).stream().noneMatch(event -> event.message().equals(message))) {
            add(service, message);
        }
    }

    List<ServiceEvent> of(ServiceId service) {
        return rings.find(service.key()).orElse(Ring.EMPTY).events();
    }

    void forget(ServiceId service) {
        rings.delete(service.key());
    }

    static String named(List<TaskId> tasks) {
        return String.join(" ", tasks.stream().map(task -> "(task " + task.id() + ")").toList());
    }

    private void add(ServiceId service, String message) {
        Instant now = time.now();
        ServiceEvent event = ServiceEvent.builder().id(UUID.randomUUID().toString()).createdAt(now).message(message).build();
        store.transact(() -> rings.put(service.key(), rings.find(service.key()).orElse(Ring.EMPTY).with(event)));
    }
}
