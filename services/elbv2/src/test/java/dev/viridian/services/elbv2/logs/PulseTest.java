package dev.viridian.services.elbv2.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// How often the queue of entries is looked into.
class PulseTest {
    private static final Duration QUARTER = Duration.ofMillis(250);

    @Test
    void little_traffic_is_looked_at_four_times_a_second() {
        assertThat(AccessLogs.untilPulse(QUARTER, 0)).isEqualTo(QUARTER);
        assertThat(AccessLogs.untilPulse(QUARTER, 999)).isEqualTo(QUARTER);
    }

    @Test
    void steady_traffic_is_looked_at_once_for_a_thousand_entries() {
        Duration found = AccessLogs.untilPulse(QUARTER, 5000);

        assertThat(found).isEqualTo(Duration.ofMillis(50));
        assertThat(AccessLogs.untilPulse(found, 1000)).isEqualTo(found);
        assertThat(AccessLogs.untilPulse(found, 500)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void a_flood_is_looked_at_a_hundred_times_a_second_and_its_end_is_noticed() {
        Duration flood = AccessLogs.untilPulse(QUARTER, 32_000);

        assertThat(flood).isEqualTo(Duration.ofMillis(10));
        assertThat(AccessLogs.untilPulse(flood, 0)).isEqualTo(QUARTER);
    }
}
