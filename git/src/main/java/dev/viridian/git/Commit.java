package dev.viridian.git;

import java.util.List;
import org.eclipse.jgit.revwalk.RevCommit;

/// One commit, as it was written. All ids are full, 40 hexadecimal digits.
public record Commit(String id, String tree, List<String> parents, String message, Person author, Person committer) {

    static Commit of(RevCommit commit) {
        List<String> parents = java.util.Arrays.stream(commit.getParents()).map(RevCommit::name).toList();
        return new Commit(commit.name(), commit.getTree().name(), parents, commit.getFullMessage(),
                Person.of(commit.getAuthorIdent()), Person.of(commit.getCommitterIdent()));
    }
}
