package dev.viridian.services.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.aws.Caller;
import dev.viridian.aws.shapes.ShapesMapper;
import dev.viridian.engine.store.SqliteStore;
import dev.viridian.engine.time.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatchlogs.model.*;

class LogsTest {
    private static final String GROUP = "/ecs/shop";
    private final VirtualTime time = new VirtualTime();
    private final SqliteStore store = SqliteStore.inMemory(ShapesMapper.create());
    private final Logs logs = new Logs(store, time);
    private final long start = time.now().toEpochMilli();

    @BeforeEach
    void aGroupWithAStream() {
        as(() -> {
            logs.createLogGroup(request -> request.logGroupName(GROUP));
            logs.createLogStream(request -> request.logGroupName(GROUP).logStreamName("web/1"));
        });
    }

    @AfterEach
    void close() {
        logs.close();
        store.close();
    }

    @Test
    void lines_come_back_from_either_end_and_tokens_repeat_at_the_end() {
        as(() -> {
            put("web/1", 0, "a", "b", "c", "d", "e");

            GetLogEventsResponse head = logs.getLogEvents(request -> request.logGroupName(GROUP).logStreamName("web/1").startFromHead(true).limit(2));
            assertThat(texts(head)).containsExactly("a", "b");
            assertThat(head.nextForwardToken()).matches("f/\\d{56}/s");
            GetLogEventsResponse next = follow(head.nextForwardToken());
            assertThat(texts(next)).containsExactly("c", "d", "e");
            assertThat(follow(next.nextForwardToken()).nextForwardToken()).isEqualTo(next.nextForwardToken());
            assertThat(texts(follow(next.nextBackwardToken()))).containsExactly("a", "b");

            GetLogEventsResponse tail = logs.getLogEvents(request -> request.logGroupName(GROUP).logStreamName("web/1").limit(2));
            assertThat(texts(tail)).containsExactly("d", "e");
            assertThat(texts(follow(tail.nextBackwardToken()))).containsExactly("a", "b", "c");
            put("web/1", 100, "later");
            assertThat(texts(follow(next.nextForwardToken()))).containsExactly("later");
        });
    }

    @Test
    void an_empty_stream_has_tokens_that_find_what_comes() {
        as(() -> {
            GetLogEventsResponse empty = logs.getLogEvents(request -> request.logGroupName(GROUP).logStreamName("web/1").startFromHead(true));
            assertThat(empty.events()).isEmpty();
            put("web/1", 0, "first");
            assertThat(texts(follow(empty.nextForwardToken()))).containsExactly("first");
            assertThatThrownBy(() -> follow("nonsense")).isInstanceOf(InvalidParameterException.class)
                    .hasMessage("The specified nextToken is invalid.");
        });
    }

    @Test
    void times_bound_what_is_read() {
        as(() -> {
            put("web/1", 0, "a", "b", "c");
            assertThat(texts(logs.getLogEvents(request -> request.logGroupName(GROUP).logStreamName("web/1").startTime(start + 1)
                    .endTime(start + 2)))).containsExactly("b");
            assertThat(filter(request -> request.startTime(start + 1).endTime(start + 2))).containsExactly("b", "c");
        });
    }

    @Test
    void thousands_of_lines_one_by_one_and_in_batches_stay_in_order() {
        as(() -> {
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                put("web/1", i, "line " + i);
                expected.add("line " + i);
            }
            String[] batch = IntStream.range(300, 5000).mapToObj(i -> "line " + i).toArray(String[]::new);
            put("web/1", 300, batch);
            expected.addAll(List.of(batch));

            assertThat(texts(logs.getLogEvents(request -> request.logGroupName(GROUP).logStreamName("web/1").startFromHead(true))))
                    .isEqualTo(expected);
            assertThat(texts(logs.getLogEvents(request -> request.logGroupName(GROUP).logStreamName("web/1").startTime(start + 4990)
                    .startFromHead(true))))
                    .isEqualTo(expected.subList(4990, 5000));
            List<String> backwards = new ArrayList<>();
            GetLogEventsResponse page = logs.getLogEvents(request -> request.logGroupName(GROUP).logStreamName("web/1").limit(777));
            while (!page.events().isEmpty()) {
                backwards.addAll(0, texts(page));
                String token = page.nextBackwardToken();
                page = logs.getLogEvents(request -> request.logGroupName(GROUP).logStreamName("web/1").limit(777).nextToken(token));
            }
            assertThat(backwards).isEqualTo(expected);
        });
    }

    @Test
    void lines_that_arrive_late_are_read_where_they_belong() {
        as(() -> {
            Random random = new Random(11);
            List<Integer> times = new ArrayList<>(IntStream.range(0, 500).boxed().toList());
            java.util.Collections.shuffle(times, random);
            times.forEach(at -> put("web/1", at, "at " + at + " " + "x".repeat(200)));

            assertThat(logs.getLogEvents(request -> request.logGroupName(GROUP).logStreamName("web/1").startFromHead(true)).events())
                    .extracting(OutputLogEvent::timestamp).containsExactlyElementsOf(IntStream.range(0, 500).mapToObj(i -> start + i).toList());
            assertThat(logs.getLogEvents(request -> request.logGroupName(GROUP).logStreamName("web/1").limit(3)).events())
                    .extracting(OutputLogEvent::timestamp).containsExactly(start + 497, start + 498, start + 499);
        });
    }

    @Test
    void many_streams_are_merged_by_time_page_by_page() {
        as(() -> {
            List<String> expected = new ArrayList<>();
            for (int s = 0; s < 4; s++) {
                int stream = s;
                logs.createLogStream(request -> request.logGroupName(GROUP).logStreamName("task/" + stream));
            }
            for (int i = 0; i < 100; i++) {
                put("task/" + i % 4, i / 2, "line " + i);
                expected.add("line " + i);
            }
            List<FilteredLogEvent> found = new ArrayList<>();
            FilterLogEventsResponse page = logs.filterLogEvents(request -> request.logGroupName(GROUP).limit(7));
            found.addAll(page.events());
            while (page.nextToken() != null) {
                String token = page.nextToken();
                page = logs.filterLogEvents(request -> request.logGroupName(GROUP).limit(7).nextToken(token));
                found.addAll(page.events());
            }
            assertThat(found).extracting(FilteredLogEvent::message).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(found).extracting(FilteredLogEvent::timestamp).isSorted();
            assertThat(found).extracting(FilteredLogEvent::eventId).doesNotHaveDuplicates();
            assertThat(filter(request -> request.logStreamNamePrefix("task/1"))).hasSize(25);
            assertThat(filter(request -> request.logStreamNames("task/1", "task/2").filterPattern("\"line 1\""))).hasSize(6);
            assertThatThrownBy(() -> filter(request -> request.logStreamNames("task/1").logStreamNamePrefix("x")))
                    .isInstanceOf(InvalidParameterException.class);
        });
    }

    @Test
    void a_batch_must_be_in_order_and_in_bounds() {
        as(() -> {
            assertThatThrownBy(() -> logs.putLogEvents(request -> request.logGroupName(GROUP).logStreamName("web/1")
                    .logEvents(event(1, "b"), event(0, "a"))))
                    .isInstanceOf(InvalidParameterException.class)
                            .hasMessage("Log events in a single PutLogEvents request must be in chronological order.");
            assertThatThrownBy(() -> put("web/1", 0, "x".repeat(1_048_576))).isInstanceOf(InvalidParameterException.class)
                    .hasMessageStartingWith("Upload too large:");
            assertThatThrownBy(() -> put("none", 0, "x")).isInstanceOf(ResourceNotFoundException.class)
                    .hasMessage("The specified log stream does not exist.");
            long hour = Duration.ofHours(1).toMillis();
            RejectedLogEventsInfo old = logs.putLogEvents(request -> request.logGroupName(GROUP).logStreamName("web/1")
                    .logEvents(event(-15 * 24 * hour, "too old"))).rejectedLogEventsInfo();
            assertThat(old.tooOldLogEventEndIndex()).isEqualTo(1);
            RejectedLogEventsInfo future = logs.putLogEvents(request -> request.logGroupName(GROUP).logStreamName("web/1")
                    .logEvents(event(0, "fine"), event(3 * hour, "too new"))).rejectedLogEventsInfo();
            assertThat(future.tooNewLogEventStartIndex()).isEqualTo(1);
            assertThat(filter(request -> request)).containsExactly("fine");
        });
    }

    @Test
    void retention_hides_at_once_and_frees_later() {
        as(() -> {
            assertThatThrownBy(() -> logs.putRetentionPolicy(request -> request.logGroupName(GROUP).retentionInDays(2)))
                    .isInstanceOf(InvalidParameterException.class);
            logs.putRetentionPolicy(request -> request.logGroupName(GROUP).retentionInDays(1));
            assertThat(logs.describeLogGroups().logGroups().getFirst().retentionInDays()).isEqualTo(1);
            for (int i = 0; i < 100; i++) {
                put("web/1", i, "x".repeat(1000));
            }
        });
        time.advance(Duration.ofHours(25));
        as(() -> {
            assertThat(filter(request -> request)).isEmpty();
            assertThat(store.table("logs.segments", Segment.class).list()).isEmpty();
            put("web/1", Duration.ofHours(25).toMillis(), "after");
            assertThat(filter(request -> request)).containsExactly("after");
            assertThat(logs.describeLogStreams(request -> request.logGroupName(GROUP)).logStreams().getFirst().lastEventTimestamp())
                    .isEqualTo(start + Duration.ofHours(25).toMillis());
        });
    }

    @Test
    void groups_and_streams_are_made_once_listed_by_page_and_deleted_whole() {
        as(() -> {
            assertThatThrownBy(() -> logs.createLogGroup(request -> request.logGroupName(GROUP))).isInstanceOf(ResourceAlreadyExistsException.class)
                    .hasMessage("The specified log group already exists");
            assertThatThrownBy(() -> logs.createLogStream(request -> request.logGroupName("none").logStreamName("x")))
                    .isInstanceOf(ResourceNotFoundException.class)
                    .hasMessage("The specified log group does not exist.");
            logs.createLogGroup(request -> request.logGroupName("/aws/codebuild/app").tags(Map.of("a", "b")));
            DescribeLogGroupsResponse first = logs.describeLogGroups(request -> request.limit(1));
            assertThat(first.logGroups()).extracting(LogGroup::logGroupName).containsExactly("/aws/codebuild/app");
            assertThat(logs.describeLogGroups(request -> request.nextToken(first.nextToken())).logGroups()).extracting(LogGroup::logGroupName)
                    .containsExactly(GROUP);
            assertThat(logs.describeLogGroups(request -> request.logGroupNamePrefix("/ecs")).logGroups().getFirst().arn())
                    .isEqualTo("arn:aws:logs:us-east-1:111122223333:log-group:/ecs/shop:*");
            String arn = logs.describeLogGroups().logGroups().getFirst().logGroupArn();
            logs.tagResource(request -> request.resourceArn(arn).tags(Map.of("c", "d")));
            logs.untagResource(request -> request.resourceArn(arn).tagKeys("a"));
            assertThat(logs.listTagsForResource(request -> request.resourceArn(arn)).tags()).isEqualTo(Map.of("c", "d"));
            put("web/1", 0, "x");
            logs.deleteLogGroup(request -> request.logGroupName(GROUP));
            assertThat(store.table("logs.segments", Segment.class).list()).isEmpty();
            assertThatThrownBy(() -> filter(request -> request)).isInstanceOf(ResourceNotFoundException.class);
        });
        Caller.run(Caller.service("x", "444455556666", "us-east-1"), () -> assertThat(logs.describeLogGroups().logGroups()).isEmpty());
    }

    @Test
    void streams_are_ordered_by_name_or_by_last_event() {
        as(() -> {
            logs.createLogStream(request -> request.logGroupName(GROUP).logStreamName("web/0"));
            put("web/0", 0, "x");
            put("web/1", 5, "y");
            assertThat(streams(request -> request)).containsExactly("web/0", "web/1");
            assertThat(streams(request -> request.orderBy("LastEventTime").descending(true))).containsExactly("web/1", "web/0");
            assertThatThrownBy(() -> streams(request -> request.orderBy("LastEventTime").logStreamNamePrefix("web")))
                    .isInstanceOf(InvalidParameterException.class)
                    .hasMessage("Cannot order by LastEventTime with a logStreamNamePrefix.");
            LogStream stream = logs.describeLogStreams(request -> request.logGroupName(GROUP).logStreamNamePrefix("web/1")).logStreams().getFirst();
            assertThat(stream.firstEventTimestamp()).isEqualTo(start + 5);
            assertThat(stream.lastIngestionTime()).isEqualTo(start);
        });
    }

    @Test
    void a_protected_group_stays() {
        as(() -> {
            logs.putLogGroupDeletionProtection(request -> request.logGroupIdentifier(GROUP).deletionProtectionEnabled(true));
            assertThatThrownBy(() -> logs.deleteLogGroup(request -> request.logGroupName(GROUP))).isInstanceOf(ValidationException.class);
        });
    }

    private List<String> streams(java.util.function.UnaryOperator<DescribeLogStreamsRequest.Builder> request) {
        return logs.describeLogStreams(request.apply(DescribeLogStreamsRequest.builder().logGroupName(GROUP)).build()).logStreams().stream()
                .map(LogStream::logStreamName).toList();
    }

    private List<String> filter(java.util.function.UnaryOperator<FilterLogEventsRequest.Builder> request) {
        return logs.filterLogEvents(request.apply(FilterLogEventsRequest.builder().logGroupName(GROUP)).build()).events().stream()
                .map(FilteredLogEvent::message).toList();
    }

    private GetLogEventsResponse follow(String token) {
        return logs.getLogEvents(request -> request.logGroupName(GROUP).logStreamName("web/1").nextToken(token));
    }

    private static List<String> texts(GetLogEventsResponse response) {
        return response.events().stream().map(OutputLogEvent::message).toList();
    }

    private void put(String stream, long offset, String... messages) {
        logs.putLogEvents(request -> request.logGroupName(GROUP).logStreamName(stream)
                .logEvents(IntStream.range(0, messages.length).mapToObj(i -> event(offset + i, messages[i])).toList()));
    }

    private InputLogEvent event(long offset, String message) {
        return InputLogEvent.builder().timestamp(start + offset).message(message).build();
    }

    private static void as(Runnable body) {
        Caller.run(Caller.service("test.amazonaws.com", "111122223333", "us-east-1"), body);
    }
}
