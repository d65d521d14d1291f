package dev.viridian.services.logs;

import dev.viridian.aws.Arn;
import dev.viridian.aws.Caller;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The log groups and streams of every account and region, and their lines.
final class Groups {
    private final Store store;
    private final Table<Group> groups;
    private final Table<Stream> streams;
    private final Segments segments;

    Groups(Store store) {
        this.store = store;
        this.groups = store.table("logs.groups", Group.class);
        this.streams = store.table("logs.streams", Stream.class);
        this.segments = new Segments(store);
    }

    Segments segments() {
        return segments;
    }

    void create(Group group) {
        if (!groups.putIfAbsent(key(group), group)) {
            throw LogsErrors.groupExists();
        }
    }

    /// By name, or by ARN with or without the `:*` at its end.
    Group group(@Nullable String name, @Nullable String identifier) {
        if (name == null && identifier == null) {
            throw LogsErrors.invalid("1 validation error detected: Value null at 'logGroupName' failed to satisfy constraint: "
                    + "Member must not be null");
        }
        if (name != null && identifier != null) {
            throw LogsErrors.invalid("Only one of logGroupName and logGroupIdentifier may be specified.");
        }
        return groups.find(key(name != null ? name : nameOf(identifier))).orElseThrow(LogsErrors::noGroup);
    }

    List<Group> list() {
        return groups.list(Key.under(Caller.current().account(), Caller.current().region()));
    }

    /// Of every account and region, for the sweep.
    List<Group> everywhere() {
        return groups.list();
    }

    void update(Group group) {
        groups.put(key(group), group);
    }

    void delete(Group group) {
        if (group.protectedFromDeletion()) {
            throw LogsErrors.isProtected();
        }
        store.transact(() -> {
            streams(group).forEach(stream -> delete(group, stream));
            groups.delete(key(group));
        });
    }

    void create(Group group, Stream stream) {
        if (!streams.putIfAbsent(key(group, stream.name()), stream)) {
            throw LogsErrors.streamExists();
        }
    }

    Stream stream(Group group, String name) {
        return streams.find(key(group, name)).orElseThrow(LogsErrors::noStream);
    }

    List<Stream> streams(Group group) {
        return streams.list(Key.under(group.account(), group.region(), group.name()));
    }

    void delete(Group group, Stream stream) {
        store.transact(() -> {
            segments.delete(key(group, stream.name()), stream);
            streams.delete(key(group, stream.name()));
        });
    }

    /// Adds lines at a stream's end; they are durable when this returns.
    Stream append(Group group, String streamName, List<Line> lines) {
        return store.transact(() -> {
            Stream stream = stream(group, streamName);
            Stream next = lines.isEmpty() ? stream : segments.append(key(group, streamName), stream, lines);
            streams.put(key(group, streamName), next);
            return next;
        });
    }

    /// Frees the space of lines that retention has made invisible.
    void sweep(Instant now) {
        for (Group group : everywhere()) {
            group.keptSince(now).ifPresent(keptSince -> streams(group).forEach(stream -> store.transact(() -> {
                String key = key(group, stream.name());
                streams.find(key).filter(current -> !current.isEmpty())
                        .ifPresent(current -> streams.put(key, segments.forgetBefore(key, current, keptSince.toEpochMilli())));
            })));
        }
    }

    static String key(Group group, String stream) {
        return Key.of(group.account(), group.region(), group.name(), stream);
    }

    private static String key(Group group) {
        return Key.of(group.account(), group.region(), group.name());
    }

    private static String key(String name) {
        return Key.of(Caller.current().account(), Caller.current().region(), name);
    }

    static String nameOf(String identifier) {
        if (!Arn.isArn(identifier)) {
            return identifier;
        }
        String resource = Arn.parse(identifier).resource();
        String name = resource.startsWith("log-group:") ? resource.substring("log-group:".length()) : resource;
        return name.endsWith(":*") ? name.substring(0, name.length() - 2) : name;
    }
}
