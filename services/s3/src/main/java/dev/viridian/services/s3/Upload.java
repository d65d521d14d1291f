package dev.viridian.services.s3;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// A multipart upload that has begun and not ended.
///
/// @param wished the algorithm its starter named; the parts are checksummed with CRC64NVME when there is none
/// @param composite whether the object's checksum will be one of the parts' checksums
record Upload(String bucket, String key, String id, Instant initiated, Optional<Algorithm> wished, boolean composite, ObjectHeaders headers,
        Map<String, String> tags, Encryption encryption) {

    /// One part of it, as last sent.
    record Part(int number, String blob, long size, String etag, Instant modified, ObjectChecksum checksum) {
        Piece piece() {
            return new Piece(number, blob, size, Optional.of(checksum));
        }
    }

    Algorithm algorithm() {
        return wished.orElse(Algorithm.CRC64NVME);
    }
}
