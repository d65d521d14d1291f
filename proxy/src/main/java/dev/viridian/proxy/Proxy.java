package dev.viridian.proxy;

import dev.viridian.engine.time.Time;
import dev.viridian.proxy.health.HealthAnswer;
import dev.viridian.proxy.health.HealthChecks;
import dev.viridian.proxy.health.HealthQuestion;
import dev.viridian.proxy.health.HealthWatcher;
import dev.viridian.proxy.health.TargetHealth;
import dev.viridian.proxy.health.TargetHealth.Reason;
import dev.viridian.proxy.health.TargetHealth.State;
import dev.viridian.proxy.routing.RoutingSnapshot;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The running load balancer. All methods may be called from any thread except its own event loops and the watchers' thread; none waits for the
/// network.
///
/// Threads: the event loops (see [Loops]), which never take a lock, and one that carries news away from them (`viridian-proxy-control`). `applying`
/// is taken before `lock`.
public final class Proxy implements AutoCloseable {
    static final Logger LOG = LoggerFactory.getLogger(Proxy.class);

    private final ProxyOptions options;
    private final Admission admission;
    private final Loops loops;
    private final Sockets sockets;
    private final Registry registry;
    private final Probes probes;
    private final HealthChecks<TargetState> checks;
    private final Drains drains;
    private final UnhealthyTargets unhealthy;
    private final Readings readings = new Readings();
    private final LogQueue logs;
    private final List<HealthWatcher> watchers = new CopyOnWriteArrayList<>();
    private final ExecutorService control = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("viridian-proxy-control").factory());
    /// One change at a time.
    private final Object applying = new Object();
    /// Guards registry, checks, drains and readings; held for field access only.
    private final Object lock = new Object();
    private volatile Routing routing = Routing.EMPTY;
    private volatile FunctionTargets functions = FunctionTargets.NONE;
    private RoutingSnapshot applied = RoutingSnapshot.EMPTY;
    private boolean closed;

    public Proxy(Time time, ProxyOptions options) {
        this.options = options;
        this.admission = new Admission(options.limits());
        this.loops = new Loops(this, time, options);
        this.logs = new LogQueue(loops);
        this.sockets = new Sockets(loops, options.substitutePorts());
        this.registry = new Registry(loops, time);
        this.drains = new Drains(loops, time);
        this.unhealthy = new UnhealthyTargets(time, this::graceIsOver);
        this.probes = new Probes(loops);
        this.checks = new HealthChecks<>(time, options.healthTimeoutFloor(), options.healthCheckAgent(), new HealthChecks.Outside<>() {
            @Override
            public void ask(TargetState target, HealthQuestion question, Consumer<HealthAnswer> outcome) {
                probes.ask(target, question, outcome);
            }

            @Override
            public void changed(TargetState target, TargetHealth before) {
                healthChanged(target, before);
            }

            @Override
            public void later(Runnable action) {
                underLock(action);
            }
        });
        loops.start();
    }

    /// Exchanges the routing in one step. Applying an equal snapshot again changes nothing, but tries again to bind what could not be bound.
    ///
    /// Sockets are opened for listeners that appear and closed for those that vanish; a connection that exists goes on and its next request follows
    /// the new routing. Targets that vanish are drained. When this returns, no request will be sent to a vanished target any more.
    ///
    /// @return where every listener is reachable now, or why not
    /// @throws IllegalArgumentException when something in the snapshot cannot be used, such as a certificate or an address block; nothing has
    /// changed then
    public List<Binding> apply(RoutingSnapshot snapshot) {
        synchronized (applying) {
            if (closed) {
                throw new IllegalStateException("the proxy is closed");
            }
            if (!snapshot.equals(applied)) {
                exchange(snapshot);
            }
            sockets.closeAllBut(routing.ports().keySet());
            sockets.open(routing.ports().keySet());
            return sockets.bindings(applied.listeners());
        }
    }

    private void exchange(RoutingSnapshot snapshot) {
        Set<String> used = new HashSet<>();
        snapshot.listeners().forEach(listener -> used.addAll(listener.groupIds()));
        List<TargetState> vanished;
        List<SslContext> unused;
        Routing next;
        synchronized (lock) {
            next = registry.compile(snapshot, target -> underLock(() -> finishDrained(target)));
            vanished = vanished(next);
            welcomeBack(next);
            List<HealthChecks.Members<TargetState>> members = next.groups().values().stream()
                    .map(route -> new HealthChecks.Members<>(route.group(), List.of(route.targets()))).toList();
            probes.follow(snapshot.listeners());
            checks.classify(members, used);
            checks.observe(members, used);
            next.groups().values().forEach(group -> group.refit(now()));
            vanished.forEach(this::beginDraining);
            routing = next;
            applied = snapshot;
            unused = registry.committed();
        }
        loops.onEach(loop -> vanished.forEach(target -> target.on(loop).closeIdle()));
        unused.forEach(ReferenceCountUtil::release);
        synchronized (lock) {
            vanished.forEach(drains::settle);
            vanished.forEach(this::finishDrained);
        }
    }

    private List<TargetState> vanished(Routing next) {
        Set<TargetState> present = new HashSet<>();
        next.groups().values().forEach(group -> present.addAll(List.of(group.targets())));
        return registry.targets().stream().filter(target -> !present.contains(target) && !drains.includes(target)).toList();
    }

    private void welcomeBack(Routing next) {
        for (GroupRoute group : next.groups().values()) {
            for (TargetState target : group.targets()) {
                drains.end(target);
                target.draining(false);
            }
        }
    }

    private void beginDraining(TargetState target) {
        GroupRoute group = routing.groups().get(target.groupId());
        Duration delay = group == null ? Duration.ZERO : group.group().deregistrationDelay();
        boolean cut = group == null || group.group().flows().cutWhenDrained();
        TargetHealth before = target.health().health();
        unhealthy.forget(target);
        target.health().restart(State.DRAINING, Reason.DEREGISTRATION_IN_PROGRESS);
        target.draining(true);
        drains.begin(target, delay, () -> drainingIsOver(target, cut));
        tell(target, before, target.health().health());
    }

    /// @param cut false: what the target still holds goes on, but the target is gone for everybody who asks
    private void drainingIsOver(TargetState target, boolean cut) {
        synchronized (applying) {
            synchronized (lock) {
                if (!target.draining()) {
                    return;
                }
                if (!cut) {
                    leave(target);
                    return;
                }
            }
            drains.cut(target);
        }
        synchronized (lock) {
            finishDrained(target);
        }
    }

    /// Lets go of a draining target once nobody holds a claim on it.
    private void finishDrained(TargetState target) {
        if (!drains.isOver(target)) {
            return;
        }
        drains.end(target);
        readings.keep(target);
        registry.forget(target);
        leave(target);
    }

    /// From now on the target is not seen any more, even if something is still in flight on it.
    private void leave(TargetState target) {
        TargetHealth before = target.health().health();
        if (before.reason() != Reason.NOT_REGISTERED) {
            target.health().restart(State.UNUSED, Reason.NOT_REGISTERED);
            tell(target, before, target.health().health());
        }
    }

    private void healthChanged(TargetState target, TargetHealth before) {
        TargetHealth after = target.health().health();
        if (after.state() == State.HEALTHY && before.state() != State.HEALTHY) {
            target.warmSince(now());
        }
        GroupRoute group = routing.groups().get(target.groupId());
        if (group != null) {
            group.refit(now());
            unhealthy.changed(target, before.state(), after.state(), group.group().flows().whenUnhealthy());
        }
        tell(target, before, after);
    }

    private void graceIsOver(TargetState target) {
        underLock(() -> {
            TargetHealth before = target.health().health();
            if (before.state() == State.UNHEALTHY_DRAINING) {
                target.health().graceOver();
                healthChanged(target, before);
            }
        });
    }

    private long now() {
        return loops.all().getFirst().nanos();
    }

    private void tell(TargetState target, TargetHealth before, TargetHealth after) {
        if (!watchers.isEmpty()) {
            onControl(() -> watchers.forEach(watcher -> watcher.changed(target.groupId(), before, after)));
        }
    }

    private void underLock(Runnable action) {
        onControl(() -> {
            synchronized (lock) {
                action.run();
            }
        });
    }

    private void onControl(Runnable action) {
        if (control.isShutdown()) {
            return;
        }
        control.execute(() -> {
            try {
                action.run();
            } catch (RuntimeException | Error e) {
                LOG.error("A change of a target's state could not be dealt with; the proxy goes on", e);
            }
        });
    }

    /// Where every listener of the current snapshot is reachable; one entry per listener and address.
    public List<Binding> bindings() {
        synchronized (applying) {
            return sockets.bindings(applied.listeners());
        }
    }

    /// The targets of a group and how they are, draining ones included; empty for a group that is not in the snapshot and has nothing draining.
    public List<TargetHealth> health(String groupId) {
        synchronized (lock) {
            return registry.targets().stream().filter(target -> target.groupId().equals(groupId)).map(target -> target.health().health())
                    .filter(health -> health.reason() != Reason.NOT_REGISTERED).toList();
        }
    }

    /// Calls `watcher` after every change of a target's state or reason, in order, on a thread of the proxy: it must return soon, and must not call
    /// [#apply]. A target that is drained ends as `UNUSED`, not registered.
    public HealthWatcher.Watch watch(HealthWatcher watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    /// What has been counted since the proxy was created. Every figure only grows (except those called active or in flight): take the difference of
    /// two readings.
    public Traffic traffic() {
        synchronized (lock) {
            return readings.read(registry.listeners(), registry.targets());
        }
    }

    /// The same for what only listeners have that pass connections through, one entry for each listener there ever was.
    public List<FlowTraffic> flows() {
        synchronized (lock) {
            return registry.listeners().stream().map(listener -> listener.flows().reading(listener.id())).toList();
        }
    }

    /// Requests, connections and health checks that listeners want logged, for one reader.
    public LogQueue logs() {
        return logs;
    }

    Admission admission() {
        return admission;
    }

    /// From now on this is asked for the answers of functions. Before a snapshot with functions among its targets is applied.
    public void callFunctions(FunctionTargets functions) {
        this.functions = functions;
    }

    FunctionTargets functions() {
        return functions;
    }

    ProxyOptions options() {
        return options;
    }

    Loops loops() {
        return loops;
    }

    Routing routing() {
        return routing;
    }

    /// Closes all sockets at once, with what is in flight on them.
    @Override
    public void close() {
        synchronized (applying) {
            if (closed) {
                return;
            }
            closed = true;
            sockets.closeAllBut(Set.of());
            synchronized (lock) {
                checks.close();
                drains.close();
                unhealthy.close();
            }
            loops.onEach(Loop::stop);
            loops.close();
            synchronized (lock) {
                registry.close().forEach(ReferenceCountUtil::release);
            }
            control.shutdownNow();
        }
    }
}
