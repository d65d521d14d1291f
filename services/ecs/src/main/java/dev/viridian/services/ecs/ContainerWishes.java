package dev.viridian.services.ecs;

import dev.viridian.aws.Caller;
import dev.viridian.container.ContainerSpec;
import dev.viridian.container.HealthCheck;
import dev.viridian.container.Mount;
import dev.viridian.container.NetworkMode;
import dev.viridian.container.PortBinding;
import dev.viridian.container.Resources;
import dev.viridian.engine.time.Time;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.MountPoint;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TransportProtocol;
import software.amazon.awssdk.services.ecs.model.Volume;

/// Translates a task definition into the containers to wish for. All carry labels that say which task they belong to, and an identity that the
/// engine gives to one container only, so that wishing twice makes one.
final class ContainerWishes {
    static final String OWNER = "~internal~pause";
    static final String CONTAINER_LABEL = "dev.viridian.ecs.container";
    private static final String ACCOUNT_LABEL = "dev.viridian.ecs.account";
    private static final String REGION_LABEL = "dev.viridian.ecs.region";
    private static final String CLUSTER_LABEL = "dev.viridian.ecs.cluster";
    private static final String SERVICE_LABEL = "dev.viridian.ecs.service";
    private static final String TASK_LABEL = "dev.viridian.ecs.task";
    private static final int MEBIBYTE = 1 << 20;
    private static final double CPU_UNITS = 1024;
    private static final Duration SHORTEST_PROBE = Duration.ofSeconds(1);

    private final Time time;
    private final EcsOptions options;

    ContainerWishes(Time time, EcsOptions options) {
        this.time = time;
        this.options = options;
    }

    static String identity(TaskId task, String container) {
        return "ecs/" + task.id() + "/" + container;
    }

    /// The task a container with these labels belongs to.
    static Optional<TaskId> task(Map<String, String> labels) {
        if (!labels.containsKey(TASK_LABEL)) {
            return Optional.empty();
        }
        ClusterId cluster = new ClusterId(labels.getOrDefault(ACCOUNT_LABEL, ""), labels.getOrDefault(REGION_LABEL, ""),
                labels.getOrDefault(CLUSTER_LABEL, ""));
        return Optional.of(new TaskId(cluster, labels.get(TASK_LABEL)));
    }

    /// What finds the containers of one task.
    Map<String, String> labels(TaskId task) {
        return Map.of(TaskNetworks.NAMESPACE_LABEL, options.namespace(), TASK_LABEL, task.id());
    }

    /// What finds everything of ours.
    Map<String, String> labels() {
        return Map.of(TaskNetworks.NAMESPACE_LABEL, options.namespace());
    }

    /// Holds the network of an `awsvpc` task: its address stays while containers come and go.
    ContainerSpec owner(TaskId id, TaskRow row, TaskDefinition definition, String image, String network) {
        ContainerSpec.Builder wish = labelled(ContainerSpec.of(identity(id, OWNER), image), id, row, OWNER)
                .name(name(id, definition, "pause"))
                .network(NetworkMode.named(network));
        options.extraHosts().forEach(wish::extraHost);
        definition.containerDefinitions().forEach(container ->
                container.extraHosts().forEach(host -> wish.extraHost(host.hostname(), host.ipAddress())));
        return wish.build();
    }

    ContainerSpec container(TaskId id, TaskRow row, TaskDefinition definition, ContainerDefinition container, Map<String, String> environment) {
        ContainerSpec.Builder wish = labelled(ContainerSpec.of(identity(id, container.name()), row.images().get(container.name())), id, row,
                container.name())
                .name(name(id, definition, container.name()))
                .labels(container.dockerLabels())
                .environment(environment)
                .resources(resources(row, definition, container))
                .network(network(row, definition))
                .readOnlyRoot(Boolean.TRUE.equals(container.readonlyRootFilesystem()))
                .openStdin(Boolean.TRUE.equals(container.interactive()))
                .tty(Boolean.TRUE.equals(container.pseudoTerminal()));
        command(row, container).ifPresent(wish::command);
        mounts(id, definition, container).forEach(wish::mount);
        container.systemControls().forEach(control -> wish.sysctl(control.namespace(), control.value()));
        if (!container.entryPoint().isEmpty()) {
            wish.entrypoint(container.entryPoint());
        }
        if (container.user() != null) {
            wish.user(container.user());
        }
        if (container.workingDirectory() != null) {
            wish.workingDirectory(container.workingDirectory());
        }
        if (container.healthCheck() != null) {
            wish.healthCheck(health(container.healthCheck()));
        }
        linux(wish, container);
        if (row.networkOwner().isEmpty()) {
            ownNetwork(wish, definition, container);
        }
        return wish.build();
    }

    /// Environment as ECS composes it: what a container always gets, then files, then `environment`, then overrides; each beats the one before.
    Map<String, String> environment(TaskId id, TaskRow row, TaskDefinition definition, ContainerDefinition container, Map<String, String> files) {
        Map<String, String> values = new LinkedHashMap<>(options.environment());
        values.putAll(credentials(id, row, definition));
        values.put("AWS_EXECUTION_ENV", row.task().launchType() == LaunchType.FARGATE ? "AWS_ECS_FARGATE" : "AWS_ECS_EC2");
        values.put("AWS_REGION", id.cluster().region());
        values.put("AWS_DEFAULT_REGION", id.cluster().region());
        values.putAll(files);
        container.environment().forEach(pair -> values.put(pair.name(), pair.value() == null ? "" : pair.value()));
        override(row, container.name())
                .ifPresent(over -> over.environment().forEach(pair -> values.put(pair.name(), pair.value() == null ? "" : pair.value())));
        return values;
    }

    private Map<String, String> credentials(TaskId id, TaskRow row, TaskDefinition definition) {
        String overridden = row.task().overrides() == null ? null : row.task().overrides().taskRoleArn();
        String role = overridden == null ? definition.taskRoleArn() : overridden;
        if (role == null) {
            return Map.of();
        }
        Caller tasks = Caller.service("ecs-tasks.amazonaws.com", id.cluster().account(), id.cluster().region());
        try {
            return Caller.get(tasks, () -> options.credentials().environment(role, id.id()));
        } catch (AwsServiceException e) {
            throw StartFailure.ofTask("ResourceInitializationError: unable to assume the task role " + role + ": " + e.getMessage());
        }
    }

    /// How long a container is given between the stop signal and the kill.
    Duration patience(ContainerDefinition container) {
        Duration asked = Duration.ofSeconds(container.stopTimeout() == null ? 30 : container.stopTimeout());
        Duration paced = time.paced(asked);
        Duration least = asked.compareTo(options.shortestStop()) < 0 ? asked : options.shortestStop();
        return paced.compareTo(least) < 0 ? least : paced;
    }

    Path scratch(TaskId id) {
        return options.scratch().resolve(id.id());
    }

    static Optional<ContainerOverride> override(TaskRow row, String container) {
        return row.task().overrides() == null
                ? Optional.empty()
                : row.task().overrides().containerOverrides().stream().filter(over -> over.name().equals(container)).findFirst();
    }

    private ContainerSpec.Builder labelled(ContainerSpec.Builder wish, TaskId id, TaskRow row, String container) {
        return wish.labels(labels(id))
                .label(ACCOUNT_LABEL, id.cluster().account())
                .label(REGION_LABEL, id.cluster().region())
                .label(CLUSTER_LABEL, id.cluster().name())
                .label(SERVICE_LABEL, row.service())
                .label(CONTAINER_LABEL, container);
    }

    private static String name(TaskId id, TaskDefinition definition, String container) {
        return "ecs-" + definition.family() + "-" + definition.revision() + "-" + container + "-" + id.id();
    }

    private static Optional<List<String>> command(TaskRow row, ContainerDefinition container) {
        Optional<List<String>> over = override(row, container.name()).filter(ContainerOverride::hasCommand).map(ContainerOverride::command);
        return over.or(() -> Optional.of(container.command())).filter(command -> !command.isEmpty());
    }

    private static NetworkMode network(TaskRow row, TaskDefinition definition) {
        if (!row.networkOwner().isEmpty()) {
            return NetworkMode.of(row.networkOwner());
        }
        return switch (definition.networkMode()) {
            case HOST -> NetworkMode.host();
            case NONE -> NetworkMode.none();
            case null, default -> NetworkMode.bridge();
        };
    }

    private void ownNetwork(ContainerSpec.Builder wish, TaskDefinition definition, ContainerDefinition container) {
        if (definition.networkMode() == software.amazon.awssdk.services.ecs.model.NetworkMode.BRIDGE) {
            container.portMappings().forEach(mapping -> wish.port(port(mapping)));
            options.extraHosts().forEach(wish::extraHost);
            container.extraHosts().forEach(host -> wish.extraHost(host.hostname(), host.ipAddress()));
            container.dnsServers().forEach(wish::dnsServer);
            if (container.hostname() != null) {
                wish.hostname(container.hostname());
            }
        }
    }

    private PortBinding port(PortMapping mapping) {
        PortBinding.Protocol protocol = mapping.protocol() == TransportProtocol.UDP ? PortBinding.Protocol.UDP : PortBinding.Protocol.TCP;
        return new PortBinding(mapping.containerPort(), protocol, options.hostAddress(), mapping.hostPort());
    }

    /// A task-level limit holds for each container, since containers share no group of their own; a container's own hard limit goes first.
    private static Resources resources(TaskRow row, TaskDefinition definition, ContainerDefinition container) {
        Optional<ContainerOverride> over = override(row, container.name());
        Integer hard = over.map(ContainerOverride::memory).orElse(container.memory());
        Integer soft = over.map(ContainerOverride::memoryReservation).orElse(container.memoryReservation());
        int shares = over.map(ContainerOverride::cpu).orElse(container.cpu());
        long limit = hard != null ? hard : row.task().memory() == null ? 0 : Long.parseLong(row.task().memory());
        double cpus = definition.cpu() == null ? 0 : Integer.parseInt(row.task().cpu()) / CPU_UNITS;
        List<Resources.Ulimit> ulimits = container.ulimits().stream()
                .map(one -> new Resources.Ulimit(one.nameAsString(), one.softLimit(), one.hardLimit())).toList();
        return new Resources(limit * MEBIBYTE, soft == null ? 0 : (long) soft * MEBIBYTE, shares, cpus, 0, ulimits);
    }

    /// The interval is a configured wait; how long a probe may take and how long the program may need to come up are not.
    private HealthCheck health(software.amazon.awssdk.services.ecs.model.HealthCheck check) {
        Duration paced = time.paced(Duration.ofSeconds(check.interval()));
        Duration interval = paced.compareTo(SHORTEST_PROBE) < 0 ? SHORTEST_PROBE : paced;
        Duration startPeriod = Duration.ofSeconds(check.startPeriod() == null ? 0 : check.startPeriod());
        return new HealthCheck(check.command(), interval, Duration.ofSeconds(check.timeout()), check.retries(), startPeriod);
    }

    private void linux(ContainerSpec.Builder wish, ContainerDefinition container) {
        if (Boolean.TRUE.equals(container.privileged())) {
            requireHostAccess(container, "to run privileged");
            wish.privileged(true);
        }
        if (container.linuxParameters() == null) {
            return;
        }
        wish.init(Boolean.TRUE.equals(container.linuxParameters().initProcessEnabled()));
        if (container.linuxParameters().capabilities() != null) {
            container.linuxParameters().capabilities().add().forEach(wish::addCapability);
            container.linuxParameters().capabilities().drop().forEach(wish::dropCapability);
        }
        container.linuxParameters().tmpfs().forEach(tmpfs -> wish.mount(new Mount(Mount.Kind.TMPFS, "", tmpfs.containerPath(), false)));
    }

    private List<Mount> mounts(TaskId id, TaskDefinition definition, ContainerDefinition container) {
        List<Mount> mounts = new ArrayList<>();
        for (MountPoint point : container.mountPoints()) {
            Volume volume = definition.volumes().stream().filter(one -> one.name().equals(point.sourceVolume())).findFirst().orElseThrow();
            mounts.add(new Mount(Mount.Kind.BIND, source(id, container, volume), point.containerPath(), Boolean.TRUE.equals(point.readOnly())));
        }
        return mounts;
    }

    private String source(TaskId id, ContainerDefinition container, Volume volume) {
        String path = hostPath(volume);
        if (path == null) {
            return scratch(id).resolve(volume.name()).toAbsolutePath().toString();
        }
        requireHostAccess(container, "to mount the host's " + path);
        return path;
    }

    private static @Nullable String hostPath(Volume volume) {
        String path = volume.host() == null ? null : volume.host().sourcePath();
        return path == null || path.isEmpty() ? null : path;
    }

    private void requireHostAccess(ContainerDefinition container, String wish) {
        if (!options.hostAccess()) {
            throw new StartFailure(container.name(), "CannotCreateContainerError: this server was started without host access, which container "
                    + container.name() + " needs " + wish);
        }
    }
}
