package dev.viridian.proxy;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A snapshot compiled for the hot path. Immutable but for which targets of a group are fit.
///
/// @param ports  what is behind each wanted socket
/// @param groups by id
record Routing(Map<PortKey, PortRoute> ports, Map<String, GroupRoute> groups) {
    static final Routing EMPTY = new Routing(Map.of(), Map.of());

    @Nullable PortRoute port(PortKey key) {
        return ports.get(key);
    }
}
