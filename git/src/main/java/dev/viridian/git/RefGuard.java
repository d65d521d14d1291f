package dev.viridian.git;

import java.util.Optional;

/// What one client may not do to a repository it may push to.
@FunctionalInterface
public interface RefGuard {

    /// Everything may move.
    RefGuard NONE = _ -> Optional.empty();

    /// Asked once per ref before anything moves; the answer is why this ref may not move, shown by git behind `remote rejected`.
    Optional<String> refuse(RefUpdate update);
}
