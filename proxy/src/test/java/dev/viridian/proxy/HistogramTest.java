package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class HistogramTest {
    private static Histogram of(long... micros) {
        long[] counts = new long[Histogram.SIZE];
        long sum = 0;
        for (long each : micros) {
            counts[Histogram.index(each * 1000)]++;
            sum += each * 1000;
        }
        return new Histogram(counts, sum);
    }

    @Test
    void every_value_is_known_to_three_percent() {
        for (long micros = 1; micros < 4_000_000_000L; micros = micros * 17 / 16 + 1) {
            assertThat(of(micros).maxSeconds()).isCloseTo(micros / 1e6, within(micros / 1e6 * 0.032));
        }
        assertThat(Histogram.index(Long.MAX_VALUE)).isEqualTo(Histogram.SIZE - 1);
        assertThat(Histogram.index(-1)).isZero();
    }

    @Test
    void quantiles_and_extremes_follow_from_the_values() {
        long[] values = new long[1000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i + 1) * 100L;
        }
        Histogram histogram = of(values);
        assertThat(histogram.count()).isEqualTo(1000);
        assertThat(histogram.sumSeconds()).isCloseTo(50.05, within(1e-9));
        assertThat(histogram.quantileSeconds(0.5)).isCloseTo(0.05, within(0.0016));
        assertThat(histogram.quantileSeconds(0.99)).isCloseTo(0.099, within(0.0032));
        assertThat(histogram.minSeconds()).isCloseTo(0.0001, within(0.000004));
        assertThat(histogram.maxSeconds()).isCloseTo(0.1, within(0.0032));
    }

    @Test
    void a_difference_holds_what_came_in_between() {
        Histogram earlier = of(10, 20);
        Histogram later = of(10, 20, 30);
        assertThat(later.since(earlier).count()).isEqualTo(1);
        assertThat(later.since(earlier).minSeconds()).isCloseTo(0.00003, within(1e-9));
        assertThat(earlier.plus(later).count()).isEqualTo(5);
        assertThat(Histogram.EMPTY.plus(later).since(later).count()).isZero();
    }

    @Test
    void nothing_has_no_values() {
        assertThat(Histogram.EMPTY.quantileSeconds(0.99)).isZero();
        assertThat(Histogram.EMPTY.buckets()).isEmpty();
    }
}
