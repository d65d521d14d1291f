package dev.viridian.services.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.services.cloudwatch.AlarmEvaluation.Missing;
import dev.viridian.services.cloudwatch.AlarmEvaluation.Reading;
import dev.viridian.services.cloudwatch.AlarmEvaluation.Rule;
import dev.viridian.services.cloudwatch.AlarmEvaluation.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;

/// The tables of AWS's user guide: 0 is fine, X breaches, - is missing; newest at the right.
class AlarmEvaluationTest {

    @ParameterizedTest(name = "N=3 M={0}: {1} is {2} | {3} | {4} | {5}")
    @CsvSource(delimiter = '|', textBlock = """
            # M | newest right | missing          | ignore | breaching | notBreaching
            3   | 0 - X - X    | OK               | OK     | OK        | OK
            3   | 0 - - - -    | OK               | OK     | OK        | OK
            3   | - - - - -    | INSUFFICIENT_DATA| keep   | ALARM     | OK
            3   | 0 X X - X    | ALARM            | ALARM  | ALARM     | ALARM
            3   | - - X - -    | ALARM            | keep   | ALARM     | OK
            2   | 0 - X - X    | ALARM            | ALARM  | ALARM     | ALARM
            2   | 0 0 X 0 X    | ALARM            | ALARM  | ALARM     | ALARM
            2   | 0 - X - -    | OK               | OK     | ALARM     | OK
            2   | - - - - 0    | OK               | OK     | ALARM     | OK
            2   | - - - X -    | ALARM            | keep   | ALARM     | OK
            # premature alarms are avoided
            3   | - - - - X    | keep             | keep   | ALARM     | OK
            3   | - - - X -    | keep             | keep   | ALARM     | OK
            """)
    void missing_data_is_treated_as_the_guide_says(int m, String points, String missing, String ignore, String breaching, String notBreaching) {
        assertThat(judge(3, m, Missing.MISSING, points)).isEqualTo(missing);
        assertThat(judge(3, m, Missing.IGNORE, points)).isEqualTo(ignore);
        assertThat(judge(3, m, Missing.BREACHING, points)).isEqualTo(breaching);
        assertThat(judge(3, m, Missing.NOT_BREACHING, points)).isEqualTo(notBreaching);
    }

    @ParameterizedTest(name = "N=1: {0} is {1}")
    @CsvSource({"- - X, ALARM", "X - -, ALARM", "- 0 -, OK", "0 X 0, OK"})
    void a_sparse_metric_is_judged_by_its_last_datapoint_while_that_is_in_the_range(String points, String state) {
        assertThat(judge(1, 1, Missing.NOT_BREACHING, points)).isEqualTo(state);
    }

    private static String judge(int n, int m, Missing missing, String points) {
        Rule rule = new Rule(n, m, ComparisonOperator.GREATER_THAN_THRESHOLD, 5, missing);
        return switch (AlarmEvaluation.judge(rule, range(points))) {
            case Verdict.Keep() -> "keep";
            case Verdict.Conclude verdict -> verdict.state().toString();
        };
    }

    private static List<Optional<Reading>> range(String points) {
        List<Optional<Reading>> range = new ArrayList<>();
        Instant start = Instant.parse("2026-01-01T12:00:00Z");
        for (String point : points.strip().split(" ")) {
            range.add(point.equals("-") ? Optional.empty() : Optional.of(new Reading(start, point.equals("X") ? 10 : 0, 1)));
            start = start.plusSeconds(60);
        }
        return range;
    }
}
