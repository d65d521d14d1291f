package dev.viridian.git;

import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.TreeWalk;

/// Turns a [CommitDraft] into objects and moves the branch. Runs while nobody else moves refs.
final class CommitWriter {
    private static final String KEEP = ".gitkeep";

    private record File(FileMode mode, ObjectId blob) {}

    private final GitRepository refs;
    private final Repository repository;

    CommitWriter(GitRepository refs, Repository repository) {
        this.refs = refs;
        this.repository = repository;
    }

    CommitOutcome write(CommitDraft draft) throws IOException {
        Optional<String> tip = refs.branch(draft.branch());
        if (!tip.equals(draft.parent())) {
            return new CommitOutcome.ParentOutdated(tip.orElse(""));
        }
        SortedMap<String, File> files = files(tip);
        try (ObjectInserter inserter = repository.newObjectInserter(); ObjectReader reader = repository.newObjectReader()) {
            for (Edit edit : draft.edits()) {
                Optional<CommitOutcome> refused = apply(edit, files, inserter, reader);
                if (refused.isPresent()) {
                    return refused.get();
                }
            }
            Optional<String> conflict = conflict(files);
            if (conflict.isPresent()) {
                return new CommitOutcome.PathConflict(conflict.get());
            }
            ObjectId tree = tree(files, inserter);
            if (tip.isPresent() && Trees.of(repository, tip.get()).equals(tree)) {
                return new CommitOutcome.NoChange();
            }
            String commit = insert(draft, tip, tree, inserter);
            return publish(draft, tip, commit);
        }
    }

    private CommitOutcome publish(CommitDraft draft, Optional<String> tip, String commit) {
        boolean first = refs.branches().isEmpty();
        if (!refs.moveBranch(draft.branch(), tip, commit)) {
            return new CommitOutcome.ParentOutdated(refs.branch(draft.branch()).orElse(""));
        }
        if (first) {
            refs.setDefaultBranch(draft.branch());
        }
        RefUpdate update = new RefUpdate(RefUpdate.BRANCHES + draft.branch(), tip, Optional.of(commit), false);
        return new CommitOutcome.Made(refs.commit(commit).orElseThrow(), update);
    }

    private SortedMap<String, File> files(Optional<String> tip) throws IOException {
        SortedMap<String, File> files = new TreeMap<>();
        if (tip.isPresent()) {
            try (TreeWalk walk = new TreeWalk(repository)) {
                walk.addTree(Trees.of(repository, tip.get()));
                walk.setRecursive(true);
                while (walk.next()) {
                    files.put(walk.getPathString(), new File(walk.getFileMode(0), walk.getObjectId(0)));
                }
            }
        }
        return files;
    }

    private static Optional<CommitOutcome> apply(Edit edit, SortedMap<String, File> files, ObjectInserter inserter,
            ObjectReader reader) throws IOException {
        File present = files.get(edit.path());
        switch (edit) {
            case Edit.Put(String path, byte[] content, FileKind kind) ->
                    files.put(path, new File(kind.gitMode(), inserter.insert(Constants.OBJ_BLOB, content)));
            case Edit.PutBlob(String path, String blob, FileKind kind) -> {
                ObjectId id = ObjectId.fromString(blob);
                if (!reader.has(id, Constants.OBJ_BLOB)) {
                    return Optional.of(new CommitOutcome.Missing(path));
                }
                files.put(path, new File(kind.gitMode(), id));
            }
            case Edit.SetKind(String path, FileKind kind) -> {
                if (present == null) {
                    return Optional.of(new CommitOutcome.Missing(path));
                }
                files.put(path, new File(kind.gitMode(), present.blob()));
            }
            case Edit.Delete(String path, boolean keepFolder) -> {
                if (present == null) {
                    return Optional.of(new CommitOutcome.Missing(path));
                }
                files.remove(path);
                if (keepFolder) {
                    keep(path, files, inserter);
                }
            }
        }
        return Optional.empty();
    }

    private static void keep(String path, SortedMap<String, File> files, ObjectInserter inserter) throws IOException {
        int end = path.lastIndexOf('/');
        if (end < 0) {
            return;
        }
        String folder = path.substring(0, end + 1);
        if (files.tailMap(folder).isEmpty() || !files.tailMap(folder).firstKey().startsWith(folder)) {
            files.put(folder + KEEP, new File(FileMode.REGULAR_FILE, inserter.insert(Constants.OBJ_BLOB, new byte[0])));
        }
    }

    /// A path that would have to be a file and a folder at once.
    private static Optional<String> conflict(SortedMap<String, File> files) {
        Set<String> folders = new HashSet<>();
        for (String path : files.keySet()) {
            for (int slash = path.lastIndexOf('/'); slash > 0 && folders.add(path.substring(0, slash)); ) {
                slash = path.lastIndexOf('/', slash - 1);
            }
        }
        return folders.stream().filter(files::containsKey).findFirst();
    }

    private static ObjectId tree(SortedMap<String, File> files, ObjectInserter inserter) throws IOException {
        DirCache index = DirCache.newInCore();
        DirCacheBuilder builder = index.builder();
        files.forEach((path, file) -> {
            DirCacheEntry entry = new DirCacheEntry(path);
            entry.setFileMode(file.mode());
            entry.setObjectId(file.blob());
            builder.add(entry);
        });
        builder.finish();
        return index.writeTree(inserter);
    }

    private static String insert(CommitDraft draft, Optional<String> tip, ObjectId tree, ObjectInserter inserter) throws IOException {
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(tree);
        tip.ifPresent(parent -> commit.setParentId(ObjectId.fromString(parent)));
        commit.setAuthor(draft.author().ident());
        commit.setCommitter(draft.committer().ident());
        commit.setMessage(draft.message());
        ObjectId id = inserter.insert(commit);
        inserter.flush();
        return id.name();
    }
}
