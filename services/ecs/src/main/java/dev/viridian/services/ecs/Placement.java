package dev.viridian.services.ecs;

import dev.viridian.container.ContainerException;
import dev.viridian.container.ContainerRuntime;
import dev.viridian.container.EngineInfo;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.PlacementConstraint;
import software.amazon.awssdk.services.ecs.model.PlacementConstraintType;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/// Whether the one container instance has a place for one more EC2 task. Fargate tasks need none: as in AWS, they are nobody's capacity.
final class Placement {
    private static final int UNITS_PER_CPU = 1024;
    private static final long MEBIBYTE = 1 << 20;
    static final List<Integer> RESERVED_PORTS = List.of(22, 2375, 2376, 51_678, 51_679);

    private final TaskTable tasks;
    private final TaskDefinitions definitions;
    private final ContainerRuntime runtime;
    private final AtomicReference<@Nullable EngineInfo> machine = new AtomicReference<>();

    Placement(TaskTable tasks, TaskDefinitions definitions, ContainerRuntime runtime) {
        this.tasks = tasks;
        this.definitions = definitions;
        this.runtime = runtime;
    }

    /// What the instance lacks.
    ///
    /// @param reason as RunTask's failures name it
    /// @param sentence as service events say it
    enum Lack {
        CPU("RESOURCE:CPU", "has insufficient CPU units available."),
        MEMORY("RESOURCE:MEMORY", "has insufficient memory available."),
        PORTS("RESOURCE:PORTS", "is already using a port required by your task."),
        CONSTRAINT("MemberOf placement constraint unsatisfied.", "does not satisfy the placement constraints of your task."),
        AGENT("AGENT", "encountered error \"AGENT\".");

        private final String reason;
        private final String sentence;

        Lack(String reason, String sentence) {
            this.reason = reason;
            this.sentence = sentence;
        }

        String reason() {
            return reason;
        }

        String sentence() {
            return sentence;
        }
    }

    /// How much CPU and memory there is (an engine that cannot tell its memory has any amount), and how much of it EC2 tasks of this cluster have.
    record Room(int cpu, int memory, int usedCpu, int usedMemory, Set<Integer> usedPorts) {}

    Room room(ClusterId cluster) {
        EngineInfo engine = engine();
        List<TaskDefinition> placed = tasks.in(cluster).stream()
                .filter(row -> row.state() != TaskState.STOPPED && row.task().launchType() != LaunchType.FARGATE)
                .map(row -> definitions.used(row.task().taskDefinitionArn()))
                .toList();
        Set<Integer> ports = new HashSet<>();
        placed.forEach(definition -> ports.addAll(hostPorts(definition)));
        int memory = engine.memoryBytes() <= 0 ? Integer.MAX_VALUE : (int) (engine.memoryBytes() / MEBIBYTE);
        return new Room(engine.cpus() * UNITS_PER_CPU, memory, placed.stream().mapToInt(Placement::cpu).sum(),
                placed.stream().mapToInt(Placement::memory).sum(), ports);
    }

    /// Asked once: a machine does not grow while we run, and who asks may be inside a transaction.
    private EngineInfo engine() {
        EngineInfo known = machine.get();
        if (known == null) {
            known = runtime.engine();
            machine.set(known);
        }
        return known;
    }

    Optional<Lack> lack(ClusterId cluster, TaskDefinition definition, List<PlacementConstraint> constraints, String group) {
        Room room;
        try {
            room = room(cluster);
        } catch (ContainerException.NoEngine e) {
            return Optional.of(Lack.AGENT);
        }
        boolean distinct = constraints.stream().anyMatch(one -> one.type() == PlacementConstraintType.DISTINCT_INSTANCE);
        if (distinct && tasks.in(cluster).stream().anyMatch(row -> !row.stopWanted() && group.equals(row.task().group()))) {
            return Optional.of(Lack.CONSTRAINT);
        }
        if (hostPorts(definition).stream().anyMatch(port -> room.usedPorts().contains(port) || RESERVED_PORTS.contains(port))) {
            return Optional.of(Lack.PORTS);
        }
        if (room.usedCpu() + cpu(definition) > room.cpu()) {
            return Optional.of(Lack.CPU);
        }
        return room.usedMemory() + memory(definition) > room.memory() ? Optional.of(Lack.MEMORY) : Optional.empty();
    }

    private static Set<Integer> hostPorts(TaskDefinition definition) {
        Set<Integer> ports = new HashSet<>();
        if (definition.networkMode() != software.amazon.awssdk.services.ecs.model.NetworkMode.AWSVPC) {
            definition.containerDefinitions().stream().flatMap(container -> container.portMappings().stream()).map(PortMapping::hostPort)
                    .filter(port -> port != 0).forEach(ports::add);
        }
        return ports;
    }

    private static int cpu(TaskDefinition definition) {
        return definition.cpu() != null ? Integer.parseInt(definition.cpu())
                : definition.containerDefinitions().stream().mapToInt(ContainerDefinition::cpu).sum();
    }

    private static int memory(TaskDefinition definition) {
        return definition.memory() != null ? Integer.parseInt(definition.memory())
                : definition.containerDefinitions().stream().mapToInt(Placement::memory).sum();
    }

    private static int memory(ContainerDefinition container) {
        return container.memoryReservation() != null ? container.memoryReservation() : container.memory() == null ? 0 : container.memory();
    }
}
