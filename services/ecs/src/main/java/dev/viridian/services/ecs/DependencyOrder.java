package dev.viridian.services.ecs;

import dev.viridian.engine.Decision;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Who waits for whom among the containers of one task.
@Decision
final class DependencyOrder {
    private DependencyOrder() {}

    /// The first circle found, as the names on it; empty when there is none.
    ///
    /// @param waitsFor container to the containers it waits for
    static Optional<List<String>> cycle(Map<String, ? extends Iterable<String>> waitsFor) {
        Set<String> cleared = new LinkedHashSet<>();
        for (String start : waitsFor.keySet()) {
            List<String> found = walk(start, waitsFor, cleared, new ArrayList<>());
            if (!found.isEmpty()) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    private static List<String> walk(String name, Map<String, ? extends Iterable<String>> waitsFor, Set<String> cleared, List<String> path) {
        if (path.contains(name)) {
            return path.subList(path.indexOf(name), path.size());
        }
        if (cleared.contains(name) || !waitsFor.containsKey(name)) {
            return List.of();
        }
        path.add(name);
        for (String next : waitsFor.get(name)) {
            List<String> found = walk(next, waitsFor, cleared, path);
            if (!found.isEmpty()) {
                return found;
            }
        }
        path.removeLast();
        cleared.add(name);
        return List.of();
    }
}
