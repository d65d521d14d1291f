package dev.viridian.services.elbv2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The examples are those of AWS's price list, per minute.
class CapacityUnitsTest {

    @ParameterizedTest(name = "{0} new and {1} active connections, {2} bytes, {3} evaluations are {4} units")
    @CsvSource(delimiter = '|', textBlock = """
            # new connections | active | bytes    | evaluations | units
            0                 |      0 |        0 |           0 |  0
            1500              |      0 |        0 |           0 |  1
            0                 |   3000 |        0 |           0 |  1
            0                 |      0 | 16666667 |           0 |  1
            0                 |      0 |        0 |       60000 |  1
            # one new connection a second that lives two minutes, 5 requests a second, 300 KB a second, 20 rules: bytes weigh most
            60                |    120 | 18000000 |        3000 |  1.08
            # a hundred a second of three minutes each, four requests a second each, 1000 KB a second, 10 rules: connections do
            6000              |  18000 | 60000000 |           0 |  6
            """)
    void the_most_used_dimension_counts(long opened, long active, long bytes, long evaluations, double units) {
        assertThat(new CapacityUnits(opened, active, bytes, evaluations).consumed()).isCloseTo(units, within(1e-6));
    }
}
