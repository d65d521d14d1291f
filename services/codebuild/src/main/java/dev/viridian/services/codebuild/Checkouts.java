package dev.viridian.services.codebuild;

import java.io.IOException;
import java.nio.file.Path;

/// Working copies of CodeCommit repositories; AWS clones over git, the assembly connects the git host itself.
@FunctionalInterface
public interface Checkouts {

    /// Writes the working copy of a repository of the current caller's account and region as a zip to `target`.
    ///
    /// @param version branch, tag, commit id or full ref; empty for the head of the default branch
    /// @param depth how many commits of history the clone has, 0 for all
    /// @return the commit id
    /// @throws NoSuchVersion when repository or version do not exist
    String fetch(String repository, String version, int depth, Path target) throws NoSuchVersion, IOException;

    /// The message is shown in the build, for example `repository not found`.
    final class NoSuchVersion extends Exception {
        private static final long serialVersionUID = 1;

        public NoSuchVersion(String message) {
            super(message);
        }
    }
}
