package dev.viridian.services.codedeploy.world;

import java.io.ByteArrayInputStream;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/// One bucket.
public final class FakeS3 implements S3Client {
    public final Faults faults = new Faults();
    public final Map<String, byte[]> objects = new TreeMap<>();

    @Override
    public HeadObjectResponse headObject(HeadObjectRequest request) {
        faults.check("headObject");
        return HeadObjectResponse.builder().contentLength((long) object(request.key()).length).build();
    }

    @Override
    public <T> T getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
        faults.check("getObject");
        byte[] bytes = object(request.key());
        try {
            return transformer.transform(GetObjectResponse.builder().build(), AbortableInputStream.create(new ByteArrayInputStream(bytes)));
        } catch (Exception e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
    }

    private byte[] object(String key) {
        return Optional.ofNullable(objects.get(key))
                .orElseThrow(() -> NoSuchKeyException.builder()
                        .message("The specified key does not exist.")
                        .statusCode(404)
                        .build());
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // nothing to close
    }
}
