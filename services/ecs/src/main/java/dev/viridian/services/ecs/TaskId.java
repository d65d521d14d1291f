package dev.viridian.services.ecs;

import dev.viridian.aws.Arn;
import dev.viridian.engine.store.Key;
import org.jspecify.annotations.Nullable;

/// A task's place in the world; `id` is 32 hex digits.
record TaskId(ClusterId cluster, String id) {

    /// @param text an id or an ARN
    static TaskId of(@Nullable String cluster, String text) {
        String id = Arn.isArn(text) ? Arn.parse(text).resource() : text;
        return new TaskId(ClusterId.of(cluster), id.substring(id.lastIndexOf('/') + 1));
    }

    static TaskId ofKey(String key) {
        String[] parts = Key.parts(key);
        return new TaskId(new ClusterId(parts[0], parts[1], parts[2]), parts[3]);
    }

    String key() {
        return Key.of(cluster.account(), cluster.region(), cluster.name(), id);
    }

    String arn() {
        return cluster.arn("task/" + cluster.name() + "/" + id);
    }

    String containerArn(String containerId) {
        return cluster.arn("container/" + cluster.name() + "/" + id + "/" + containerId);
    }
}
