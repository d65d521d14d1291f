package dev.viridian.registry;

/// How much one image archive may bring.
///
/// @param bytes after decompression of the archive itself
/// @param entries files, folders and links
public record ArchiveLimits(long bytes, int entries) {
    public static final ArchiveLimits DEFAULT = new ArchiveLimits(100L << 30, 20_000);
}
