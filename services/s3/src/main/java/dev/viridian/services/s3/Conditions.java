package dev.viridian.services.s3;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The preconditions of a request, in HTTP's words.
///
/// Source: RFC 9110 section 13; for S3's order of precedence, GetObject API, "If-Match" and "If-None-Match".
record Conditions(@Nullable String ifMatch, @Nullable String ifNoneMatch, @Nullable Instant ifModifiedSince, @Nullable Instant ifUnmodifiedSince) {

    /// For readers: what fails because nothing changed is 304, what fails because something did is 412.
    void checkRead(StoredObject object) {
        if (!matchHolds(object)) {
            throw S3Errors.preconditionFailed();
        }
        if (ifNoneMatch != null ? matches(ifNoneMatch, object) : ifModifiedSince != null && !object.modified().isAfter(ifModifiedSince)) {
            throw S3Errors.notModified();
        }
    }

    /// For copies: everything that fails is 412.
    void checkCopySource(StoredObject object) {
        boolean unchanged = ifNoneMatch != null ? matches(ifNoneMatch, object) : ifModifiedSince != null && !object.modified()
                .isAfter(ifModifiedSince);
        if (!matchHolds(object) || unchanged) {
            throw S3Errors.preconditionFailed();
        }
    }

    /// For writers: `If-None-Match: *` wants the key free, `If-Match` wants that very object there.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html>
    void checkWrite(Optional<StoredObject> current) {
        Optional<StoredObject> present = current.filter(object -> !object.deleteMarker());
        if (ifNoneMatch != null) {
            if (!ifNoneMatch.trim().equals("*")) {
                throw S3Errors.of("NotImplemented", 501, "A header you provided implies functionality that is not implemented");
            }
            if (present.isPresent()) {
                throw S3Errors.preconditionFailed();
            }
        }
        if (ifMatch != null && !matches(ifMatch, present.orElseThrow(S3Errors::noSuchKey))) {
            throw S3Errors.preconditionFailed();
        }
    }

    private boolean matchHolds(StoredObject object) {
        return ifMatch != null ? matches(ifMatch, object) : ifUnmodifiedSince == null || !object.modified().isAfter(ifUnmodifiedSince);
    }

    private static boolean matches(String header, StoredObject object) {
        return Arrays.stream(header.split(",")).map(String::trim).anyMatch(tag -> tag.equals("*") || bare(tag).equals(bare(object.etag())));
    }

    private static String bare(String etag) {
        String strong = etag.startsWith("W/") ? etag.substring(2) : etag;
        return strong.replace("\"", "");
    }
}
