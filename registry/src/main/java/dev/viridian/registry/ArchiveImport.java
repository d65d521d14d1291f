package dev.viridian.registry;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// Reads what `docker save` writes, front to back: every file becomes a blob of the repository at once, whatever it is, and when all are there the
/// documents among them say which ones make the image. Those nobody refers to go with the next sweep.
///
/// Names in the archive are only looked up, never used as names on disk.
final class ArchiveImport {
    private static final int GZIP = 0x1f8b;

    private final Registry registry;
    private final ImageName name;
    private final ArchiveLimits limits;
    private final Map<String, Blob> files = new HashMap<>();
    private final Map<String, String> links = new HashMap<>();

    ArchiveImport(Registry registry, ImageName name, ArchiveLimits limits) {
        this.registry = registry;
        this.name = name;
        this.limits = limits;
    }

    Manifest run(InputStream archive, Optional<String> wanted, String tag, String principal) {
        read(archive);
        return new ArchiveImage(registry, name, this::file, wanted).push(tag, principal);
    }

    private void read(InputStream archive) {
        try {
            TarArchiveInputStream tar = new TarArchiveInputStream(new Bounded(unzipped(archive), limits.bytes()));
            int entries = 0;
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (++entries > limits.entries()) {
                    throw RegistryException.archiveInvalid("The archive has more than " + limits.entries() + " entries");
                }
                take(tar, entry);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw RegistryException.archiveInvalid("The archive cannot be read: " + e.getMessage());
        }
    }

    private void take(TarArchiveInputStream tar, TarArchiveEntry entry) {
        String path = normalised(entry.getName());
        if (entry.isSymbolicLink()) {
            int slash = path.lastIndexOf('/');
            links.put(path, normalised((slash < 0 ? "" : path.substring(0, slash + 1)) + entry.getLinkName()));
        } else if (entry.isLink()) {
            links.put(path, normalised(entry.getLinkName()));
        } else if (isPlainFile(entry)) {
            files.put(path, registry.blobs().put(name, tar));
        } else if (!entry.isDirectory()) {
            throw RegistryException.archiveInvalid("The archive has an entry that is no file, folder or link: " + path);
        }
    }

    private static boolean isPlainFile(TarArchiveEntry entry) {
        return entry.isFile() && !entry.isSparse() && !entry.isCharacterDevice() && !entry.isBlockDevice() && !entry.isFIFO();
    }

    /// The content behind a path, through at most one link: `docker save` links layers that are equal.
    private Optional<Blob> file(String path) {
        String normal = normalised(path);
        return Optional.ofNullable(files.get(links.getOrDefault(normal, normal)));
    }

    private static String normalised(String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : List.of(path.split("/"))) {
            switch (part) {
                case "", "." -> { }
                case ".." -> {
                    if (parts.pollLast() == null) {
                        throw RegistryException.archiveInvalid("The archive names something outside of itself: " + path);
                    }
                }
                default -> parts.addLast(part);
            }
        }
        return String.join("/", parts);
    }

    private static InputStream unzipped(InputStream archive) throws IOException {
        BufferedInputStream in = new BufferedInputStream(archive, 1 << 16);
        in.mark(2);
        int magic = in.read() << 8 | in.read();
        in.reset();
        return magic == GZIP ? new GZIPInputStream(in, 1 << 16) : in;
    }

    /// A few bytes can unpack to any number of bytes; here that number ends.
    private static final class Bounded extends FilterInputStream {
        private long left;

        Bounded(InputStream in, long most) {
            super(in);
            left = most;
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            count(Math.max(0, read));
            return read;
        }

        @Override
        public long skip(long n) throws IOException {
            long skipped = super.skip(n);
            count(skipped);
            return skipped;
        }

        private void count(long read) throws IOException {
            left -= read;
            if (left < 0) {
                throw new IOException("it is larger than allowed");
            }
        }
    }
}
