package dev.viridian.proxy;

import dev.viridian.engine.time.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Targets that have left the routing and still have something in flight. Guarded by the proxy's lock.
final class Drains {
    private final Loops loops;
    private final Time time;
    private final Map<TargetState, Time.Scheduled> deadlines = new HashMap<>();

    Drains(Loops loops, Time time) {
        this.loops = loops;
        this.time = time;
    }

    /// @param delay     configured; when it is over, what is still in flight is cut
    /// @param onDeadline run when it is over
    void begin(TargetState target, Duration delay, Runnable onDeadline) {
        deadlines.put(target, time.at(time.deadline(delay), onDeadline));
    }

    boolean includes(TargetState target) {
        return deadlines.containsKey(target);
    }

    /// The target is back, or has nothing left to finish.
    void end(TargetState target) {
        Time.Scheduled deadline = deadlines.remove(target);
        if (deadline != null) {
            deadline.close();
        }
    }

    /// Cuts everything in flight on a target; when this returns, nothing holds a claim on it.
    void cut(TargetState target) {
        loops.onEach(loop -> target.on(loop).cut());
    }

    void close() {
        deadlines.values().forEach(Time.Scheduled::close);
        deadlines.clear();
    }
}
