package dev.viridian.engine.work;

import java.time.Instant;

/// What a step leaves behind.
public sealed interface Next {

    /// Nothing remains to be done; the row is removed.
    record Done() implements Next {}

    /// Call again at `moment` (or earlier, when woken).
    record At(Instant moment) implements Next {}

    static Next done() {
        return new Done();
    }

    static Next at(Instant moment) {
        return new At(moment);
    }

    /// Call again at once: one step was made and another may be due.
    static Next again() {
        return new At(Instant.EPOCH);
    }
}
