package dev.viridian.container;

import java.util.Map;

/// @param subnet in CIDR form, for example `10.200.1.0/24`
public record NetworkSpec(String name, String subnet, Map<String, String> labels) {
    public NetworkSpec {
        labels = Map.copyOf(labels);
    }
}
