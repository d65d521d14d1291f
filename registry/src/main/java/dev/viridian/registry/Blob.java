package dev.viridian.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// Content that is completely on disk.
///
/// @param size in bytes
/// @param file never changes; may disappear when nothing refers to the blob any more
public record Blob(Digest digest, long size, Path file) {

    public InputStream open() throws IOException {
        return Files.newInputStream(file);
    }

    /// From `offset` to the end.
    public InputStream open(long offset) throws IOException {
        SeekableByteChannel channel = Files.newByteChannel(file);
        channel.position(offset);
        return Channels.newInputStream(channel);
    }

    /// All of it in memory; for manifests and configurations.
    ///
    /// @throws RegistryException when there is more than `most`
    byte[] bytes(int most) {
        if (size > most) {
            throw RegistryException.sizeInvalid(digest + " has " + size + " bytes where at most " + most + " are read");
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new RegistryFailure("read blob " + digest, e);
        }
    }
}
