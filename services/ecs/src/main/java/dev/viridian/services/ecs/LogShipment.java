package dev.viridian.services.ecs;

import dev.viridian.aws.Caller;
import dev.viridian.container.Following;
import dev.viridian.container.LogLine;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.Time;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;

/// Carries one container's lines to one log stream, in order.
///
/// A batch is put and remembered in the same transaction, so that a crash neither doubles nor loses a line: the next process follows the container
/// from
/// the last line remembered. Lines wait a moment for company; when too many wait, the reader waits with them.
final class LogShipment {
    private static final Logger LOG = LoggerFactory.getLogger(LogShipment.class);
    private static final Duration LINGER = Duration.ofMillis(200);
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final int CROWDED = 5_000;
    private static final int LARGEST_BATCH_BYTES = 1_048_576;
    private static final int LARGEST_BATCH_EVENTS = 10_000;
    private static final int EVENT_OVERHEAD = 26;
    private static final int LARGEST_MESSAGE = 262_118;

    private final LogDestination destination;
    private final Caller caller;
    private final CloudWatchLogsClient logs;
    private final Store store;
    private final Table<Instant> cursors;
    private final String key;
    private final Time time;
    /// Held while a batch is on its way: batches of one stream do not overtake each other.
    private final Semaphore sending = new Semaphore(1);
    /// Guards the three fields below.
    private final Object lock = new Object();
    private final ArrayDeque<LogLine> waiting = new ArrayDeque<>();
    private boolean scheduled;
    private boolean closed;
    private volatile @Nullable Following following;

    LogShipment(LogDestination destination, Caller caller, CloudWatchLogsClient logs, Store store, Table<Instant> cursors, String key, Time time) {
        this.destination = destination;
        this.caller = caller;
        this.logs = logs;
        this.store = store;
        this.cursors = cursors;
        this.key = key;
        this.time = time;
    }

    void follows(Following source) {
        following = source;
    }

    /// Whether nothing more will come from the container.
    boolean hasEnded() {
        Following source = following;
        return source != null && source.ended().isDone();
    }

    boolean isEmpty() {
        synchronized (lock) {
            return waiting.isEmpty();
        }
    }

    /// Sends what is here and takes nothing more: what comes later is the next process's, which reads on from the last line remembered.
    void close() {
        Following source = following;
        if (source != null) {
            source.close();
        }
        synchronized (lock) {
            closed = true;
        }
        flush();
    }

    void take(LogLine line) {
        boolean crowded;
        synchronized (lock) {
            if (closed) {
                return;
            }
            waiting.add(line);
            crowded = waiting.size() >= CROWDED;
        }
        if (crowded) {
            flush();
        } else {
            schedule(LINGER);
        }
    }

    private void schedule(Duration pause) {
        synchronized (lock) {
            if (scheduled) {
                return;
            }
            scheduled = true;
        }
        time.at(time.now().plus(pause), () -> {
            synchronized (lock) {
                scheduled = false;
            }
            flush();
        });
    }

    /// Sends what waits. Lines that could not be sent stay and are tried again; lines for a group or stream that was deleted are dropped.
    void flush() {
        sending.acquireUninterruptibly();
        try {
            for (List<LogLine> batch = nextBatch(); !batch.isEmpty(); batch = nextBatch()) {
                send(batch);
                synchronized (lock) {
                    for (int i = 0; i < batch.size(); i++) {
                        waiting.remove();
                    }
                }
            }
        } catch (RuntimeException e) {
            LOG.warn("Could not send lines to log group {}, stream {}; they are kept and tried again in {}", destination.group(),
                    destination.stream(), RETRY, e);
            schedule(RETRY);
        } finally {
            sending.release();
        }
    }

    private void send(List<LogLine> batch) {
        Instant last = batch.getLast().at();
        try {
            store.transact(() -> {
                Caller.run(caller, () -> logs.putLogEvents(put -> put.logGroupName(destination.group()).logStreamName(destination.stream())
                        .logEvents(batch.stream().map(LogShipment::event).toList())));
                cursors.put(key, last);
            });
        } catch (ResourceNotFoundException e) {
            LOG.warn("Dropped {} lines: {} (log group {}, stream {})", batch.size(), e.getMessage(), destination.group(), destination.stream());
            cursors.put(key, last);
        }
    }

    private static InputLogEvent event(LogLine line) {
        return InputLogEvent.builder().timestamp(line.at().toEpochMilli()).message(cut(line.text())).build();
    }

    /// The awslogs driver breaks lines longer than this; we keep their beginning. An empty line is one blank, since an event may not be empty.
    private static String cut(String text) {
        if (text.isEmpty()) {
            return " ";
        }
        return text.length() > LARGEST_MESSAGE / 3 ? text.substring(0, LARGEST_MESSAGE / 3) : text;
    }

    private List<LogLine> nextBatch() {
        List<LogLine> batch = new ArrayList<>();
        int bytes = 0;
        synchronized (lock) {
            for (LogLine line : waiting) {
                bytes += cut(line.text()).getBytes(StandardCharsets.UTF_8).length + EVENT_OVERHEAD;
                if (bytes > LARGEST_BATCH_BYTES || batch.size() == LARGEST_BATCH_EVENTS) {
                    break;
                }
                batch.add(line);
            }
        }
        return batch;
    }
}
