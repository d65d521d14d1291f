package dev.viridian.services.elbv2;

import dev.viridian.aws.AwsErrors;
import dev.viridian.aws.Caller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// S3 with buckets called `logs` and `others`, which let in whom a test says.
final class LogBucket implements S3Client {
    /// By `bucket/key`.
    final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();
    final List<PutObjectRequest> puts = new CopyOnWriteArrayList<>();
    volatile Predicate<Caller> lets = caller -> true;
    volatile String region = "us-east-1";

    @Override
    public HeadBucketResponse headBucket(HeadBucketRequest request) {
        exists(request.bucket());
        return HeadBucketResponse.builder().bucketRegion(region).build();
    }

    @Override
    public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
        exists(request.bucket());
        if (!lets.test(Caller.current())) {
            throw refusal("AccessDenied", 403, "Access Denied");
        }
        try (InputStream in = body.contentStreamProvider().newStream()) {
            objects.put(request.bucket() + "/" + request.key(), in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        puts.add(request);
        return PutObjectResponse.builder().build();
    }

    private static void exists(String bucket) {
        if (!bucket.equals("logs") && !bucket.equals("others")) {
            throw refusal("NoSuchBucket", 404, "The specified bucket does not exist");
        }
    }

    private static RuntimeException refusal(String code, int status, String message) {
        return AwsErrors.of(S3Exception.builder(), code, status, message);
    }

    /// Keys of delivered logs of a bucket.
    List<String> logs(String bucket) {
        return objects.keySet().stream().filter(key -> key.startsWith(bucket + "/") && key.endsWith(".log.gz")).toList();
    }

    /// All lines delivered to a bucket.
    List<String> lines(String bucket) {
        List<String> lines = new ArrayList<>();
        for (String key : logs(bucket)) {
            try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(objects.get(key)))) {
                lines.addAll(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).lines().toList());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return lines;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // holds nothing
    }
}
