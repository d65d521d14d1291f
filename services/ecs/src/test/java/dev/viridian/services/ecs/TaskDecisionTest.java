package dev.viridian.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What to do next with a task, as a table. A container is written `name` or `name*` (essential), then `-` absent, `r` running, `h` running and
/// healthy,
/// `0`..`9` ended with that code, `s` running and asked to stop until 12:00:30; then `<other:CONDITION` for what it waits for.
class TaskDecisionTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant LOOK = NOON.plusSeconds(1);

    @ParameterizedTest(name = "{0} stop={1} prepared={2} targets={3} containers {4}: {5}")
    @CsvSource(delimiter = '|', textBlock = """
            # state        | stop  | prepared | targets    | containers                        | plan
            PROVISIONING   | false | false    | NONE       | a*-                               | Provision
            PROVISIONING   | true  | false    | NONE       | a*-                               | Leave
            PENDING        | false | false    | NONE       | a*-                               | Prepare
            PENDING        | true  | false    | NONE       | a*-                               | Leave
            PENDING        | false | true     | NONE       | a*-                               | StartContainer[name=a]
            PENDING        | false | true     | NONE       | a*- b-<a:START                    | StartContainer[name=a]
            PENDING        | false | true     | NONE       | b-<a:START a*-                    | StartContainer[name=a]
            PENDING        | false | true     | NONE       | b-<a:START a*r                    | StartContainer[name=b]
            PENDING        | false | true     | NONE       | b*-<a:HEALTHY ar                  | Await
            PENDING        | false | true     | NONE       | b*-<a:HEALTHY ah                  | StartContainer[name=b]
            PENDING        | false | true     | NONE       | b*-<a:SUCCESS ar                  | Await
            PENDING        | false | true     | NONE       | b*-<a:SUCCESS a0                  | StartContainer[name=b]
            PENDING        | false | true     | NONE       | b*-<a:SUCCESS a1                  | End
            PENDING        | false | true     | NONE       | b*-<a:COMPLETE a1                 | StartContainer[name=b]
            PENDING        | false | true     | NONE       | a*r                               | Activate
            PENDING        | false | true     | NONE       | a*r b0                            | Activate
            PENDING        | false | true     | NONE       | a*3                               | End
            ACTIVATING     | false | true     | NONE       | a*r                               | Register
            ACTIVATING     | false | true     | NONE       | a*1                               | End
            ACTIVATING     | true  | true     | NONE       | a*r                               | Leave
            RUNNING        | false | true     | REGISTERED | a*r                               | Await
            RUNNING        | false | true     | REGISTERED | a*r b1                            | Await
            RUNNING        | false | true     | REGISTERED | a*0                               | End
            RUNNING        | true  | true     | REGISTERED | a*r                               | Leave
            DEACTIVATING   | true  | true     | REGISTERED | a*r                               | Deregister
            DEACTIVATING   | true  | true     | DRAINING   | a*r                               | AwaitDrain
            DEACTIVATING   | true  | true     | DRAINING   | a*1                               | Drained
            DEACTIVATING   | true  | true     | GONE       | a*r                               | Drained
            DEACTIVATING   | true  | true     | NONE       | a*r                               | Drained
            STOPPING       | true  | true     | GONE       | a*r                               | Interrupt[name=a]
            STOPPING       | true  | true     | GONE       | a*r b*r<a:START                   | Interrupt[name=b]
            STOPPING       | true  | true     | GONE       | a*r b*s<a:START                   | Await
            STOPPING       | true  | true     | GONE       | a*r b*0<a:START                   | Interrupt[name=a]
            STOPPING       | true  | true     | GONE       | a*0 b*0                           | ContainersEnded
            """)
    void plans(TaskState state, boolean stop, boolean prepared, TaskView.Targets targets, String containers, String plan) {
        TaskPlan found = TaskDecision.plan(view(state, stop, prepared, targets, containers, true), NOON);
        assertThat(found.toString()).startsWith(plan);
    }

    @Test
    void patience_ends_in_a_kill() {
        TaskView view = view(TaskState.STOPPING, true, true, TaskView.Targets.GONE, "a*s", true);
        assertThat(TaskDecision.plan(view, NOON.plusSeconds(29))).isEqualTo(new TaskPlan.Await(NOON.plusSeconds(30)));
        assertThat(TaskDecision.plan(view, NOON.plusSeconds(30))).isEqualTo(new TaskPlan.Kill("a"));
    }

    @Test
    void a_stopped_task_is_released_only_when_its_lines_have_arrived() {
        assertThat(TaskDecision.plan(view(TaskState.DEPROVISIONING, true, true, TaskView.Targets.GONE, "a*0", false), NOON))
                .isEqualTo(new TaskPlan.AwaitLogs());
        assertThat(TaskDecision.plan(view(TaskState.DEPROVISIONING, true, true, TaskView.Targets.GONE, "a*0", true), NOON))
                .isEqualTo(new TaskPlan.Release());
    }

    @Test
    void what_does_not_come_up_within_its_start_timeout_is_not_waited_for() {
        Part slow = new Part("a", false, List.of(), Duration.ofSeconds(60), new Part.Phase.Running(NOON, false), null);
        assertThat(slow.precludes(Part.Condition.HEALTHY, NOON.plusSeconds(59))).isFalse();
        assertThat(slow.precludes(Part.Condition.HEALTHY, NOON.plusSeconds(60))).isTrue();
    }

    @Test
    void every_state_but_the_last_has_a_way_on_and_the_ladder_is_as_ecs_shows_it() {
        assertThat(TaskState.LIFECYCLE.isFinal(TaskState.STOPPED)).isTrue();
        assertThat(TaskState.LIFECYCLE.moves()).hasSize(10);
        for (TaskState state : TaskState.values()) {
            assertThat(state == TaskState.STOPPED || !TaskState.LIFECYCLE.isFinal(state)).isTrue();
        }
    }

    private static TaskView view(TaskState state, boolean stop, boolean prepared, TaskView.Targets targets, String containers, boolean logsKept) {
        List<Part> parts = new ArrayList<>();
        for (String text : containers.split(" ")) {
            parts.add(part(text));
        }
        return new TaskView(state, stop, prepared, false, targets, logsKept, parts, null, LOOK);
    }

    private static Part part(String text) {
        String[] halves = text.split("<");
        boolean essential = halves[0].contains("*");
        char phase = halves[0].charAt(halves[0].length() - 1);
        List<Part.Wait> waits = halves.length == 1 ? List.of()
                : List.of(new Part.Wait(halves[1].split(":")[0], Part.Condition.valueOf(halves[1].split(":")[1])));
        @Nullable Instant killAt = phase == 's' ? NOON.plusSeconds(30) : null;
        return new Part(halves[0].substring(0, 1), essential, waits, null, phase(phase), killAt);
    }

    private static Part.Phase phase(char letter) {
        return switch (letter) {
            case '-' -> new Part.Phase.Absent();
            case 'r', 's' -> new Part.Phase.Running(NOON, false);
            case 'h' -> new Part.Phase.Running(NOON, true);
            default -> new Part.Phase.Ended(letter - '0');
        };
    }
}
