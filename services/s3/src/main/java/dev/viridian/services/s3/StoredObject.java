package dev.viridian.services.s3;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One version of one key.
///
/// @param version `null` (the word) when the bucket's versioning was not enabled when it was written
/// @param order grows with every version of the key
/// @param etag with its quotation marks
/// @param multipart whether the pieces are the parts of an upload, which readers may ask for by number
record StoredObject(String bucket, String key, String version, long order, boolean deleteMarker, Instant modified, long size, String etag,
        boolean multipart, List<Piece> pieces, Optional<ObjectChecksum> checksum, ObjectHeaders headers, Map<String, String> tags,
        Encryption encryption) {
    static final String NULL_VERSION = "null";

    static StoredObject marker(String bucket, String key, Instant now) {
        return new StoredObject(bucket, key, NULL_VERSION, 0, true, now, 0, "", false, List.of(), Optional.empty(),
                new ObjectHeaders(Map.of(), Map.of()), Map.of(), Encryption.DEFAULT);
    }

    StoredObject as(String nextVersion, long nextOrder) {
        return new StoredObject(bucket, key, nextVersion, nextOrder, deleteMarker, modified, size, etag, multipart, pieces, checksum, headers, tags,
                encryption);
    }

    StoredObject withTags(Map<String, String> next) {
        return new StoredObject(bucket, key, version, order, deleteMarker, modified, size, etag, multipart, pieces, checksum, headers, next,
                encryption);
    }

    List<String> blobs() {
        return pieces.stream().map(Piece::blob).toList();
    }

    /// What GetObject and HeadObject say alike.
    ///
    /// @param withChecksum whether the caller asked for it (`x-amz-checksum-mode: ENABLED`)
    Map<String, Object> members(Bucket in, boolean withChecksum) {
        Map<String, Object> members = new HashMap<>(headers.members());
        members.putAll(encryption.members());
        members.put("ETag", etag);
        members.put("LastModified", modified);
        members.put("AcceptRanges", "bytes");
        if (in.isVersioned()) {
            members.put("VersionId", version);
        }
        if (!tags.isEmpty()) {
            members.put("TagCount", tags.size());
        }
        if (withChecksum) {
            checksum.ifPresent(c -> members.putAll(c.members()));
        }
        return members;
    }
}
