package dev.viridian.git;

import java.util.Optional;

/// One ref that moved.
///
/// @param ref its full name, e.g. `refs/heads/main`
/// @param before absent when the ref was created
/// @param after absent when the ref was deleted
/// @param forced whether commits that were reachable from the ref no longer are
public record RefUpdate(String ref, Optional<String> before, Optional<String> after, boolean forced) {
    public static final String BRANCHES = "refs/heads/";
    public static final String TAGS = "refs/tags/";

    public RefUpdate {
        if (before.isEmpty() && after.isEmpty()) {
            throw new IllegalArgumentException("neither before nor after is known of " + ref);
        }
    }

    public boolean created() {
        return before.isEmpty();
    }

    public boolean deleted() {
        return after.isEmpty();
    }

    public boolean isBranch() {
        return ref.startsWith(BRANCHES);
    }

    /// The name without `refs/heads/` or `refs/tags/`.
    public String shortName() {
        return isBranch() ? ref.substring(BRANCHES.length()) : ref.startsWith(TAGS) ? ref.substring(TAGS.length()) : ref;
    }
}
