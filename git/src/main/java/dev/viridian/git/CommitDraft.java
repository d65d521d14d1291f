package dev.viridian.git;

import java.util.List;
import java.util.Optional;

/// A commit to be made on top of a branch.
///
/// @param branch without `refs/heads/`; created when the repository has no branch yet
/// @param parent what the caller believes the branch points at; absent for the first commit
public record CommitDraft(String branch, Optional<String> parent, List<Edit> edits, String message, Person author, Person committer) {
    public CommitDraft {
        edits = List.copyOf(edits);
    }
}
