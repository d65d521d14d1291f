package dev.viridian.proxy.rules;

import dev.viridian.proxy.routing.Condition;
import org.jspecify.annotations.Nullable;

/// A wanted query parameter; without a key, any parameter with the value will do.
final class Parameter {
    private final @Nullable Glob key;
    private final Glob value;

    Parameter(Condition.Query.Parameter parameter) {
        key = parameter.key().map(pattern -> new Glob(pattern, true)).orElse(null);
        value = new Glob(parameter.value(), true);
    }

    boolean matches(byte[] bytes, int keyFrom, int keyTo, int valueFrom, int valueTo) {
        return (key == null || key.matches(bytes, keyFrom, keyTo)) && value.matches(bytes, valueFrom, valueTo);
    }
}
