package dev.viridian.git;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;

/// A commit's files as a zip that is the same bytes each time: order, dates and modes come from the commit. Permissions are in the unix fields, links
/// are stored as links, submodules as empty folders, as `git archive` does.
final class ZipOfCommit {
    private static final int EMPTY_FOLDER = 0040755;
    /// Zip cannot say anything earlier.
    private static final Instant EPOCH = Instant.parse("1980-01-01T00:00:00Z");

    private ZipOfCommit() {}

    static void write(Repository repository, String commitId, OutputStream to) throws IOException {
        try (RevWalk commits = new RevWalk(repository); TreeWalk files = new TreeWalk(repository)) {
            RevCommit commit = commits.parseCommit(ObjectId.fromString(commitId));
            ZipArchiveOutputStream zip = new ZipArchiveOutputStream(to);
            zip.setEncoding(StandardCharsets.UTF_8.name());
            files.addTree(commit.getTree());
            files.setRecursive(true);
            LocalDateTime date = date(commit);
            while (files.next()) {
                write(files, date, zip);
            }
            zip.finish();
            zip.flush();
        }
    }

    private static void write(TreeWalk file, LocalDateTime date, ZipArchiveOutputStream zip) throws IOException {
        boolean submodule = file.getFileMode(0).equals(FileMode.GITLINK);
        ZipArchiveEntry entry = new ZipArchiveEntry(submodule ? file.getPathString() + "/" : file.getPathString());
        entry.setTimeLocal(date);
        entry.setUnixMode(submodule ? EMPTY_FOLDER : mode(file.getFileMode(0)));
        zip.putArchiveEntry(entry);
        if (!submodule) {
            file.getObjectReader().open(file.getObjectId(0)).copyTo(zip);
        }
        zip.closeArchiveEntry();
    }

    private static int mode(FileMode mode) {
        return mode.equals(FileMode.SYMLINK) ? 0120777 : mode.getBits();
    }

    private static LocalDateTime date(RevCommit commit) {
        Instant when = commit.getCommitterIdent().getWhenAsInstant();
        return LocalDateTime.ofInstant(when.isBefore(EPOCH) ? EPOCH : when, ZoneOffset.UTC);
    }
}
