package dev.viridian.services.codepipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.codecommit.CodeCommitClient;
import software.amazon.awssdk.services.codecommit.model.BranchDoesNotExistException;
import software.amazon.awssdk.services.codecommit.model.Commit;
import software.amazon.awssdk.services.s3.S3Client;

/// Source action CodeCommit: the branch's head, when the action runs, as a zip in the artifact bucket.
///
/// Source of names and texts: CodePipeline user guide, "CodeCommit source action reference".
final class CodeCommitSource implements Provider {
    private static final DateTimeFormatter UTC = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

    private final CodeCommitClient codecommit;
    private final SourceArchives archives;
    private final S3Client s3;

    CodeCommitSource(CodeCommitClient codecommit, SourceArchives archives, S3Client s3) {
        this.codecommit = codecommit;
        this.archives = archives;
        this.s3 = s3;
    }

    @Override
    public Terms terms() {
        return new Terms("Source", "CodeCommit", Set.of("RepositoryName", "BranchName"), Set.of("PollForSourceChanges", "OutputArtifactFormat"), 0, 0, 1, 1,
                Duration.ofMinutes(20));
    }

    @Override
    public Outcome begin(ActionContext action) {
        String repository = action.required("RepositoryName");
        String branch = action.required("BranchName");
        if (action.optional("OutputArtifactFormat").orElse("CODE_ZIP").equals("CODEBUILD_CLONE_REF")) {
            return Outcome.Failed.configuration("OutputArtifactFormat CODEBUILD_CLONE_REF is not implemented here; use CODE_ZIP.");
        }
        String head;
        try {
            head = codecommit.getBranch(b -> b.repositoryName(repository).branchName(branch)).branch().commitId();
        } catch (BranchDoesNotExistException e) {
            return Outcome.Failed.configuration("The action failed because no branch named " + branch + " was found in the selected AWS CodeCommit repository "
                    + repository + ". Make sure you are using the correct branch name, and then try again. Error: null");
        }
        Commit commit = codecommit.getCommit(b -> b.repositoryName(repository).commitId(head)).commit();
        upload(repository, head, action.onlyOutput());
        String message = commit.message() == null ? "" : commit.message().strip();
        String url = "https://" + action.pipeline().region() + ".console.aws.amazon.com/codesuite/codecommit/repositories/" + repository + "/commit/" + head;
        Revision revision = new Revision(action.run().name(), action.onlyOutputName(), head, message, url, action.now());
        return new Outcome.Done(head, null, message, variables(repository, branch, head, message, commit), List.of(revision));
    }

    /// Everything happens in [#begin]; an interrupted one is simply done again, to the same key.
    @Override
    public Outcome follow(ActionContext action) {
        return begin(action);
    }

    private void upload(String repository, String commit, ArtifactLocation target) {
        Path zip = null;
        try {
            zip = Files.createTempFile("source", ".zip");
            archives.archive(repository, commit, zip);
            Path file = zip;
            s3.putObject(b -> b.bucket(target.bucket()).key(target.key()).contentType("application/zip"), RequestBody.fromFile(file));
        } catch (IOException e) {
            throw new UncheckedIOException("Could not archive commit " + commit + " of repository " + repository, e);
        } finally {
            delete(zip);
        }
    }

    private static void delete(Path zip) {
        if (zip != null) {
            try {
                Files.deleteIfExists(zip);
            } catch (IOException e) {
                throw new UncheckedIOException("Could not delete the temporary archive " + zip, e);
            }
        }
    }

    private static Map<String, String> variables(String repository, String branch, String head, String message, Commit commit) {
        Map<String, String> result = new LinkedHashMap<>();
        result.put("CommitId", head);
        result.put("CommitMessage", message);
        result.put("RepositoryName", repository);
        result.put("BranchName", branch);
        if (commit.author() != null && commit.author().date() != null) {
            result.put("AuthorDate", utc(commit.author().date()));
        }
        if (commit.committer() != null && commit.committer().date() != null) {
            result.put("CommitterDate", utc(commit.committer().date()));
        }
        return result;
    }

    /// CodeCommit gives git's own form, `1572060211 +0900`; the variable is ISO-8601 in UTC.
    static String utc(String gitDate) {
        try {
            return UTC.format(Instant.ofEpochSecond(Long.parseLong(gitDate.split(" ")[0])));
        } catch (NumberFormatException e) {
            return isoOrAsIs(gitDate);
        }
    }

    private static String isoOrAsIs(String date) {
        try {
            return UTC.format(OffsetDateTime.parse(date));
        } catch (DateTimeParseException e) {
            return date;
        }
    }
}
