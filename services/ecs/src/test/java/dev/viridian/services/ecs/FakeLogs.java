package dev.viridian.services.ecs;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogGroupRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogGroupResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogStreamRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogStreamResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;

/// Log groups in memory.
final class FakeLogs implements CloudWatchLogsClient {
    private final Map<String, Map<String, List<String>>> groups = new ConcurrentSkipListMap<>();

    FakeLogs group(String name) {
        groups.put(name, new ConcurrentSkipListMap<>());
        return this;
    }

    List<String> groups() {
        return List.copyOf(groups.keySet());
    }

    /// Stream name to its lines.
    Map<String, List<String>> streams(String group) {
        return groups.get(group);
    }

    @Override
    public CreateLogGroupResponse createLogGroup(CreateLogGroupRequest request) {
        if (groups.putIfAbsent(request.logGroupName(), new ConcurrentSkipListMap<>()) != null) {
            throw ResourceAlreadyExistsException.builder().message("The specified log group already exists").build();
        }
        return CreateLogGroupResponse.builder().build();
    }

    @Override
    public CreateLogStreamResponse createLogStream(CreateLogStreamRequest request) {
        if (known(request.logGroupName()).putIfAbsent(request.logStreamName(), new CopyOnWriteArrayList<>()) != null) {
            throw ResourceAlreadyExistsException.builder().message("The specified log stream already exists").build();
        }
        return CreateLogStreamResponse.builder().build();
    }

    @Override
    public PutLogEventsResponse putLogEvents(PutLogEventsRequest request) {
        known(request.logGroupName()).get(request.logStreamName()).addAll(request.logEvents().stream().map(InputLogEvent::message).toList());
        return PutLogEventsResponse.builder().build();
    }

    private Map<String, List<String>> known(String group) {
        if (!groups.containsKey(group)) {
            throw ResourceNotFoundException.builder().message("The specified log group does not exist.").build();
        }
        return groups.get(group);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
    }
}
