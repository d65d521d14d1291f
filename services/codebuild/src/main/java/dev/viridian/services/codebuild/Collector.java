package dev.viridian.services.codebuild;

import dev.viridian.container.ContainerException.NotFound;
import dev.viridian.container.ContainerRuntime;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// Takes the files of an artifact out of a build's container.
final class Collector {
    private final ContainerRuntime runtime;
    private final String container;
    private final String source;

    /// @param source `CODEBUILD_SRC_DIR`
    Collector(ContainerRuntime runtime, String container, String source) {
        this.runtime = runtime;
        this.container = container;
        this.source = source;
    }

    @FunctionalInterface
    interface Sink {
        /// @param path in the artifact
        /// @param target of a symbolic link, empty for a file
        void accept(String path, InputStream content, long size, int mode, String target) throws IOException;
    }

    /// @param files how many were taken
    /// @param unmatched patterns that named nothing
    record Collected(int files, List<String> unmatched) {}

    /// @throws SourceException when there is no base directory or no pattern names anything; the words are AWS's
    Collected collect(Plan.Artifacts artifacts, Sink sink) throws SourceException, IOException {
        Set<String> taken = new LinkedHashSet<>();
        Set<String> unmatched = new LinkedHashSet<>(artifacts.files());
        List<String> relative = new ArrayList<>();
        for (String pattern : artifacts.files()) {
            String expanded = pattern.startsWith("~/") ? "/root" + pattern.substring(1) : pattern;
            if (expanded.startsWith("/")) {
                absolute(pattern, expanded, artifacts, taken, unmatched, sink);
            } else {
                relative.add(pattern);
            }
        }
        if (!relative.isEmpty()) {
            relative(relative, artifacts, taken, unmatched, sink);
        }
        if (taken.isEmpty()) {
            throw new SourceException("CLIENT_ERROR", "no matching artifact paths found");
        }
        return new Collected(taken.size(), List.copyOf(unmatched));
    }

    private void relative(List<String> patterns, Plan.Artifacts artifacts, Set<String> taken, Set<String> unmatched, Sink sink)
            throws SourceException, IOException {
        String base = Path.of(artifacts.baseDirectory()).normalize().toString();
        boolean wild = Glob.isPattern(base);
        String root = wild ? source : Path.of(source).resolve(base).normalize().toString();
        Map<String, String> normal = new LinkedHashMap<>();
        patterns.forEach(pattern -> normal.put(pattern, Path.of(pattern).normalize().toString()));
        int depth = wild ? base.split("/").length : 0;
        boolean[] found = {false};
        try {
            walk(root, (path, content, size, mode, target) -> {
                String inside = wild ? below(base, depth, path) : path;
                found[0] |= !inside.isEmpty();
                take(inside, inside, normal, artifacts, taken, unmatched, (at, _, _, _, _) -> sink.accept(at, content, size, mode, target));
            });
        } catch (NotFound _) {
            throw new SourceException("CLIENT_ERROR", "no matching base directory path found for " + artifacts.baseDirectory());
        }
        if (wild && !found[0]) {
            throw new SourceException("CLIENT_ERROR", "no matching base directory path found for " + artifacts.baseDirectory());
        }
    }

    /// The rest of a path whose first folders match the pattern of the base directory; empty when they do not.
    private static String below(String base, int depth, String path) {
        String[] names = path.split("/");
        if (names.length <= depth || !Glob.matches(base, String.join("/", List.of(names).subList(0, depth)))) {
            return "";
        }
        return String.join("/", List.of(names).subList(depth, names.length));
    }

    /// The folder above the first wildcard is read; paths in the artifact begin there.
    private void absolute(String name, String pattern, Plan.Artifacts artifacts, Set<String> taken, Set<String> unmatched, Sink sink)
            throws IOException {
        int wildcard = Glob.isPattern(pattern) ? Math.min(index(pattern, '*'), index(pattern, '?')) : pattern.length();
        String folder = pattern.substring(0, Math.max(1, pattern.substring(0, wildcard).lastIndexOf('/')));
        Map<String, String> patterns = Map.of(name, pattern.substring(folder.length()).replaceFirst("^/", ""));
        try {
            walk(folder, (path, content, size, mode, target) -> take(path, path, patterns, artifacts, taken, unmatched,
                    (at, _, _, _, _) -> sink.accept(at, content, size, mode, target)));
        } catch (NotFound _) {
            // one of several patterns may name nothing
            unmatched.add(name);
        }
    }

    private static int index(String text, char character) {
        int index = text.indexOf(character);
        return index < 0 ? text.length() : index;
    }

    private static void take(String path, String relative, Map<String, String> patterns, Plan.Artifacts artifacts, Set<String> taken,
                             Set<String> unmatched, Sink sink) throws IOException {
        if (path.isEmpty() || artifacts.excluded().stream().anyMatch(pattern -> Glob.matches(Path.of(pattern).normalize().toString(), relative))) {
            return;
        }
        List<String> matching = patterns.entrySet().stream().filter(entry -> Glob.matches(entry.getValue(), path)).map(Map.Entry::getKey).toList();
        matching.forEach(unmatched::remove);
        String at = artifacts.discardPaths() ? path.substring(path.lastIndexOf('/') + 1) : path;
        if (!matching.isEmpty() && taken.add(at)) {
            sink.accept(at, InputStream.nullInputStream(), 0, 0, "");
        }
    }

    /// Every file and link below a directory, or the file itself, by its path relative to that directory.
    private void walk(String directory, Sink sink) throws IOException {
        try (InputStream archive = runtime.getArchive(container, directory); TarArchiveInputStream tar = new TarArchiveInputStream(archive)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.isFile() || entry.isSymbolicLink()) {
                    // the archive's names begin with the directory's own
                    String path = entry.getName().substring(entry.getName().indexOf('/') + 1);
                    sink.accept(path, tar, entry.getSize(), entry.getMode(), entry.isSymbolicLink() ? entry.getLinkName() : "");
                }
            }
        }
    }
}
