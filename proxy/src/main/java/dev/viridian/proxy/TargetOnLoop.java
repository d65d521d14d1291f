package dev.viridian.proxy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A target as one event loop sees it: what it has claimed there, and its idle connections. Only that loop changes it.
final class TargetOnLoop {
    private static final int MAX_IDLE = 1024;

    private final TargetState target;
    private final Loop loop;
    private final Cells claims = new Cells(1);
    private final ArrayDeque<UpstreamConnection> idle = new ArrayDeque<>();
    /// Connections that carry many exchanges at once and take more.
    private final List<Http2TargetConnection> multiplexed = new ArrayList<>(0);
    /// Connections in use and tunnels, to be cut when draining takes too long.
    private final List<Claimant> claimants = new ArrayList<>();
    private volatile TargetCounters[] counters = new TargetCounters[0];
    /// Used by the smooth choice while a target of the group warms up.
    double credit;

    TargetOnLoop(TargetState target, Loop loop) {
        this.target = target;
        this.loop = loop;
    }

    TargetState target() {
        return target;
    }

    Loop loop() {
        return loop;
    }

    /// From here until [#release] the target counts this request as in flight.
    TargetCounters claim(Claimant claimant, ListenerState listener) {
        claims.add(0, 1);
        claimant.claimIndex(claimants.size());
        claimants.add(claimant);
        TargetCounters mine = counters(listener);
        mine.claimed(1);
        return mine;
    }

    void release(Claimant claimant, TargetCounters counters) {
        Claimant last = claimants.removeLast();
        if (last != claimant) {
            claimants.set(claimant.claimIndex(), last);
            last.claimIndex(claimant.claimIndex());
        }
        counters.claimed(-1);
        claims.add(0, -1);
        if (target.draining()) {
            closeIdle();
            target.released();
        }
    }

    /// The claim passes from one holder to another.
    void transfer(Claimant from, Claimant to) {
        claimants.set(from.claimIndex(), to);
        to.claimIndex(from.claimIndex());
    }

    long inFlight() {
        return claims.get(0);
    }

    private TargetCounters counters(ListenerState listener) {
        for (TargetCounters each : counters) {
            if (each.listener() == listener) {
                return each;
            }
        }
        TargetCounters created = new TargetCounters(listener);
        TargetCounters[] more = Arrays.copyOf(counters, counters.length + 1);
        more[counters.length] = created;
        counters = more;
        return created;
    }

    TargetCounters[] counters() {
        return counters;
    }

    /// The connection used last, because it is the least likely to have been closed by the target.
    @Nullable UpstreamConnection takeIdle() {
        return idle.pollLast();
    }

    /// @return whether it was taken; a target that is drained keeps none
    boolean offerIdle(UpstreamConnection connection) {
        if (target.draining() || idle.size() >= MAX_IDLE) {
            return false;
        }
        idle.addLast(connection);
        return true;
    }

    void forget(UpstreamConnection connection) {
        idle.remove(connection);
    }

    List<Http2TargetConnection> multiplexed() {
        return multiplexed;
    }

    void closeIdle() {
        if (!multiplexed.isEmpty()) {
            List.copyOf(multiplexed).forEach(Http2TargetConnection::leave);
        }
        for (UpstreamConnection connection = idle.pollLast(); connection != null; connection = idle.pollLast()) {
            connection.close();
        }
    }

    /// Ends everything still in flight.
    void cut() {
        closeIdle();
        for (Claimant claimant : List.copyOf(claimants)) {
            claimant.cut();
        }
    }

    /// Something that holds a claim.
    interface Claimant {
        int claimIndex();

        void claimIndex(int index);

        /// The target's time is over: end at once, and release the claim before returning.
        void cut();
    }
}
