package dev.viridian.services.s3;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/// GetObject, HeadObject, and the bytes of an object for whoever copies them.
final class Reading {
    private final Buckets buckets;
    private final Versions versions;
    private final Blobs blobs;

    Reading(Buckets buckets, Versions versions, Blobs blobs) {
        this.buckets = buckets;
        this.versions = versions;
        this.blobs = blobs;
    }

    <T> T get(GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
        Bucket bucket = buckets.of(request, request.versionId() == null ? "s3:GetObject" : "s3:GetObjectVersion");
        Encryption.refuseCustomerKeys(request);
        StoredObject object = held(bucket.name(), request.key(), request.versionId());
        boolean opened = false;
        try {
            new Conditions(request.ifMatch(), request.ifNoneMatch(), request.ifModifiedSince(), request.ifUnmodifiedSince()).checkRead(object);
            View view = view(object, request.range(), request.partNumber());
            GetObjectResponse answer = answer(request, bucket, object, view);
            opened = true;
            return deliver(answer, new BlobReader(blobs, object.pieces(), view.range().first(), view.range().length()), transformer);
        } finally {
            if (!opened) {
                blobs.release(object.blobs());
            }
        }
    }

    private static GetObjectResponse answer(GetObjectRequest request, Bucket bucket, StoredObject object, View view) {
        boolean whole = view.range().length() == object.size();
        GetObjectResponse.Builder answer = GetObjectResponse.builder();
        Members.set(answer, GetObjectResponse.class, object.members(bucket, request.checksumMode() == ChecksumMode.ENABLED && whole));
        view.contentRange(object).ifPresent(range -> answer.contentRange(range).sdkHttpResponse(SdkHttpResponse.builder().statusCode(206).build()));
        answer.contentLength(view.range().length()).partsCount(view.partsCount(object));
        Optional.ofNullable(request.responseCacheControl()).ifPresent(answer::cacheControl);
        Optional.ofNullable(request.responseContentDisposition()).ifPresent(answer::contentDisposition);
        Optional.ofNullable(request.responseContentEncoding()).ifPresent(answer::contentEncoding);
        Optional.ofNullable(request.responseContentLanguage()).ifPresent(answer::contentLanguage);
        Optional.ofNullable(request.responseContentType()).ifPresent(answer::contentType);
        Optional.ofNullable(request.responseExpires()).ifPresent(answer::expires);
        return answer.build();
    }

    private static <T> T deliver(GetObjectResponse answer, BlobReader bytes, ResponseTransformer<GetObjectResponse, T> transformer) {
        boolean leaveOpen = false;
        try {
            T result = transformer.transform(answer, AbortableInputStream.create(bytes));
            leaveOpen = transformer.needsConnectionLeftOpen();
            return result;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw SdkClientException.create("The object's bytes could not be handed over: " + e.getMessage(), e);
        } finally {
            if (!leaveOpen) {
                close(bytes);
            }
        }
    }

    private static void close(BlobReader bytes) {
        try {
            bytes.close();
        } catch (IOException e) {
            throw SdkClientException.create("Could not close an object's blobs", e);
        }
    }

    HeadObjectResponse head(HeadObjectRequest request) {
        Bucket bucket = buckets.of(request, "s3:GetObject");
        Encryption.refuseCustomerKeys(request);
        StoredObject object = versions.readable(bucket.name(), request.key(), request.versionId());
        new Conditions(request.ifMatch(), request.ifNoneMatch(), request.ifModifiedSince(), request.ifUnmodifiedSince()).checkRead(object);
        View view = view(object, request.range(), request.partNumber());
        boolean whole = view.range().length() == object.size();
        HeadObjectResponse.Builder answer = HeadObjectResponse.builder();
        Members.set(answer, HeadObjectResponse.class, object.members(bucket, request.checksumMode() == ChecksumMode.ENABLED && whole));
        view.contentRange(object).ifPresent(range -> answer.contentRange(range).sdkHttpResponse(SdkHttpResponse.builder().statusCode(206).build()));
        Optional.ofNullable(request.responseContentType()).ifPresent(answer::contentType);
        return answer.contentLength(view.range().length()).partsCount(view.partsCount(object)).build();
    }

    /// The object with its blobs held: whoever calls this must release them, or close a [BlobReader] over them.
    StoredObject held(String bucket, String key, @Nullable String version) {
        while (true) {
            StoredObject object = versions.readable(bucket, key, version);
            List<String> ids = object.blobs();
            blobs.hold(ids);
            // between our look and our hold somebody may have replaced it and had the blobs removed
            boolean still = versions.version(bucket, key, object.version()).filter(now -> now.blobs().equals(ids)).isPresent();
            if (still) {
                return object;
            }
            blobs.release(ids);
        }
    }

    /// @param range of the object that is wanted
    /// @param partial whether the caller asked for less than all, so that the answer is 206
    private record View(ByteRange range, boolean partial, boolean byPart) {
        Optional<String> contentRange(StoredObject object) {
            return partial ? Optional.of(range.header(object.size())) : Optional.empty();
        }

        @Nullable Integer partsCount(StoredObject object) {
            return byPart && object.multipart() ? object.pieces().size() : null;
        }
    }

    private static View view(StoredObject object, @Nullable String range, @Nullable Integer partNumber) {
        if (partNumber != null) {
            if (range != null) {
                throw S3Errors.invalidRequest("Cannot specify both Range header and partNumber query parameter");
            }
            return new View(part(object, partNumber), object.size() > 0, true);
        }
        Optional<ByteRange> asked = ByteRange.of(range, object.size());
        return new View(asked.orElse(new ByteRange(0, object.size())), asked.isPresent(), false);
    }

    /// Part numbers count the object's parts from 1, whatever numbers they were uploaded under.
    private static ByteRange part(StoredObject object, int number) {
        if (number < 1 || number > Math.max(1, object.pieces().size())) {
            throw S3Errors.of("InvalidPartNumber", 416, "The requested partnumber is not satisfiable");
        }
        long first = object.pieces().stream().limit(number - 1L).mapToLong(Piece::size).sum();
        return new ByteRange(first, object.pieces().isEmpty() ? 0 : object.pieces().get(number - 1).size());
    }
}
