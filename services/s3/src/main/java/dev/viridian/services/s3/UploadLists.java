package dev.viridian.services.s3;

import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.Initiator;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListPartsRequest;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;

/// ListMultipartUploads and ListParts.
final class UploadLists {
    /// By key, then by when they began.
    private static final Comparator<Upload> ORDER = Comparator.comparing(Upload::key, Text::compare).thenComparing(Upload::initiated)
            .thenComparing(Upload::id);

    private final Buckets buckets;
    private final Uploads uploads;

    UploadLists(Buckets buckets, Uploads uploads) {
        this.buckets = buckets;
        this.uploads = uploads;
    }

    ListMultipartUploadsResponse list(ListMultipartUploadsRequest request) {
        Bucket bucket = buckets.of(request, "s3:ListBucketMultipartUploads");
        int most = Listing.most(request.maxUploads());
        String prefix = ObjectLists.orEmpty(request.prefix());
        List<Upload> sorted = uploads.in(bucket.name()).stream().filter(upload -> upload.key().startsWith(prefix)).sorted(ORDER).toList();
        Upload marker = marker(sorted, request.keyMarker(), request.uploadIdMarker());
        Listing<Upload> page = Listing.page(sorted, Upload::key, upload -> isShown(upload, request.keyMarker(), marker), request.keyMarker(), prefix,
                request.delimiter(), most);
        UnaryOperator<String> encode = ObjectLists.encoder(request.encodingType());
        return ListMultipartUploadsResponse.builder().bucket(bucket.name()).prefix(encode.apply(prefix))
                .delimiter(ObjectLists.encoded(encode, request.delimiter()))
                .keyMarker(ObjectLists.orEmpty(request.keyMarker())).uploadIdMarker(ObjectLists.orEmpty(request.uploadIdMarker()))
                .maxUploads(most).encodingType(request.encodingType()).isTruncated(page.truncated())
                .nextKeyMarker(page.truncated() ? ObjectLists.encoded(encode, page.last()) : null)
                .nextUploadIdMarker(page.truncated() && page.lastEntry() != null ? page.lastEntry().id() : null)
                .uploads(page.entries().isEmpty() ? null : page.entries().stream().map(upload -> entry(upload, encode, bucket)).toList())
                .commonPrefixes(page.commonPrefixes().isEmpty() ? null
                        : page.commonPrefixes().stream().map(p -> CommonPrefix.builder().prefix(encode.apply(p)).build()).toList())
                .build();
    }

    private static @Nullable Upload marker(List<Upload> sorted, @Nullable String key, @Nullable String id) {
        return key == null || id == null ? null : sorted.stream().filter(upload -> upload.id().equals(id)).findFirst().orElse(null);
    }

    private static boolean isShown(Upload upload, @Nullable String keyMarker, @Nullable Upload marker) {
        if (marker != null) {
            return ORDER.compare(upload, marker) <= 0;
        }
        return keyMarker != null && Text.compare(upload.key(), keyMarker) <= 0;
    }

    private static MultipartUpload entry(Upload upload, UnaryOperator<String> encode, Bucket bucket) {
        return MultipartUpload.builder().key(encode.apply(upload.key())).uploadId(upload.id()).initiated(upload.initiated()).storageClass("STANDARD")
                .owner(Owners.of(bucket.account())).initiator(initiator(bucket)).checksumAlgorithm(upload.wished().map(Algorithm::name).orElse(null))
                .checksumType(upload.wished().map(_ -> upload.composite() ? "COMPOSITE" : "FULL_OBJECT").orElse(null)).build();
    }

    ListPartsResponse list(ListPartsRequest request) {
        Bucket bucket = buckets.of(request, "s3:ListMultipartUploadParts");
        Upload upload = uploads.upload(bucket.name(), request.key(), request.uploadId());
        int most = Listing.most(request.maxParts());
        int after = request.partNumberMarker() == null ? 0 : request.partNumberMarker();
        List<Upload.Part> rest = uploads.parts(upload.id()).stream().filter(part -> part.number() > after).toList();
        List<Upload.Part> page = rest.stream().limit(most).toList();
        return ListPartsResponse.builder().bucket(bucket.name()).key(upload.key()).uploadId(upload.id()).partNumberMarker(after).maxParts(most)
                .nextPartNumberMarker(page.isEmpty() ? 0 : page.getLast().number()).isTruncated(rest.size() > page.size()).storageClass("STANDARD")
                .owner(Owners.of(bucket.account())).initiator(initiator(bucket)).checksumAlgorithm(upload.wished().map(Algorithm::name).orElse(null))
                .checksumType(upload.wished().map(_ -> upload.composite() ? "COMPOSITE" : "FULL_OBJECT").orElse(null))
                .parts(page.isEmpty() ? null : page.stream().map(UploadLists::entry).toList()).build();
    }

    private static Part entry(Upload.Part part) {
        Part.Builder entry = Part.builder().partNumber(part.number()).eTag(part.etag()).size(part.size()).lastModified(part.modified());
        return Members.set(entry, Part.class, part.checksum().members()).build();
    }

    private static Initiator initiator(Bucket bucket) {
        return Initiator.builder().id(Owners.of(bucket.account()).id()).displayName(bucket.account()).build();
    }
}
