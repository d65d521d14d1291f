package dev.viridian.services.codedeploy.world;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/// Errors a fake is told to answer with, by operation.
public final class Faults {
    private final Map<String, Deque<RuntimeException>> once = new HashMap<>();
    private final Map<String, Supplier<? extends RuntimeException>> always = new HashMap<>();
    private Supplier<Boolean> chance = () -> false;
    private Supplier<? extends RuntimeException> onChance = IllegalStateException::new;

    /// The next call fails; later ones do not.
    public void next(String operation, RuntimeException error) {
        once.computeIfAbsent(operation, _ -> new ArrayDeque<>()).add(error);
    }

    public void always(String operation, Supplier<? extends RuntimeException> error) {
        always.put(operation, error);
    }

    public void never(String operation) {
        always.remove(operation);
    }

    /// Any call may fail, as chance has it.
    public void sometimes(Supplier<Boolean> chance, Supplier<? extends RuntimeException> error) {
        this.chance = chance;
        this.onChance = error;
    }

    void check(String operation) {
        Deque<RuntimeException> planned = once.get(operation);
        if (planned != null && !planned.isEmpty()) {
            throw planned.poll();
        }
        if (always.containsKey(operation)) {
            throw always.get(operation).get();
        }
        if (chance.get()) {
            throw onChance.get();
        }
    }
}
