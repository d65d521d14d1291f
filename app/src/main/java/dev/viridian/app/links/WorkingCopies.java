package dev.viridian.app.links;

import dev.viridian.services.codebuild.Checkouts;
import dev.viridian.services.codepipeline.SourceArchives;
import java.io.IOException;
import java.nio.file.Path;
import software.amazon.awssdk.services.codecommit.CodeCommitClient;
import software.amazon.awssdk.services.codecommit.model.BranchDoesNotExistException;
import software.amazon.awssdk.services.codecommit.model.CodeCommitException;
import software.amazon.awssdk.services.codecommit.model.RepositoryDoesNotExistException;

/// Sources of builds from CodeCommit: the version is found through CodeCommit's API, as the build's role; the files come from the git host.
///
/// The working copy has no history (`.git`) yet, whatever depth is asked for.
public final class WorkingCopies implements Checkouts {
    private static final String BRANCHES = "refs/heads/";

    private final CodeCommitClient codecommit;
    private final SourceArchives archives;

    public WorkingCopies(CodeCommitClient codecommit, SourceArchives archives) {
        this.codecommit = codecommit;
        this.archives = archives;
    }

    @Override
    public String fetch(String repository, String version, int depth, Path target) throws NoSuchVersion, IOException {
        String commit;
        try {
            commit = commitOf(repository, version);
        } catch (RepositoryDoesNotExistException e) {
            throw new NoSuchVersion("repository not found");
        } catch (CodeCommitException e) {
            throw new NoSuchVersion("no matching base or head found for " + (version.isEmpty() ? "the default branch" : version));
        }
        archives.archive(repository, commit, target);
        return commit;
    }

    private String commitOf(String repository, String version) {
        if (version.isEmpty()) {
            String main = codecommit.getRepository(b -> b.repositoryName(repository)).repositoryMetadata().defaultBranch();
            return branch(repository, main == null ? "main" : main);
        }
        try {
            return branch(repository, version.startsWith(BRANCHES) ? version.substring(BRANCHES.length()) : version);
        } catch (BranchDoesNotExistException e) {
            return codecommit.getCommit(b -> b.repositoryName(repository).commitId(version)).commit().commitId();
        }
    }

    private String branch(String repository, String name) {
        return codecommit.getBranch(b -> b.repositoryName(repository).branchName(name)).branch().commitId();
    }
}
