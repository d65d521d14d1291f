package dev.viridian.services.s3;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The additional checksums S3 knows, by their names on the wire.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html>
enum Algorithm {
    CRC32(32, 0xEDB88320L),
    CRC32C(32, 0x82F63B78L),
    CRC64NVME(64, Crc64.POLYNOMIAL),
    SHA1(0, 0),
    SHA256(0, 0);

    private final int width;
    private final long polynomial;

    Algorithm(int width, long polynomial) {
        this.width = width;
        this.polynomial = polynomial;
    }

    static Optional<Algorithm> named(@Nullable String name) {
        return name == null ? Optional.empty() : Arrays.stream(values()).filter(a -> a.name().equals(name.toUpperCase(Locale.ROOT))).findFirst();
    }

    /// The member that carries it in every shape of the API.
    String member() {
        return "Checksum" + name();
    }

    /// Whether the checksum of a whole follows from those of its parts.
    boolean isLinear() {
        return width > 0;
    }

    /// Length of the value in bytes.
    int length() {
        return switch (this) {
            case CRC32, CRC32C -> 4;
            case CRC64NVME -> 8;
            case SHA1 -> 20;
            case SHA256 -> 32;
        };
    }

    Digest digest() {
        return switch (this) {
            case CRC32 -> Digest.of(new CRC32(), 4);
            case CRC32C -> Digest.of(new CRC32C(), 4);
            case CRC64NVME -> Digest.of(new Crc64(), 8);
            case SHA1 -> Digest.of(messageDigest("SHA-1"));
            case SHA256 -> Digest.of(messageDigest("SHA-256"));
        };
    }

    CrcCombination combination() {
        return new CrcCombination(width, polynomial);
    }

    static MessageDigest messageDigest(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + name, e);
        }
    }
}
