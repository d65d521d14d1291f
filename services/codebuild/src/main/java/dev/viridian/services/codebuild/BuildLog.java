package dev.viridian.services.codebuild;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.codebuild.model.LogsConfigStatusType;
import software.amazon.awssdk.services.codebuild.model.LogsLocation;

/// Writes a build's lines to CloudWatch Logs, as CodeBuild's agent words them.
///
/// Source: logs of real builds, 2023 to 2025 (delivery-plane reference 2.6).
final class BuildLog {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);
    private static final Pattern ACCESS_KEY = Pattern.compile("\\b(AKIA|ASIA)[A-Z0-9]{16}\\b");
    /// PutLogEvents takes 10,000 events of together one MiB, an event at most 256 KiB, each with 26 bytes of its own.
    private static final int MOST_EVENTS = 2_000;
    private static final int MOST_BYTES = 900_000;
    private static final int LONGEST = 200_000;

    private final CloudWatchLogsClient logs;

    BuildLog(CloudWatchLogsClient logs) {
        this.logs = logs;
    }

    /// @param text without line end
    record Line(Instant at, String text) {

        /// What the agent says, as opposed to what commands print.
        static Line container(Instant at, String text) {
            return new Line(at, "[Container] " + STAMP.format(at) + " " + text);
        }
    }

    /// The stream a build writes to, made when it is not there yet.
    void open(BuildRun run) {
        if (!enabled(run)) {
            return;
        }
        LogsLocation location = run.build().logs();
        try {
            logs.createLogGroup(request -> request.logGroupName(location.groupName()));
        } catch (ResourceAlreadyExistsException _) {
            // the group of an earlier build, or one made by hand
        }
        try {
            logs.createLogStream(request -> request.logGroupName(location.groupName()).logStreamName(location.streamName()));
        } catch (ResourceAlreadyExistsException _) {
            // this very step was made before a crash
        }
    }

    void write(BuildRun run, List<Line> lines) {
        if (!enabled(run)) {
            return;
        }
        List<InputLogEvent> batch = new ArrayList<>();
        int bytes = 0;
        for (Line line : lines) {
            String message = ACCESS_KEY.matcher(line.text()).replaceAll("***");
            String cut = message.length() > LONGEST ? message.substring(0, LONGEST) : message;
            if (batch.size() == MOST_EVENTS || bytes + cut.length() > MOST_BYTES) {
                put(run, batch);
                batch = new ArrayList<>();
                bytes = 0;
            }
            batch.add(InputLogEvent.builder().timestamp(line.at().toEpochMilli()).message(cut + "\n").build());
            bytes += 3 * cut.length() + 26;
        }
        if (!batch.isEmpty()) {
            put(run, batch);
        }
    }

    private void put(BuildRun run, List<InputLogEvent> events) {
        LogsLocation location = run.build().logs();
        logs.putLogEvents(request -> request.logGroupName(location.groupName()).logStreamName(location.streamName()).logEvents(events));
    }

    private static boolean enabled(BuildRun run) {
        LogsLocation location = run.build().logs();
        return location.cloudWatchLogs() == null || location.cloudWatchLogs().status() != LogsConfigStatusType.DISABLED;
    }
}
