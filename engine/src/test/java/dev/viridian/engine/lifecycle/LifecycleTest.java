package dev.viridian.engine.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LifecycleTest {
    enum Door { OPEN, CLOSED, BRICKED_UP }

    enum Event { PUSH, PULL, BRICK }

    static final Lifecycle<Door, Event> DOOR = Lifecycle.<Door, Event>startingIn(Door.OPEN)
            .move(Door.OPEN, Event.PUSH, Door.CLOSED)
            .move(Door.CLOSED, Event.PULL, Door.OPEN)
            .move(Door.CLOSED, Event.BRICK, Door.BRICKED_UP)
            .build();

    @Test
    void the_table_says_where_an_event_leads() {
        assertThat(DOOR.next(Door.CLOSED, Event.PULL)).isEqualTo(Door.OPEN);
        assertThat(DOOR.allows(Door.OPEN, Event.BRICK)).isFalse();
        assertThat(DOOR.isFinal(Door.BRICKED_UP)).isTrue();
    }

    @Test
    void an_illegal_move_says_what_would_be_legal() {
        assertThatThrownBy(() -> DOOR.next(Door.CLOSED, Event.PUSH)).hasMessage("PUSH cannot happen while CLOSED; here only [PULL, BRICK] can");
    }

    @Test
    void two_rows_for_the_same_state_and_event_are_refused() {
        assertThatThrownBy(() -> Lifecycle.<Door, Event>startingIn(Door.OPEN).move(Door.OPEN, Event.PUSH, Door.CLOSED).move(Door.OPEN, Event.PUSH, Door.OPEN))
                .hasMessageContaining("two rows");
    }

    @Test
    void the_picture_is_drawn_from_the_table() {
        assertThat(DOOR.diagram()).isEqualTo("""
                stateDiagram-v2
                    [*] --> OPEN
                    OPEN --> CLOSED: PUSH
                    CLOSED --> OPEN: PULL
                    CLOSED --> BRICKED_UP: BRICK
                    BRICKED_UP --> [*]
                """);
    }
}
