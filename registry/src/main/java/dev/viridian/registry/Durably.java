package dev.viridian.registry;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// File operations that outlive a power cut once they return.
final class Durably {
    private Durably() {}

    /// Forces `file` to disk, then gives it its final name.
    static void publish(Path file, Path target) throws IOException {
        force(file, StandardOpenOption.WRITE);
        createFolders(target.getParent());
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        force(target.getParent(), StandardOpenOption.READ);
    }

    /// An empty file, unless it is there.
    static void mark(Path file) throws IOException {
        createFolders(file.getParent());
        Files.write(file, new byte[0], StandardOpenOption.CREATE);
        force(file.getParent(), StandardOpenOption.READ);
    }

    private static void createFolders(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            createFolders(folder.getParent());
            Files.createDirectories(folder);
            force(folder.getParent(), StandardOpenOption.READ);
        }
    }

    private static void force(Path path, StandardOpenOption access) throws IOException {
        try (FileChannel channel = FileChannel.open(path, access)) {
            channel.force(true);
        }
    }
}
