package dev.viridian.proxy;

import dev.viridian.engine.time.Time;
import dev.viridian.proxy.health.TargetHealth.State;
import dev.viridian.proxy.routing.Flows.WhenUnhealthy;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/// What becomes of the connections that targets hold which turn unhealthy. Guarded by the proxy's lock.
final class UnhealthyTargets {
    private final Time time;
    private final Consumer<TargetState> onGraceOver;
    private final Map<TargetState, Time.Scheduled> graces = new HashMap<>();

    /// @param onGraceOver called on a thread of `time`, without the lock
    UnhealthyTargets(Time time, Consumer<TargetState> onGraceOver) {
        this.time = time;
        this.onGraceOver = onGraceOver;
    }

    void changed(TargetState target, State before, State after, WhenUnhealthy policy) {
        if (before == after) {
            return;
        }
        forget(target);
        if (after == State.UNHEALTHY_DRAINING && policy instanceof WhenUnhealthy.Drain(var grace)) {
            graces.put(target, time.at(time.deadline(grace), () -> onGraceOver.accept(target)));
        } else if (after == State.UNHEALTHY && !(policy instanceof WhenUnhealthy.Keep)) {
            cut(target);
        }
    }

    /// Does not wait: the loops have other things to do, and nothing depends on when exactly.
    private static void cut(TargetState target) {
        for (TargetOnLoop each : target.onLoops()) {
            each.loop().eventLoop().execute(each::cut);
        }
    }

    /// The target leaves, or is well again.
    void forget(TargetState target) {
        Time.Scheduled grace = graces.remove(target);
        if (grace != null) {
            grace.close();
        }
    }

    void close() {
        graces.values().forEach(Time.Scheduled::close);
        graces.clear();
    }
}
