package dev.viridian.services.codedeploy.deployment;

import static dev.viridian.services.codedeploy.deployment.DeploymentBuilder.aDeployment;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.codedeploy.model.AutoRollbackEvent;

/// The rules of a deployment, as tables.
class DecisionsTest {
    static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    static final Observed QUIET = Observed.onlyAlarms(new Alarms.Quiet());

    @ParameterizedTest(name = "{0}, test listener {1}, ready wait {2}, keeps blue {3}: {4}")
    @CsvSource(delimiter = '|', textBlock = """
            # phase                  | test  | ready | keeps | plan
            BEFORE_INSTALL           | true  |     0 | false | PASSED
            AFTER_INSTALL            | true  |     0 | false | TEST_ROUTED
            AFTER_INSTALL            | true  |    60 | false | TEST_ROUTED
            AFTER_INSTALL            | false |     0 | false | PASSED
            AFTER_INSTALL            | false |    60 | false | HELD
            AFTER_ALLOW_TEST_TRAFFIC | true  |     0 | false | PASSED
            AFTER_ALLOW_TEST_TRAFFIC | true  |    60 | false | HELD
            BEFORE_ALLOW_TRAFFIC     | true  |    60 | false | PASSED
            AFTER_ALLOW_TRAFFIC      | true  |     0 | false | PASSED
            AFTER_ALLOW_TRAFFIC      | true  |     0 | true  | BLUE_KEPT
            """)
    void an_event_without_a_hook_is_over_at_once(Phase phase, boolean test, int ready, boolean keeps, Event event) {
        DeploymentBuilder deployment = aDeployment(phase).testRoute(test).readyWait(ready);
        assertThat(Decisions.decide((keeps ? deployment.keepingBlue() : deployment).build(), QUIET, NOON)).isEqualTo(new Plan.Go(event));
    }

    @ParameterizedTest(name = "called at {0}, reported {1}, now minute {2}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
            # called at minute | reported  | now | plan
                               |           |   0 | CallHook
                             0 |           |  59 | Wait
                             0 |           |  60 | End
                             0 | SUCCEEDED |  59 | Go
                             0 | SUCCEEDED |  61 | Go
                             0 | FAILED    |   1 | End
                               | SUCCEEDED |   0 | Go
            """)
    void a_hook_has_an_hour(@Nullable Integer called, @Nullable HookResult reported, int now, String plan) {
        DeploymentBuilder deployment = aDeployment(Phase.BEFORE_INSTALL).hook("BeforeInstall");
        if (called != null) {
            deployment.progress(draft -> draft.due = NOON.plus(Duration.ofMinutes(called + 60)));
        }
        if (reported != null) {
            deployment.signals(Signals.NONE.withHookResult("BeforeInstall", reported));
        }
        assertThat(decide(deployment, QUIET, now)).isEqualTo(plan);
    }

    @ParameterizedTest(name = "blue {0}, green {1}, leftovers {2}, listener prepared {3}, minute {4}: {5}")
    @CsvSource(delimiter = '|', textBlock = """
            # blue    | green    | leftovers | prepared | minute | plan
            alive     | none     |         0 | false    |      1 | PrepareListener
            alive     | none     |         1 | false    |      1 | PrepareListener
            alive     | none     |         1 | true     |      1 | RemoveLeftovers
            alive     | none     |         0 | true     |      1 | CreateGreen
            alive     | unsteady |         0 | true     |      1 | Wait
            alive     | steady   |         0 | true     |      1 | Go
            alive     | unsteady |         0 | true     |     60 | End
            alive     | steady   |         0 | true     |     60 | Go
            alive     | none     |         0 | true     |     60 | End
            alive     | draining |         0 | true     |      1 | End
            draining  | unsteady |         0 | true     |      1 | End
            none      | none     |         0 | true     |      1 | End
            """)
    void installing_makes_room_creates_green_and_waits_for_it(String blue, String green, int leftovers, boolean prepared, int minute, String plan) {
        List<Fleet.Set> others = leftovers == 0 ? List.of() : List.of(set("other", Fleet.Status.ACTIVE, true));
        Observed observed = new Observed(
                new Alarms.Quiet(), new Observed.Readiness.NotAsked(), new Fleet(set(blue), set(green), others), prepared);
        assertThat(decide(aDeployment(Phase.INSTALL).progress(draft -> draft.due = NOON.plus(Duration.ofMinutes(60))), observed, minute))
                .isEqualTo(plan);
    }

    @ParameterizedTest(name = "green {0}, {1}% so far, next step {2}, unsteady until {3}, minute {4}: {5}")
    @CsvSource(delimiter = '|', textBlock = """
            # green   | so far | next step | unsteady until | minute | plan
            steady    |      0 |           |                |      0 | Shift[to=TrafficSplit[greenPercent=10]]
            steady    |     10 |         1 |                |      0 | Wait[]
            steady    |     10 |         1 |                |      1 | Shift[to=TrafficSplit[greenPercent=20]]
            steady    |     10 |         1 |                |     30 | Shift[to=TrafficSplit[greenPercent=20]]
            steady    |     95 |         1 |                |      1 | Shift[to=TrafficSplit[greenPercent=100]]
            steady    |    100 |         1 |                |      0 | PromoteGreen[]
            unsteady  |     10 |         1 |                |      1 | NoteUnsteady[]
            unsteady  |     10 |         1 |              5 |      1 | Shift[to=TrafficSplit[greenPercent=20]]
            unsteady  |     10 |         9 |              5 |      4 | Wait[]
            unsteady  |     10 |         9 |              5 |      5 | End
            steady    |     10 |         9 |              5 |      4 | NoteSteady[]
            draining  |     10 |         1 |                |      0 | End
            none      |     10 |         1 |                |      0 | End
            """)
    void shifting_moves_one_step_at_a_time(
            String green, int percent, @Nullable Integer next, @Nullable Integer unsteadyUntil, int minute, String plan) {
        DeploymentBuilder deployment = aDeployment(Phase.ALLOW_TRAFFIC).linear(10, 1).progress(draft -> {
            draft.split = new TrafficSplit(percent);
            draft.due = next == null ? null : NOON.plus(Duration.ofMinutes(next));
            draft.unsteadyUntil = unsteadyUntil == null ? null : NOON.plus(Duration.ofMinutes(unsteadyUntil));
        });
        Plan decided = Decisions.decide(deployment.build(), seeing("alive", green), NOON.plus(Duration.ofMinutes(minute)));
        assertThat(decided.toString()).startsWith(plan);
    }

    @ParameterizedTest(name = "{0}: alarm {1}, stop {2}, group rolls back {3}, caller says {4}: stopped {5}, rolls back {6}")
    @CsvSource(delimiter = '|', textBlock = """
            # phase          | alarm | stop  | group rolls back on       | caller | stopped | rolls back
            INSTALL          | true  | false | DEPLOYMENT_STOP_ON_ALARM  |        | true    | true
            INSTALL          | true  | false | DEPLOYMENT_FAILURE        |        | true    | false
            ALLOW_TRAFFIC    | true  | true  | DEPLOYMENT_STOP_ON_ALARM  | false  | true    | true
            READY            | false | true  | DEPLOYMENT_STOP_ON_REQUEST|        | true    | true
            READY            | false | true  | DEPLOYMENT_STOP_ON_REQUEST| false  | true    | false
            TERMINATION_WAIT | false | true  | DEPLOYMENT_FAILURE        |        | true    | false
            TERMINATION_WAIT | false | true  | DEPLOYMENT_FAILURE        | true   | true    | true
            CREATED          | true  | false | DEPLOYMENT_STOP_ON_ALARM  |        | true    | true
            """)
    void an_alarm_outranks_a_stop_request_and_both_outrank_the_phase(
            Phase phase, boolean alarm, boolean stop, AutoRollbackEvent event, @Nullable Boolean caller, boolean stopped, boolean rollsBack) {
        DeploymentBuilder deployment = aDeployment(phase).watched(false).rollingBackOn(event);
        if (stop) {
            deployment.signals(Signals.NONE.withStop(Optional.ofNullable(caller)));
        }
        Observed observed = Observed.onlyAlarms(alarm ? new Alarms.Active(List.of("errors")) : new Alarms.Quiet());
        Fault fault = alarm ? Fault.alarms(List.of("errors")) : Fault.stoppedByUser();
        assertThat(Decisions.decide(deployment.build(), observed, NOON)).isEqualTo(new Plan.End(new Ending(stopped, fault, rollsBack)));
    }

    @ParameterizedTest
    @EnumSource(value = Phase.class,
            names = {"TERMINATING_BLUE", "RETURNING_TRAFFIC", "RESTORING_BLUE", "REMOVING_GREEN", "SUCCEEDED", "FAILED", "STOPPED"})
    void past_the_point_of_no_return_neither_alarm_nor_stop_matter(Phase phase) {
        Deployment deployment = aDeployment(phase).watched(false).signals(Signals.NONE.withStop(Optional.of(true))).build();
        Observed observed = new Observed(
                new Alarms.Active(List.of("errors")), new Observed.Readiness.NotAsked(), seeing("alive", "steady").fleet(), true);
        assertThat(Decisions.decide(deployment, observed, NOON)).isNotInstanceOf(Plan.End.class);
    }

    @Test
    void unreadable_alarms_fail_the_deployment_only_when_they_are_not_to_be_ignored() {
        Fault fault = Fault.alarmsUnreadable("gone");
        Observed observed = Observed.onlyAlarms(new Alarms.Unreadable(fault));
        assertThat(Decisions.decide(aDeployment(Phase.BEFORE_INSTALL).watched(false).build(), observed, NOON))
                .isEqualTo(new Plan.End(new Ending(false, fault, false)));
        assertThat(Decisions.decide(aDeployment(Phase.BEFORE_INSTALL).watched(true).build(), observed, NOON)).isEqualTo(new Plan.Go(Event.PASSED));
    }

    @ParameterizedTest(name = "{0}: continued {1}, terminate now {2}, minute {3} of 60: {4}")
    @CsvSource(delimiter = '|', textBlock = """
            # phase          | continued | terminate | minute | plan
            READY            | false     | false     |     59 | Wait
            READY            | true      | false     |      1 | Go
            READY            | true      | false     |     61 | Go
            READY            | false     | false     |     60 | End
            TERMINATION_WAIT | false     | false     |     59 | Wait
            TERMINATION_WAIT | false     | true      |      1 | Go
            TERMINATION_WAIT | false     | false     |     60 | Go
            """)
    void waits_end_by_hand_or_by_time(Phase phase, boolean continued, boolean terminate, int minute, String plan) {
        DeploymentBuilder deployment = aDeployment(phase).readyWait(60)
                .signals(new Signals(Optional.empty(), continued, terminate, java.util.Map.of()))
                .progress(draft -> draft.due = NOON.plus(Duration.ofMinutes(60)));
        assertThat(decide(deployment, QUIET, minute)).isEqualTo(plan);
    }

    @ParameterizedTest(name = "{0}, blue {1}, green {2}, knows its colors {3}: {4}")
    @CsvSource(delimiter = '|', textBlock = """
            # phase           | blue     | green    | colors | plan
            RETURNING_TRAFFIC | alive    | steady   | true   | ReturnTraffic
            RETURNING_TRAFFIC | draining | steady   | true   | EndWithoutReturn
            RETURNING_TRAFFIC | none     | none     | true   | EndWithoutReturn
            RETURNING_TRAFFIC | none     | none     | false  | ReturnTraffic
            RESTORING_BLUE    | alive    | steady   | true   | RestoreBlue
            RESTORING_BLUE    | none     | steady   | true   | GiveUp
            RESTORING_BLUE    | none     | none     | false  | Go
            REMOVING_GREEN    | alive    | unsteady | true   | RemoveGreen
            REMOVING_GREEN    | alive    | draining | true   | Go
            REMOVING_GREEN    | alive    | none     | true   | Go
            TERMINATING_BLUE  | alive    | steady   | true   | TerminateBlue
            """)
    void traffic_goes_back_only_to_a_blue_that_lives(Phase phase, String blue, String green, boolean colors, String plan) {
        DeploymentBuilder deployment = aDeployment(phase).progress(draft -> draft.colors = colors ? draft.colors : null);
        assertThat(decide(deployment, seeing(blue, green), 0)).isEqualTo(plan);
    }

    @Test
    void a_rollback_starts_without_looking_at_revisions_or_alarms() {
        Observed observed = Observed.onlyAlarms(new Alarms.Active(List.of("errors")));
        assertThat(Decisions.decide(aDeployment(Phase.CREATED).asRollback().build(), observed, NOON)).isEqualTo(new Plan.Go(Event.ROLLBACK_STARTED));
    }

    @ParameterizedTest(name = "an error that stays, in {0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            CREATED           | End
            ALLOW_TRAFFIC     | End
            TERMINATION_WAIT  | End
            TERMINATING_BLUE  | GiveUp
            RETURNING_TRAFFIC | EndWithoutReturn
            RESTORING_BLUE    | GiveUp
            REMOVING_GREEN    | GiveUp
            """)
    void an_error_that_stays_ends_every_phase(Phase phase, String plan) {
        assertThat(Decisions.afterFault(aDeployment(phase).build(), Fault.internal("no")).getClass().getSimpleName()).isEqualTo(plan);
    }

    private static String decide(DeploymentBuilder deployment, Observed observed, int minute) {
        return Decisions.decide(deployment.build(), observed, NOON.plus(Duration.ofMinutes(minute))).getClass().getSimpleName();
    }

    private static Observed seeing(String blue, String green) {
        return new Observed(new Alarms.Quiet(), new Observed.Readiness.NotAsked(), new Fleet(set(blue), set(green), List.of()), true);
    }

    private static Optional<Fleet.Set> set(String word) {
        return switch (word) {
            case "none" -> Optional.empty();
            case "draining" -> Optional.of(set(word, Fleet.Status.DRAINING, false));
            case "unsteady" -> Optional.of(set(word, Fleet.Status.ACTIVE, false));
            default -> Optional.of(set(word, Fleet.Status.ACTIVE, true));
        };
    }

    private static Fleet.Set set(String id, Fleet.Status status, boolean steady) {
        return new Fleet.Set(id, "arn:" + id, status, steady, 3, 0, 3);
    }
}
