package dev.viridian.services.elbv2;

import dev.viridian.proxy.FlowTraffic;
import dev.viridian.proxy.Traffic;
import dev.viridian.proxy.Traffic.Counts;
import dev.viridian.proxy.Traffic.Generated;
import dev.viridian.proxy.Traffic.GroupTraffic;
import dev.viridian.proxy.Traffic.ListenerTraffic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The difference of two readings of the proxy's counters: what happened between them.
record MinuteOfTraffic(List<ListenerTraffic> listeners, List<GroupTraffic> groups) {

    static MinuteOfTraffic between(Traffic before, Traffic now) {
        Map<String, ListenerTraffic> earlier = new HashMap<>();
        before.listeners().forEach(listener -> earlier.put(listener.listenerId(), listener));
        Map<String, Counts> earlierGroups = new HashMap<>();
        before.groups().forEach(group -> earlierGroups.put(group.listenerId() + " " + group.groupId(), group.counts()));
        return new MinuteOfTraffic(now.listeners().stream().map(listener -> since(earlier.get(listener.listenerId()), listener)).toList(),
                now.groups().stream().map(group -> new GroupTraffic(group.listenerId(), group.groupId(),
                        group.counts().since(earlierGroups.getOrDefault(group.listenerId() + " " + group.groupId(), Counts.ZERO)))).toList());
    }

    static List<FlowTraffic> between(List<FlowTraffic> before, List<FlowTraffic> now) {
        Map<String, FlowTraffic> earlier = new HashMap<>();
        before.forEach(each -> earlier.put(each.listenerId(), each));
        return now.stream().map(each -> earlier.containsKey(each.listenerId()) ? each.since(earlier.get(each.listenerId())) : each).toList();
    }

    /// Connections that are active stay as they are now.
    private static ListenerTraffic since(@Nullable ListenerTraffic before, ListenerTraffic now) {
        if (before == null) {
            return now;
        }
        return new ListenerTraffic(now.listenerId(), now.requests() - before.requests(), now.routed() - before.routed(),
                since(before.generated(), now.generated()),
                now.redirects() - before.redirects(), now.fixedResponses() - before.fixedResponses(), now.newConnections() - before.newConnections(),
                now.activeConnections(),
                now.rejectedConnections() - before.rejectedConnections(), now.malformed() - before.malformed(), now.bytesIn() - before.bytesIn(),
                now.bytesOut() - before.bytesOut(), now.tlsErrors() - before.tlsErrors());
    }

    private static Generated since(Generated before, Generated now) {
        return new Generated(now.status3xx() - before.status3xx(), now.status4xx() - before.status4xx(), now.status5xx() - before.status5xx(),
                now.status500() - before.status500(),
                now.status502() - before.status502(), now.status503() - before.status503(), now.status504() - before.status504());
    }
}
