package dev.viridian.proxy.routing;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Everything the proxy routes by at one moment. Self-consistent: every group that an action names is among `groups`.
///
/// @param listeners in order of precedence: where several share an address and port, an unknown `Host` goes to the first of them
public record RoutingSnapshot(List<Listener> listeners, List<TargetGroup> groups) {
    public static final RoutingSnapshot EMPTY = new RoutingSnapshot(List.of(), List.of());

    public RoutingSnapshot {
        listeners = List.copyOf(listeners);
        groups = List.copyOf(groups);
        Set<String> known = new HashSet<>();
        for (TargetGroup group : groups) {
            if (!known.add(group.id())) {
                throw new IllegalArgumentException("target group " + group.id() + " appears twice");
            }
        }
        Set<String> ids = new HashSet<>();
        for (Listener listener : listeners) {
            if (!ids.add(listener.id())) {
                throw new IllegalArgumentException("listener " + listener.id() + " appears twice");
            }
            for (String group : listener.groupIds()) {
                if (!known.contains(group)) {
                    throw new IllegalArgumentException("listener " + listener.id() + " forwards to unknown target group " + group);
                }
            }
        }
    }
}
