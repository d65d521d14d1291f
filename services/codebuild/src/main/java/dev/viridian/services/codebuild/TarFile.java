package dev.viridian.services.codebuild;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Enumeration;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/// Writes the files that go into a build's container, all owned by root.
final class TarFile implements AutoCloseable {
    private static final int PLAIN = 0100644;
    private static final int PROGRAM = 0100755;
    private final TarArchiveOutputStream tar;

    TarFile(OutputStream out) {
        tar = new TarArchiveOutputStream(out, "UTF-8");
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    }

    void text(String path, String content) throws IOException {
        bytes(path, content.getBytes(StandardCharsets.UTF_8), PLAIN);
    }

    void program(String path, String content) throws IOException {
        bytes(path, content.getBytes(StandardCharsets.UTF_8), PROGRAM);
    }

    void directory(String path) throws IOException {
        tar.putArchiveEntry(new TarArchiveEntry(relative(path) + "/"));
        tar.closeArchiveEntry();
    }

    void link(String path, String target) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(relative(path), TarConstants.LF_SYMLINK);
        entry.setLinkName(target);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    void file(String path, InputStream content, long size) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(relative(path));
        entry.setSize(size);
        entry.setMode(PLAIN);
        tar.putArchiveEntry(entry);
        content.transferTo(tar);
        tar.closeArchiveEntry();
    }

    /// Everything in a zip, with its modes and symbolic links.
    ///
    /// @throws IOException also when an entry would leave the directory
    void unzip(Path zip, String directory) throws IOException {
        try (ZipFile file = ZipFile.builder().setPath(zip).get()) {
            Enumeration<ZipArchiveEntry> entries = file.getEntries();
            while (entries.hasMoreElements()) {
                ZipArchiveEntry entry = entries.nextElement();
                String path = directory + "/" + inside(entry.getName());
                if (entry.isDirectory()) {
                    directory(path);
                } else if (entry.isUnixSymlink()) {
                    link(path, file.getUnixSymlink(entry));
                } else {
                    unzip(file, entry, path);
                }
            }
        }
    }

    private void unzip(ZipFile zip, ZipArchiveEntry from, String path) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(relative(path));
        entry.setSize(from.getSize());
        entry.setMode((from.getUnixMode() & 0111) != 0 ? PROGRAM : PLAIN);
        entry.setModTime(from.getTime());
        tar.putArchiveEntry(entry);
        try (InputStream content = zip.getInputStream(from)) {
            content.transferTo(tar);
        }
        tar.closeArchiveEntry();
    }

    private void bytes(String path, byte[] content, int mode) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(relative(path));
        entry.setSize(content.length);
        entry.setMode(mode);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static String inside(String name) throws IOException {
        Path normal = Path.of(name).normalize();
        if (normal.isAbsolute() || normal.startsWith("..")) {
            throw new IOException("the archive has an entry outside of itself: " + name);
        }
        return normal.toString();
    }

    private static String relative(String path) {
        return path.startsWith("/") ? path.substring(1) : path;
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }
}
