package dev.viridian.git;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate.Result;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.revwalk.filter.RevFilter;

/// One bare repository. All methods may be called from any thread.
///
/// Refs move one change at a time: a push, a branch made through the API, a commit. Code that must do more than one such thing, or must record one
/// before the next can happen, runs inside [#exclusively].
public final class GitRepository {
    private static final String FULL_ID = "[0-9a-f]{40}";

    private final String id;
    private final Repository repository;
    private final ReentrantLock refsMove = new ReentrantLock();

    private GitRepository(String id, Repository repository) {
        this.id = id;
        this.repository = repository;
    }

    /// Finishes what a crash may have interrupted: the first push moves its branch and then HEAD.
    static GitRepository opened(String id, Repository repository) {
        GitRepository opened = new GitRepository(id, repository);
        if (opened.defaultBranch().isEmpty()) {
            opened.branches().keySet().stream().findFirst().ifPresent(opened::setDefaultBranch);
        }
        return opened;
    }

    public String id() {
        return id;
    }

    /// Runs `body` while no other thread moves a ref of this repository. Never enter from inside a transaction of whatever records the moves: pushes
    /// take the two in the other order.
    public <R> R exclusively(Supplier<R> body) {
        refsMove.lock();
        try {
            return body.get();
        } finally {
            refsMove.unlock();
        }
    }

    /// Branches, tags and other refs by full name, with the ids they point at (a tag object's own id for an annotated tag).
    public Map<String, String> refs() {
        return refs(Constants.R_REFS);
    }

    /// Branches by short name with the commits they point at, sorted by name.
    public Map<String, String> branches() {
        Map<String, String> branches = new TreeMap<>();
        refs(Constants.R_HEADS).forEach((name, commit) -> branches.put(name.substring(Constants.R_HEADS.length()), commit));
        return branches;
    }

    /// The commit a branch points at.
    public Optional<String> branch(String name) {
        return attempt("read branch " + name, () -> Optional.ofNullable(repository.exactRef(Constants.R_HEADS + name))
                .map(ref -> ref.getObjectId().name()));
    }

    /// The branch HEAD names, once it exists.
    public Optional<String> defaultBranch() {
        return attempt("read HEAD", () -> Optional.ofNullable(repository.exactRef(Constants.HEAD))
                .filter(head -> head.isSymbolic() && head.getObjectId() != null)
                .map(head -> Repository.shortenRefName(head.getTarget().getName())));
    }

    /// @throws IllegalArgumentException when there is no such branch
    public void setDefaultBranch(String branch) {
        exclusively(() -> {
            if (branch(branch).isEmpty()) {
                throw new IllegalArgumentException("there is no branch " + branch + " in repository " + id);
            }
            return attempt("make " + branch + " the default branch", () -> repository.updateRef(Constants.HEAD).link(Constants.R_HEADS + branch));
        });
    }

    /// Whether git allows this as the name of a branch.
    public static boolean isBranchName(String name) {
        return Repository.isValidRefName(Constants.R_HEADS + name) && !name.startsWith("-") && !name.equals(Constants.HEAD);
    }

    /// Empty when the branch exists already.
    ///
    /// @throws IllegalArgumentException when `commit` is not a commit here, or the name is not one for a branch
    public Optional<RefUpdate> createBranch(String name, String commit) {
        if (!isBranchName(name) || commit(commit).isEmpty()) {
            throw new IllegalArgumentException("cannot create branch " + name + " at " + commit + " in repository " + id);
        }
        return exclusively(() -> {
            boolean first = branches().isEmpty();
            if (!moveBranch(name, Optional.empty(), commit)) {
                return Optional.empty();
            }
            if (first) {
                setDefaultBranch(name);
            }
            return Optional.of(new RefUpdate(RefUpdate.BRANCHES + name, Optional.empty(), Optional.of(commit), false));
        });
    }

    /// Empty when there was no such branch.
    public Optional<RefUpdate> deleteBranch(String name) {
        return exclusively(() -> branch(name).map(commit -> {
            Result result = attempt("delete branch " + name, () -> {
                org.eclipse.jgit.lib.RefUpdate update = repository.updateRef(Constants.R_HEADS + name);
                update.setForceUpdate(true);
                return update.delete();
            });
            expect(result == Result.FORCED, "delete branch " + name, result);
            return new RefUpdate(RefUpdate.BRANCHES + name, Optional.of(commit), Optional.empty(), true);
        }));
    }

    /// Points a branch at a commit it is an ancestor of. Empty when it no longer is where the caller thinks.
    public Optional<RefUpdate> fastForward(String name, String from, String to) {
        return exclusively(() -> moveBranch(name, Optional.of(from), to)
                ? Optional.of(new RefUpdate(RefUpdate.BRANCHES + name, Optional.of(from), Optional.of(to), false)) : Optional.empty());
    }

    /// The commit meant by a full id, a branch, a tag, a full ref name or `HEAD`.
    public Optional<String> resolve(String specifier) {
        if (specifier.matches(FULL_ID)) {
            return commit(specifier).map(Commit::id);
        }
        return attempt("resolve " + specifier, () -> {
            Ref ref = repository.findRef(specifier);
            if (ref == null || ref.getObjectId() == null) {
                return Optional.empty();
            }
            try (RevWalk walk = new RevWalk(repository)) {
                return Optional.of(walk.parseCommit(ref.getObjectId()).name());
            } catch (IncorrectObjectTypeException _) {
                return Optional.empty();
            }
        });
    }

    /// Empty when `id` is not that of a commit in this repository.
    public Optional<Commit> commit(String id) {
        if (!id.matches(FULL_ID)) {
            return Optional.empty();
        }
        return attempt("read commit " + id, () -> {
            try (RevWalk walk = new RevWalk(repository)) {
                return Optional.of(Commit.of(walk.parseCommit(ObjectId.fromString(id))));
            } catch (MissingObjectException | IncorrectObjectTypeException _) {
                return Optional.empty();
            }
        });
    }

    /// The best common ancestor of two commits.
    public Optional<String> mergeBase(String one, String other) {
        return attempt("find the merge base of " + one + " and " + other, () -> {
            try (RevWalk walk = new RevWalk(repository)) {
                walk.setRevFilter(RevFilter.MERGE_BASE);
                walk.markStart(walk.parseCommit(ObjectId.fromString(one)));
                walk.markStart(walk.parseCommit(ObjectId.fromString(other)));
                return Optional.ofNullable(walk.next()).map(RevCommit::name);
            }
        });
    }

    /// Whether `later` contains everything `earlier` does.
    public boolean isAncestor(String earlier, String later) {
        return attempt("compare " + earlier + " with " + later, () -> {
            try (RevWalk walk = new RevWalk(repository)) {
                return walk.isMergedInto(walk.parseCommit(ObjectId.fromString(earlier)), walk.parseCommit(ObjectId.fromString(later)));
            }
        });
    }

    /// What lies at `path` in the tree of `commit`; the root itself for an empty path.
    public Optional<Entry> entry(String commit, String path) {
        return attempt("look up " + path + " in " + commit, () -> Trees.entry(repository, commit, path));
    }

    /// The names directly below `path`, sorted as git sorts them. Empty when that is not a folder.
    public Optional<List<Entry>> folder(String commit, String path) {
        return attempt("list " + path + " in " + commit, () -> Trees.folder(repository, commit, path));
    }

    /// Files that differ, sorted by path.
    ///
    /// @param before absent to compare with nothing
    /// @param path only what lies at or below it; empty for everything
    public List<Difference> differences(Optional<String> before, String after, String path) {
        return attempt("compare with " + after, () -> Trees.differences(repository, before, after, path));
    }

    /// The size of a blob in bytes. Empty when there is no such blob.
    public OptionalLong blobSize(String blob) {
        return attempt("read the size of " + blob, () -> loader(blob).map(loader -> OptionalLong.of(loader.getSize())).orElse(OptionalLong.empty()));
    }

    /// The content of a blob, read into memory: ask for [#blobSize] first.
    public Optional<byte[]> blob(String blob) {
        return attempt("read " + blob, () -> {
            Optional<ObjectLoader> loader = loader(blob);
            return loader.isEmpty() ? Optional.<byte[]>empty() : Optional.of(loader.get().getBytes(Integer.MAX_VALUE - 8));
        });
    }

    /// Makes a commit and moves the branch to it, or says why not.
    public CommitOutcome commit(CommitDraft draft) {
        return exclusively(() -> attempt("commit to " + draft.branch(), () -> new CommitWriter(this, repository).write(draft)));
    }

    /// Writes all files of a commit as a zip. The bytes depend on nothing but the commit.
    public void archive(String commit, OutputStream to) {
        attempt("archive " + commit, () -> {
            ZipOfCommit.write(repository, commit, to);
            return true;
        });
    }

    /// Whether so many small files have gathered that reading suffers: every push leaves a pack, every commit made here some objects.
    public boolean isUntidy() {
        return attempt("count packs and objects", () -> Tidying.isDue(repository));
    }

    /// Puts objects and refs together into few files. No ref moves meanwhile; reading goes on.
    public void tidy() {
        exclusively(() -> attempt("tidy", () -> {
            Tidying.run(repository);
            return true;
        }));
    }

    Repository jgit() {
        return repository;
    }

    /// False when the branch is not at `from` (or, with `from` absent, exists).
    boolean moveBranch(String name, Optional<String> from, String to) {
        Result result = attempt("move branch " + name, () -> {
            org.eclipse.jgit.lib.RefUpdate update = repository.updateRef(Constants.R_HEADS + name);
            update.setExpectedOldObjectId(from.map(ObjectId::fromString).orElse(ObjectId.zeroId()));
            update.setNewObjectId(ObjectId.fromString(to));
            update.setRefLogMessage("api", false);
            return update.update();
        });
        if (result == Result.LOCK_FAILURE || result == Result.REJECTED) {
            return false;
        }
        expect(result == Result.NEW || result == Result.FAST_FORWARD || result == Result.NO_CHANGE, "move branch " + name, result);
        return true;
    }

    void close() {
        repository.close();
    }

    private Map<String, String> refs(String prefix) {
        return attempt("list refs", () -> {
            Map<String, String> refs = new TreeMap<>();
            repository.getRefDatabase().getRefsByPrefix(prefix).forEach(ref -> refs.put(ref.getName(), ref.getObjectId().name()));
            return refs;
        });
    }

    private Optional<ObjectLoader> loader(String blob) throws IOException {
        if (!blob.matches(FULL_ID)) {
            return Optional.empty();
        }
        try {
            return Optional.of(repository.open(ObjectId.fromString(blob), Constants.OBJ_BLOB));
        } catch (MissingObjectException | IncorrectObjectTypeException _) {
            return Optional.empty();
        }
    }

    private void expect(boolean held, String attempted, Result result) {
        if (!held) {
            throw new GitException(attempted + " in repository " + id, new IOException("git answered " + result));
        }
    }

    private <R> R attempt(String what, Deed<R> deed) {
        try {
            return deed.run();
        } catch (IOException e) {
            throw new GitException(what + " in repository " + id, e);
        }
    }

    @FunctionalInterface
    private interface Deed<R> {
        R run() throws IOException;
    }
}
