package dev.viridian.proxy;

import dev.viridian.proxy.http.Ascii;
import dev.viridian.proxy.http.RequestHead;
import dev.viridian.proxy.routing.TargetGroup;
import dev.viridian.proxy.routing.TargetGroup.Stickiness;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A group within one snapshot: its targets, and which of them are fit right now.
final class GroupRoute {
    private final TargetGroup group;
    private final TargetState[] targets;
    private final Turn turn;
    private final long stickyKey;
    private final long slowStartNanos;
    private final @Nullable StickyCookies stickiness;
    private final byte @Nullable [] applicationCookie;
    private volatile TargetState[] fit;
    private volatile boolean failsOpen;
    /// While a target warms up, shares differ; afterwards plain turns do.
    private volatile long warmUntil;

    /// Whose turn it is, per loop; outlives the snapshot.
    static final class Turn {
        private static final int STRIDE = 16;
        private final int[] next;

        Turn(int loops) {
            next = new int[loops * STRIDE];
        }

        int take(Loop loop, int size) {
            int slot = loop.index() * STRIDE;
            int mine = next[slot] >= size ? 0 : next[slot];
            next[slot] = mine + 1;
            return mine;
        }
    }

    /// @param slowStartNanos paced
    GroupRoute(TargetGroup group, List<TargetState> targets, Turn turn, long slowStartNanos) {
        this.group = group;
        this.targets = targets.toArray(TargetState[]::new);
        this.turn = turn;
        this.stickyKey = StickyCookies.key(group.id(), "");
        this.slowStartNanos = slowStartNanos;
        this.stickiness = switch (group.stickiness()) {
            case Stickiness.None _, Stickiness.BySourceAddress _ -> null;
            case Stickiness.ByProxyCookie(var cookie) -> new StickyCookies(cookie);
            case Stickiness.ByApplicationCookie(_, var cookie) -> new StickyCookies(cookie);
        };
        this.applicationCookie = group.stickiness() instanceof Stickiness.ByApplicationCookie(String name, _) ? Ascii.bytes(name + "=") : null;
        this.fit = this.targets;
    }

    TargetGroup group() {
        return group;
    }

    TargetState[] targets() {
        return targets;
    }

    long stickyKey() {
        return stickyKey;
    }

    @Nullable StickyCookies stickiness() {
        return stickiness;
    }

    /// `name=`, when the application's own cookie decides whether a client sticks.
    byte @Nullable [] applicationCookie() {
        return applicationCookie;
    }

    /// Fails open: when nobody is fit, or fewer than the group wants, everybody is tried.
    void refit(long now) {
        TargetState[] well = Arrays.stream(targets).filter(target -> target.health().fit()).toArray(TargetState[]::new);
        boolean tooFew = well.length == 0 || !group.minimum().isMet(well.length, targets.length);
        long latest = 0;
        if (slowStartNanos > 0 && !tooFew) {
            for (TargetState target : well) {
                latest = Math.max(latest, target.warmSince() + slowStartNanos - now);
            }
        }
        warmUntil = now + latest;
        failsOpen = tooFew;
        fit = tooFew ? targets : well;
    }

    /// @return null when the group is empty
    @Nullable TargetState choose(Loop loop, RequestHead head) {
        TargetState[] candidates = fit;
        if (candidates.length == 0) {
            return null;
        }
        if (stickiness != null && mayStick(head)) {
            TargetState known = known(candidates, stickiness.read(head));
            if (known != null) {
                return known;
            }
        }
        return next(loop, candidates);
    }

    /// For a request that has been tried before.
    ///
    /// @return null when no target is left that has not failed it
    @Nullable TargetState chooseOther(Loop loop, Tries tries) {
        TargetState[] candidates = tries.others(fit);
        return candidates.length == 0 ? null : next(loop, candidates);
    }

    /// For a connection that is passed through. Targets that could not be reached just now are taken only when there is no other.
    ///
    /// @param source the client's IP address
    /// @return null when the group is empty
    @Nullable TargetState chooseFor(Loop loop, byte[] source, Tries tries) {
        TargetState[] all = fit;
        if (all.length == 0) {
            return null;
        }
        TargetState[] others = tries.others(all);
        TargetState[] candidates = others.length == 0 ? all : others;
        return group.stickiness() instanceof Stickiness.BySourceAddress ? bySource(candidates, SourceHash.of(source)) : next(loop, candidates);
    }

    /// Rendezvous hashing: needs no memory, gives the same answer on every loop, and moves only the clients of a target that comes or goes.
    private static TargetState bySource(TargetState[] candidates, long source) {
        TargetState best = candidates[0];
        for (TargetState candidate : candidates) {
            if (SourceHash.mix(source ^ candidate.stickyKey()) > SourceHash.mix(source ^ best.stickyKey())) {
                best = candidate;
            }
        }
        return best;
    }

    /// Whether too few are fit, so that everybody is tried.
    boolean failsOpen() {
        return failsOpen;
    }

    /// Whether the client asked for this target by its cookie.
    boolean stuck(RequestHead head, TargetState target) {
        return stickiness != null && mayStick(head) && stickiness.read(head) == target.stickyKey();
    }

    /// Whether the client's cookies are asked: where the application decides who sticks, only those of a client that still has the application's own.
    private boolean mayStick(RequestHead head) {
        return applicationCookie == null || StickyCookies.brings(head, applicationCookie);
    }

    /// Whether the application's cookie has kept this client with some target, so that ours beside it is to be renewed.
    boolean keepsByApplication(RequestHead head) {
        return applicationCookie != null && stickiness != null && stickiness.read(head) != 0 && StickyCookies.brings(head, applicationCookie);
    }

    private @Nullable TargetState known(TargetState[] candidates, long key) {
        for (TargetState candidate : candidates) {
            if (key != 0 && candidate.stickyKey() == key) {
                return candidate;
            }
        }
        return null;
    }

    private TargetState next(Loop loop, TargetState[] candidates) {
        if (candidates.length == 1) {
            return candidates[0];
        }
        if (slowStartNanos > 0 && loop.now() < warmUntil) {
            return byWarmth(loop, candidates);
        }
        return switch (group.algorithm()) {
            case ROUND_ROBIN -> candidates[turn.take(loop, candidates.length)];
            case WEIGHTED_RANDOM -> candidates[loop.random().nextInt(candidates.length)];
            case LEAST_OUTSTANDING -> leastOutstanding(candidates, turn.take(loop, candidates.length));
        };
    }

    /// @param from where to begin, so that equals take turns
    private static TargetState leastOutstanding(TargetState[] candidates, int from) {
        TargetState best = candidates[from];
        long least = best.inFlight();
        for (int i = 1; i < candidates.length && least > 0; i++) {
            TargetState candidate = candidates[(from + i) % candidates.length];
            long inFlight = candidate.inFlight();
            if (inFlight < least) {
                best = candidate;
                least = inFlight;
            }
        }
        return best;
    }

    /// Smooth weighted turns in which a target weighs as much of a whole one as it has spent of its slow start.
    private TargetState byWarmth(Loop loop, TargetState[] candidates) {
        double total = 0;
        TargetState best = candidates[0];
        for (TargetState candidate : candidates) {
            double weight = Math.clamp((loop.now() - candidate.warmSince()) / (double) slowStartNanos, 0.01, 1.0);
            total += weight;
            candidate.on(loop).credit += weight;
            if (candidate.on(loop).credit > best.on(loop).credit) {
                best = candidate;
            }
        }
        best.on(loop).credit -= total;
        return best;
    }
}
