package dev.viridian.proxy;

import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// How much of the machine all clients together may take. What is beyond it is refused or cut, so that what is within goes on being served.
///
/// @param connections client connections at one time; more are turned away at once. As many may be open to targets
/// @param buffered    bytes kept for sides that do not take them, in all connections together; beyond it, no new connection is let in, and of those
///                    whose bytes do not move, the ones that hold most are cut. As many for calls of functions that have not returned
public record Limits(int connections, long buffered) {
    /// What a connection costs on the heap, with room to spare: measured are 4 to 6 KB for one that rests, 10 KB with TLS.
    private static final long HEAP_PER_CONNECTION = 16 * 1024;
    /// Descriptors for files, sockets that listen, health checks.
    private static final long RESERVED_DESCRIPTORS = 256;
    private static final long USUAL_DESCRIPTORS = 4096;

    /// What this process can bear: half of the descriptors for clients (the others are for targets), as many as fit the heap, half of what buffers
    /// may take.
    public static final Limits OF_MACHINE = new Limits(connections(descriptors(), Runtime.getRuntime().maxMemory()),
            Math.max(16L << 20, PlatformDependent.maxDirectMemory() / 2));

    public Limits {
        if (connections < 1 || buffered < 1) {
            throw new IllegalArgumentException("a proxy that takes " + connections + " connections and " + buffered + " bytes serves nobody");
        }
    }

    static int connections(long descriptors, long heap) {
        return Math.toIntExact(Math.clamp(Math.min((descriptors - RESERVED_DESCRIPTORS) / 2, heap / HEAP_PER_CONNECTION), 64, 1_000_000));
    }

    private static long descriptors() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/limits"))) {
            String[] words = lines.filter(line -> line.startsWith("Max open files")).findFirst().orElse("").split("\\s+");
            return words.length < 4 || words[3].equals("unlimited") ? USUAL_DESCRIPTORS : Long.parseLong(words[3]);
        } catch (IOException | NumberFormatException e) {
            // Not Linux.
            return USUAL_DESCRIPTORS;
        }
    }
}
