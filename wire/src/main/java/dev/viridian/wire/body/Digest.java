package dev.viridian.wire.body;

import dev.viridian.wire.auth.SigV4;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/// One checksum over a body, fed as the body flows.
interface Digest {
    void update(byte[] bytes, int offset, int length);

    /// As headers carry it.
    String text();

    static Digest md5() {
        return base64(algorithm("MD5"));
    }

    static Digest sha256Hex() {
        MessageDigest digest = SigV4.sha256();
        return new Digest() {
            @Override
            public void update(byte[] bytes, int offset, int length) {
                digest.update(bytes, offset, length);
            }

            @Override
            public String text() {
                return SigV4.hex(digest.digest());
            }
        };
    }

    /// For a header such as `x-amz-checksum-crc32`; empty for one we do not know.
    static Optional<Digest> forHeader(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "x-amz-checksum-crc32" -> Optional.of(base64(new CRC32(), 4));
            case "x-amz-checksum-crc32c" -> Optional.of(base64(new CRC32C(), 4));
            case "x-amz-checksum-crc64nvme" -> Optional.of(base64(new Crc64Nvme(), 8));
            case "x-amz-checksum-sha1" -> Optional.of(base64(algorithm("SHA-1")));
            case "x-amz-checksum-sha256" -> Optional.of(base64(algorithm("SHA-256")));
            default -> Optional.empty();
        };
    }

    private static Digest base64(MessageDigest digest) {
        return new Digest() {
            @Override
            public void update(byte[] bytes, int offset, int length) {
                digest.update(bytes, offset, length);
            }

            @Override
            public String text() {
                return Base64.getEncoder().encodeToString(digest.digest());
            }
        };
    }

    private static Digest base64(Checksum checksum, int width) {
        return new Digest() {
            @Override
            public void update(byte[] bytes, int offset, int length) {
                checksum.update(bytes, offset, length);
            }

            @Override
            public String text() {
                byte[] eight = ByteBuffer.allocate(8).putLong(checksum.getValue()).array();
                return Base64.getEncoder().encodeToString(java.util.Arrays.copyOfRange(eight, 8 - width, 8));
            }
        };
    }

    private static MessageDigest algorithm(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + name, e);
        }
    }
}
