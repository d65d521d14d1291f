package dev.viridian.git;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevTree;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.AndTreeFilter;
import org.eclipse.jgit.treewalk.filter.PathFilter;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/// Reading trees.
final class Trees {
    private static final int BEFORE = 0;
    private static final int AFTER = 1;

    private Trees() {}

    static RevTree of(Repository repository, String commit) throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            return walk.parseCommit(ObjectId.fromString(commit)).getTree();
        }
    }

    static Optional<Entry> entry(Repository repository, String commit, String path) throws IOException {
        RevTree root = of(repository, commit);
        if (path.isEmpty()) {
            return Optional.of(new Entry("", FileKind.FOLDER, root.name()));
        }
        try (TreeWalk walk = TreeWalk.forPath(repository, path, root)) {
            return walk == null ? Optional.empty() : Optional.of(entry(walk, 0));
        }
    }

    static Optional<List<Entry>> folder(Repository repository, String commit, String path) throws IOException {
        Optional<Entry> folder = entry(repository, commit, path).filter(entry -> entry.kind() == FileKind.FOLDER);
        if (folder.isEmpty()) {
            return Optional.empty();
        }
        List<Entry> entries = new ArrayList<>();
        try (TreeWalk walk = new TreeWalk(repository)) {
            walk.addTree(ObjectId.fromString(folder.get().id()));
            while (walk.next()) {
                String name = path.isEmpty() ? walk.getPathString() : path + "/" + walk.getPathString();
                entries.add(new Entry(name, FileKind.of(walk.getFileMode(0)), walk.getObjectId(0).name()));
            }
        }
        return Optional.of(entries);
    }

    static List<Difference> differences(Repository repository, Optional<String> before, String after, String path) throws IOException {
        List<Difference> differences = new ArrayList<>();
        try (TreeWalk walk = new TreeWalk(repository)) {
            if (before.isPresent()) {
                walk.addTree(of(repository, before.get()));
            } else {
                walk.addTree(new EmptyTreeIterator());
            }
            walk.addTree(of(repository, after));
            walk.setRecursive(true);
            walk.setFilter(path.isEmpty() ? TreeFilter.ANY_DIFF : AndTreeFilter.create(PathFilter.create(path), TreeFilter.ANY_DIFF));
            while (walk.next()) {
                differences.add(new Difference(side(walk, BEFORE), side(walk, AFTER)));
            }
        }
        return differences;
    }

    private static Optional<Entry> side(TreeWalk walk, int tree) {
        return walk.getFileMode(tree).equals(FileMode.MISSING) ? Optional.empty() : Optional.of(entry(walk, tree));
    }

    private static Entry entry(TreeWalk walk, int tree) {
        return new Entry(walk.getPathString(), FileKind.of(walk.getFileMode(tree)), walk.getObjectId(tree).name());
    }
}
