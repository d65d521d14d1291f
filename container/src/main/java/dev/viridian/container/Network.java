package dev.viridian.container;

import java.util.Map;

/// A bridge network there is.
///
/// @param gateway the address under which containers in it reach the host of the engine
public record Network(String id, String name, String subnet, String gateway, Map<String, String> labels) {
    public Network {
        labels = Map.copyOf(labels);
    }
}
