package dev.viridian.services.s3;

import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import java.util.Collection;
import java.util.List;

/// Blobs no object needs any more. The row is written in the transaction that lets go of the blob, so that a crash forgets none; the file goes
/// afterwards.
final class Garbage {
    private final Store store;
    private final Blobs blobs;
    private final Table<Blob> table;

    /// A blob that may go.
    record Blob(String id) {}

    Garbage(Store store, Blobs blobs) {
        this.store = store;
        this.blobs = blobs;
        this.table = store.table("s3.garbage", Blob.class);
    }

    /// Inside the transaction that removes the last mention of these blobs.
    void add(Collection<String> ids) {
        if (ids.isEmpty()) {
            return;
        }
        List<String> doomed = List.copyOf(ids);
        doomed.forEach(id -> table.put(id, new Blob(id)));
        store.afterCommit(() -> collect(doomed));
    }

    /// What earlier runs of the process did not get to.
    void sweep() {
        collect(table.list().stream().map(Blob::id).toList());
    }

    private void collect(Collection<String> ids) {
        List<String> gone = blobs.delete(ids);
        if (!gone.isEmpty()) {
            store.transact(() -> gone.forEach(table::delete));
        }
    }
}
