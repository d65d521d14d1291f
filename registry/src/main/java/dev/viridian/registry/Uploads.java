package dev.viridian.registry;

import dev.viridian.engine.time.Time;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// Blobs that are still coming in. Each is a folder with the bytes so far and the repository they are for, so an upload can go on after a restart.
public final class Uploads {
    private static final String BYTES = "bytes";
    private static final String OWNER = "repository";
    private static final int BUFFER = 1 << 16;

    private final Path folder;
    private final BlobStore blobs;
    private final Time time;
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();

    Uploads(Path folder, BlobStore blobs, Time time) {
        this.folder = folder;
        this.blobs = blobs;
        this.time = time;
    }

    /// The id of a new, empty upload.
    public String begin(ImageName name) {
        String id = UUID.randomUUID().toString();
        try {
            Path upload = Files.createDirectory(folder.resolve(id));
            Files.createFile(upload.resolve(BYTES));
            Files.writeString(upload.resolve(OWNER), name.toString());
            Session session = new Session(upload, Optional.of(Digest.sha256()));
            session.touch();
            sessions.put(id, session);
            return id;
        } catch (IOException e) {
            throw new RegistryFailure("begin an upload to " + name, e);
        }
    }

    /// How many bytes have come so far.
    ///
    /// @throws RegistryException when there is no such upload
    public long received(ImageName name, String id) {
        return exclusively(name, id, Session::size);
    }

    /// Adds bytes and returns how many there are now. When the stream breaks off, what came is kept and the upload can go on from there.
    ///
    /// @param offset where the bytes belong; they must continue what is there
    /// @throws RegistryException when there is no such upload, or the bytes do not continue it
    public long append(ImageName name, String id, long offset, InputStream bytes) {
        return exclusively(name, id, session -> session.append(offset, bytes));
    }

    /// As [#append(ImageName, String, long, InputStream)], at the end of what is there.
    public long append(ImageName name, String id, InputStream bytes) {
        return exclusively(name, id, session -> session.append(session.size(), bytes));
    }

    /// Ends an upload that must have this digest; one that has not is discarded.
    ///
    /// @throws RegistryException when the digest is another, or there is no such upload
    public Blob finish(ImageName name, String id, Digest expected) {
        return finish(name, id, Optional.of(expected));
    }

    Blob finish(ImageName name, String id) {
        return finish(name, id, Optional.empty());
    }

    /// Forgets an upload and its bytes.
    public void cancel(ImageName name, String id) {
        exclusively(name, id, session -> {
            session.delete();
            sessions.remove(id);
            return true;
        });
    }

    private Blob finish(ImageName name, String id, Optional<Digest> expected) {
        return exclusively(name, id, session -> {
            Digest actual = session.digest();
            try {
                if (!expected.orElse(actual).equals(actual)) {
                    throw RegistryException.digestInvalid("The content has the digest " + actual + ", not " + expected.orElseThrow());
                }
                return blobs.adopt(name, session.bytes(), actual);
            } finally {
                session.delete();
                sessions.remove(id);
            }
        });
    }

    /// Discards uploads whose last byte came before `moment`.
    void expire(Instant moment) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            for (Path upload : all.toList()) {
                Path bytes = upload.resolve(BYTES);
                if (!Files.exists(bytes) || Files.getLastModifiedTime(bytes).toInstant().isBefore(moment)) {
                    sessions.remove(upload.getFileName().toString());
                    new Session(upload, Optional.empty()).delete();
                }
            }
        }
    }

    private <R> R exclusively(ImageName name, String id, Deed<R> deed) {
        Session session = session(name, id);
        session.lock.lock();
        try {
            if (!Files.exists(session.bytes())) {
                throw RegistryException.uploadUnknown(id);
            }
            return deed.on(session);
        } catch (IOException e) {
            throw new RegistryFailure("continue upload " + id + " to " + name, e);
        } finally {
            session.lock.unlock();
        }
    }

    private Session session(ImageName name, String id) {
        Path upload = id.matches("[0-9a-f-]{36}") ? folder.resolve(id) : folder.resolve("none");
        try {
            if (Files.exists(upload.resolve(OWNER)) && Files.readString(upload.resolve(OWNER), StandardCharsets.UTF_8).equals(name.toString())) {
                return sessions.computeIfAbsent(id, _ -> new Session(upload, Optional.empty()));
            }
            throw RegistryException.uploadUnknown(id);
        } catch (IOException e) {
            throw new RegistryFailure("find upload " + id + " to " + name, e);
        }
    }

    @FunctionalInterface
    private interface Deed<R> {
        R on(Session session) throws IOException;
    }

    /// One upload. The digest is computed as bytes arrive; after a restart, from the file.
    private final class Session {
        private final Path folder;
        private final ReentrantLock lock = new ReentrantLock();
        private Optional<MessageDigest> running;

        Session(Path folder, Optional<MessageDigest> running) {
            this.folder = folder;
            this.running = running;
        }

        Path bytes() {
            return folder.resolve(BYTES);
        }

        long size() throws IOException {
            return Files.size(bytes());
        }

        long append(long offset, InputStream in) throws IOException {
            if (offset != size()) {
                throw new RegistryException(416, "BLOB_UPLOAD_INVALID", "The upload has " + size() + " bytes, so the next cannot begin at " + offset);
            }
            try (OutputStream out = Files.newOutputStream(bytes(), StandardOpenOption.APPEND)) {
                byte[] buffer = new byte[BUFFER];
                for (int read = read(in, buffer); read >= 0; read = read(in, buffer)) {
                    out.write(buffer, 0, read);
                    if (running.isPresent()) {
                        running.get().update(buffer, 0, read);
                    }
                }
            } catch (IOException e) {
                // a write may have stopped half way, so only the file knows
                running = Optional.empty();
                throw e;
            } finally {
                touch();
            }
            return size();
        }

        private int read(InputStream in, byte[] buffer) throws IOException {
            try {
                return in.read(buffer);
            } catch (IOException e) {
                throw new RegistryException(400, "BLOB_UPLOAD_INVALID", "The upload broke off after " + size() + " bytes: " + e.getMessage());
            }
        }

        /// Files carry the time of whoever decides when an upload is too old.
        void touch() throws IOException {
            Files.setLastModifiedTime(bytes(), FileTime.from(time.now()));
        }

        Digest digest() throws IOException {
            return running.isPresent() ? Digest.finished(running.get()) : digestOfFile();
        }

        private Digest digestOfFile() throws IOException {
            MessageDigest digest = Digest.sha256();
            try (InputStream in = Files.newInputStream(bytes())) {
                byte[] buffer = new byte[BUFFER];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    digest.update(buffer, 0, read);
                }
            }
            return Digest.finished(digest);
        }

        void delete() throws IOException {
            Files.deleteIfExists(bytes());
            Files.deleteIfExists(folder.resolve(OWNER));
            Files.deleteIfExists(folder);
        }
    }
}
