package dev.viridian.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.Repository;

/// What `git gc` does.
final class Tidying {
    /// Source: `git help gc`, gc.autoPackLimit and gc.auto; loose objects are estimated from one of their 256 folders, as git does.
    private static final int MOST_PACKS = 50;
    private static final int MOST_LOOSE_IN_ONE_FOLDER = 27;

    private Tidying() {}

    static boolean isDue(Repository repository) throws IOException {
        Path objects = repository.getDirectory().toPath().resolve("objects");
        return count(objects.resolve("pack"), ".pack") > MOST_PACKS || count(objects.resolve("17"), "") > MOST_LOOSE_IN_ONE_FOLDER;
    }

    @SuppressWarnings("resource") // wrap() leaves the repository open, and there is nothing else to close
    static void run(Repository repository) throws IOException {
        try {
            Git.wrap(repository).gc().call();
        } catch (GitAPIException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static long count(Path folder, String ending) throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(ending)).count();
        }
    }
}
