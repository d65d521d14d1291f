package dev.viridian.services.elbv2;

import dev.viridian.proxy.health.HealthWatcher;
import dev.viridian.proxy.health.TargetHealth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How many targets of each group were healthy and unhealthy in the course of a minute: looked at whenever one changes and once at its end, so that
/// minimum and maximum tell of a failure that came and went within it.
final class HostCounts implements HealthWatcher {
    /// One look at a group.
    ///
    /// @param initial how many have not been asked often enough yet: they are neither healthy nor unhealthy
    record Look(long healthy, long unhealthy, long initial) {
        static Look at(List<TargetHealth> targets) {
            return new Look(count(targets, TargetHealth.State.HEALTHY),
                    count(targets, TargetHealth.State.UNHEALTHY) + count(targets, TargetHealth.State.UNHEALTHY_DRAINING),
                    count(targets, TargetHealth.State.INITIAL));
        }

        /// All of a minute that is over now in which something of the group was being checked.
        ///
        /// @param earlier in the course of the minute
        static List<Look> all(@Nullable List<Look> earlier, List<TargetHealth> now) {
            return Stream.concat(earlier == null ? Stream.of() : earlier.stream(), Stream.of(at(now))).filter(look -> !look.blank()).toList();
        }

        private static long count(List<TargetHealth> targets, TargetHealth.State state) {
            return targets.stream().filter(each -> each.state() == state).count();
        }

        /// Whether nothing of the group is being checked; AWS reports nothing then.
        private boolean blank() {
            return healthy + unhealthy + initial == 0;
        }
    }

    private final Function<String, List<TargetHealth>> health;
    private volatile Map<String, List<Look>> looks = new ConcurrentHashMap<>();

    /// @param health of a group's targets, now
    HostCounts(Function<String, List<TargetHealth>> health) {
        this.health = health;
    }

    @Override
    public void changed(String groupId, TargetHealth before, TargetHealth after) {
        Look look = Look.at(health.apply(groupId));
        looks.merge(groupId, List.of(look), HostCounts::joined);
    }

    private static List<Look> joined(List<Look> before, List<Look> more) {
        List<Look> all = new ArrayList<>(before);
        all.addAll(more);
        return all;
    }

    /// What was seen since the last call, by group, without the look of now.
    Map<String, List<Look>> take() {
        Map<String, List<Look>> seen = looks;
        looks = new ConcurrentHashMap<>();
        return seen;
    }
}
