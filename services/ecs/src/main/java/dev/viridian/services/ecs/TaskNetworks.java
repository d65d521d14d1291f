package dev.viridian.services.ecs;

import dev.viridian.container.ContainerException;
import dev.viridian.container.ContainerRuntime;
import dev.viridian.container.Network;
import dev.viridian.container.NetworkSpec;
import dev.viridian.container.PauseImage;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import software.amazon.awssdk.services.ec2.model.Subnet;

/// One network on this host per subnet that has `awsvpc` tasks. It gets the subnet's own addresses when they are free here, else a range of our
/// pool (two accounts both have a default VPC of the same range): then tasks have addresses that work, but not those of their subnet.
final class TaskNetworks {
    static final String NAMESPACE_LABEL = "dev.viridian.ecs.namespace";
    private static final int POOL_SIZE = 256;

    /// @param name in the engine
    record Placed(String subnetId, String name, String cidr) {}

    private final Store store;
    private final Table<Placed> placed;
    private final ContainerRuntime runtime;
    private final EcsOptions options;
    /// One at a time: two that look for free addresses at once would take each other's, and one image is enough.
    private final Semaphore placing = new Semaphore(1);

    TaskNetworks(Store store, ContainerRuntime runtime, EcsOptions options) {
        this.store = store;
        this.placed = store.table("ecs.networks", Placed.class);
        this.runtime = runtime;
        this.options = options;
    }

    Network ensure(ClusterId cluster, Subnet subnet) {
        String key = Key.of(cluster.account(), cluster.region(), subnet.subnetId());
        String name = "viridian-" + options.namespace() + "-" + subnet.subnetId();
        Optional<Placed> known = placed.find(key);
        if (known.isPresent()) {
            return runtime.ensureNetwork(spec(name, known.get().cidr()));
        }
        placing.acquireUninterruptibly();
        try {
            Network made = place(name, subnet.cidrBlock());
            store.transact(() -> placed.put(key, new Placed(subnet.subnetId(), name, made.subnet())));
            return made;
        } finally {
            placing.release();
        }
    }

    /// The image of the container that holds a task's network.
    String holder() {
        placing.acquireUninterruptibly();
        try {
            return PauseImage.ensure(runtime);
        } finally {
            placing.release();
        }
    }

    /// Removes networks nobody remembers, which a cleared store leaves behind; those still in use stay until they are not.
    void removeForgotten() {
        placing.acquireUninterruptibly();
        try {
            List<String> known = placed.list().stream().map(Placed::name).toList();
            made().stream().filter(network -> !known.contains(network.name())).forEach(network -> runtime.removeNetwork(network.name()));
        } finally {
            placing.release();
        }
    }

    void removeAll() {
        made().forEach(network -> runtime.removeNetwork(network.name()));
    }

    /// What this server has made, by the names the engine knows.
    List<Network> made() {
        return runtime.networks(Map.of(NAMESPACE_LABEL, options.namespace()));
    }

    private Network place(String name, String wanted) {
        Optional<Network> existing = made().stream().filter(network -> network.name().equals(name)).findFirst();
        if (existing.isPresent()) {
            return existing.get();
        }
        ContainerException.NetworkConflict taken;
        try {
            return runtime.ensureNetwork(spec(name, wanted));
        } catch (ContainerException.NetworkConflict e) {
            taken = e;
        }
        for (int third = 0; third < POOL_SIZE; third++) {
            try {
                return runtime.ensureNetwork(spec(name, options.addressPool() + "." + third + ".0/24"));
            } catch (ContainerException.NetworkConflict e) {
                taken = e;
            }
        }
        throw taken;
    }

    private NetworkSpec spec(String name, String cidr) {
        return new NetworkSpec(name, cidr, Map.of(NAMESPACE_LABEL, options.namespace()));
    }
}
