package dev.viridian.git;

import java.util.Optional;

/// Is told about pushes while the client waits.
///
/// Both methods run on the thread of the push, one push of a repository after the other: while one runs, no ref of that repository moves.
public interface PushListener {

    /// Nobody listens.
    PushListener NONE = _ -> {};

    /// Asked once per ref before anything moves; the answer is why this ref may not move, shown by git behind `remote rejected`.
    default Optional<String> refuse(String repository, String pusher, RefUpdate update) {
        return Optional.empty();
    }

    /// The refs have moved on disk. Whatever must outlive a crash is durable when this returns, for then the client is told that its push succeeded.
    void moved(Push push);
}
