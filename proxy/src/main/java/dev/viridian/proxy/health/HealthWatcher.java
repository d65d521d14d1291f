package dev.viridian.proxy.health;

/// Told about every change of a target's health.
@FunctionalInterface
public interface HealthWatcher {
    void changed(String groupId, TargetHealth before, TargetHealth after);

    /// A watch that is kept until closed.
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
