package dev.viridian.container.gateway;

import java.util.Map;

/// Who stands before a door.
///
/// @param labels put on everything the tenant creates; what carries them all is the tenant's own
public record Tenant(String name, Map<String, String> labels) {
    public Tenant {
        labels = Map.copyOf(labels);
        if (labels.isEmpty()) {
            throw new IllegalArgumentException("a tenant without labels would own everything: " + name);
        }
    }
}
