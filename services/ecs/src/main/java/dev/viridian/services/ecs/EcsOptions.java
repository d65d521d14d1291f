package dev.viridian.services.ecs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// What the assembly decides for ECS.
///
/// @param namespace tells the containers of this server from those of another one on the same engine; must stay the same over restarts
/// @param hostAddress where ports of `bridge` tasks are published on the host; `127.0.0.1` keeps them from the outside
/// @param addressPool the first two numbers of the addresses task networks get when a subnet's own range is taken on this host, for example `10.213`
/// @param environment given to every container unless the task definition says otherwise, for example `AWS_ENDPOINT_URL`
/// @param extraHosts host name to address for every task that does not share the host's network; `host-gateway` means the engine's host
/// @param scratch a folder for volumes that live as long as their task; must be one the engine can mount
/// @param hostAccess whether tasks may mount paths of the host and run privileged, as they may on an EC2 instance of one's own
/// @param credentials what containers of a task with a role are given to act as it
/// @param shortestStop a container gets at least this long to stop (or its own `stopTimeout` when that is shorter), however fast configured time
///        passes:
///        its shutdown is real work
public record EcsOptions(String namespace, String hostAddress, String addressPool, Map<String, String> environment, Map<String, String> extraHosts,
                         Path scratch, boolean hostAccess, Duration shortestStop, TaskCredentials credentials) {
    public EcsOptions {
        environment = Map.copyOf(environment);
        extraHosts = Map.copyOf(extraHosts);
    }

    public static EcsOptions in(String namespace, Path scratch) {
        return new EcsOptions(namespace, "127.0.0.1", "10.213", Map.of(), Map.of(), scratch, false, Duration.ofSeconds(2), TaskCredentials.NONE);
    }

    public EcsOptions withEnvironment(Map<String, String> values) {
        return new EcsOptions(namespace, hostAddress, addressPool, values, extraHosts, scratch, hostAccess, shortestStop, credentials);
    }

    public EcsOptions withCredentials(TaskCredentials given) {
        return new EcsOptions(namespace, hostAddress, addressPool, environment, extraHosts, scratch, hostAccess, shortestStop, given);
    }

    public EcsOptions withHostAccess(boolean allowed) {
        return new EcsOptions(namespace, hostAddress, addressPool, environment, extraHosts, scratch, allowed, shortestStop, credentials);
    }

    public EcsOptions withExtraHosts(Map<String, String> values) {
        return new EcsOptions(namespace, hostAddress, addressPool, environment, values, scratch, hostAccess, shortestStop, credentials);
    }
}
