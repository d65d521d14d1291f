package dev.viridian.services.codecommit;

import software.amazon.awssdk.services.codecommit.model.*;

/// What CodeCommit answers when it will not do something.
///
/// Source of the texts: CodeCommit API reference, "Errors" of each operation; the two about existence as the service prints them.
final class Refusals {
    private Refusals() {}

    static RepositoryDoesNotExistException noRepository(String name) {
        return RepositoryDoesNotExistException.builder().message(name + " does not exist").build();
    }

    static RepositoryNameExistsException repositoryExists(String name) {
        return RepositoryNameExistsException.builder().message("Repository named " + name + " already exists").build();
    }

    static InvalidRepositoryNameException repositoryName() {
        return InvalidRepositoryNameException.builder()
                .message("The repository name is not valid. Repository names can be any valid combination of letters, numbers, "
                + "periods, underscores, and dashes between 1 and 100 characters in length. Names are case sensitive. "
                + "For more information, see Limits in the AWS CodeCommit User Guide. ").build();
    }

    static BranchDoesNotExistException noBranch(String name) {
        return BranchDoesNotExistException.builder().message("Branch " + name + " does not exist").build();
    }

    static BranchNameExistsException branchExists(String name) {
        return BranchNameExistsException.builder().message("Branch " + name + " already exists").build();
    }

    static InvalidBranchNameException branchName() {
        return InvalidBranchNameException.builder().message("The specified branch name is not valid.").build();
    }

    static DefaultBranchCannotBeDeletedException defaultBranch() {
        return DefaultBranchCannotBeDeletedException.builder()
                .message("The specified branch is the default branch for the repository, and cannot be deleted. To delete "
                + "this branch, you must first set another branch as the default branch.").build();
    }

    static InvalidCommitIdException commitId() {
        return InvalidCommitIdException.builder().message("The specified commit ID is not valid.").build();
    }

    static CommitDoesNotExistException noCommit(String specifier) {
        return CommitDoesNotExistException.builder().message("Commit " + specifier + " does not exist").build();
    }

    static CommitIdDoesNotExistException noCommitId(String id) {
        return CommitIdDoesNotExistException.builder().message("Commit " + id + " does not exist").build();
    }

    static FileDoesNotExistException noFile() {
        return FileDoesNotExistException.builder()
                .message("The specified file does not exist. Verify that you have used the correct file name, full path, and "
                + "extension.").build();
    }

    static FolderDoesNotExistException noFolder() {
        return FolderDoesNotExistException.builder()
                .message("The specified folder does not exist. Either the folder name is not correct, or you did not enter the full "
                + "path to the folder.").build();
    }

    static FileTooLargeException fileTooLarge() {
        return FileTooLargeException.builder()
                .message("The specified file exceeds the file size limit for AWS CodeCommit. For more information about limits in AWS "
                + "CodeCommit, see AWS CodeCommit User Guide.").build();
    }

    static InvalidPathException path() {
        return InvalidPathException.builder().message("The specified path is not valid.").build();
    }

    static PathRequiredException pathRequired() {
        return PathRequiredException.builder().message("The folderPath for a location cannot be null.").build();
    }

    static InvalidContinuationTokenException token() {
        return InvalidContinuationTokenException.builder().message("The specified continuation token is not valid.").build();
    }

    static ParentCommitIdRequiredException parentRequired() {
        return ParentCommitIdRequiredException.builder()
                .message("A parent commit ID is required. To view the full commit ID of a branch in a repository, use GetBranch "
                + "or a Git command (for example, git pull or git log).").build();
    }

    static ParentCommitIdOutdatedException parentOutdated() {
        return ParentCommitIdOutdatedException.builder()
                .message("The file could not be added because the provided parent commit ID is not the current tip of the "
                + "specified branch. To view the full commit ID of the current head of the branch, use GetBranch.").build();
    }

    static NoChangeException noChange() {
        return NoChangeException.builder()
                .message("The commit cannot be created because no changes will be made to the repository as a result of this commit. A commit "
                + "must contain at least one change.").build();
    }

    static SameFileContentException sameContent() {
        return SameFileContentException.builder()
                .message("The file was not added or updated because the content of the file is exactly the same as the content of that "
                + "file in the repository and branch that you specified.").build();
    }

    static DirectoryNameConflictsWithFileNameException folderIsFile() {
        return DirectoryNameConflictsWithFileNameException.builder()
                .message("A file cannot be added to the repository because the specified path name has the same name as "
                + "a file that already exists in this repository. Either provide a different name for the file, "
                + "or specify a different path for the file.").build();
    }

    static FileNameConflictsWithDirectoryNameException fileIsFolder() {
        return FileNameConflictsWithDirectoryNameException.builder()
                .message("A file cannot be added to the repository because the specified file name has the same name "
                + "as a directory in this repository. Either provide another name for the file, "
                + "or add the file in a directory that does not match the file name.").build();
    }
}
