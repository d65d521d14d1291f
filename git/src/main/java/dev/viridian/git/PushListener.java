package dev.viridian.git;

/// Is told about pushes while the client waits.
@FunctionalInterface
public interface PushListener {

    /// Nobody listens.
    PushListener NONE = _ -> {};

    /// The refs have moved on disk. Whatever must outlive a crash is durable when this returns, for then the client is told that its push succeeded.
    ///
    /// Runs on the thread of the push, one push of a repository after the other: no ref of that repository moves meanwhile.
    void moved(Push push);
}
