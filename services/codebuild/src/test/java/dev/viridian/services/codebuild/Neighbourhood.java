package dev.viridian.services.codebuild;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Principal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogGroupRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogGroupResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogStreamRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogStreamResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.StsException;

/// S3, Logs and STS as far as builds need them.
final class Neighbourhood {
    static final String ROLE = "arn:aws:iam::111122223333:role/build";
    static final Caller CALLER = new Caller("111122223333", "us-east-1", new Principal.User("111122223333", "ann", "AIDAANN"), "request");

    final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    final Map<String, PutObjectRequest> puts = new ConcurrentHashMap<>();
    final List<InputLogEvent> events = new CopyOnWriteArrayList<>();
    final List<String> streams = new CopyOnWriteArrayList<>();
    final List<String> sessions = new CopyOnWriteArrayList<>();

    final S3Client s3 = new S3Client() {
        @Override
        public String serviceName() {
            return "s3";
        }

        @Override
        public void close() {}

        @Override
        public ResponseInputStream<GetObjectResponse> getObject(GetObjectRequest request) {
            byte[] content = objects.get(request.bucket() + "/" + request.key());
            if (content == null) {
                throw NoSuchKeyException.builder().message("The specified key does not exist.").build();
            }
            return new ResponseInputStream<>(GetObjectResponse.builder().build(), AbortableInputStream.create(new ByteArrayInputStream(content)));
        }

        @Override
        public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
            sessions.add(Caller.current().principal().arn());
            try {
                objects.put(request.bucket() + "/" + request.key(), body.contentStreamProvider().newStream().readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            puts.put(request.bucket() + "/" + request.key(), request);
            return PutObjectResponse.builder().build();
        }
    };

    final CloudWatchLogsClient logs = new CloudWatchLogsClient() {
        @Override
        public String serviceName() {
            return "logs";
        }

        @Override
        public void close() {}

        @Override
        public CreateLogGroupResponse createLogGroup(CreateLogGroupRequest request) {
            return CreateLogGroupResponse.builder().build();
        }

        @Override
        public CreateLogStreamResponse createLogStream(CreateLogStreamRequest request) {
            streams.add(request.logGroupName() + " " + request.logStreamName());
            return CreateLogStreamResponse.builder().build();
        }

        @Override
        public PutLogEventsResponse putLogEvents(PutLogEventsRequest request) {
            events.addAll(request.logEvents());
            return PutLogEventsResponse.builder().build();
        }
    };

    final StsClient sts = new StsClient() {
        @Override
        public String serviceName() {
            return "sts";
        }

        @Override
        public void close() {}

        @Override
        public AssumeRoleResponse assumeRole(AssumeRoleRequest request) {
            if (!request.roleArn().equals(ROLE) || !Caller.current().principal().arn().equals("codebuild.amazonaws.com")) {
                throw (StsException) StsException.builder().message("not authorized").build();
            }
            return AssumeRoleResponse.builder().credentials(credentials -> credentials.accessKeyId("ASIAQQQQQQQQQQQQQQQQ").secretAccessKey("secret")
                    .sessionToken("token").expiration(java.time.Instant.parse("2030-01-01T00:00:00Z"))).build();
        }
    };

    /// Without the agent's stamps.
    List<String> log() {
        return events.stream().map(InputLogEvent::message).map(text -> text.replaceFirst("^\\[Container\\] \\S+ \\S+ ", "# ").stripTrailing()).toList();
    }

    static byte[] zip(Map<String, String> files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                ZipArchiveEntry entry = new ZipArchiveEntry(file.getKey());
                entry.setUnixMode(0100755);
                zip.putArchiveEntry(entry);
                zip.write(file.getValue().getBytes());
                zip.closeArchiveEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    Map<String, String> unzip(String object) {
        Map<String, String> files = new LinkedHashMap<>();
        try (ZipArchiveInputStream zip = new ZipArchiveInputStream(new ByteArrayInputStream(objects.get(object)))) {
            for (ZipArchiveEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), new String(zip.readAllBytes()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    static String buildspec(String... lines) {
        return List.of(lines).stream().collect(Collectors.joining("\n", "", "\n"));
    }
}
