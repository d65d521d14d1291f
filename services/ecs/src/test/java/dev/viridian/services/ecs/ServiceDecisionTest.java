package dev.viridian.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How many tasks to start and stop, as tables. Tasks are letters: `s` starting, `u` up but unproven, `g` good, `b` bad; `_` stands for none.
class ServiceDecisionTest {
    @ParameterizedTest(name = "{0} wanted, {1}..{2} %, there are {3}: start {4}, stop {5}")
    @CsvSource(delimiter = '|', textBlock = """
            # wanted | min | max | tasks | start | stop
            2        | 100 | 200 | _     | 2     | _
            2        | 100 | 200 | sg    | 0     | _
            2        | 100 | 200 | g     | 1     | _
            1        | 100 | 200 | gg    | 0     | g
            1        | 100 | 200 | gsu   | 0     | su
            0        | 100 | 200 | gs    | 0     | sg
            0        | 100 | 200 | b     | 0     | b
            1        | 100 | 200 | b     | 1     | _
            1        | 100 | 200 | bs    | 0     | _
            1        | 100 | 200 | bu    | 0     | _
            1        | 100 | 200 | bg    | 0     | b
            1        | 100 | 200 | bb    | 0     | b
            2        | 100 | 150 | gb    | 1     | _
            1        | 0   | 100 | b     | 0     | b
            """)
    void one_workload_is_held_at_its_number(int wanted, int min, int max, String tasks, int start, String stop) {
        Moves moves = ServiceDecision.hold(wanted, ServiceDecision.Bounds.of(wanted, min, max), members(tasks));
        assertThat(moves.start()).isEqualTo(start);
        assertThat(letters(moves)).isEqualTo(stop.replace("_", ""));
    }

    @ParameterizedTest(name = "{0} wanted, {1}..{2} %, new {3}, old {4}: start {5}, give up {6}")
    @CsvSource(delimiter = '|', textBlock = """
            # wanted | min | max | new | old | start | give up
            2        | 100 | 200 | _   | gg  | 2     | _
            2        | 100 | 200 | ss  | gg  | 0     | _
            2        | 100 | 200 | gs  | gg  | 0     | g
            2        | 100 | 200 | gg  | gg  | 0     | gg
            2        | 50  | 100 | _   | gg  | 0     | g
            2        | 50  | 100 | s   | g   | 0     | _
            2        | 50  | 100 | g   | g   | 0     | g
            2        | 100 | 200 | _   | gb  | 2     | b
            2        | 100 | 150 | _   | gg  | 1     | _
            1        | 0   | 100 | _   | g   | 0     | g
            1        | 100 | 150 | _   | g   | 0     | _
            """)
    void a_deployment_takes_over_between_floor_and_ceiling(int wanted, int min, int max, String newest, String older, int start, String giveUp) {
        ServiceDecision.Bounds bounds = ServiceDecision.Bounds.of(wanted, min, max);
        Moves forward = ServiceDecision.takeOver(wanted, bounds, members(newest), members(older));
        assertThat(forward.start()).isEqualTo(start);
        assertThat(letters(ServiceDecision.giveWay(bounds, members(newest), members(older)))).isEqualTo(giveUp.replace("_", ""));
    }

    @Test
    void steady_is_exactly_the_wanted_number_of_good_tasks() {
        assertThat(ServiceDecision.isSteady(0, members("_"))).isTrue();
        assertThat(ServiceDecision.isSteady(2, members("gg"))).isTrue();
        assertThat(ServiceDecision.isSteady(2, members("gu"))).isFalse();
        assertThat(ServiceDecision.isSteady(2, members("ggg"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0,3", "1,3", "6,3", "7,4", "100,50", "1000,200"})
    void the_breaker_waits_for_half_the_tasks_within_limits(int desired, int threshold) {
        assertThat(ServiceDecision.breakerThreshold(desired)).isEqualTo(threshold);
    }

    @Test
    void pauses_grow_up_to_a_quarter_of_an_hour() {
        assertThat(ServiceDecision.pauseAfter(1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(ServiceDecision.pauseAfter(3)).isEqualTo(Duration.ofSeconds(10));
        assertThat(ServiceDecision.pauseAfter(5)).isEqualTo(Duration.ofSeconds(40));
        assertThat(ServiceDecision.pauseAfter(50)).isEqualTo(Duration.ofMinutes(15));
    }

    /// Whatever the world looks like: never more tasks than the ceiling is caused by starting, and good ones are never given up below the floor.
    @Test
    void bounds_hold_in_random_worlds() {
        long seed = 42;
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            int wanted = random.nextInt(6);
            int min = random.nextInt(101);
            int max = Math.max(min, 100 + random.nextInt(101));
            String newest = world(random);
            String older = world(random);
            ServiceDecision.Bounds bounds = ServiceDecision.Bounds.of(wanted, min, max);
            Moves forward = ServiceDecision.takeOver(wanted, bounds, members(newest), members(older));
            Moves back = ServiceDecision.giveWay(bounds, members(newest), members(older));
            String told = "seed %d round %d: wanted %d, %d..%d, new %s, old %s: %s %s".formatted(seed, round, wanted, min, max, newest, older,
                    forward, back);
            if (forward.start() > 0) {
                assertThat(newest.length() + older.length() + forward.start()).as(told).isLessThanOrEqualTo(bounds.ceiling());
            }
            long good = count(newest) + count(older) - count(letters(back));
            assertThat(good).as(told).isGreaterThanOrEqualTo(Math.min(bounds.floor(), count(newest) + count(older)));
        }
    }

    private static String world(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            text.append("sugb".charAt(random.nextInt(4)));
        }
        return text.toString();
    }

    private static long count(String tasks) {
        return tasks.chars().filter(letter -> letter == 'g').count();
    }

    private static final Map<Character, Member.Standing> STANDINGS = Map.of('s', Member.Standing.STARTING, 'u', Member.Standing.UNPROVEN,
            'g', Member.Standing.GOOD, 'b', Member.Standing.BAD);

    private static List<Member> members(String letters) {
        List<Member> members = new ArrayList<>();
        for (char letter : letters.replace("_", "").toCharArray()) {
            members.add(new Member(letter + "-" + members.size(), STANDINGS.get(letter), Instant.EPOCH.plusSeconds(members.size()), letter == 'b'
                    ? "ill" : ""));
        }
        return members;
    }

    private static String letters(Moves moves) {
        return String.join("", moves.stop().stream().map(stop -> stop.taskId().substring(0, 1)).toList());
    }
}
