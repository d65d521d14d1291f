package dev.viridian.engine.lifecycle;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The legal moves of one kind of thing: (state, event) -> state. Immutable.
public final class Lifecycle<S extends Enum<S>, E extends Enum<E>> {

    /// One row of the table.
    public record Move<S, E>(S from, E event, S to) {}

    private record When<S, E>(S state, E event) {}

    private final S initial;
    private final Map<When<S, E>, S> moves;

    private Lifecycle(S initial, Map<When<S, E>, S> moves) {
        this.initial = initial;
        this.moves = moves;
    }

    public static <S extends Enum<S>, E extends Enum<E>> Builder<S, E> startingIn(S initial) {
        return new Builder<>(initial);
    }

    public S initial() {
        return initial;
    }

    /// The state after `event` in `state`.
    ///
    /// @throws IllegalStateException when that cannot happen there; the message lists what can
    public S next(S state, E event) {
        S to = moves.get(new When<>(state, event));
        if (to == null) {
            throw new IllegalStateException(event + " cannot happen while " + state + "; here only " + eventsIn(state) + " can");
        }
        return to;
    }

    public boolean allows(S state, E event) {
        return moves.containsKey(new When<>(state, event));
    }

    /// Whether nothing can happen any more.
    public boolean isFinal(S state) {
        return eventsIn(state).isEmpty();
    }

    public Set<E> eventsIn(S state) {
        return moves.keySet().stream().filter(w -> w.state() == state).map(When::event).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    public List<Move<S, E>> moves() {
        return moves.entrySet().stream().map(e -> new Move<>(e.getKey().state(), e.getKey().event(), e.getValue())).toList();
    }

    /// A Mermaid state diagram of the table.
    public String diagram() {
        StringBuilder text = new StringBuilder("stateDiagram-v2\n    [*] --> ").append(initial).append('\n');
        moves.forEach((when, to) -> text.append("    ").append(when.state()).append(" --> ").append(to).append(": ").append(when.event()).append('\n'));
        moves.values().stream().distinct().filter(this::isFinal).forEach(s -> text.append("    ").append(s).append(" --> [*]\n"));
        return text.toString();
    }

    /// Builds the table row by row; a second row for the same state and event is refused.
    public static final class Builder<S extends Enum<S>, E extends Enum<E>> {
        private final S initial;
        private final Map<When<S, E>, S> moves = new LinkedHashMap<>();

        private Builder(S initial) {
            this.initial = initial;
        }

        public Builder<S, E> move(S from, E event, S to) {
            if (moves.putIfAbsent(new When<>(from, event), to) != null) {
                throw new IllegalArgumentException("two rows say what " + event + " does in " + from);
            }
            return this;
        }

        public Lifecycle<S, E> build() {
            return new Lifecycle<>(initial, new LinkedHashMap<>(moves));
        }
    }
}
