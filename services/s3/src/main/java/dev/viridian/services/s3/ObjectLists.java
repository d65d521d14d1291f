package dev.viridian.services.s3;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.ObjectVersionStorageClass;
import software.amazon.awssdk.services.s3.model.S3Object;

/// ListObjects, ListObjectsV2 and ListObjectVersions.
final class ObjectLists {
    private final Buckets buckets;
    private final Versions versions;

    ObjectLists(Buckets buckets, Versions versions) {
        this.buckets = buckets;
        this.versions = versions;
    }

    ListObjectsV2Response list(ListObjectsV2Request request) {
        Bucket bucket = buckets.of(request, "s3:ListBucket");
        int most = Listing.most(request.maxKeys());
        String after = request.continuationToken() != null ? decodeToken(request.continuationToken()) : request.startAfter();
        Listing<StoredObject> page = page(bucket, request.prefix(), request.delimiter(), after, most);
        UnaryOperator<String> encode = encoder(request.encodingType());
        boolean owners = Boolean.TRUE.equals(request.fetchOwner());
        return ListObjectsV2Response.builder().name(bucket.name()).prefix(encode.apply(orEmpty(request.prefix())))
                .delimiter(encoded(encode, request.delimiter()))
                .maxKeys(most).encodingType(request.encodingType()).startAfter(encoded(encode, request.startAfter()))
                .keyCount(page.entries().size() + page.commonPrefixes().size()).isTruncated(page.truncated())
                .continuationToken(request.continuationToken()).nextContinuationToken(page.truncated() ? encodeToken(page.last()) : null)
                .contents(page.entries().isEmpty() ? null : page.entries().stream().map(o -> entry(o, encode, bucket, owners)).toList())
                .commonPrefixes(prefixes(page, encode)).build();
    }

    ListObjectsResponse list(ListObjectsRequest request) {
        Bucket bucket = buckets.of(request, "s3:ListBucket");
        int most = Listing.most(request.maxKeys());
        Listing<StoredObject> page = page(bucket, request.prefix(), request.delimiter(), request.marker(), most);
        UnaryOperator<String> encode = encoder(request.encodingType());
        // without a delimiter callers take the last key as the next marker; S3 sends NextMarker only with one
        boolean nextMarker = page.truncated() && request.delimiter() != null && !request.delimiter().isEmpty();
        return ListObjectsResponse.builder().name(bucket.name()).prefix(encode.apply(orEmpty(request.prefix())))
                .delimiter(encoded(encode, request.delimiter()))
                .marker(encode.apply(orEmpty(request.marker()))).maxKeys(most).encodingType(request.encodingType()).isTruncated(page.truncated())
                .nextMarker(nextMarker ? encoded(encode, page.last()) : null)
                .contents(page.entries().isEmpty() ? null : page.entries().stream().map(o -> entry(o, encode, bucket, true)).toList())
                .commonPrefixes(prefixes(page, encode)).build();
    }

    private Listing<StoredObject> page(Bucket bucket, @Nullable String prefix, @Nullable String delimiter, @Nullable String after, int most) {
        List<StoredObject> sorted = versions.newest(bucket.name(), orEmpty(prefix), false);
        return Listing.page(sorted, StoredObject::key, object -> after != null && Text.compare(object.key(), after) <= 0, after, orEmpty(prefix),
                delimiter, most);
    }

    ListObjectVersionsResponse list(ListObjectVersionsRequest request) {
        Bucket bucket = buckets.of(request, "s3:ListBucketVersions");
        if (request.versionIdMarker() != null && request.keyMarker() == null) {
            throw S3Errors.invalidArgument("A version-id marker cannot be specified without a key marker.");
        }
        int most = Listing.most(request.maxKeys());
        String prefix = orEmpty(request.prefix());
        long before = orderOf(bucket, request.keyMarker(), request.versionIdMarker());
        Listing<StoredObject> page = Listing.page(versions.all(bucket.name(), prefix), StoredObject::key,
                object -> isShown(object, request.keyMarker(), before), request.keyMarker(), prefix, request.delimiter(), most);
        UnaryOperator<String> encode = encoder(request.encodingType());
        List<ObjectVersion> shown = page.entries().stream().filter(o -> !o.deleteMarker()).map(o -> version(o, encode, bucket)).toList();
        List<DeleteMarkerEntry> markers = page.entries().stream().filter(StoredObject::deleteMarker).map(o -> marker(o, encode, bucket)).toList();
        return ListObjectVersionsResponse.builder().name(bucket.name()).prefix(encode.apply(prefix)).delimiter(encoded(encode, request.delimiter()))
                .keyMarker(encode.apply(orEmpty(request.keyMarker()))).versionIdMarker(orEmpty(request.versionIdMarker())).maxKeys(most)
                .encodingType(request.encodingType()).isTruncated(page.truncated())
                .nextKeyMarker(page.truncated() ? encoded(encode, page.last()) : null)
                .nextVersionIdMarker(page.truncated() && page.lastEntry() != null ? page.lastEntry().version() : null)
                .versions(shown.isEmpty() ? null : shown).deleteMarkers(markers.isEmpty() ? null : markers).commonPrefixes(prefixes(page, encode))
                .build();
    }

    private long orderOf(Bucket bucket, @Nullable String key, @Nullable String version) {
        if (key == null || version == null || version.isEmpty()) {
            return Long.MIN_VALUE;
        }
        return versions.version(bucket.name(), key, version).map(StoredObject::order).orElse(Long.MIN_VALUE);
    }

    /// @param before versions of the marker's key from this order upwards have been shown
    private static boolean isShown(StoredObject object, @Nullable String keyMarker, long before) {
        int order = keyMarker == null ? 1 : Text.compare(object.key(), keyMarker);
        return order < 0 || order == 0 && object.order() >= before;
    }

    private boolean isNewest(StoredObject object) {
        return versions.newest(object.bucket(), object.key()).filter(found -> found.version().equals(object.version())).isPresent();
    }

    private ObjectVersion version(StoredObject object, UnaryOperator<String> encode, Bucket bucket) {
        ObjectVersion.Builder version = ObjectVersion.builder().key(encode.apply(object.key())).versionId(object.version()).isLatest(isNewest(object))
                .lastModified(object.modified()).eTag(object.etag()).size(object.size()).storageClass(ObjectVersionStorageClass.STANDARD)
                .owner(Owners.of(bucket.account()));
        object.checksum().ifPresent(c -> version.checksumAlgorithmWithStrings(c.algorithm().name())
                .checksumType(c.composite() ? "COMPOSITE" : "FULL_OBJECT"));
        return version.build();
    }

    private DeleteMarkerEntry marker(StoredObject object, UnaryOperator<String> encode, Bucket bucket) {
        return DeleteMarkerEntry.builder().key(encode.apply(object.key())).versionId(object.version()).isLatest(isNewest(object))
                .lastModified(object.modified())
                .owner(Owners.of(bucket.account())).build();
    }

    private static S3Object entry(StoredObject object, UnaryOperator<String> encode, Bucket bucket, boolean withOwner) {
        S3Object.Builder entry = S3Object.builder().key(encode.apply(object.key())).lastModified(object.modified()).eTag(object.etag())
                .size(object.size())
                .storageClass("STANDARD").owner(withOwner ? Owners.of(bucket.account()) : null);
        object.checksum().ifPresent(c -> entry.checksumAlgorithmWithStrings(c.algorithm().name())
                .checksumType(c.composite() ? "COMPOSITE" : "FULL_OBJECT"));
        return entry.build();
    }

    private static @Nullable List<CommonPrefix> prefixes(Listing<?> page, UnaryOperator<String> encode) {
        return page.commonPrefixes().isEmpty() ? null : page.commonPrefixes().stream()
                .map(p -> CommonPrefix.builder().prefix(encode.apply(p)).build()).toList();
    }

    /// Keys may hold what XML cannot; clients that ask for it get them percent-encoded.
    static UnaryOperator<String> encoder(@Nullable EncodingType type) {
        return type == EncodingType.URL ? Text::encode : UnaryOperator.identity();
    }

    static @Nullable String encoded(UnaryOperator<String> encode, @Nullable String text) {
        return text == null ? null : encode.apply(text);
    }

    static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static String encodeToken(@Nullable String last) {
        return Base64.getUrlEncoder().encodeToString(("1" + orEmpty(last)).getBytes(StandardCharsets.UTF_8));
    }

    private static String decodeToken(String token) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            if (text.startsWith("1")) {
                return text.substring(1);
            }
        } catch (IllegalArgumentException e) {
            throw S3Errors.invalidArgument("The continuation token provided is incorrect");
        }
        throw S3Errors.invalidArgument("The continuation token provided is incorrect");
    }
}
