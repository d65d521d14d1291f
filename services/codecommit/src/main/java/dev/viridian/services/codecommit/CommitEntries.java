package dev.viridian.services.codecommit;

import dev.viridian.git.Edit;
import dev.viridian.git.Entry;
import dev.viridian.git.FileKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codecommit.model.*;

/// The three lists of a CreateCommit request as edits, with the rules between them.
///
/// Source: CodeCommit API reference, CreateCommit; limits from the user guide, "Quotas".
final class CommitEntries {
    private static final int MOST_FILES = 100;
    private static final long MOST_BYTES = 20L * 1024 * 1024;

    private CommitEntries() {}

    /// @param before what lies at a path in the parent commit
    static List<Edit> edits(CreateCommitRequest request, Function<String, Optional<Entry>> before) {
        checkCount(request.putFiles().size() + request.deleteFiles().size() + request.setFileModes().size());
        boolean keep = Boolean.TRUE.equals(request.keepEmptyFolders());
        List<Edit> edits = new ArrayList<>();
        Set<String> paths = new HashSet<>();
        long bytes = 0;
        for (PutFileEntry entry : request.putFiles()) {
            bytes += entry.fileContent() == null ? 0 : entry.fileContent().asByteArrayUnsafe().length;
            edits.addAll(put(entry, before, keep));
        }
        request.deleteFiles().forEach(entry -> edits.add(new Edit.Delete(Commits.filePath(entry.filePath()), keep)));
        request.setFileModes()
                .forEach(entry -> edits.add(new Edit.SetKind(Commits.filePath(entry.filePath()), kind(entry.fileMode(), FileKind.FILE))));
        if (bytes > MOST_BYTES) {
            throw FolderContentSizeLimitExceededException.builder()
                    .message("The commit cannot be created because at least one of the overall changes in the commit results "
                    + "in a folder whose contents exceed the limit of 6 MB. Either reduce the number and size of your changes, "
                    + "or split the changes across multiple folders.").build();
        }
        if (!edits.stream().map(Edit::path).allMatch(paths::add)) {
            throw SamePathRequestException.builder()
                    .message("The file cannot be added, updated or deleted because the same file path is specified more than once.").build();
        }
        return edits;
    }

    static FileKind kind(@Nullable FileModeTypeEnum mode, FileKind otherwise) {
        return switch (mode) {
            case null -> otherwise;
            case NORMAL -> FileKind.FILE;
            case EXECUTABLE -> FileKind.EXECUTABLE;
            case SYMLINK -> FileKind.SYMLINK;
            case UNKNOWN_TO_SDK_VERSION -> throw InvalidFileModeException.builder()
                    .message("The specified file mode permission is not valid. For a list of valid file mode "
                    + "permissions, see PutFile.").build();
        };
    }

    static FileContentSizeLimitExceededException fileTooLarge() {
        return FileContentSizeLimitExceededException.builder()
                .message("The file cannot be added because it is too large. The maximum file size is 6 MB, and the combined "
                + "file content change size is 7 MB. Consider making these changes using a Git client.").build();
    }

    private static void checkCount(int files) {
        if (files == 0) {
            throw FileEntryRequiredException.builder()
                    .message("The commit cannot be created because no files have been specified as added, updated, or changed (PutFile or "
                    + "DeleteFile) for the commit.").build();
        }
        if (files > MOST_FILES) {
            throw MaximumFileEntriesExceededException.builder()
                    .message("The number of specified files to change as part of this commit exceeds the maximum number of files "
                    + "that can be changed in a single commit. Consider using a Git client for these changes.").build();
        }
    }

    private static List<Edit> put(PutFileEntry entry, Function<String, Optional<Entry>> before, boolean keep) {
        String path = Commits.filePath(entry.filePath());
        if (entry.fileContent() != null && entry.sourceFile() != null) {
            throw FileContentAndSourceFileSpecifiedException.builder()
                    .message("The commit cannot be created because both a source file and file content have been specified "
                    + "for the same file. You cannot provide both. Either specify a source file or provide the file content directly.").build();
        }
        if (entry.fileContent() != null) {
            if (entry.fileContent().asByteArrayUnsafe().length > Contents.LARGEST_FILE) {
                throw fileTooLarge();
            }
            FileKind present = before.apply(path).map(Entry::kind).filter(FileKind::isFile).orElse(FileKind.FILE);
            return List.of(new Edit.Put(path, entry.fileContent().asByteArray(), kind(entry.fileMode(), present)));
        }
        if (entry.sourceFile() == null) {
            throw SourceFileOrContentRequiredException.builder()
                    .message("The commit cannot be created because no source files or file content have been specified for the "
                    + "commit.").build();
        }
        return copy(entry, path, before, keep);
    }

    private static List<Edit> copy(PutFileEntry entry, String path, Function<String, Optional<Entry>> before, boolean keep) {
        String from = Commits.filePath(entry.sourceFile().filePath());
        Entry source = before.apply(from).filter(found -> found.kind().isFile()).orElseThrow(Refusals::noFile);
        Edit copy = new Edit.PutBlob(path, source.id(), kind(entry.fileMode(), source.kind()));
        return Boolean.TRUE.equals(entry.sourceFile().isMove()) ? List.of(copy, new Edit.Delete(from, keep)) : List.of(copy);
    }
}
