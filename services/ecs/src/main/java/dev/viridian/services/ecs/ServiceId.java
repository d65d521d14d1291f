package dev.viridian.services.ecs;

import dev.viridian.aws.Arn;
import dev.viridian.engine.store.Key;
import org.jspecify.annotations.Nullable;

/// A service's place in the world.
record ServiceId(ClusterId cluster, String name) {

    /// @param text a name or an ARN of either form (`service/NAME`, `service/CLUSTER/NAME`)
    static ServiceId of(@Nullable String cluster, String text) {
        String name = Arn.isArn(text) ? Arn.parse(text).resource() : text;
        return new ServiceId(ClusterId.of(cluster), name.substring(name.lastIndexOf('/') + 1));
    }

    static ServiceId ofKey(String key) {
        String[] parts = Key.parts(key);
        return new ServiceId(new ClusterId(parts[0], parts[1], parts[2]), parts[3]);
    }

    String key() {
        return Key.of(cluster.account(), cluster.region(), cluster.name(), name);
    }

    /// What the keys of this service's workloads begin with.
    String prefix() {
        return Key.under(cluster.account(), cluster.region(), cluster.name(), name);
    }

    String workloadKey(String workloadId) {
        return prefix() + workloadId;
    }

    String arn() {
        return cluster.arn("service/" + cluster.name() + "/" + name);
    }

    String taskSetArn(String workloadId) {
        return cluster.arn("task-set/" + cluster.name() + "/" + name + "/" + workloadId);
    }
}
