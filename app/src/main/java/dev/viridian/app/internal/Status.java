package dev.viridian.app.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a running server says of itself.
///
/// @param engine the container engine's name and version, or why there is none
/// @param listeners load balancer listeners and where they really listen
public record Status(String version, String endpoint, String account, String region, double pace, String auth, String data, boolean ephemeral, String engine,
        List<String> services, List<Listener> listeners) {

    /// @param bound where it listens, e.g. `127.0.0.1:80`; empty when it could not be bound
    /// @param note why another port stands in, or why there is none
    public record Listener(String loadBalancer, String url, int port, String bound, String note) {}

    Map<String, String> serviceStates() {
        Map<String, String> states = new LinkedHashMap<>();
        services.forEach(s -> states.put(s, "running"));
        return states;
    }
}
