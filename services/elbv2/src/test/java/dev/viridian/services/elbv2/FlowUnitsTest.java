package dev.viridian.services.elbv2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlowUnitsTest {
    @ParameterizedTest(name = "{0} started, {1} active, {2} bytes: {3} of TCP, {4} of TLS")
    @CsvSource(delimiter = '|', textBlock = """
                0 |      0 |         0 |    0 |    0
            48000 |      0 |         0 |    1 |   16
             3000 |      0 |         0 | 0.0625 | 1
                0 | 100000 |         0 |    1 | 33.333333333333336
                0 |   3000 |         0 | 0.03 |    1
                0 |      0 |  50000000 |    3 |    3
            """)
    void the_dimension_that_is_used_most_counts(long started, long active, long bytes, double tcp, double tls) {
        FlowUnits units = new FlowUnits(started, active, bytes);
        assertThat(units.ofTcp()).isEqualTo(tcp);
        assertThat(units.ofTls()).isEqualTo(tls);
    }
}
