package dev.viridian.app.top;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.services.elbv2.Observed;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `viridian lb top` makes of two readings.
class SheetTest {
    private static final Observed.Counts NOTHING = answers(0, 0, List.of());

    private static Observed.Counts answers(long good, long bad, List<Observed.Bucket> times) {
        return new Observed.Counts(good + bad, good, 0, 0, bad, 0, 0, 1, 1, 2, 0, times);
    }

    private static Observed.ListenerCounts asked(long requests, long own5xx) {
        return new Observed.ListenerCounts(requests, requests, 0, 0, own5xx, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0);
    }

    private static Observed.Group group(String name, double share, Observed.Counts counts, Observed.Target... targets) {
        return new Observed.Group("arn:" + name, name, share, false, counts, List.of(targets));
    }

    private static Observed.Target target(int port, String state, String reason, Observed.Counts counts) {
        return new Observed.Target("10.0.0.7", port, state, reason, counts);
    }

    private static Observed site(double seconds, Observed.ListenerCounts counts, Observed.Group... groups) {
        return new Observed((long) (seconds * 1e9), List.of(new Observed.Balancer("1", "us-east-1", "arn:web", "web", "application",
                List.of(new Observed.Listener("arn:web/80", "HTTP", 80, "127.0.0.1:80", counts, List.of(groups))))));
    }

    private static final Observed BEFORE = site(100, asked(1000, 0),
            group("blue", 90, answers(900, 0, List.of(new Observed.Bucket(0.001, 900))), target(1, "healthy", "", answers(900, 0, List.of()))),
            group("green", 10, NOTHING));
    private static final Observed NOW = site(102, asked(1200, 4),
            group("blue", 90, answers(1080, 0, List.of(new Observed.Bucket(0.001, 1078), new Observed.Bucket(0.25, 2))),
                    target(1, "healthy", "", answers(1080, 0, List.of()))),
            group("green", 10, answers(10, 10, List.of()),
                    target(2, "unhealthy", "Health checks failed with these codes: [500]", answers(10, 10, List.of()))));

    @Test
    void rates_are_differences_by_the_time_between_and_what_is_new_began_at_nothing() {
        List<Row> rows = Happened.between(BEFORE, NOW).rows();

        assertThat(rows).extracting(Row::kind).containsExactly(Row.Kind.BALANCER, Row.Kind.LISTENER, Row.Kind.GROUP, Row.Kind.TARGET, Row.Kind.GROUP,
                Row.Kind.TARGET);
        Figures balancer = rows.getFirst().figures();
        assertThat(balancer.requests()).isEqualTo(100);
        assertThat(balancer.status2xx()).isEqualTo(95);
        assertThat(balancer.status5xx()).isEqualTo(5);
        assertThat(balancer.own5xx()).isEqualTo(2);
        assertThat(balancer.connections()).isEqualTo(3);
        Figures green = rows.getLast().figures();
        assertThat(green.requests()).isEqualTo(10);
        assertThat(green.status5xx()).isEqualTo(5);
    }

    @Test
    void percentiles_are_of_what_was_answered_between_the_readings_only() {
        Figures blue = Happened.between(BEFORE, NOW).rows().get(2).figures();

        assertThat(blue.p50()).isEqualTo(0.001);
        assertThat(blue.p99()).isEqualTo(0.25);
    }

    @Test
    void figures_that_fell_because_the_server_began_anew_are_no_negative_rates() {
        assertThat(Happened.between(NOW, BEFORE).rows()).allSatisfy(row -> assertThat(row.figures().requests()).isNotNegative());
    }

    @Test
    void eighty_columns_hold_everything_that_matters() {
        List<String> lines = new Sheet(80, false).lines(Happened.between(BEFORE, NOW).rows());

        assertThat(lines).containsExactly("""
                LOAD BALANCER SHARE  REQ/S   2XX 3XX 4XX 5XX OWN   P50   P99  FLY STATE
                web                    100    95   -   -   5   2 1.0ms 250ms    4
                 :80                   100    95   -   -   5   2 1.0ms 250ms    4
                  blue          90%     90    90   -   -   -     1.0ms 250ms    2 1/1 ok
                   10.0.0.7:1           90    90   -   -   -                    2 healthy
                  green         10%     10     5   -   -   5                    2 0/1 ok
                   10.0.0.7:2           10     5   -   -   5                    2 unhealthy""".split("\n"));
        assertThat(lines).allMatch(line -> line.length() <= 80);
    }

    @Test
    void a_wide_screen_has_connections_and_the_reason_of_a_failure_too() {
        List<String> lines = new Sheet(140, false).lines(Happened.between(BEFORE, NOW).rows());

        assertThat(lines.getFirst()).contains("OWN4XX", "OWN5XX", "CONN");
        assertThat(lines.getLast()).endsWith("unhealthy Health checks failed with these codes: [500]");
        assertThat(lines).allMatch(line -> line.length() <= 140);
    }

    @Test
    void colours_change_no_letter() {
        List<Row> rows = Happened.between(BEFORE, NOW).rows();
        List<String> coloured = new Sheet(100, true).lines(rows);

        assertThat(coloured.getLast()).contains("\u001b[31munhealthy\u001b[0m");
        assertThat(coloured.stream().map(line -> line.replaceAll("\u001b\\[\\d+m", "").stripTrailing()).toList())
                .isEqualTo(new Sheet(100, false).lines(rows).stream().map(String::stripTrailing).toList());
    }

    @Test
    void a_long_name_is_cut_but_an_address_keeps_its_end() {
        Observed long1 = site(1, asked(0, 0), group("g".repeat(32), 100, NOTHING,
                new Observed.Target("2001:db8:0:0:0:0:1234:5678", 32768, "initial", "", NOTHING)));
        List<String> lines = new Sheet(80, false).lines(Happened.between(long1, long1).rows());

        assertThat(lines.get(3)).contains("ggg..");
        assertThat(lines.get(4)).contains("..34:5678:32768");
        assertThat(lines).allMatch(line -> line.length() <= 80);
    }

    @ParameterizedTest(name = "{0} in {1} places is {2}")
    @CsvSource(textBlock = """
            0.5,     3, 0.5
            3,       3, 3
            9.96,    3, 10
            999,     3, 999
            1000,    3, 1k
            98765,   3, 99k
            98765,   6, 98765
            1234567, 6, 1235k
            """)
    void figures_fit(double figure, int places, String text) {
        assertThat(Sheet.figure(figure, places)).isEqualTo(text);
    }

    @ParameterizedTest(name = "{0} s is {1}")
    @CsvSource(textBlock = """
            0.000004, 4us
            0.000812, 812us
            0.0012,   1.2ms
            0.1284,   128ms
            0.9996,   1.0s
            12.3,     12s
            """)
    void durations_take_five_places_at_most(double seconds, String text) {
        assertThat(Sheet.duration(seconds)).isEqualTo(text).hasSizeLessThanOrEqualTo(5);
    }
}
