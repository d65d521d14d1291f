package dev.viridian.services.ecs;

import dev.viridian.aws.Arn;
import dev.viridian.aws.Caller;
import dev.viridian.container.ContainerException;
import dev.viridian.container.ContainerRuntime;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.Time;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceAlreadyExistsException;

/// The `awslogs` driver: log groups and streams before a container starts, lines while it runs, and the certainty at its end that all have arrived.
final class ContainerLogs {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerLogs.class);

    private final ContainerRuntime runtime;
    private final CloudWatchLogsClient logs;
    private final Store store;
    private final Table<Instant> cursors;
    private final Time time;
    private final Map<String, LogShipment> shipments = new ConcurrentHashMap<>();

    ContainerLogs(ContainerRuntime runtime, CloudWatchLogsClient logs, Store store, Time time) {
        this.runtime = runtime;
        this.logs = logs;
        this.store = store;
        this.cursors = store.table("ecs.log-cursors", Instant.class);
        this.time = time;
    }

    /// Makes the stream, and the group when it is asked for. What is there already is fine.
    ///
    /// @throws software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException when the group is missing
    void prepare(LogDestination destination, Caller caller) {
        Caller.run(in(caller, destination), () -> {
            if (destination.createGroup()) {
                try {
                    logs.createLogGroup(create -> create.logGroupName(destination.group()));
                } catch (ResourceAlreadyExistsException e) {
                    LOG.debug("Log group {} is there already", destination.group());
                }
            }
            try {
                logs.createLogStream(create -> create.logGroupName(destination.group()).logStreamName(destination.stream()));
            } catch (ResourceAlreadyExistsException e) {
                LOG.debug("Log stream {} is there already", destination.stream());
            }
        });
    }

    /// Sees to it that the container's lines are being carried, from the last one that arrived.
    ///
    /// @param onEnd called when nothing more will come
    void follow(TaskId task, String container, String containerId, LogDestination destination, Caller caller, Runnable onEnd) {
        String key = key(task, container);
        LogShipment shipment = new LogShipment(destination, in(caller, destination), logs, store, cursors, key, time);
        if (shipments.putIfAbsent(key, shipment) != null) {
            return;
        }
        try {
            Instant after = cursors.find(key).orElse(Instant.EPOCH);
            var following = runtime.follow(containerId, after, shipment::take);
            shipment.follows(following);
            following.ended().whenComplete((_, failure) -> ended(key, shipment, failure, onEnd));
        } catch (ContainerException e) {
            shipments.remove(key, shipment);
            throw e;
        }
    }

    /// Whether all lines of a container that has ended have arrived; sends what still waits.
    boolean kept(TaskId task, String container) {
        LogShipment shipment = shipments.get(key(task, container));
        if (shipment == null || !shipment.hasEnded()) {
            return false;
        }
        shipment.flush();
        return shipment.isEmpty();
    }

    void forget(TaskId task, String container) {
        String key = key(task, container);
        LogShipment shipment = shipments.remove(key);
        if (shipment != null) {
            shipment.close();
        }
        cursors.delete(key);
    }

    void close() {
        shipments.values().forEach(LogShipment::close);
    }

    /// A source that broke is given up, so that the next look follows it anew.
    private void ended(String key, LogShipment shipment, @Nullable Throwable failure, Runnable onEnd) {
        if (failure != null) {
            LOG.warn("Reading the lines of {} broke off; it is taken up again", String.join("/", Key.parts(key)), failure);
            shipment.flush();
            shipments.remove(key, shipment);
        }
        onEnd.run();
    }

    private static Caller in(Caller caller, LogDestination destination) {
        return new Caller(caller.account(), destination.region(), caller.principal(), caller.requestId());
    }

    /// As whom a task writes its lines: its execution role, or the machine it runs on.
    static Caller writer(TaskId task, @Nullable String executionRole) {
        Caller service = Caller.service("ecs-tasks.amazonaws.com", task.cluster().account(), task.cluster().region());
        return executionRole == null || !Arn.isArn(executionRole) ? service : service.as(executionRole, task.id());
    }

    private static String key(TaskId task, String container) {
        return Key.of(task.cluster().account(), task.cluster().region(), task.cluster().name(), task.id(), container);
    }
}
