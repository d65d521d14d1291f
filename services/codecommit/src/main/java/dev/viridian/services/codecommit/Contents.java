package dev.viridian.services.codecommit;

import dev.viridian.aws.shapes.Pages;
import dev.viridian.git.Entry;
import dev.viridian.git.FileKind;
import dev.viridian.git.GitRepository;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.codecommit.model.*;

/// Reading: commits, files, folders, blobs, differences.
final class Contents {
    /// Source: CodeCommit user guide, "Quotas", file size through API and console.
    static final int LARGEST_FILE = 6 * 1024 * 1024;
    private static final String FULL_ID = "[0-9a-f]{40}";
    private static final int DIFFERENCES_IN_A_PAGE = 100;
    private static final int MOST_COMMITS = 100;
    private static final int LONGEST_PATH = 4_096;

    private final Repositories repositories;

    Contents(Repositories repositories) {
        this.repositories = repositories;
    }

    software.amazon.awssdk.services.codecommit.model.Commit commit(String repository, String id) {
        GitRepository git = repositories.git(repositories.require(repository));
        if (!id.matches(FULL_ID)) {
            throw Refusals.commitId();
        }
        return git.commit(id).map(Contents::commit).orElseThrow(() -> Refusals.noCommitId(id));
    }

    BatchGetCommitsResponse commits(BatchGetCommitsRequest request) {
        GitRepository git = repositories.git(repositories.require(request.repositoryName()));
        if (request.commitIds().size() > MOST_COMMITS) {
            throw CommitIdsLimitExceededException.builder()
                    .message("The maximum number of allowed commit IDs in a batch request is 100. Verify that your batch requests "
                    + "contains no more than 100 commit IDs, and then try again.").build();
        }
        List<software.amazon.awssdk.services.codecommit.model.Commit> found = new ArrayList<>();
        List<BatchGetCommitsError> errors = new ArrayList<>();
        for (String id : request.commitIds()) {
            git.commit(id).map(Contents::commit).ifPresentOrElse(found::add, () -> errors.add(BatchGetCommitsError.builder().commitId(id)
                    .errorCode(id.matches(FULL_ID) ? "CommitIdDoesNotExistException" : "InvalidCommitIdException")
                    .errorMessage("Commit " + id + " does not exist").build()));
        }
        return BatchGetCommitsResponse.builder().commits(found).errors(errors).build();
    }

    GetFileResponse file(GetFileRequest request) {
        GitRepository git = repositories.git(repositories.require(request.repositoryName()));
        String path = path(request.filePath());
        if (path.isEmpty()) {
            throw Refusals.pathRequired();
        }
        String commit = resolve(git, Optional.ofNullable(request.commitSpecifier()));
        Entry entry = git.entry(commit, path).filter(found -> found.kind() != FileKind.FOLDER).orElseThrow(Refusals::noFile);
        if (entry.kind() == FileKind.SUBMODULE) {
            throw FilePathConflictsWithSubmodulePathException.builder().message("The specified file path is that of a submodule.").build();
        }
        byte[] content = blob(git, entry.id());
        return GetFileResponse.builder().commitId(commit).blobId(entry.id()).filePath(path).fileMode(mode(entry.kind()))
                .fileSize((long) content.length)
                .fileContent(SdkBytes.fromByteArray(content)).build();
    }

    GetFolderResponse folder(GetFolderRequest request) {
        GitRepository git = repositories.git(repositories.require(request.repositoryName()));
        String path = path(request.folderPath());
        String commit = resolve(git, Optional.ofNullable(request.commitSpecifier()));
        List<Entry> entries = git.folder(commit, path).orElseThrow(Refusals::noFolder);
        return GetFolderResponse.builder().commitId(commit).folderPath(path).treeId(git.entry(commit, path).orElseThrow().id())
                .subFolders(of(entries, FileKind.FOLDER).map(Contents::subFolder).toList())
                .files(entries.stream().filter(e -> e.kind().isFile() && e.kind() != FileKind.SYMLINK).map(Contents::file).toList())
                .symbolicLinks(of(entries, FileKind.SYMLINK).map(Contents::link).toList())
                .subModules(of(entries, FileKind.SUBMODULE).map(Contents::subModule).toList()).build();
    }

    private static Folder subFolder(Entry entry) {
        return Folder.builder().treeId(entry.id()).absolutePath(entry.path()).relativePath(entry.name()).build();
    }

    private static File file(Entry entry) {
        return File.builder().blobId(entry.id()).absolutePath(entry.path()).relativePath(entry.name()).fileMode(mode(entry.kind())).build();
    }

    private static SymbolicLink link(Entry entry) {
        return SymbolicLink.builder().blobId(entry.id()).absolutePath(entry.path()).relativePath(entry.name()).fileMode(mode(entry.kind())).build();
    }

    private static SubModule subModule(Entry entry) {
        return SubModule.builder().commitId(entry.id()).absolutePath(entry.path()).relativePath(entry.name()).build();
    }

    GetBlobResponse blob(GetBlobRequest request) {
        GitRepository git = repositories.git(repositories.require(request.repositoryName()));
        if (!request.blobId().matches(FULL_ID)) {
            throw InvalidBlobIdException.builder().message("The specified blob is not valid.").build();
        }
        if (git.blobSize(request.blobId()).isEmpty()) {
            throw BlobIdDoesNotExistException.builder().message("The specified blob does not exist.").build();
        }
        return GetBlobResponse.builder().content(SdkBytes.fromByteArray(blob(git, request.blobId()))).build();
    }

    GetDifferencesResponse differences(GetDifferencesRequest request) {
        GitRepository git = repositories.git(repositories.require(request.repositoryName()));
        Optional<String> before = Optional.ofNullable(request.beforeCommitSpecifier()).map(specifier -> resolve(git, Optional.of(specifier)));
        String after = resolve(git, Optional.of(request.afterCommitSpecifier()));
        String path = path(request.afterPath() != null ? request.afterPath() : request.beforePath());
        if (!path.isEmpty() && git.entry(after, path).isEmpty() && before.flatMap(commit -> git.entry(commit, path)).isEmpty()) {
            throw PathDoesNotExistException.builder().message("The specified path does not exist.").build();
        }
        Pages.Page<dev.viridian.git.Difference> page = page(git.differences(before, after, path), request);
        return GetDifferencesResponse.builder().differences(page.items().stream().map(Contents::difference).toList())
                .nextToken(page.nextToken()).build();
    }

    private static Pages.Page<dev.viridian.git.Difference> page(List<dev.viridian.git.Difference> all, GetDifferencesRequest request) {
        try {
            return Pages.of(all, request.nextToken(), request.maxResults(), DIFFERENCES_IN_A_PAGE);
        } catch (Pages.InvalidToken _) {
            throw Refusals.token();
        }
    }

    /// The commit meant by a branch, a tag, `HEAD` or an id; the tip of the default branch when nothing is said.
    static String resolve(GitRepository git, Optional<String> specifier) {
        String meant = specifier.orElse("HEAD");
        return git.resolve(meant).orElseThrow(() -> Refusals.noCommit(meant));
    }

    /// Without the slashes clients put around paths.
    static String path(@Nullable String given) {
        String path = given == null ? "" : given.replaceAll("^/+|/+$", "");
        boolean leaves = Stream.of(path.split("/")).anyMatch(part -> part.equals("..") || part.equals(".") || part.equalsIgnoreCase(".git"));
        if (leaves || path.contains("//") || path.indexOf(0) >= 0 || path.length() > LONGEST_PATH) {
            throw Refusals.path();
        }
        return path;
    }

    static FileModeTypeEnum mode(FileKind kind) {
        return switch (kind) {
            case FILE -> FileModeTypeEnum.NORMAL;
            case EXECUTABLE -> FileModeTypeEnum.EXECUTABLE;
            case SYMLINK -> FileModeTypeEnum.SYMLINK;
            case FOLDER, SUBMODULE -> throw new IllegalArgumentException(kind + " is no kind of file");
        };
    }

    private static byte[] blob(GitRepository git, String id) {
        if (git.blobSize(id).orElse(0) > LARGEST_FILE) {
            throw Refusals.fileTooLarge();
        }
        return git.blob(id).orElseThrow(Refusals::noFile);
    }

    private static Stream<Entry> of(List<Entry> entries, FileKind kind) {
        return entries.stream().filter(entry -> entry.kind() == kind);
    }

    private static software.amazon.awssdk.services.codecommit.model.Commit commit(dev.viridian.git.Commit commit) {
        return software.amazon.awssdk.services.codecommit.model.Commit.builder().commitId(commit.id()).treeId(commit.tree()).parents(commit.parents())
                .message(commit.message()).author(user(commit.author())).committer(user(commit.committer())).additionalData("").build();
    }

    private static UserInfo user(dev.viridian.git.Person person) {
        return UserInfo.builder().name(person.name()).email(person.email()).date(person.date()).build();
    }

    private static Difference difference(dev.viridian.git.Difference difference) {
        ChangeTypeEnum type = difference.before().isEmpty() ? ChangeTypeEnum.A : difference.after().isEmpty() ? ChangeTypeEnum.D : ChangeTypeEnum.M;
        return Difference.builder().changeType(type).beforeBlob(difference.before().map(Contents::blob).orElse(null))
                .afterBlob(difference.after().map(Contents::blob).orElse(null)).build();
    }

    private static BlobMetadata blob(Entry entry) {
        return BlobMetadata.builder().blobId(entry.id()).path(entry.path()).mode(entry.kind().mode()).build();
    }
}
