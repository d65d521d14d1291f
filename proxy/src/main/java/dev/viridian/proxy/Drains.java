package dev.viridian.proxy;

import dev.viridian.engine.time.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Targets that have left the routing and still have something in flight. Guarded by the proxy's lock.
final class Drains {
    private final Loops loops;
    private final Time time;
    private final Map<TargetState, Time.Scheduled> deadlines = new HashMap<>();
    /// Those of which every loop has taken note: nobody can claim them any more, so that having no claim means being finished.
    private final Set<TargetState> settled = new HashSet<>();

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

    /// Every loop has taken note that the target is gone.
    void settle(TargetState target) {
        if (includes(target)) {
            settled.add(target);
        }
    }

    /// Whether nobody holds a claim on the target, and nobody can get one.
    boolean isOver(TargetState target) {
        return settled.contains(target) && target.inFlight() == 0;
    }

    /// The target is back, or has nothing left to finish.
    void end(TargetState target) {
        settled.remove(target);
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
