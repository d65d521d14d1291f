package dev.viridian.container.memory;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// The files of one container: absolute path to content, and the directories that were put there as such.
final class MemoryFiles {
    private final ConcurrentSkipListMap<String, byte[]> files = new ConcurrentSkipListMap<>();
    private final Set<String> directories = ConcurrentHashMap.newKeySet();

    Optional<byte[]> read(String path) {
        return Optional.ofNullable(files.get(normal(path)));
    }

    void write(String path, byte[] content) {
        files.put(normal(path), content);
    }

    void unpack(String directory, InputStream archive) {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(archive)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.isFile()) {
                    write(directory + "/" + entry.getName(), tar.readAllBytes());
                } else if (entry.isDirectory()) {
                    directories.add(normal(directory + "/" + entry.getName()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not read a tar", e);
        }
    }

    /// Named as an engine names them: relative to the parent of `path`. Empty when there is nothing there.
    Optional<InputStream> pack(String path) {
        String root = normal(path);
        Map<String, byte[]> below = files.subMap(root + "/", root + "/\uffff");
        Optional<byte[]> single = read(root);
        if (single.isEmpty() && below.isEmpty() && !directories.contains(root)) {
            return Optional.empty();
        }
        int parent = root.lastIndexOf('/') + 1;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            if (single.isPresent()) {
                add(tar, root.substring(parent), single.get());
            }
            for (Map.Entry<String, byte[]> file : below.entrySet()) {
                add(tar, file.getKey().substring(parent), file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not write a tar in memory", e);
        }
        return Optional.of(new ByteArrayInputStream(bytes.toByteArray()));
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static String normal(String path) {
        return java.nio.file.Path.of("/" + path).normalize().toString();
    }
}
