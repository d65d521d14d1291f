package dev.viridian.services.elbv2;

import dev.viridian.proxy.FlowTraffic;
import dev.viridian.proxy.Traffic;
import dev.viridian.proxy.Traffic.Counts;
import dev.viridian.proxy.Traffic.GroupTraffic;
import dev.viridian.proxy.Traffic.ListenerTraffic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The difference of two readings of the proxy's counters: what happened between them.
record MinuteOfTraffic(List<ListenerTraffic> listeners, List<GroupTraffic> groups) {

    static MinuteOfTraffic between(Traffic before, Traffic now) {
        Map<String, ListenerTraffic> earlier = new HashMap<>();
        before.listeners().forEach(listener -> earlier.put(listener.listenerId(), listener));
        Map<String, Counts> earlierGroups = new HashMap<>();
        before.groups().forEach(group -> earlierGroups.put(group.listenerId() + " " + group.groupId(), group.counts()));
        return new MinuteOfTraffic(now.listeners().stream()
                .map(listener -> earlier.containsKey(listener.listenerId()) ? listener.since(earlier.get(listener.listenerId())) : listener).toList(),
                now.groups().stream().map(group -> new GroupTraffic(group.listenerId(), group.groupId(),
                        group.counts().since(earlierGroups.getOrDefault(group.listenerId() + " " + group.groupId(), Counts.ZERO)))).toList());
    }

    static List<FlowTraffic> between(List<FlowTraffic> before, List<FlowTraffic> now) {
        Map<String, FlowTraffic> earlier = new HashMap<>();
        before.forEach(each -> earlier.put(each.listenerId(), each));
        return now.stream().map(each -> earlier.containsKey(each.listenerId()) ? each.since(earlier.get(each.listenerId())) : each).toList();
    }
}
