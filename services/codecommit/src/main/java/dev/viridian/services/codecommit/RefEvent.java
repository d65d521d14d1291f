package dev.viridian.services.codecommit;

import java.time.Instant;
import java.util.Optional;

/// One ref of one repository moved. Kept for a week.
///
/// @param id unique; a follower that is told twice sees it twice
/// @param ref full name, e.g. `refs/heads/main`
/// @param before absent when the ref was created
/// @param after absent when the ref was deleted
/// @param callerArn who did it
public record RefEvent(String id, String account, String region, String repositoryId, String repositoryName, String ref, Optional<String> before,
        Optional<String> after,
        boolean forced, String callerArn, Instant at) {

    public boolean isBranch() {
        return ref.startsWith("refs/heads/");
    }

    /// The name without `refs/heads/` or `refs/tags/`.
    public String shortName() {
        return ref.replaceFirst("^refs/(heads|tags)/", "");
    }
}
