package dev.viridian.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.engine.time.VirtualTime;
import dev.viridian.proxy.health.TargetHealth.Reason;
import dev.viridian.proxy.health.TargetHealth.State;
import dev.viridian.proxy.routing.HealthCheck;
import dev.viridian.proxy.routing.Target;
import dev.viridian.proxy.routing.TargetGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Who is asked when. Nobody is asked over a network: the test answers, when it wants to.
class HealthChecksTest {
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration FLOOR = Duration.ofMillis(500);
    private static final Target BLUE = Target.at("10.0.0.1", 80);

    private record Asked(HealthTrack health) implements HealthChecks.Checked {}

    private final VirtualTime time = new VirtualTime();
    private final Asked blue = new Asked(new HealthTrack(BLUE));
    private final List<HealthQuestion> questions = new ArrayList<>();
    private final List<Consumer<HealthAnswer>> unanswered = new ArrayList<>();
    private final List<Reason> reasonsBefore = new ArrayList<>();
    private final HealthChecks<Asked> checks = new HealthChecks<>(time, FLOOR, "checker/1", new HealthChecks.Outside<>() {
        @Override
        public void ask(Asked target, HealthQuestion question, Consumer<HealthAnswer> outcome) {
            questions.add(question);
            unanswered.add(outcome);
        }

        @Override
        public void changed(Asked target, TargetHealth before) {
            reasonsBefore.add(before.reason());
        }

        @Override
        public void later(Runnable action) {
            action.run();
        }
    });

    private void observe(Duration interval) {
        HealthCheck check = HealthCheck.http("/health", interval, Duration.ofSeconds(5), 3, 2);
        TargetGroup group = new TargetGroup("group", TargetGroup.Protocol.HTTP, TargetGroup.Version.HTTP1, List.of(BLUE), check, Duration.ZERO,
                Duration.ZERO, TargetGroup.Algorithm.ROUND_ROBIN, new TargetGroup.Stickiness.None());
        checks.observe(List.of(new HealthChecks.Members<>(group, List.of(blue))), Set.of("group"));
    }

    private void answer(HealthAnswer answer) {
        unanswered.removeFirst().accept(answer);
    }

    @Test
    void nobody_is_asked_twice_at_once_and_a_check_that_took_its_time_is_followed_at_once_by_the_next() {
        observe(INTERVAL);
        time.advance(INTERVAL.multipliedBy(3));
        assertThat(questions).hasSize(1);
        answer(HealthAnswer.PASSED);
        assertThat(questions).hasSize(2);
        answer(HealthAnswer.PASSED);
        assertThat(questions).hasSize(2);
        time.advance(INTERVAL);
        assertThat(questions).hasSize(3);
    }

    @Test
    void an_answer_that_comes_after_the_target_has_left_changes_nothing() {
        observe(INTERVAL);
        checks.observe(List.of(), Set.of());
        answer(HealthAnswer.PASSED);
        time.advance(INTERVAL);
        assertThat(blue.health().health().state()).isEqualTo(State.INITIAL);
        assertThat(questions).hasSize(1);
        assertThat(reasonsBefore).containsExactly(Reason.REGISTRATION_IN_PROGRESS);
    }

    @Test
    void a_check_is_given_its_timeout_but_no_longer_than_the_interval_and_never_less_than_the_floor() {
        observe(INTERVAL);
        observe(Duration.ofSeconds(2));
        observe(Duration.ofMillis(100));
        assertThat(questions).extracting(HealthQuestion::timeoutMillis).containsExactly(5000L, 2000L, 500L);
    }
}
