package dev.viridian.proxy;

import dev.viridian.engine.time.Time;
import dev.viridian.proxy.routing.RoutingSnapshot;
import java.util.List;

/// The running load balancer. All methods may be called from any thread except its own event loops; none waits for the network.
public final class Proxy implements AutoCloseable {

    public Proxy(Time time, ProxyOptions options) {
    }

    /// Exchanges the routing in one step. Applying an equal snapshot again changes nothing.
    ///
    /// Sockets are opened for listeners that appear and closed for those that vanish; a connection that exists goes on and its next request follows the new routing.
    /// Targets that vanish are drained. When this returns, no request will be sent to a vanished target any more.
    ///
    /// @return where every listener is reachable now, or why not
    public List<Binding> apply(RoutingSnapshot snapshot) {
        throw new UnsupportedOperationException("under construction");
    }

    /// Where every listener of the current snapshot is reachable; one entry per listener and address.
    public List<Binding> bindings() {
        throw new UnsupportedOperationException("under construction");
    }

    /// The targets of a group and how they are, draining ones included; empty for a group that is not in the snapshot and has nothing draining.
    public List<TargetHealth> health(String groupId) {
        throw new UnsupportedOperationException("under construction");
    }

    /// Calls `watcher` after every change of a target's state or reason, in order per target, on a thread of the proxy: it must return soon.
    ///
    public HealthWatcher.Watch watch(HealthWatcher watcher) {
        throw new UnsupportedOperationException("under construction");
    }

    /// What has been counted since the proxy was created. Every figure only grows (except those called active or in flight): take the difference of two readings.
    public Traffic traffic() {
        throw new UnsupportedOperationException("under construction");
    }

    /// Closes all sockets at once, with what is in flight on them.
    @Override
    public void close() {
    }
}
