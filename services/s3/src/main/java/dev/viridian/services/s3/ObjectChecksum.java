package dev.viridian.services.s3;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkPojo;

/// A checksum as it stands in the API.
///
/// @param value Base64; a composite one ends in `-` and the number of parts
/// @param composite whether it is the checksum of the parts' checksums rather than of the bytes
record ObjectChecksum(Algorithm algorithm, String value, boolean composite) {

    static ObjectChecksum full(Algorithm algorithm, byte[] value) {
        return new ObjectChecksum(algorithm, Base64.getEncoder().encodeToString(value), false);
    }

    /// The one the caller sent along, if any.
    static Optional<ObjectChecksum> sentWith(SdkPojo request) {
        ObjectChecksum found = null;
        for (Algorithm algorithm : Algorithm.values()) {
            String value = Members.text(request, algorithm.member()).orElse(null);
            if (value != null) {
                if (found != null) {
                    throw S3Errors.invalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
                }
                found = new ObjectChecksum(algorithm, value, value.contains("-"));
            }
        }
        return Optional.ofNullable(found);
    }

    /// Refuses what cannot be a value of its algorithm, before a byte is read.
    ObjectChecksum checkForm() {
        try {
            if (Base64.getDecoder().decode(value).length == algorithm.length()) {
                return this;
            }
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
        throw malformed();
    }

    private RuntimeException malformed() {
        return S3Errors.invalidRequest("Value for x-amz-checksum-" + algorithm.name().toLowerCase(Locale.ROOT) + " header is invalid.");
    }

    /// As members of an answer.
    Map<String, String> members() {
        Map<String, String> members = new HashMap<>();
        members.put(algorithm.member(), value);
        members.put("ChecksumType", composite ? "COMPOSITE" : "FULL_OBJECT");
        return members;
    }

    byte[] bytes() {
        return Base64.getDecoder().decode(value);
    }

    /// The checksum of an object put together from `parts`.
    static ObjectChecksum ofParts(Algorithm algorithm, List<ObjectChecksum> parts, List<Long> lengths, boolean composite) {
        if (composite) {
            Digest digest = algorithm.digest();
            parts.forEach(part -> digest.update(part.bytes(), 0, part.bytes().length));
            return new ObjectChecksum(algorithm, Base64.getEncoder().encodeToString(digest.value()) + "-" + parts.size(), true);
        }
        long crc = asLong(parts.getFirst().bytes());
        for (int n = 1; n < parts.size(); n++) {
            crc = algorithm.combination().combine(crc, asLong(parts.get(n).bytes()), lengths.get(n));
        }
        byte[] eight = ByteBuffer.allocate(8).putLong(crc).array();
        return full(algorithm, Arrays.copyOfRange(eight, 8 - algorithm.length(), 8));
    }

    private static long asLong(byte[] bigEndian) {
        long value = 0;
        for (byte b : bigEndian) {
            value = value << 8 | (b & 0xff);
        }
        return value;
    }
}
