package dev.viridian.proxy.routing;

import java.util.List;

/// When all `conditions` hold, `action` happens. A rule without conditions always holds.
///
/// @param id      stable across snapshots: the turn of a weighted forward is remembered by listener and rule
/// @param rewrite for a forward; other actions send nothing to a target
public record Rule(String id, int priority, List<Condition> conditions, Action action, Rewrite rewrite) {
    public Rule {
        conditions = List.copyOf(conditions);
    }

    public Rule(String id, int priority, List<Condition> conditions, Action action) {
        this(id, priority, conditions, action, Rewrite.NONE);
    }
}
