package dev.viridian.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Header fields by lower-case name, in the order they came.
public final class Headers {
    private final Map<String, List<String>> fields = new LinkedHashMap<>();

    public Headers add(String name, String value) {
        fields.computeIfAbsent(name.toLowerCase(Locale.ROOT), _ -> new ArrayList<>(1)).add(value);
        return this;
    }

    public Optional<String> first(String lowerCaseName) {
        List<String> values = fields.get(lowerCaseName);
        return values == null ? Optional.empty() : Optional.of(values.getFirst());
    }

    public List<String> all(String lowerCaseName) {
        return fields.getOrDefault(lowerCaseName, List.of());
    }

    public boolean has(String lowerCaseName) {
        return fields.containsKey(lowerCaseName);
    }

    public Map<String, List<String>> map() {
        return fields;
    }
}
