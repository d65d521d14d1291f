package dev.viridian.proxy;

import dev.viridian.proxy.Traffic.Counts;
import dev.viridian.proxy.Traffic.GroupTraffic;
import dev.viridian.proxy.Traffic.TargetTraffic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Adds up what the loops have counted, and keeps the figures of targets that are gone. Guarded by the proxy's lock.
final class Readings {
    private record ListenerAndGroup(String listenerId, String groupId) {}

    private final Map<ListenerAndGroup, Counts> gone = new LinkedHashMap<>();

    /// The target will not be counted for any more.
    void keep(TargetState target) {
        byListener(target).forEach((listener, counts) -> gone.merge(new ListenerAndGroup(listener, target.groupId()), counts.over(), Counts::plus));
    }

    Traffic read(Collection<ListenerState> listeners, Collection<TargetState> targets) {
        Map<ListenerAndGroup, Counts> groups = new LinkedHashMap<>(gone);
        List<TargetTraffic> each = new ArrayList<>();
        for (TargetState target : targets) {
            byListener(target).forEach((listener, counts) -> {
                groups.merge(new ListenerAndGroup(listener, target.groupId()), counts, Counts::plus);
                each.add(new TargetTraffic(listener, target.groupId(), target.target().id(), target.target().port(), counts));
            });
        }
        List<GroupTraffic> sums = new ArrayList<>();
        groups.forEach((key, counts) -> sums.add(new GroupTraffic(key.listenerId(), key.groupId(), counts)));
        return new Traffic(listeners.stream().map(ListenerState::reading).toList(), sums, List.copyOf(each));
    }

    private static Map<String, Counts> byListener(TargetState target) {
        Map<String, Counts> counts = new LinkedHashMap<>();
        for (TargetOnLoop onLoop : target.onLoops()) {
            for (TargetCounters counters : onLoop.counters()) {
                counts.merge(counters.listener().id(), counters.reading(), Counts::plus);
            }
        }
        return counts;
    }
}
