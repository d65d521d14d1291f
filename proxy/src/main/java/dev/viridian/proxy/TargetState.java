package dev.viridian.proxy;

import dev.viridian.proxy.health.HealthChecks;
import dev.viridian.proxy.health.HealthTrack;
import dev.viridian.proxy.routing.Target;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// A target of a group, from when it first appears until it is drained.
final class TargetState implements HealthChecks.Checked {
    private final String groupId;
    private final Target target;
    private final InetSocketAddress address;
    private final TargetOnLoop[] onLoops;
    private final long stickyKey;
    private final HealthTrack health;
    private final Consumer<TargetState> onRelease;
    private volatile boolean draining;
    /// When it became healthy, on the loops' clock; for the slow start.
    private volatile long warmSince;

    /// @param onRelease called on a loop whenever a claim ends while draining
    TargetState(String groupId, Target target, List<Loop> loops, Consumer<TargetState> onRelease) {
        this.groupId = groupId;
        this.target = target;
        this.address = target.isFunction() ? new InetSocketAddress(0) : new InetSocketAddress(target.address(), target.port());
        this.onLoops = new TargetOnLoop[loops.size()];
        Arrays.setAll(onLoops, i -> new TargetOnLoop(this, loops.get(i)));
        this.stickyKey = StickyCookies.key(groupId, target.id() + ":" + target.port());
        this.health = new HealthTrack(target);
        this.onRelease = onRelease;
    }

    String groupId() {
        return groupId;
    }

    Target target() {
        return target;
    }

    InetSocketAddress address() {
        return address;
    }

    TargetOnLoop on(Loop loop) {
        return onLoops[loop.index()];
    }

    TargetOnLoop[] onLoops() {
        return onLoops;
    }

    long stickyKey() {
        return stickyKey;
    }

    @Override
    public HealthTrack health() {
        return health;
    }

    boolean draining() {
        return draining;
    }

    void draining(boolean draining) {
        this.draining = draining;
    }

    long warmSince() {
        return warmSince;
    }

    void warmSince(long nanos) {
        warmSince = nanos;
    }

    void released() {
        onRelease.accept(this);
    }

    long inFlight() {
        long sum = 0;
        for (TargetOnLoop each : onLoops) {
            sum += each.inFlight();
        }
        return sum;
    }
}
