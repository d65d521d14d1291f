package dev.viridian.services.codepipeline;

import java.io.IOException;
import java.nio.file.Path;

/// What AWS does through `codecommit:UploadArchive`, a private operation no client has; the assembly connects it to the git host.
@FunctionalInterface
public interface SourceArchives {
    /// Writes the tree of `commit` as a zip to `target`. Reads the repository of the current caller's account and region.
    void archive(String repository, String commit, Path target) throws IOException;
}
