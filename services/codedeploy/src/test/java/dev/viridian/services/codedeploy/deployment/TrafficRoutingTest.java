package dev.viridian.services.codedeploy.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrafficRoutingTest {

    @ParameterizedTest(name = "{0} {1}%: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            # kind     | percent | steps
            AllAtOnce  |       0 | 100
            Canary     |      10 | 10 100
            Canary     |      99 | 99 100
            Linear     |      10 | 10 20 30 40 50 60 70 80 90 100
            Linear     |      30 | 30 60 90 100
            Linear     |      99 | 99 100
            Linear     |      50 | 50 100
            """)
    void each_routing_has_its_steps(String kind, int percent, String steps) {
        assertThat(String.join(" ", stepsOf(routing(kind, percent)).stream().map(String::valueOf).toList())).isEqualTo(steps);
    }

    @RepeatedTest(50)
    void whatever_the_percentage_the_steps_rise_and_end_at_100(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<Integer> steps = stepsOf(routing(random.nextBoolean() ? "Canary" : "Linear", 1 + random.nextInt(99)));
        assertThat(steps).isSorted().doesNotHaveDuplicates().endsWith(100);
    }

    @Test
    void a_share_outside_of_0_to_100_cannot_be_said() {
        assertThatThrownBy(() -> new TrafficSplit(101)).hasMessage("green share must be 0 to 100 percent, got 101");
        assertThatThrownBy(() -> new TrafficSplit(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static TrafficRouting routing(String kind, int percent) {
        return switch (kind) {
            case "Canary" -> new TrafficRouting.Canary(percent, Duration.ofMinutes(5));
            case "Linear" -> new TrafficRouting.Linear(percent, Duration.ofMinutes(1));
            default -> new TrafficRouting.AllAtOnce();
        };
    }

    private static List<Integer> stepsOf(TrafficRouting routing) {
        List<Integer> steps = new ArrayList<>();
        for (TrafficSplit split = TrafficSplit.ALL_BLUE; !split.isAllGreen(); ) {
            split = routing.after(split);
            steps.add(split.greenPercent());
        }
        return steps;
    }
}
