package dev.viridian.registry;

import dev.viridian.engine.time.Time;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// Bytes by digest, once each, below one folder; and which repositories may see which of them.
///
/// ```
/// blobs/ab/ab12...                           the content
/// repositories/<namespace>/<name>/_blobs/ab12...   an empty file: this repository has that blob
/// uploads/<id>/                              what is still coming in, see [Uploads]
/// ```
/// A folder belongs to one process at a time.
public final class BlobStore {
    private static final String LINKS = "_blobs";

    private final Path blobs;
    private final Path repositories;
    private final Uploads uploads;
    private final Time time;
    /// Held while a link is made to an existing blob, or an unlinked blob is deleted; never while content moves.
    private final ReentrantLock linking = new ReentrantLock();

    private BlobStore(Path folder, Time time) throws IOException {
        blobs = Files.createDirectories(folder.resolve("blobs"));
        repositories = Files.createDirectories(folder.resolve("repositories"));
        uploads = new Uploads(Files.createDirectories(folder.resolve("uploads")), this, time);
        this.time = time;
    }

    public static BlobStore open(Path folder, Time time) {
        try {
            return new BlobStore(folder, time);
        } catch (IOException e) {
            throw new RegistryFailure("open the folder of blobs " + folder, e);
        }
    }

    public Uploads uploads() {
        return uploads;
    }

    /// Empty when this repository does not have it, even if another one does. Asking keeps the blob from being swept for a while: who asks is about
    /// to refer to it.
    public Optional<Blob> find(ImageName name, Digest digest) {
        Path link = link(name, digest);
        try {
            Files.setLastModifiedTime(link, FileTime.from(time.now()));
            Path file = file(digest);
            return Optional.of(new Blob(digest, Files.size(file), file));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new RegistryFailure("look for blob " + digest + " of " + name, e);
        }
    }

    public boolean has(ImageName name, Digest digest) {
        return find(name, digest).isPresent();
    }

    /// Stores content that fits in memory.
    public Blob put(ImageName name, byte[] content) {
        Digest digest = Digest.of(content);
        String upload = uploads.begin(name);
        uploads.append(name, upload, 0, new ByteArrayInputStream(content));
        return uploads.finish(name, upload, digest);
    }

    /// Stores a stream of any length, held in memory nowhere.
    public Blob put(ImageName name, InputStream content) {
        String upload = uploads.begin(name);
        uploads.append(name, upload, 0, content);
        return uploads.finish(name, upload);
    }

    /// Lets `to` have what `from` has. False when `from` does not have it.
    public boolean mount(ImageName from, ImageName to, Digest digest) {
        return has(from, digest) && link(to, digest, file(digest));
    }

    /// Forgets everything `name` has. The content goes with the next [#sweep], unless somebody else has it too.
    public void forget(ImageName name) {
        Path links = repositories.resolve(name.namespace()).resolve(name.repository()).resolve(LINKS);
        try {
            for (Path link : list(links)) {
                Files.deleteIfExists(link);
            }
            Files.deleteIfExists(links);
        } catch (IOException e) {
            throw new RegistryFailure("forget the blobs of " + name, e);
        }
    }

    /// Takes from `name` every blob that is not in `kept` and that nobody has asked for within `grace`: layers are uploaded before the manifest that
    /// refers to them.
    public void retain(ImageName name, Set<Digest> kept, Duration grace) {
        Path links = repositories.resolve(name.namespace()).resolve(name.repository()).resolve(LINKS);
        Instant before = time.now().minus(grace);
        try {
            for (Path link : list(links)) {
                if (!kept.contains(new Digest(link.getFileName().toString())) && isOlder(link, before)) {
                    Files.deleteIfExists(link);
                }
            }
        } catch (IOException e) {
            throw new RegistryFailure("drop unused blobs of " + name, e);
        }
    }

    /// Deletes blobs no repository has and uploads nobody has continued within `grace`. How many bytes that freed.
    public long sweep(Duration grace) {
        Instant before = time.now().minus(grace);
        try {
            uploads.expire(before);
            Set<String> linked = linked();
            long freed = 0;
            for (Path shard : list(blobs)) {
                for (Path blob : list(shard)) {
                    if (!linked.contains(blob.getFileName().toString())) {
                        freed += deleteUnlinked(blob, before);
                    }
                }
            }
            return freed;
        } catch (IOException e) {
            throw new RegistryFailure("sweep unused blobs", e);
        }
    }

    /// Takes over a complete file whose content has this digest.
    Blob adopt(ImageName name, Path file, Digest digest) throws IOException {
        Path target = file(digest);
        if (link(name, digest, target)) {
            Files.deleteIfExists(file);
        } else {
            Durably.publish(file, target);
            if (!link(name, digest, target)) {
                throw new IOException("blob " + digest + " vanished while it was stored");
            }
        }
        return new Blob(digest, Files.size(target), target);
    }

    private boolean link(ImageName name, Digest digest, Path blob) {
        linking.lock();
        try {
            Files.setLastModifiedTime(blob, FileTime.from(time.now()));
            Path link = link(name, digest);
            Durably.mark(link);
            Files.setLastModifiedTime(link, FileTime.from(time.now()));
            return true;
        } catch (NoSuchFileException _) {
            return false;
        } catch (IOException e) {
            throw new RegistryFailure("give blob " + digest + " to " + name, e);
        } finally {
            linking.unlock();
        }
    }

    private long deleteUnlinked(Path blob, Instant before) throws IOException {
        linking.lock();
        try {
            // a link made since the set was read has touched the blob
            if (!isOlder(blob, before)) {
                return 0;
            }
            long size = Files.size(blob);
            Files.delete(blob);
            return size;
        } finally {
            linking.unlock();
        }
    }

    private Set<String> linked() throws IOException {
        Set<String> linked = new HashSet<>();
        try (Stream<Path> all = Files.walk(repositories)) {
            all.filter(path -> path.getParent().getFileName().toString().equals(LINKS)).forEach(path -> linked.add(path.getFileName().toString()));
        }
        return linked;
    }

    private Path file(Digest digest) {
        return blobs.resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
    }

    /// No name can collide with the folder of links, as no part of a name begins with an underscore.
    private Path link(ImageName name, Digest digest) {
        return repositories.resolve(name.namespace()).resolve(name.repository()).resolve(LINKS).resolve(digest.hex());
    }

    private static boolean isOlder(Path file, Instant moment) throws IOException {
        return !Files.getLastModifiedTime(file).toInstant().isAfter(moment);
    }

    private static Iterable<Path> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Set.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }
}
