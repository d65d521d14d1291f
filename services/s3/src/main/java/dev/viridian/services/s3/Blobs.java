package dev.viridian.services.s3;

import dev.viridian.aws.Ids;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The bytes of objects and parts, one file each, named by an id nobody else chooses.
///
/// A blob arrives in `incoming/` and is on disk before the transaction that names it commits; afterwards it moves to its shelf. Whatever a crash
/// leaves in
/// `incoming/` is therefore either named by a row (then it is shelved at the next start) or by nobody (then it goes): see [#recover]. A blob that is
/// being
/// read is deleted only when its last reader has closed it. Threads: any.
final class Blobs {
    private static final Logger LOG = LoggerFactory.getLogger(Blobs.class);

    private static final String SET_ASIDE = "removed-";

    private final Path incoming;
    private final Path shelves;
    private final Map<String, Integer> readers = new HashMap<>();
    private final Set<String> doomed = new HashSet<>();

    Blobs(Path folder) {
        this.incoming = folder.resolve("incoming");
        this.shelves = folder.resolve("shelves");
        create(incoming);
        create(shelves);
    }

    /// Reads `body` to its end into a new file that survives power loss.
    Received receive(String id, InputStream body, long limit, Digest... digests) throws IOException {
        Path file = incoming.resolve(id);
        long size = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            byte[] buffer = new byte[64 * 1024];
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                size += n;
                if (size > limit) {
                    throw S3Errors.of("EntityTooLarge", 400, "Your proposed upload exceeds the maximum allowed size");
                }
                for (Digest digest : digests) {
                    digest.update(buffer, 0, n);
                }
                writeFully(channel, buffer, n);
            }
            channel.force(true);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        syncFolder(incoming);
        return new Received(id, size);
    }

    /// Puts committed blobs where they belong. Losing this step costs nothing but the work of [#recover].
    void shelve(Collection<String> ids) {
        ids.forEach(this::shelve);
    }

    private void shelve(String id) {
        try {
            create(shelf(id).getParent());
            Files.move(incoming.resolve(id), shelf(id), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // readers look in incoming too, and the next start tries again
            LOG.warn("Could not move blob {} from incoming to its shelf", id, e);
        }
    }

    /// Keeps the blobs from being deleted until [#release].
    synchronized void hold(Collection<String> ids) {
        ids.forEach(id -> readers.merge(id, 1, Integer::sum));
    }

    void release(Collection<String> ids) {
        List<String> last = new ArrayList<>();
        synchronized (this) {
            for (String id : ids) {
                if (readers.merge(id, -1, Integer::sum) == 0) {
                    readers.remove(id);
                    if (doomed.remove(id)) {
                        last.add(id);
                    }
                }
            }
        }
        last.forEach(this::remove);
    }

    /// Removes the blobs, each as soon as nobody reads it, and returns those that are gone by now. Deleting what is gone already is fine.
    List<String> delete(Collection<String> ids) {
        List<String> idle = new ArrayList<>();
        synchronized (this) {
            for (String id : ids) {
                if (readers.containsKey(id)) {
                    doomed.add(id);
                } else {
                    idle.add(id);
                }
            }
        }
        return idle.stream().filter(this::remove).toList();
    }

    /// Opens a blob that is held.
    FileChannel open(String id) throws IOException {
        try {
            return FileChannel.open(shelf(id));
        } catch (NoSuchFileException e) {
            return openIncoming(id);
        }
    }

    /// Between commit and shelving the file is still where it arrived, and may move while we look.
    private FileChannel openIncoming(String id) throws IOException {
        try {
            return FileChannel.open(incoming.resolve(id));
        } catch (NoSuchFileException e) {
            return FileChannel.open(shelf(id));
        }
    }

    /// Settles what a crash left behind.
    ///
    /// @param named whether a row names the blob; not called when nothing was left
    void recover(Predicate<String> named) {
        try (DirectoryStream<Path> aside = Files.newDirectoryStream(incoming.getParent(), SET_ASIDE + "*")) {
            aside.forEach(Blobs::deleteTree);
        } catch (IOException e) {
            throw new UncheckedIOException("Could not look through " + incoming.getParent(), e);
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(incoming)) {
            for (Path file : left) {
                String id = file.getFileName().toString();
                if (named.test(id)) {
                    shelve(id);
                } else {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Could not look through " + incoming, e);
        }
    }

    /// Empties the folder in one stroke. What is being read can be read on.
    ///
    /// @return deletes what was there
    Runnable setAside() {
        Path aside = shelves.resolveSibling(SET_ASIDE + Ids.hex(8));
        try {
            Files.createDirectory(aside);
            Files.move(shelves, aside.resolve("shelves"), StandardCopyOption.ATOMIC_MOVE);
            Files.move(incoming, aside.resolve("incoming"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("Could not set the blobs aside as " + aside, e);
        } finally {
            create(incoming);
            create(shelves);
        }
        return () -> deleteTree(aside);
    }

    private static void deleteTree(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Could not delete " + folder, e);
        }
    }

    private boolean remove(String id) {
        try {
            Files.deleteIfExists(incoming.resolve(id));
            Files.deleteIfExists(shelf(id));
            return true;
        } catch (IOException e) {
            LOG.warn("Could not delete blob {}; it is tried again at the next start", id, e);
            return false;
        }
    }

    private Path shelf(String id) {
        return shelves.resolve(id.substring(0, 2)).resolve(id);
    }

    private static void create(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("Could not create the folder " + folder, e);
        }
    }

    private static void writeFully(FileChannel channel, byte[] bytes, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /// A file's name is durable only once its folder is.
    private static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// A blob that lies in `incoming/`, whole.
    record Received(String id, long size) {}
}
