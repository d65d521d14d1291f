package dev.viridian.services.s3;

import dev.viridian.aws.Ids;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.Time;
import dev.viridian.services.s3.Intake.Arrival;
import dev.viridian.services.s3.Intake.Claims;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.DeletedObject;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Error;

/// Writing and deleting objects.
final class Objects {
    private static final int MOST_KEY_BYTES = 1024;
    private static final int MOST_DELETED_AT_ONCE = 1000;

    private final Store store;
    private final Time time;
    private final Buckets buckets;
    private final Versions versions;
    private final Intake intake;

    Objects(Store store, Time time, Buckets buckets, Versions versions, Intake intake) {
        this.store = store;
        this.time = time;
        this.buckets = buckets;
        this.versions = versions;
        this.intake = intake;
    }

    PutObjectResponse put(PutObjectRequest request, RequestBody body) {
        Bucket bucket = buckets.of(request, "s3:PutObject");
        checkKey(request.key());
        refuseUnkeepable(request);
        Buckets.refuseAcl(request);
        ObjectHeaders headers = ObjectHeaders.sentWith(request, request.metadata());
        Encryption encryption = Encryption.wished(request, bucket.encryption());
        Map<String, String> tags = Tags.parse(request.tagging(), Tags.MOST_ON_OBJECT);
        Conditions conditions = new Conditions(request.ifMatch(), request.ifNoneMatch(), null, null);
        conditions.checkWrite(versions.newest(bucket.name(), request.key())); // before the body is read for nothing
        Arrival arrival = intake.receive(body.contentStreamProvider().newStream(), claims(request, body, request.contentMD5()));
        String etag = encryption.isKms() ? "\"" + Ids.hex(32) + "\"" : arrival.etag();
        StoredObject object = new StoredObject(bucket.name(), request.key(), StoredObject.NULL_VERSION, 0, false, now(), arrival.size(), etag, false,
                List.of(arrival.piece(0)), Optional.of(arrival.checksum()), headers, tags, encryption);
        StoredObject written = intake.commit(arrival, () -> write(bucket, object, conditions));
        PutObjectResponse.Builder answer = PutObjectResponse.builder().eTag(etag).versionId(shown(bucket, written.version()));
        Members.set(answer, PutObjectResponse.class, encryption.members());
        return Members.set(answer, PutObjectResponse.class, arrival.checksum().members()).build();
    }

    /// Inside a transaction: the bucket and the conditions may have changed while the bytes came in.
    StoredObject write(Bucket seen, StoredObject object, Conditions conditions) {
        Bucket bucket = buckets.again(seen);
        conditions.checkWrite(versions.newest(bucket.name(), object.key()));
        return versions.write(bucket, object);
    }

    DeleteObjectResponse delete(DeleteObjectRequest request) {
        Bucket bucket = buckets.of(request, request.versionId() == null ? "s3:DeleteObject" : "s3:DeleteObjectVersion");
        checkKey(request.key());
        ObjectIdentifier which = ObjectIdentifier.builder().key(request.key()).versionId(request.versionId()).eTag(request.ifMatch())
                .size(request.ifMatchSize()).lastModifiedTime(request.ifMatchLastModifiedTime()).build();
        DeletedObject deleted = store.transact(() -> delete(buckets.again(bucket), which));
        return DeleteObjectResponse.builder().deleteMarker(deleted.deleteMarker())
                .versionId(deleted.deleteMarkerVersionId() != null ? deleted.deleteMarkerVersionId() : deleted.versionId()).build();
    }

    DeleteObjectsResponse delete(DeleteObjectsRequest request) {
        Bucket seen = buckets.of(request, "s3:DeleteObject");
        List<ObjectIdentifier> wished = request.delete().objects();
        if (wished.isEmpty() || wished.size() > MOST_DELETED_AT_ONCE) {
            throw S3Errors.malformedXml();
        }
        List<DeletedObject> deleted = new ArrayList<>();
        List<S3Error> errors = new ArrayList<>();
        store.transact(() -> {
            Bucket bucket = buckets.again(seen);
            for (ObjectIdentifier which : wished) {
                deleteOne(bucket, which, deleted, errors);
            }
        });
        boolean quiet = Boolean.TRUE.equals(request.delete().quiet());
        return DeleteObjectsResponse.builder().deleted(quiet ? null : deleted).errors(errors.isEmpty() ? null : errors).build();
    }

    private void deleteOne(Bucket bucket, ObjectIdentifier which, List<DeletedObject> deleted, List<S3Error> errors) {
        try {
            deleted.add(delete(bucket, which));
        } catch (AwsServiceException e) {
            errors.add(S3Error.builder().key(which.key()).versionId(which.versionId()).code(e.awsErrorDetails().errorCode())
                    .message(e.awsErrorDetails().errorMessage()).build());
        }
    }

    private DeletedObject delete(Bucket bucket, ObjectIdentifier which) {
        Optional<StoredObject> found = which.versionId() == null ? versions.newest(bucket.name(), which.key())
                : versions.version(bucket.name(), which.key(), which.versionId());
        checkDelete(which, found);
        DeletedObject.Builder answer = DeletedObject.builder().key(which.key()).versionId(which.versionId());
        if (which.versionId() != null || !bucket.isVersioned()) {
            found.ifPresent(versions::remove);
            return found.filter(StoredObject::deleteMarker).map(marker -> answer.deleteMarker(true).deleteMarkerVersionId(marker.version()))
                    .orElse(answer).build();
        }
        StoredObject marker = versions.write(bucket, StoredObject.marker(bucket.name(), which.key(), now()));
        return answer.deleteMarker(true).deleteMarkerVersionId(marker.version()).build();
    }

    /// Source: DeleteObject API, `If-Match`; the size and time conditions are read the same way.
    private static void checkDelete(ObjectIdentifier which, Optional<StoredObject> found) {
        Optional<StoredObject> present = found.filter(object -> !object.deleteMarker());
        if (which.eTag() != null) {
            new Conditions(which.eTag(), null, null, null).checkWrite(present);
        }
        boolean differs = present.filter(object -> which.size() != null && which.size() != object.size()
                || which.lastModifiedTime() != null && !which.lastModifiedTime().equals(object.modified())).isPresent();
        if (differs) {
            throw S3Errors.preconditionFailed();
        }
    }

    /// What a request with a body claims about it. The length is the body's own: the header's is that of its transfer coding.
    static Claims claims(SdkPojo request, RequestBody body, @Nullable String md5) {
        Optional<ObjectChecksum> sent = ObjectChecksum.sentWith(request);
        Algorithm keep = sent.map(ObjectChecksum::algorithm).or(() -> Algorithm.named(Members.text(request, "ChecksumAlgorithm").orElse(null)))
                .orElse(Algorithm.CRC64NVME);
        return new Claims(body.optionalContentLength(), md5, sent, keep);
    }

    static void checkKey(String key) {
        if (Text.utf8Length(key) > MOST_KEY_BYTES) {
            throw S3Errors.of("KeyTooLongError", 400, "Your key is too long");
        }
    }

    /// Promises about an object that nothing here would hold.
    static void refuseUnkeepable(SdkPojo request) {
        boolean locked = Members.text(request, "ObjectLockMode").isPresent() || Members.text(request, "ObjectLockLegalHoldStatus").isPresent();
        if (locked) {
            throw S3Errors.invalidRequest("Bucket is missing Object Lock Configuration");
        }
        if (Members.text(request, "WriteOffsetBytes").isPresent()) {
            throw S3Errors.of("NotImplemented", 501, "A header you provided implies functionality that is not implemented");
        }
        Members.text(request, "StorageClass").filter(c -> !c.equals("STANDARD")).ifPresent(c -> {
            throw S3Errors.of("NotImplemented", 501, "Storage class " + c + " is not implemented here; everything is STANDARD.");
        });
    }

    /// The version id as answers show it: only where versioning has ever been on.
    static @Nullable String shown(Bucket bucket, String version) {
        return bucket.isVersioned() ? version : null;
    }

    Instant now() {
        return time.now().truncatedTo(ChronoUnit.SECONDS);
    }
}
