package dev.viridian.git;

import java.util.Optional;

/// One file that is not the same in two commits. A file that moved is one difference that ends and one that begins, as renames are not guessed.
///
/// @param before absent when the file was added
/// @param after absent when the file was deleted
public record Difference(Optional<Entry> before, Optional<Entry> after) {
    public Difference {
        if (before.isEmpty() && after.isEmpty()) {
            throw new IllegalArgumentException("a difference needs at least one side");
        }
    }

    public String path() {
        return after.or(() -> before).orElseThrow().path();
    }
}
