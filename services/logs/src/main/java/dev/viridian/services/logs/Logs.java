package dev.viridian.services.logs;

import dev.viridian.aws.Caller;
import dev.viridian.aws.shapes.Pages;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.Time;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.*;

/// CloudWatch Logs.
public final class Logs implements CloudWatchLogsClient {
    /// Source: PutRetentionPolicy API reference.
    private static final List<Integer> RETENTIONS = List.of(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557,
            2922, 3288, 3653);
    private static final int PAGE = 50;
    private static final Duration SWEEP = Duration.ofHours(1);

    private final Groups groups;
    private final Reading reading;
    private final Filtering filtering;
    private final Store store;
    private final Time time;
    private final Time.Scheduled sweep;

    public Logs(Store store, Time time) {
        this.groups = new Groups(store);
        this.reading = new Reading(groups);
        this.filtering = new Filtering(groups);
        this.store = store;
        this.time = time;
        this.sweep = time.every(SWEEP, () -> groups.sweep(time.now()));
    }

    @Override
    public CreateLogGroupResponse createLogGroup(CreateLogGroupRequest request) {
        if (request.kmsKeyId() != null) {
            throw LogsErrors.invalid("Viridian does not encrypt log groups with KMS keys. Leave out kmsKeyId.");
        }
        if (request.logGroupName().startsWith("aws/")) {
            throw LogsErrors.invalid("Log groups starting with aws/ are reserved for AWS.");
        }
        groups.create(new Group(Caller.current().account(), Caller.current().region(), request.logGroupName(), time.now(), null,
                request.logGroupClass() == null ? "STANDARD" : request.logGroupClassAsString(),
                        Boolean.TRUE.equals(request.deletionProtectionEnabled()), request.tags()));
        return CreateLogGroupResponse.builder().build();
    }

    @Override
    public DeleteLogGroupResponse deleteLogGroup(DeleteLogGroupRequest request) {
        groups.delete(groups.group(request.logGroupName(), null));
        return DeleteLogGroupResponse.builder().build();
    }

    @Override
    public PutLogGroupDeletionProtectionResponse putLogGroupDeletionProtection(PutLogGroupDeletionProtectionRequest request) {
        store.transact(() -> groups.update(groups.group(null, request.logGroupIdentifier()).withProtection(request.deletionProtectionEnabled())));
        return PutLogGroupDeletionProtectionResponse.builder().build();
    }

    @Override
    public DescribeLogGroupsResponse describeLogGroups(DescribeLogGroupsRequest request) {
        if (request.logGroupNamePrefix() != null && request.logGroupNamePattern() != null) {
            throw LogsErrors.invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
        }
        Set<String> wanted = request.hasLogGroupIdentifiers() ? Set.copyOf(request.logGroupIdentifiers().stream().map(Groups::nameOf).toList())
                : Set.of();
        List<Group> found = groups.list().stream()
                .filter(group -> request.logGroupNamePrefix() == null || group.name().startsWith(request.logGroupNamePrefix()))
                .filter(group -> request.logGroupNamePattern() == null
                        || group.name().toLowerCase(Locale.ROOT).contains(request.logGroupNamePattern().toLowerCase(Locale.ROOT)))
                .filter(group -> request.logGroupClass() == null || group.groupClass().equals(request.logGroupClassAsString()))
                .filter(group -> wanted.isEmpty() || wanted.contains(group.name()))
                .sorted(Comparator.comparing(Group::name)).toList();
        Pages.Page<Group> page = page(() -> Pages.of(found, Group::name, request.nextToken(), request.limit(), PAGE));
        return DescribeLogGroupsResponse.builder().logGroups(page.items().stream().map(this::shown).toList()).nextToken(page.nextToken()).build();
    }

    @Override
    public CreateLogStreamResponse createLogStream(CreateLogStreamRequest request) {
        store.transact(() -> groups.create(groups.group(request.logGroupName(), null),
                Stream.empty(request.logGroupName(), request.logStreamName(), time.now())));
        return CreateLogStreamResponse.builder().build();
    }

    @Override
    public DeleteLogStreamResponse deleteLogStream(DeleteLogStreamRequest request) {
        store.transact(() -> {
            Group group = groups.group(request.logGroupName(), null);
            groups.delete(group, groups.stream(group, request.logStreamName()));
        });
        return DeleteLogStreamResponse.builder().build();
    }

    @Override
    public DescribeLogStreamsResponse describeLogStreams(DescribeLogStreamsRequest request) {
        Group group = groups.group(request.logGroupName(), request.logGroupIdentifier());
        boolean byTime = request.orderBy() == OrderBy.LAST_EVENT_TIME;
        String prefix = request.logStreamNamePrefix();
        if (byTime && prefix != null) {
            throw LogsErrors.invalid("Cannot order by LastEventTime with a logStreamNamePrefix.");
        }
        Comparator<Stream> order = byTime ? Comparator.comparingLong((Stream stream) -> stream.last() == null ? 0 : stream.last())
                .thenComparing(Stream::name)
                : Comparator.comparing(Stream::name);
        List<Stream> found = groups.streams(group).stream().filter(stream -> prefix == null || stream.name().startsWith(prefix))
                .sorted(Boolean.TRUE.equals(request.descending()) ? order.reversed() : order).toList();
        Pages.Page<Stream> page = page(() -> Pages.of(found, request.nextToken(), request.limit(), PAGE));
        return DescribeLogStreamsResponse.builder().logStreams(page.items().stream().map(stream -> shown(group, stream)).toList())
                .nextToken(page.nextToken()).build();
    }

    @Override
    public PutLogEventsResponse putLogEvents(PutLogEventsRequest request) {
        return store.transact(() -> {
            Group group = groups.group(request.logGroupName(), null);
            Batch batch = Batch.of(request.logEvents(), group, time.now());
            Stream stream = groups.append(group, request.logStreamName(), batch.accepted());
            return PutLogEventsResponse.builder().nextSequenceToken(String.format("%056d", stream.lines()))
                    .rejectedLogEventsInfo(batch.rejected().orElse(null)).build();
        });
    }

    @Override
    public GetLogEventsResponse getLogEvents(GetLogEventsRequest request) {
        return reading.get(request, time.now());
    }

    @Override
    public FilterLogEventsResponse filterLogEvents(FilterLogEventsRequest request) {
        return filtering.filter(request, time.now());
    }

    @Override
    public PutRetentionPolicyResponse putRetentionPolicy(PutRetentionPolicyRequest request) {
        if (!RETENTIONS.contains(request.retentionInDays())) {
            throw LogsErrors.invalid("1 validation error detected: Value '" + request.retentionInDays()
                    + "' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: " + RETENTIONS);
        }
        store.transact(() -> groups.update(groups.group(request.logGroupName(), null).withRetention(request.retentionInDays())));
        return PutRetentionPolicyResponse.builder().build();
    }

    @Override
    public DeleteRetentionPolicyResponse deleteRetentionPolicy(DeleteRetentionPolicyRequest request) {
        store.transact(() -> groups.update(groups.group(request.logGroupName(), null).withRetention(null)));
        return DeleteRetentionPolicyResponse.builder().build();
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        tag(null, request.resourceArn(), request.tags());
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        untag(null, request.resourceArn(), request.tagKeys());
        return UntagResourceResponse.builder().build();
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return ListTagsForResourceResponse.builder().tags(groups.group(null, request.resourceArn()).tags()).build();
    }

    @Override
    @Deprecated
    public TagLogGroupResponse tagLogGroup(TagLogGroupRequest request) {
        tag(request.logGroupName(), null, request.tags());
        return TagLogGroupResponse.builder().build();
    }

    @Override
    @Deprecated
    public UntagLogGroupResponse untagLogGroup(UntagLogGroupRequest request) {
        untag(request.logGroupName(), null, request.tags());
        return UntagLogGroupResponse.builder().build();
    }

    @Override
    @Deprecated
    public ListTagsLogGroupResponse listTagsLogGroup(ListTagsLogGroupRequest request) {
        return ListTagsLogGroupResponse.builder().tags(groups.group(request.logGroupName(), null).tags()).build();
    }

    private void tag(@Nullable String name, @Nullable String arn, Map<String, String> tags) {
        store.transact(() -> {
            Group group = groups.group(name, arn);
            Map<String, String> next = new HashMap<>(group.tags());
            next.putAll(tags);
            if (next.size() > PAGE) {
                throw TooManyTagsException.builder().message("The resource has too many tags: at most 50 are allowed.").resourceName(group.arn())
                        .build();
            }
            groups.update(group.withTags(next));
        });
    }

    private void untag(@Nullable String name, @Nullable String arn, List<String> keys) {
        store.transact(() -> {
            Group group = groups.group(name, arn);
            Map<String, String> next = new HashMap<>(group.tags());
            keys.forEach(next::remove);
            groups.update(group.withTags(next));
        });
    }

    private LogGroup shown(Group group) {
        return LogGroup.builder().logGroupName(group.name()).creationTime(group.created().toEpochMilli()).retentionInDays(group.retentionInDays())
                .metricFilterCount(0).arn(group.arn() + ":*").logGroupArn(group.arn()).logGroupClass(group.groupClass())
                .deletionProtectionEnabled(group.protectedFromDeletion())
                .storedBytes(groups.streams(group).stream().mapToLong(Stream::bytes).sum()).build();
    }

    private static LogStream shown(Group group, Stream stream) {
        return LogStream.builder().logStreamName(stream.name()).creationTime(stream.created().toEpochMilli()).firstEventTimestamp(stream.first())
                .lastEventTimestamp(stream.last()).lastIngestionTime(stream.lastArrival()).arn(group.arn() + ":log-stream:" + stream.name())
                .uploadSequenceToken(String.format("%056d", stream.lines())).storedBytes(0L).build();
    }

    private static <T> Pages.Page<T> page(java.util.function.Supplier<Pages.Page<T>> cut) {
        try {
            return cut.get();
        } catch (Pages.InvalidToken e) {
            throw LogsErrors.invalidToken();
        }
    }

    @Override
    public String serviceName() {
        return "logs";
    }

    @Override
    public void close() {
        sweep.close();
    }
}
