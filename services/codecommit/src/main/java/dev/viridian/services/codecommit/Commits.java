package dev.viridian.services.codecommit;

import dev.viridian.aws.Caller;
import dev.viridian.engine.time.Time;
import dev.viridian.git.CommitDraft;
import dev.viridian.git.CommitOutcome;
import dev.viridian.git.Edit;
import dev.viridian.git.Entry;
import dev.viridian.git.FileKind;
import dev.viridian.git.GitRepository;
import dev.viridian.git.Person;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codecommit.model.*;

/// Commits by API: PutFile, DeleteFile, CreateCommit.
final class Commits {
    private static final String FULL_ID = "[0-9a-f]{40}";

    private final Repositories repositories;
    private final Branches branches;
    private final Time time;

    Commits(Repositories repositories, Branches branches, Time time) {
        this.repositories = repositories;
        this.branches = branches;
        this.time = time;
    }

    PutFileResponse put(PutFileRequest request) {
        Repository repository = repositories.require(request.repositoryName());
        GitRepository git = repositories.git(repository);
        String path = filePath(request.filePath());
        if (request.fileContent().asByteArrayUnsafe().length > Contents.LARGEST_FILE) {
            throw CommitEntries.fileTooLarge();
        }
        Target target = target(git, request.branchName(), request.parentCommitId());
        FileKind kind = CommitEntries.kind(request.fileMode(), FileKind.FILE);
        boolean known = target.parent().flatMap(parent -> git.entry(parent, path)).isPresent();
        String message = Optional.ofNullable(request.commitMessage()).orElse((known ? "Edited " : "Added ") + path);
        Edit edit = new Edit.Put(path, request.fileContent().asByteArray(), kind);
        dev.viridian.git.Commit commit = make(repository, git, target.draft(List.of(edit), message, person(request.name(), request.email())),
                Refusals.sameContent());
        return PutFileResponse.builder().commitId(commit.id()).treeId(commit.tree()).blobId(git.entry(commit.id(), path).orElseThrow().id()).build();
    }

    DeleteFileResponse delete(DeleteFileRequest request) {
        Repository repository = repositories.require(request.repositoryName());
        GitRepository git = repositories.git(repository);
        String path = filePath(request.filePath());
        Target target = target(git, request.branchName(), request.parentCommitId());
        Entry file = target.parent().flatMap(parent -> git.entry(parent, path)).filter(entry -> entry.kind().isFile()).orElseThrow(Refusals::noFile);
        String message = Optional.ofNullable(request.commitMessage()).orElse("Deleted " + path);
        Edit edit = new Edit.Delete(path, Boolean.TRUE.equals(request.keepEmptyFolders()));
        dev.viridian.git.Commit commit = make(repository, git, target.draft(List.of(edit), message, person(request.name(), request.email())),
                Refusals.noChange());
        return DeleteFileResponse.builder().commitId(commit.id()).treeId(commit.tree()).blobId(file.id()).filePath(path).build();
    }

    CreateCommitResponse create(CreateCommitRequest request) {
        Repository repository = repositories.require(request.repositoryName());
        GitRepository git = repositories.git(repository);
        Target target = target(git, request.branchName(), request.parentCommitId());
        List<Edit> edits = CommitEntries.edits(request, path -> target.parent().flatMap(parent -> git.entry(parent, path)));
        String message = Optional.ofNullable(request.commitMessage()).orElse("");
        dev.viridian.git.Commit commit = make(repository, git, target.draft(edits, message, person(request.authorName(), request.email())),
                Refusals.noChange());
        List<dev.viridian.git.Difference> changes = git.differences(target.parent(), commit.id(), "");
        return CreateCommitResponse.builder().commitId(commit.id()).treeId(commit.tree())
                .filesAdded(files(changes, change -> change.before().isEmpty() ? change.after() : Optional.empty()))
                .filesUpdated(files(changes, change -> change.before().isEmpty() ? Optional.empty() : change.after()))
                .filesDeleted(files(changes, change -> change.after().isEmpty() ? change.before() : Optional.empty())).build();
    }

    static String filePath(@Nullable String given) {
        String path = Contents.path(given);
        if (path.isEmpty()) {
            throw PathRequiredException.builder().message("The filePath for a location cannot be empty or null.").build();
        }
        return path;
    }

    private static List<FileMetadata> files(List<dev.viridian.git.Difference> changes, Function<dev.viridian.git.Difference, Optional<Entry>> side) {
        return changes.stream().flatMap(change -> side.apply(change).stream()).filter(entry -> entry.kind().isFile())
                .map(entry -> FileMetadata.builder().absolutePath(entry.path()).blobId(entry.id()).fileMode(Contents.mode(entry.kind()))
                .build()).toList();
    }

    private dev.viridian.git.Commit make(Repository repository, GitRepository git, CommitDraft draft, CodeCommitException whenSame) {
        return git.exclusively(() -> switch (git.commit(draft)) {
            case CommitOutcome.Made(dev.viridian.git.Commit commit, dev.viridian.git.RefUpdate update) -> {
                branches.record(repository, update);
                yield commit;
            }
            case CommitOutcome.ParentOutdated _ -> throw Refusals.parentOutdated();
            case CommitOutcome.NoChange _ -> throw whenSame;
            case CommitOutcome.Missing _ -> throw Refusals.noFile();
            case CommitOutcome.PathConflict(String path) -> throw draft.edits().stream().anyMatch(edit -> edit.path().equals(path))
                    ? Refusals.fileIsFolder() : Refusals.folderIsFile();
        });
    }

    /// Where a commit goes: on top of the branch's tip, which the caller must name, or as the first one of an empty repository.
    private record Target(String branch, Optional<String> parent) {
        CommitDraft draft(List<Edit> edits, String message, Person person) {
            return new CommitDraft(branch, parent, edits, message, person, person);
        }
    }

    private static Target target(GitRepository git, String branch, @Nullable String parent) {
        Branches.checkName(branch);
        if (parent != null && !parent.matches(FULL_ID)) {
            throw InvalidParentCommitIdException.builder()
                    .message("The parent commit ID is not valid. The commit ID cannot be empty, and must match the head commit ID for "
                    + "the branch of the repository where you want to add or update a file.").build();
        }
        Optional<String> tip = git.branch(branch);
        if (tip.isEmpty() && !git.branches().isEmpty()) {
            throw Refusals.noBranch(branch);
        }
        if (tip.isPresent() && parent == null) {
            throw Refusals.parentRequired();
        }
        if (parent != null && git.commit(parent).isEmpty()) {
            throw ParentCommitDoesNotExistException.builder()
                    .message("The parent commit ID is not valid because it does not exist. The specified parent commit ID does not "
                    + "exist in the specified branch of the repository.").build();
        }
        return new Target(branch, Optional.ofNullable(parent));
    }

    private Person person(@Nullable String name, @Nullable String email) {
        if (name != null && name.length() > 127) {
            throw NameLengthExceededException.builder()
                    .message("The user name is not valid because it has exceeded the character limit for author names.").build();
        }
        if (email != null && (email.length() > 127 || email.matches("(?s).*[<>\n].*"))) {
            throw InvalidEmailException.builder()
                    .message("The specified email address either contains one or more characters that are not allowed, or it exceeds the "
                    + "maximum number of characters allowed for an email address.").build();
        }
        Instant now = time.now().truncatedTo(ChronoUnit.SECONDS);
        return new Person(Optional.ofNullable(name).orElseGet(Commits::callerName), Optional.ofNullable(email).orElse(""), now, ZoneOffset.UTC);
    }

    private static String callerName() {
        String arn = Caller.current().principal().arn();
        return arn.substring(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1);
    }
}
