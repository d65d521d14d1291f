package dev.viridian.services.s3;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.zip.Checksum;

/// Bytes in, a value out: one face for `MessageDigest` and `Checksum`.
interface Digest {
    void update(byte[] bytes, int offset, int length);

    byte[] value();

    static Digest of(MessageDigest digest) {
        return new Digest() {
            @Override
            public void update(byte[] bytes, int offset, int length) {
                digest.update(bytes, offset, length);
            }

            @Override
            public byte[] value() {
                return digest.digest();
            }
        };
    }

    /// @param length how many of the value's low bytes count
    static Digest of(Checksum checksum, int length) {
        return new Digest() {
            @Override
            public void update(byte[] bytes, int offset, int count) {
                checksum.update(bytes, offset, count);
            }

            @Override
            public byte[] value() {
                return Arrays.copyOfRange(ByteBuffer.allocate(8).putLong(checksum.getValue()).array(), 8 - length, 8);
            }
        };
    }
}
