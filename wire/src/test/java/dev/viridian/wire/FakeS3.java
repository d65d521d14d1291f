package dev.viridian.wire;

import dev.viridian.aws.AwsErrors;
import dev.viridian.aws.shapes.Constraints;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.*;

/// Keeps objects in memory; enough of S3 to see that everything arrives where it belongs.
final class FakeS3 implements S3Client {
    record Stored(byte[] bytes, PutObjectRequest request) {}

    final Map<String, Stored> objects = new ConcurrentHashMap<>();
    final Map<String, byte[]> parts = new ConcurrentHashMap<>();
    volatile String lastOperation = "";

    @Override
    public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
        lastOperation = "PutObject";
        byte[] bytes = read(body);
        objects.put(request.bucket() + "/" + request.key(), new Stored(bytes, request));
        return PutObjectResponse.builder().eTag("\"" + bytes.length + "\"").versionId("v1").build();
    }

    @Override
    public <T> T getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
        lastOperation = "GetObject";
        Stored stored = find(request.bucket(), request.key());
        byte[] bytes = stored.bytes();
        GetObjectResponse.Builder answer = GetObjectResponse.builder().eTag("\"e\"").lastModified(Instant.parse("2026-01-02T03:04:05Z"))
                .metadata(stored.request().metadata()).contentType(stored.request().contentType())
                        .contentEncoding(stored.request().contentEncoding());
        if (request.range() != null) {
            String[] range = request.range().substring("bytes=".length()).split("-");
            bytes = Arrays.copyOfRange(bytes, Integer.parseInt(range[0]), Integer.parseInt(range[1]) + 1);
            answer.contentRange("bytes " + range[0] + "-" + range[1] + "/" + stored.bytes().length);
        }
        try {
            return transformer.transform(answer.contentLength((long) bytes.length).build(),
                    AbortableInputStream.create(new ByteArrayInputStream(bytes)));
        } catch (Exception e) {
            throw SdkClientException.create("the object could not be sent", e);
        }
    }

    @Override
    public ResponseInputStream<GetObjectResponse> getObject(GetObjectRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public HeadObjectResponse headObject(HeadObjectRequest request) {
        lastOperation = "HeadObject";
        Stored stored = find(request.bucket(), request.key());
        return HeadObjectResponse.builder().contentLength((long) stored.bytes().length).contentType(stored.request().contentType()).eTag("\"e\"")
                .lastModified(Instant.parse("2026-01-02T03:04:05Z")).metadata(stored.request().metadata()).build();
    }

    @Override
    public DeleteObjectResponse deleteObject(DeleteObjectRequest request) {
        lastOperation = "DeleteObject";
        objects.remove(request.bucket() + "/" + request.key());
        return DeleteObjectResponse.builder().deleteMarker(true).build();
    }

    @Override
    public DeleteObjectsResponse deleteObjects(DeleteObjectsRequest request) {
        lastOperation = "DeleteObjects";
        Constraints.check(request, S3Client.class).ifPresent(violation -> {
            throw violation;
        });
        return DeleteObjectsResponse.builder().deleted(request.delete().objects().stream()
                .map(object -> DeletedObject.builder().key(object.key()).build()).toList()).build();
    }

    @Override
    public CopyObjectResponse copyObject(CopyObjectRequest request) {
        lastOperation = "CopyObject";
        return CopyObjectResponse.builder().copyObjectResult(CopyObjectResult.builder().eTag("\"c\"")
                .lastModified(Instant.parse("2026-01-02T03:04:05Z")).build()).build();
    }

    @Override
    public ListObjectsV2Response listObjectsV2(ListObjectsV2Request request) {
        lastOperation = "ListObjectsV2";
        String bucket = request.bucket() + "/";
        List<S3Object> found = new TreeMap<>(objects).entrySet().stream().filter(entry -> entry.getKey().startsWith(bucket))
                .map(entry -> S3Object.builder().key(entry.getKey().substring(bucket.length())).size((long) entry.getValue().bytes().length)
                        .lastModified(Instant.parse("2026-01-02T03:04:05Z")).storageClass("STANDARD").build()).toList();
        return ListObjectsV2Response.builder().name(request.bucket()).prefix(request.prefix()).keyCount(found.size()).maxKeys(1000).isTruncated(false)
                .contents(found).commonPrefixes(CommonPrefix.builder().prefix("a/").build(), CommonPrefix.builder().prefix("b/").build()).build();
    }

    @Override
    public ListBucketsResponse listBuckets(ListBucketsRequest request) {
        lastOperation = "ListBuckets";
        return ListBucketsResponse.builder().buckets(Bucket.builder().name("b1").creationDate(Instant.parse("2026-01-02T03:04:05Z")).build()).build();
    }

    @Override
    public CreateBucketResponse createBucket(CreateBucketRequest request) {
        lastOperation = "CreateBucket";
        if (request.bucket().equals("taken")) {
            throw BucketAlreadyExistsException.builder().message("The requested bucket name is not available.").build();
        }
        String region = request.createBucketConfiguration() == null ? "" : request.createBucketConfiguration().locationConstraintAsString();
        return CreateBucketResponse.builder().location("/" + request.bucket() + region).build();
    }

    @Override
    public GetBucketLocationResponse getBucketLocation(GetBucketLocationRequest request) {
        lastOperation = "GetBucketLocation";
        return GetBucketLocationResponse.builder().locationConstraint("eu-west-1").build();
    }

    @Override
    public GetBucketPolicyResponse getBucketPolicy(GetBucketPolicyRequest request) {
        throw AwsErrors.of(S3Exception.builder(), "NoSuchBucketPolicy", 404, "The bucket policy does not exist");
    }

    @Override
    public PutBucketVersioningResponse putBucketVersioning(PutBucketVersioningRequest request) {
        lastOperation = "PutBucketVersioning " + request.versioningConfiguration().statusAsString();
        return PutBucketVersioningResponse.builder().build();
    }

    @Override
    public CreateMultipartUploadResponse createMultipartUpload(CreateMultipartUploadRequest request) {
        lastOperation = "CreateMultipartUpload";
        return CreateMultipartUploadResponse.builder().bucket(request.bucket()).key(request.key()).uploadId("u/1+2").build();
    }

    @Override
    public UploadPartResponse uploadPart(UploadPartRequest request, RequestBody body) {
        lastOperation = "UploadPart";
        parts.put(request.uploadId() + "#" + request.partNumber(), read(body));
        return UploadPartResponse.builder().eTag("\"p" + request.partNumber() + "\"").build();
    }

    @Override
    public ListPartsResponse listParts(ListPartsRequest request) {
        lastOperation = "ListParts";
        return ListPartsResponse.builder().uploadId(request.uploadId()).parts(Part.builder().partNumber(1).build()).build();
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(CompleteMultipartUploadRequest request) {
        lastOperation = "CompleteMultipartUpload";
        return CompleteMultipartUploadResponse.builder().eTag(request.multipartUpload().parts().stream().map(CompletedPart::eTag).toList()
                .toString()).build();
    }

    @Override
    public AbortMultipartUploadResponse abortMultipartUpload(AbortMultipartUploadRequest request) {
        lastOperation = "AbortMultipartUpload";
        return AbortMultipartUploadResponse.builder().build();
    }

    private Stored find(String bucket, String key) {
        Stored stored = objects.get(bucket + "/" + key);
        if (stored == null) {
            throw NoSuchKeyException.builder().message("The specified key does not exist.").build();
        }
        return stored;
    }

    private static byte[] read(RequestBody body) {
        try (InputStream in = body.contentStreamProvider().newStream()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String serviceName() {
        return "s3";
    }

    @Override
    public void close() {}
}
