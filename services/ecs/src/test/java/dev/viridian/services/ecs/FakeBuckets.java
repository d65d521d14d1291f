package dev.viridian.services.ecs;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/// Objects by `bucket/key`.
final class FakeBuckets implements S3Client {
    private final Map<String, String> objects = new HashMap<>();

    void put(String path, String text) {
        objects.put(path, text);
    }

    @Override
    public <R> R getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, R> reader) {
        String text = objects.get(request.bucket() + "/" + request.key());
        if (text == null) {
            throw NoSuchKeyException.builder().message("The specified key does not exist.").build();
        }
        try {
            return reader.transform(GetObjectResponse.builder().build(),
                    AbortableInputStream.create(new java.io.ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))));
        } catch (Exception e) {
            throw new IllegalStateException("a string could not be read", e);
        }
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
    }
}
