package dev.viridian.services.ecs;

import dev.viridian.container.ContainerException;
import dev.viridian.container.ContainerRuntime;
import dev.viridian.container.ContainerSpec;
import dev.viridian.container.ContainerState;
import dev.viridian.container.Network;
import dev.viridian.engine.time.Time;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudwatchlogs.model.CloudWatchLogsException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.NetworkInterface;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/// The deeds that bring a task up, and the one that clears it away. Each throws [StartFailure] in ECS's words when the task cannot be started.
final class TaskStart {
    /// An engine does not get faster by being asked more at once.
    private static final int AT_ONCE = 8;

    private final TaskTable tasks;
    private final ContainerRuntime runtime;
    private final ContainerWishes wishes;
    private final TaskNetworks networks;
    private final TaskImages images;
    private final EnvironmentFiles files;
    private final ContainerLogs logs;
    private final Ec2Client ec2;
    private final Time time;
    private final Semaphore engineCalls = new Semaphore(AT_ONCE);

    TaskStart(TaskTable tasks, ContainerRuntime runtime, ContainerWishes wishes, TaskNetworks networks, TaskImages images, EnvironmentFiles files,
              ContainerLogs logs, Ec2Client ec2, Time time) {
        this.tasks = tasks;
        this.runtime = runtime;
        this.wishes = wishes;
        this.networks = networks;
        this.images = images;
        this.files = files;
        this.logs = logs;
        this.ec2 = ec2;
        this.time = time;
    }

    void provision(TaskId id, TaskRow row, TaskDefinition definition) {
        if (definition.networkMode() != NetworkMode.AWSVPC) {
            tasks.update(id, now -> now.moved(TaskState.Event.NETWORK_READY));
            return;
        }
        Subnet subnet = subnet(id, row);
        ContainerState owner = onEngine("", "ResourceInitializationError: unable to set up the network of the task: ", () -> {
            Network network = networks.ensure(id.cluster(), subnet);
            ContainerState made = runtime.ensureContainer(wishes.owner(id, row, definition, networks.holder(), network.name()));
            return made.running() ? made : runtime.start(made.id());
        });
        String address = owner.address().orElseThrow(() -> StartFailure.ofTask("Timeout waiting for network interface provisioning to complete."));
        tasks.update(id, now -> now.ownedBy(owner.id()).with(task -> attach(task, now, subnet, address)).moved(TaskState.Event.NETWORK_READY));
    }

    private Subnet subnet(TaskId id, TaskRow row) {
        if (row.network() == null) {
            throw StartFailure.ofTask("ResourceInitializationError: the task has no network configuration");
        }
        List<String> subnets = row.network().awsvpcConfiguration().subnets();
        String chosen = subnets.get(Math.floorMod(id.id().hashCode(), subnets.size()));
        return ec2.describeSubnets(describe -> describe.subnetIds(chosen)).subnets().getFirst();
    }

    private static void attach(software.amazon.awssdk.services.ecs.model.Task.Builder task, TaskRow row, Subnet subnet, String address) {
        Attachment attachment = row.task().attachments().getFirst();
        String host = "ip-" + address.replace('.', '-') + ".ec2.internal";
        String eni = "eni-" + UUID.nameUUIDFromBytes(attachment.id().getBytes(java.nio.charset.StandardCharsets.UTF_8)).toString().replace("-", "")
                .substring(0, 17);
        task.attachments(attachment.toBuilder().status("ATTACHED").details(pair("subnetId", subnet.subnetId()), pair("networkInterfaceId", eni),
                pair("privateDnsName", host), pair("privateIPv4Address", address)).build());
        task.availabilityZone(subnet.availabilityZone());
        NetworkInterface shared = NetworkInterface.builder().attachmentId(attachment.id()).privateIpv4Address(address).build();
        task.containers(row.task().containers().stream().map(one -> one.toBuilder().networkInterfaces(shared).build()).toList());
    }

    private static KeyValuePair pair(String name, String value) {
        return KeyValuePair.builder().name(name).value(value).build();
    }

    /// Everything without which no container may start, so that a task that cannot work never begins to.
    void prepare(TaskId id, TaskRow row, TaskDefinition definition) {
        Instant began = time.now();
        UnsupportedSettings.check(definition);
        for (ContainerDefinition container : definition.containerDefinitions()) {
            files(id, definition, container, row);
        }
        Map<String, String> references = new HashMap<>();
        Map<String, String> digests = new HashMap<>();
        for (ContainerDefinition container : definition.containerDefinitions()) {
            TaskImages.Resolved image = image(container);
            references.put(container.name(), image.reference());
            image.digest().ifPresent(digest -> digests.put(container.name(), digest));
        }
        definition.containerDefinitions().stream()
                .filter(container -> container.logConfiguration() != null
                        && container.logConfiguration().options().containsKey("awslogs-stream-prefix"))
                .forEach(container -> prepareLog(id, row, definition, container, ""));
        tasks.update(id, now -> now.prepared(references).with(task -> task
                .containers(now.task().containers().stream().map(one -> one.toBuilder().imageDigest(digests.get(one.name())).build()).toList())
                .pullStartedAt(began)
                .pullStoppedAt(time.now())));
    }

    private TaskImages.Resolved image(ContainerDefinition container) {
        try {
            return images.resolve(container.image());
        } catch (TaskImages.Unavailable e) {
            throw new StartFailure(container.name(),
                    "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref "
                    + container.image() + ": " + e.getMessage());
        } catch (ContainerException.NoEngine e) {
            throw StartFailure.ofTask("ResourceInitializationError: " + e.reason());
        }
    }

    private Map<String, String> files(TaskId id, TaskDefinition definition, ContainerDefinition container, TaskRow row) {
        var overridden = ContainerWishes.override(row, container.name()).filter(over -> over.hasEnvironmentFiles());
        return files.read(overridden.map(over -> over.environmentFiles()).orElse(container.environmentFiles()), id.cluster().caller(),
                definition.executionRoleArn());
    }

    private void prepareLog(TaskId id, TaskRow row, TaskDefinition definition, ContainerDefinition container, String containerId) {
        LogDestination.of(container, id, containerId).ifPresent(destination -> {
            try {
                logs.prepare(destination, ContainerLogs.writer(id, definition.executionRoleArn()));
            } catch (CloudWatchLogsException e) {
                throw logFailure(row, container, e);
            }
        });
    }

    /// Source: texts observed on Fargate and on EC2 when the log group is missing.
    private static StartFailure logFailure(TaskRow row, ContainerDefinition container, CloudWatchLogsException e) {
        String text = e.awsErrorDetails() == null ? e.getMessage() : e.awsErrorDetails().errorMessage();
        String cause = "failed to create Cloudwatch log stream: " + e.getClass().getSimpleName() + ": " + text;
        if (row.task().launchType() == LaunchType.FARGATE) {
            return StartFailure.ofTask("ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: " + cause
                    + ": exit status 1");
        }
        return new StartFailure(container.name(), "CannotStartContainerError: Error response from daemon: failed to initialize logging driver: "
                + cause);
    }

    /// Creates and starts one container; one that is found running already, because we died after starting it, is left alone.
    void container(TaskId id, TaskRow row, TaskDefinition definition, String name) {
        ContainerDefinition container = definition.containerDefinitions().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
        Map<String, String> environment = wishes.environment(id, row, definition, container, files(id, definition, container, row));
        ContainerSpec wish = wishes.container(id, row, definition, container, environment);
        makeScratch(id, definition);
        ContainerState made = onEngine(name, "CannotCreateContainerError: ", () -> runtime.ensureContainer(wish));
        if (container.logConfiguration() != null && !container.logConfiguration().options().containsKey("awslogs-stream-prefix")) {
            prepareLog(id, row, definition, container, made.id());
        }
        if (made.phase() instanceof ContainerState.Created) {
            onEngine(name, "CannotStartContainerError: Error response from daemon: ", () -> runtime.start(made.id()));
        }
    }

    private void makeScratch(TaskId id, TaskDefinition definition) {
        definition.volumes().forEach(volume -> {
            try {
                Files.createDirectories(wishes.scratch(id).resolve(volume.name()));
            } catch (IOException e) {
                throw StartFailure.ofTask("ResourceInitializationError: unable to create volume " + volume.name() + ": " + e.getMessage());
            }
        });
    }

    private <R> R onEngine(String container, String prefix, java.util.function.Supplier<R> call) {
        engineCalls.acquireUninterruptibly();
        try {
            return call.get();
        } catch (ContainerException.NoEngine e) {
            throw StartFailure.ofTask("ResourceInitializationError: " + e.reason());
        } catch (ContainerException e) {
            throw new StartFailure(container, prefix + e.reason());
        } finally {
            engineCalls.release();
        }
    }

    /// The network goes last: what lives in it must be gone first.
    void release(TaskId id, Collection<ContainerState> containers) {
        containers.stream().filter(state -> !isOwner(state)).forEach(state -> runtime.remove(state.id()));
        containers.stream().filter(TaskStart::isOwner).forEach(state -> runtime.remove(state.id()));
        removeTree(wishes.scratch(id));
    }

    private static boolean isOwner(ContainerState state) {
        return ContainerWishes.OWNER.equals(state.labels().get(ContainerWishes.CONTAINER_LABEL));
    }

    private static void removeTree(Path root) {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Could not remove the volumes of a task in " + root, e);
        }
    }
}
