package dev.viridian.services.ecs;

import dev.viridian.aws.Arn;
import dev.viridian.aws.Caller;
import dev.viridian.engine.Decision;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ecs.model.EnvironmentFile;
import software.amazon.awssdk.services.s3.S3Client;

/// Reads `environmentFiles` from S3, as the task's execution role when it has one.
///
/// Source: ECS Developer Guide, "Pass environment variables to an Amazon ECS container".
final class EnvironmentFiles {
    private final S3Client s3;

    EnvironmentFiles(S3Client s3) {
        this.s3 = s3;
    }

    /// Later files do not override what earlier ones say: ECS processes them from the top down and the first value stays.
    ///
    /// @throws StartFailure when one of them cannot be read
    Map<String, String> read(Iterable<EnvironmentFile> files, Caller caller, @Nullable String executionRole) {
        Map<String, String> values = new LinkedHashMap<>();
        for (EnvironmentFile file : files) {
            parse(text(file.value(), caller, executionRole)).forEach(values::putIfAbsent);
        }
        return values;
    }

    private String text(String arn, Caller caller, @Nullable String executionRole) {
        String resource = Arn.parse(arn).resource();
        String bucket = resource.substring(0, resource.indexOf('/'));
        String key = resource.substring(resource.indexOf('/') + 1);
        Caller reader = executionRole == null || !Arn.isArn(executionRole) ? caller : caller.as(executionRole, "ecs-environment-files");
        try {
            return Caller.get(reader, () -> s3.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asUtf8String());
        } catch (AwsServiceException e) {
            throw StartFailure.ofTask("ResourceInitializationError: failed to download env files: file download command: non empty error stream: "
                    + "service call has been retried 1 time(s): " + e.getMessage());
        }
    }

    /// `NAME=value` a line, nothing quoted; lines that begin with `#` and lines without `=` say nothing.
    @Decision
    static Map<String, String> parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        text.lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (!line.startsWith("#") && equals > 0) {
                values.put(line.substring(0, equals).trim(), line.substring(equals + 1));
            }
        });
        return values;
    }
}
