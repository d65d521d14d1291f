package dev.viridian.services.s3;

import java.util.Optional;

/// A stretch of an object's bytes: the whole of it, or one part of a multipart upload.
///
/// @param number the part number, 0 when the object was sent in one go
record Piece(int number, String blob, long size, Optional<ObjectChecksum> checksum) {}
