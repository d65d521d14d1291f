package dev.viridian.services.s3;

import dev.viridian.aws.Ids;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.services.s3.Intake.Arrival;
import dev.viridian.services.s3.Intake.Claims;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyPartResult;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/// Objects that come in parts. Completing puts the parts' blobs in a row; no byte is copied.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html>
final class Uploads {
    private static final int MOST_PARTS = 10_000;

    private final Store store;
    private final Buckets buckets;
    private final Objects objects;
    private final Copies copies;
    private final Blobs blobs;
    private final Intake intake;
    private final Garbage garbage;
    private final Table<Upload> uploads;
    private final Table<Upload.Part> parts;

    Uploads(Store store, Buckets buckets, Objects objects, Copies copies, Blobs blobs, Intake intake, Garbage garbage) {
        this.store = store;
        this.buckets = buckets;
        this.objects = objects;
        this.copies = copies;
        this.blobs = blobs;
        this.intake = intake;
        this.garbage = garbage;
        this.uploads = store.table("s3.uploads", Upload.class);
        this.parts = store.table("s3.upload-parts", Upload.Part.class);
    }

    CreateMultipartUploadResponse create(CreateMultipartUploadRequest request) {
        Bucket bucket = buckets.of(request, "s3:PutObject");
        Objects.checkKey(request.key());
        Objects.refuseUnkeepable(request);
        Buckets.refuseAcl(request);
        Optional<Algorithm> wished = Algorithm.named(request.checksumAlgorithmAsString());
        Upload upload = new Upload(bucket.name(), request.key(), Ids.base32(64), objects.now(), wished, composite(request, wished),
                ObjectHeaders.sentWith(request, request.metadata()), Tags.parse(request.tagging(), Tags.MOST_ON_OBJECT),
                Encryption.wished(request, bucket.encryption()));
        uploads.put(at(upload.bucket(), upload.id()), upload);
        CreateMultipartUploadResponse.Builder answer = CreateMultipartUploadResponse.builder().bucket(upload.bucket()).key(upload.key())
                .uploadId(upload.id())
                .checksumAlgorithm(wished.map(Algorithm::name).orElse(null)).checksumType(wished.map(_ -> type(upload)).orElse(null));
        return Members.set(answer, CreateMultipartUploadResponse.class, upload.encryption().members()).build();
    }

    /// Source: CreateMultipartUpload API, `x-amz-checksum-type`: CRC64NVME is of the full object, the SHAs are composite, the other two may be either
    private static boolean composite(CreateMultipartUploadRequest request, Optional<Algorithm> wished) {
        if (wished.isEmpty()) {
            return false;
        }
        Algorithm algorithm = wished.get();
        boolean byDefault = algorithm != Algorithm.CRC64NVME;
        boolean composite = request.checksumType() == null ? byDefault : request.checksumType() == ChecksumType.COMPOSITE;
        if (composite && algorithm == Algorithm.CRC64NVME || !composite && !algorithm.isLinear()) {
            throw S3Errors.invalidRequest("The " + (composite ? "COMPOSITE" : "FULL_OBJECT") + " checksum type cannot be used with the "
                    + algorithm.name().toLowerCase(Locale.ROOT) + " checksum algorithm.");
        }
        return composite;
    }

    UploadPartResponse upload(UploadPartRequest request, RequestBody body) {
        buckets.of(request, "s3:PutObject");
        Upload upload = upload(request.bucket(), request.key(), request.uploadId());
        checkNumber(request.partNumber());
        Claims sent = Objects.claims(request, body, request.contentMD5());
        refuseOtherAlgorithm(upload, sent.checksum());
        Arrival arrival = intake.receive(body.contentStreamProvider()
                .newStream(), new Claims(sent.length(), sent.contentMd5(), sent.checksum(), upload.algorithm()));
        keep(upload, request.partNumber(), arrival);
        UploadPartResponse.Builder answer = UploadPartResponse.builder().eTag(arrival.etag());
        Members.set(answer, UploadPartResponse.class, sent.checksum().orElse(arrival.checksum()).members());
        return Members.set(answer, UploadPartResponse.class, upload.encryption().members()).build();
    }

    private static void refuseOtherAlgorithm(Upload upload, Optional<ObjectChecksum> sent) {
        sent.filter(c -> upload.wished().filter(wished -> wished != c.algorithm()).isPresent()).ifPresent(c -> {
            throw S3Errors.invalidRequest("Checksum Type mismatch occurred, expected checksum Type: " + lower(upload.algorithm())
                    + ", actual checksum Type: "
                    + lower(c.algorithm()));
        });
    }

    private static String lower(Algorithm algorithm) {
        return algorithm.name().toLowerCase(Locale.ROOT);
    }

    UploadPartCopyResponse copy(UploadPartCopyRequest request) {
        Bucket bucket = buckets.of(request, "s3:PutObject");
        Upload upload = upload(bucket.name(), request.key(), request.uploadId());
        checkNumber(request.partNumber());
        StoredObject from = copies.held(Copies.Source.parse(request.copySource(), request.sourceBucket(), request.sourceKey(),
                request.sourceVersionId()));
        Arrival arrival = copies.receive(from, copiedRange(request, from), upload.algorithm());
        keep(upload, request.partNumber(), arrival);
        CopyPartResult.Builder result = CopyPartResult.builder().eTag(arrival.etag()).lastModified(objects.now());
        Members.set(result, CopyPartResult.class, arrival.checksum().members());
        return Members.set(UploadPartCopyResponse.builder().copyPartResult(result.build()), UploadPartCopyResponse.class, upload.encryption()
                .members()).build();
    }

    private ByteRange copiedRange(UploadPartCopyRequest request, StoredObject from) {
        boolean good = false;
        try {
            new Conditions(request.copySourceIfMatch(), request.copySourceIfNoneMatch(), request.copySourceIfModifiedSince(),
                    request.copySourceIfUnmodifiedSince())
                    .checkCopySource(from);
            ByteRange range = request.copySourceRange() == null ? new ByteRange(0, from.size())
                    : ByteRange.ofCopy(request.copySourceRange(), from.size());
            good = true;
            return range;
        } finally {
            if (!good) {
                blobs.release(from.blobs());
            }
        }
    }

    private void keep(Upload upload, int number, Arrival arrival) {
        intake.commit(arrival, () -> {
            if (!uploads.contains(at(upload.bucket(), upload.id()))) {
                throw S3Errors.noSuchUpload();
            }
            String key = partAt(upload.id(), number);
            parts.find(key).ifPresent(before -> garbage.add(List.of(before.blob())));
            parts.put(key, new Upload.Part(number, arrival.blob(), arrival.size(), arrival.etag(), objects.now(), arrival.checksum()));
            return true;
        });
    }

    CompleteMultipartUploadResponse complete(CompleteMultipartUploadRequest request) {
        Bucket bucket = buckets.of(request, "s3:PutObject");
        Conditions conditions = new Conditions(request.ifMatch(), request.ifNoneMatch(), null, null);
        StoredObject written = store.transact(() -> {
            Upload upload = upload(request.bucket(), request.key(), request.uploadId());
            List<Upload.Part> sent = parts(upload.id());
            StoredObject object = Completion.of(upload, sent, request, objects.now());
            StoredObject kept = objects.write(bucket, object, conditions);
            forget(upload, sent);
            garbage.add(sent.stream().map(Upload.Part::blob).filter(blob -> !object.blobs().contains(blob)).toList());
            return kept;
        });
        CompleteMultipartUploadResponse.Builder answer = CompleteMultipartUploadResponse.builder().bucket(bucket.name()).key(written.key())
                .eTag(written.etag())
                .location("http://" + bucket.name() + ".s3.amazonaws.com/" + Text.encode(written.key()))
                .versionId(Objects.shown(bucket, written.version()));
        written.checksum().ifPresent(c -> Members.set(answer, CompleteMultipartUploadResponse.class, c.members()));
        return Members.set(answer, CompleteMultipartUploadResponse.class, written.encryption().members()).build();
    }

    void abort(AbortMultipartUploadRequest request) {
        buckets.of(request, "s3:AbortMultipartUpload");
        store.transact(() -> abort(upload(request.bucket(), request.key(), request.uploadId())));
    }

    /// Inside a transaction.
    void abort(Upload upload) {
        List<Upload.Part> sent = parts(upload.id());
        forget(upload, sent);
        garbage.add(sent.stream().map(Upload.Part::blob).toList());
    }

    private void forget(Upload upload, List<Upload.Part> sent) {
        uploads.delete(at(upload.bucket(), upload.id()));
        sent.forEach(part -> parts.delete(partAt(upload.id(), part.number())));
    }

    Upload upload(String bucket, String key, String id) {
        return uploads.find(Key.under(bucket) + id).filter(upload -> upload.key().equals(key)).orElseThrow(S3Errors::noSuchUpload);
    }

    List<Upload> in(String bucket) {
        return uploads.list(Key.under(bucket));
    }

    List<Upload.Part> parts(String upload) {
        return parts.list(Key.under(upload));
    }

    boolean names(String blob) {
        return parts.list().stream().anyMatch(part -> part.blob().equals(blob));
    }

    private static void checkNumber(Integer number) {
        if (number < 1 || number > MOST_PARTS) {
            throw S3Errors.invalidArgument("Part number must be an integer between 1 and " + MOST_PARTS + ", inclusive");
        }
    }

    private static String type(Upload upload) {
        return upload.composite() ? "COMPOSITE" : "FULL_OBJECT";
    }

    private static String at(String bucket, String id) {
        return Key.of(bucket, id);
    }

    private static String partAt(String upload, int number) {
        return Key.of(upload, String.format("%05d", number));
    }
}
