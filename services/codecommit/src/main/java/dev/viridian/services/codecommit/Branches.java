package dev.viridian.services.codecommit;

import dev.viridian.aws.Caller;
import dev.viridian.git.GitRepository;
import dev.viridian.git.RefUpdate;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.codecommit.model.BranchInfo;
import software.amazon.awssdk.services.codecommit.model.BranchNameIsTagNameException;

/// Branches by API. Whatever moves is recorded in the same turn.
final class Branches {
    private static final String FULL_ID = "[0-9a-f]{40}";

    private final Repositories repositories;
    private final RefEvents events;

    Branches(Repositories repositories, RefEvents events) {
        this.repositories = repositories;
        this.events = events;
    }

    void create(String repositoryName, String branch, String commit) {
        Repository repository = repositories.require(repositoryName);
        GitRepository git = repositories.git(repository);
        checkName(branch);
        if (!commit.matches(FULL_ID)) {
            throw Refusals.commitId();
        }
        if (git.commit(commit).isEmpty()) {
            throw Refusals.noCommit(commit);
        }
        git.exclusively(() -> {
            Optional<RefUpdate> update = git.createBranch(branch, commit);
            record(repository, update.orElseThrow(() -> Refusals.branchExists(branch)));
            return true;
        });
    }

    BranchInfo get(String repositoryName, String branch) {
        GitRepository git = repositories.git(repositories.require(repositoryName));
        checkName(branch);
        return BranchInfo.builder().branchName(branch).commitId(git.branch(branch).orElseThrow(() -> Refusals.noBranch(branch))).build();
    }

    List<String> list(String repositoryName) {
        return List.copyOf(repositories.git(repositories.require(repositoryName)).branches().keySet());
    }

    /// Empty when there was none.
    Optional<BranchInfo> delete(String repositoryName, String branch) {
        Repository repository = repositories.require(repositoryName);
        GitRepository git = repositories.git(repository);
        checkName(branch);
        return git.exclusively(() -> {
            if (git.defaultBranch().equals(Optional.of(branch))) {
                throw Refusals.defaultBranch();
            }
            Optional<RefUpdate> update = git.deleteBranch(branch);
            update.ifPresent(moved -> record(repository, moved));
            return update.map(moved -> BranchInfo.builder().branchName(branch).commitId(moved.before().orElseThrow()).build());
        });
    }

    void makeDefault(String repositoryName, String branch) {
        Repository repository = repositories.require(repositoryName);
        GitRepository git = repositories.git(repository);
        checkName(branch);
        git.exclusively(() -> {
            if (git.branch(branch).isEmpty()) {
                throw git.refs().containsKey(RefUpdate.TAGS + branch)
                        ? BranchNameIsTagNameException.builder()
                        .message("The specified branch name is not valid because it is a tag name. Enter the name of a branch "
                                + "in the repository. For a list of valid branch names, use ListBranches.").build()
                        : Refusals.noBranch(branch);
            }
            git.setDefaultBranch(branch);
            return true;
        });
        repositories.touch(repository);
    }

    /// Within the repository's own turn.
    void record(Repository repository, RefUpdate update) {
        events.record(repository, Caller.current().principal().arn(), List.of(update));
        repositories.touch(repository);
    }

    static void checkName(String name) {
        if (name.isEmpty() || name.length() > 256 || !GitRepository.isBranchName(name) || name.matches(FULL_ID)) {
            throw Refusals.branchName();
        }
    }
}
