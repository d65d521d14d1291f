package dev.viridian.services.s3;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Principal;
import dev.viridian.aws.shapes.ShapesMapper;
import dev.viridian.engine.store.SqliteStore;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.VirtualTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/// An S3 in memory with its blobs in a temporary folder, and the words tests use.
final class S3World {
    static final String ACCOUNT = "111122223333";
    final VirtualTime time = new VirtualTime();
    final Store store = SqliteStore.inMemory(ShapesMapper.create());
    final Path folder;
    S3 s3;

    S3World(Path folder) {
        this.folder = folder;
        this.s3 = new S3(store, time, folder);
    }

    /// As a process that was killed and started again.
    void restart() {
        s3 = new S3(store, time, folder);
    }

    void as(String account, String region, Runnable body) {
        Caller.run(new Caller(account, region, new Principal.Root(account), "r"), body);
    }

    <R> R get(Supplier<R> body) {
        return Caller.get(new Caller(ACCOUNT, "us-east-1", new Principal.Root(ACCOUNT), "r"), body);
    }

    void in(Runnable body) {
        as(ACCOUNT, "us-east-1", body);
    }

    void bucket(String name) {
        in(() -> s3.createBucket(b -> b.bucket(name)));
    }

    PutObjectResponse put(String bucket, String key, String text) {
        return get(() -> s3.putObject(b -> b.bucket(bucket).key(key), RequestBody.fromString(text)));
    }

    String text(String bucket, String key) {
        return text(GetObjectRequest.builder().bucket(bucket).key(key).build());
    }

    String text(GetObjectRequest request) {
        return get(() -> {
            try (ResponseInputStream<GetObjectResponse> in = s3.getObject(request)) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    AbstractThrowableAssert<?, ? extends Throwable> refused(String code, ThrowingCallable call) {
        return Assertions.assertThatThrownBy(() -> Caller.call(new Caller(ACCOUNT, "us-east-1", new Principal.Root(ACCOUNT), "r"), () -> {
            try {
                call.call();
            } catch (Exception | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
            return true;
        })).isInstanceOfSatisfying(AwsServiceException.class, e -> Assertions.assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code));
    }

    /// How many blobs lie in the folder.
    long blobs() {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
