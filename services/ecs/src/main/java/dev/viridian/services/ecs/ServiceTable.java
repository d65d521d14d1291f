package dev.viridian.services.ecs;

import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.work.Work;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The rows of all services and their workloads. A change here calls the service's loop.
final class ServiceTable {
    private final Store store;
    private final Work work;
    private final Table<ServiceRow> services;
    private final Table<Workload> workloads;

    ServiceTable(Store store, Work work) {
        this.store = store;
        this.work = work;
        this.services = store.table("ecs.services", ServiceRow.class);
        this.workloads = store.table("ecs.workloads", Workload.class);
    }

    Optional<ServiceRow> find(ServiceId id) {
        return services.find(id.key());
    }

    List<ServiceRow> in(ClusterId cluster) {
        return services.list(cluster.prefix());
    }

    void put(ServiceId id, ServiceRow row) {
        store.transact(() -> {
            services.put(id.key(), row);
            wake(id);
        });
    }

    ServiceRow update(ServiceId id, UnaryOperator<ServiceRow> change) {
        return store.transact(() -> {
            wake(id);
            return services.update(id.key(), change);
        });
    }

    /// Forgets it and everything under it.
    void forget(ServiceId id) {
        store.transact(() -> {
            workloads.rows(id.prefix()).forEach(row -> workloads.delete(row.key()));
            services.delete(id.key());
        });
    }

    /// The newest first, as AWS lists them; the primary one before all others.
    List<Workload> workloads(ServiceId id) {
        return workloads.list(id.prefix()).stream()
                .sorted(Comparator.comparing(Workload::isPrimary).reversed().thenComparing(one -> one.set().createdAt(), Comparator.reverseOrder()))
                .toList();
    }

    Optional<Workload> workload(ServiceId id, String workloadId) {
        return workloads.find(id.workloadKey(workloadId));
    }

    void put(ServiceId id, Workload workload) {
        store.transact(() -> {
            workloads.put(id.workloadKey(workload.id()), workload);
            wake(id);
        });
    }

    /// Writes only what changed, and calls nobody: for the loop's own notes.
    void note(ServiceId id, Workload workload) {
        String key = id.workloadKey(workload.id());
        store.transact(() -> {
            if (!workloads.find(key).filter(workload::equals).isPresent()) {
                workloads.put(key, workload);
            }
        });
    }

    void forget(ServiceId id, String workloadId) {
        workloads.delete(id.workloadKey(workloadId));
    }

    void wake(ServiceId id) {
        work.wake(TaskTable.SERVICE_WORK, id.key());
    }
}
