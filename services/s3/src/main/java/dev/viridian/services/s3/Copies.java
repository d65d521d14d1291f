package dev.viridian.services.s3;

import dev.viridian.aws.Ids;
import dev.viridian.services.s3.Intake.Arrival;
import dev.viridian.services.s3.Intake.Claims;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectResult;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.TaggingDirective;

/// CopyObject, and the source of any copy.
final class Copies {
    private static final long MOST_BYTES = 5L << 30;

    private final Buckets buckets;
    private final Objects objects;
    private final Reading reading;
    private final Blobs blobs;
    private final Intake intake;

    Copies(Buckets buckets, Objects objects, Reading reading, Blobs blobs, Intake intake) {
        this.buckets = buckets;
        this.objects = objects;
        this.reading = reading;
        this.blobs = blobs;
        this.intake = intake;
    }

    /// Where a copy comes from.
    record Source(String bucket, String key, @Nullable String version) {
        /// @param header `x-amz-copy-source`: percent-encoded `bucket/key` or `/bucket/key`, perhaps with `?versionId=`
        static Source parse(@Nullable String header, @Nullable String bucket, @Nullable String key, @Nullable String version) {
            if (header == null) {
                if (bucket == null || key == null) {
                    throw S3Errors.invalidArgument("You must specify the copy source");
                }
                return new Source(bucket, key, version);
            }
            int question = header.lastIndexOf("?versionId=");
            String path = question < 0 ? header : header.substring(0, question);
            String wanted = question < 0 ? null : header.substring(question + "?versionId=".length());
            String decoded = decode(path.startsWith("/") ? path.substring(1) : path);
            int slash = decoded.indexOf('/');
            if (slash < 1 || slash == decoded.length() - 1) {
                throw S3Errors.invalidArgument("Invalid copy source object key");
            }
            return new Source(decoded.substring(0, slash), decoded.substring(slash + 1), wanted);
        }

        private static String decode(String path) {
            try {
                return Text.decode(path);
            } catch (IllegalArgumentException e) {
                throw S3Errors.invalidArgument("Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
            }
        }
    }

    /// The source object with its blobs held: see [Reading#held].
    StoredObject held(Source source) {
        Bucket from = buckets.named(source.bucket(), "s3:GetObject", Optional.of(source.key()));
        return reading.held(from.name(), source.key(), source.version());
    }

    /// Takes in a stretch of a held object, and lets go of it.
    Arrival receive(StoredObject held, ByteRange range, Algorithm keep) {
        return intake.receive(new BlobReader(blobs, held.pieces(), range.first(), range.length()), Claims.none(keep));
    }

    CopyObjectResponse copy(CopyObjectRequest request) {
        Bucket bucket = buckets.of(request, "s3:PutObject");
        Objects.checkKey(request.key());
        Objects.refuseUnkeepable(request);
        Buckets.refuseAcl(request);
        Encryption encryption = Encryption.wished(request, bucket.encryption());
        Source source = Source.parse(request.copySource(), request.sourceBucket(), request.sourceKey(), request.sourceVersionId());
        Bucket sourceBucket = buckets.named(source.bucket(), "s3:GetObject", Optional.of(source.key()));
        StoredObject from = held(source);
        Arrival arrival = receiveChecked(request, source, from, encryption);
        StoredObject copy = describe(request, bucket, from, arrival, encryption);
        StoredObject written = intake.commit(arrival, () -> objects.write(bucket, copy, new Conditions(null, null, null, null)));
        CopyObjectResult.Builder result = CopyObjectResult.builder().eTag(copy.etag()).lastModified(copy.modified());
        Members.set(result, CopyObjectResult.class, arrival.checksum().members());
        CopyObjectResponse.Builder answer = CopyObjectResponse.builder().copyObjectResult(result.build())
                .versionId(Objects.shown(bucket, written.version()))
                .copySourceVersionId(Objects.shown(sourceBucket, from.version()));
        return Members.set(answer, CopyObjectResponse.class, encryption.members()).build();
    }

    private Arrival receiveChecked(CopyObjectRequest request, Source source, StoredObject from, Encryption encryption) {
        boolean taken = false;
        try {
            new Conditions(request.copySourceIfMatch(), request.copySourceIfNoneMatch(), request.copySourceIfModifiedSince(),
                    request.copySourceIfUnmodifiedSince())
                    .checkCopySource(from);
            if (from.size() > MOST_BYTES) {
                throw S3Errors.invalidRequest("The specified copy source is larger than the maximum allowable size for a copy source: " + MOST_BYTES);
            }
            refuseCopyingNothing(request, source, from, encryption);
            taken = true;
            return receive(from, new ByteRange(0, from.size()), algorithm(request, from));
        } finally {
            if (!taken) {
                blobs.release(from.blobs());
            }
        }
    }

    private static Algorithm algorithm(CopyObjectRequest request, StoredObject from) {
        return Algorithm.named(request.checksumAlgorithmAsString()).or(() -> from.checksum().map(ObjectChecksum::algorithm))
                .orElse(Algorithm.CRC64NVME);
    }

    private static void refuseCopyingNothing(CopyObjectRequest request, Source source, StoredObject from, Encryption encryption) {
        boolean ontoItself = source.bucket().equals(request.bucket()) && source.key().equals(request.key()) && source.version() == null;
        boolean changes = request.metadataDirective() == MetadataDirective.REPLACE || !encryption.equals(from.encryption())
                || request.storageClass() != null || request.websiteRedirectLocation() != null || request.serverSideEncryption() != null;
        if (ontoItself && !changes) {
            throw S3Errors.invalidRequest("This copy request is illegal because it is trying to copy an object to itself without changing the "
                    + "object's "
                    + "metadata, storage class, website redirect location or encryption attributes.");
        }
    }

    private StoredObject describe(CopyObjectRequest request, Bucket bucket, StoredObject from, Arrival arrival, Encryption encryption) {
        ObjectHeaders headers = request.metadataDirective() == MetadataDirective.REPLACE ? ObjectHeaders.sentWith(request, request.metadata())
                : from.headers();
        Map<String, String> tags = request.taggingDirective() == TaggingDirective.REPLACE ? Tags.parse(request.tagging(), Tags.MOST_ON_OBJECT)
                : from.tags();
        String etag = encryption.isKms() ? "\"" + Ids.hex(32) + "\"" : arrival.etag();
        return new StoredObject(bucket.name(), request.key(), StoredObject.NULL_VERSION, 0, false, objects.now(), arrival.size(), etag, false,
                List.of(arrival.piece(0)), Optional.of(arrival.checksum()), headers, tags, encryption);
    }
}
