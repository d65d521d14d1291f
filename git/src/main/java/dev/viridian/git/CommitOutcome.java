package dev.viridian.git;

/// What came of a [CommitDraft].
public sealed interface CommitOutcome {

    /// The branch points at `commit` now.
    record Made(Commit commit, RefUpdate update) implements CommitOutcome {}

    /// The branch points elsewhere than the draft's parent; nothing was written.
    record ParentOutdated(String actual) implements CommitOutcome {}

    /// The tree would be the same as before.
    record NoChange() implements CommitOutcome {}

    /// An edit names a file that is not there, or a blob that is not in this repository.
    record Missing(String path) implements CommitOutcome {}

    /// An edit would put a file where there is a folder, or a folder where there is a file.
    record PathConflict(String path) implements CommitOutcome {}
}
