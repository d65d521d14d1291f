package dev.viridian.proxy;

import dev.viridian.proxy.http.RequestHead;
import dev.viridian.proxy.routing.Action;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Divides requests among weighted groups: smooth weighted round robin, which is exact over every short run and spreads the smaller share evenly.
///
/// Each loop has its own turn, so nothing is shared. Credits are in units of one request and outlive the snapshot, also when weights change:
/// otherwise a small share would starve under frequent changes, because every change would begin with the largest group.
final class Forwarder {
    private final GroupRoute[] groups;
    private final int[] weights;
    private final double[] shares;
    private final double[][] credits;
    private final @Nullable StickyCookies stickiness;

    Forwarder(Action.Forward forward, List<GroupRoute> groups, int loops, @Nullable Forwarder earlier) {
        this.groups = groups.toArray(GroupRoute[]::new);
        this.weights = forward.groups().stream().mapToInt(Action.Forward.WeightedGroup::weight).toArray();
        double total = Arrays.stream(weights).asLongStream().sum();
        this.shares = Arrays.stream(weights).mapToDouble(weight -> weight / total).toArray();
        this.credits = earlier != null && earlier.sameGroups(this.groups) ? earlier.credits : new double[loops][groups.size()];
        this.stickiness = forward.stickiness().map(StickyCookies::new).orElse(null);
    }

    private boolean sameGroups(GroupRoute[] others) {
        return Arrays.equals(groups, others, (a, b) -> a.group().id().compareTo(b.group().id()));
    }

    /// @return null when every weight is 0
    @Nullable GroupRoute choose(Loop loop, RequestHead head) {
        if (stickiness != null) {
            long key = stickiness.read(head);
            for (GroupRoute group : groups) {
                if (key != 0 && group.stickyKey() == key) {
                    return group;
                }
            }
        }
        return turn(loop);
    }

    /// The next group's turn, for those who bring no cookie.
    @Nullable GroupRoute turn(Loop loop) {
        if (groups.length == 1) {
            return weights[0] > 0 ? groups[0] : null;
        }
        double[] mine = credits[loop.index()];
        int best = -1;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                mine[i] += shares[i];
                if (best < 0 || mine[i] > mine[best]) {
                    best = i;
                }
            }
        }
        if (best < 0) {
            return null;
        }
        mine[best] -= 1;
        return groups[best];
    }

    @Nullable StickyCookies stickiness() {
        return stickiness;
    }
}
