package dev.viridian.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.app.bench.Workload.Door;
import dev.viridian.app.bench.Workload.Tool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What wrk and h2load are told, and what they answer.
class GeneratorsTest {
    @Test
    void wrk_says_how_many_requests_in_what_time() {
        Load load = Load.ofWrk("""
                Running 1s test @ http://127.0.0.1:19000/small
                  1 threads and 64 connections
                  22680 requests in 1.10s, 6.34MB read
                Requests/sec:  20618.18
                """);

        assertThat(load).isEqualTo(new Load(22680, 1.1, 0));
        assertThat(load.perSecond()).isBetween(20618.0, 20619.0);
    }

    @Test
    void errors_of_wrk_are_added_up() {
        Load load = Load.ofWrk("""
                  2000 requests in 500.00ms, 1MB read
                  Socket errors: connect 1, read 20, write 300, timeout 4000
                  Non-2xx or 3xx responses: 50000
                """);

        assertThat(load).isEqualTo(new Load(2000, 0.5, 54321));
    }

    @Test
    void h2load_says_it_in_other_words() {
        Load load = Load.ofH2load("""
                finished in 2.00s, 30000.50 req/s, 5.00MB/s
                requests: 60001 total, 60010 started, 60001 done, 60000 succeeded, 1 failed, 1 errored, 0 timeout
                """);

        assertThat(load).isEqualTo(new Load(60001, 2.0, 1));
    }

    @Test
    void what_is_no_report_is_shown() {
        assertThatThrownBy(() -> Load.ofWrk("unable to connect to 127.0.0.1:1 Connection refused")).isInstanceOf(Failed.class)
                .hasMessageContaining("Connection refused");
    }

    @Test
    void percentiles_are_read_from_the_log_without_requests_that_failed() {
        List<String> log = new ArrayList<>();
        for (int i = 1; i <= 1000; i++) {
            log.add("1700000000000000\t200\t" + i);
        }
        log.add("1700000000000000\t-1\t99999999");

        assertThat(Latency.ofLog(log)).isEqualTo(new Latency(501, 991, 1000));
        assertThat(Latency.ofLog(List.of())).isEqualTo(new Latency(0, 0, 0));
    }

    @Test
    void the_median_is_taken_of_each_percentile_by_itself() {
        assertThat(Latency.median(List.of(new Latency(1, 20, 300), new Latency(2, 10, 100), new Latency(3, 30, 200))))
                .isEqualTo(new Latency(2, 20, 200));
    }

    @Test
    void each_workload_asks_for_what_it_is_about() {
        for (Workload workload : Workload.values()) {
            String scheme = workload.door() == Door.HTTPS ? "https" : "http";

            assertThat(workload.url(8080)).as(workload.id()).startsWith(scheme + "://127.0.0.1:8080/");
            assertThat(Generator.driving(workload, 8080, 2)).as(workload.id()).endsWith(workload.url(8080));
        }
    }

    @Test
    void connections_that_last_are_opened_once() {
        for (Workload workload : Workload.values()) {
            if (workload.tool() != Tool.H2LOAD_ONCE) {
                assertThat(after(Generator.driving(workload, 80, 2), "-c")).as(workload.id()).isEqualTo(Integer.toString(workload.connections()));
            }
        }
    }

    @Test
    void each_tool_is_told_what_makes_it_different() {
        assertThat(Generator.driving(with(Tool.WRK), 80, 2)).startsWith("wrk").containsSequence("-d", "2s").doesNotContain("-H", "-s");
        assertThat(Generator.driving(with(Tool.WRK_CLOSE), 80, 2)).startsWith("wrk").containsSequence("-H", "Connection: close");
        assertThat(Generator.driving(with(Tool.WRK_UPLOAD), 80, 2)).startsWith("wrk").containsSequence("-s", "upload.lua");
        assertThat(Generator.driving(with(Tool.H2LOAD), 443, 2)).startsWith("h2load").containsSequence("-D", "2s").doesNotContain("--h1");
    }

    @Test
    void for_full_handshakes_each_request_has_a_connection_that_is_new() {
        Workload full = Workload.HANDSHAKE_FULL;
        List<String> command = Generator.driving(full, 443, 3);
        int eachTurn = Integer.parseInt(after(command, "-r"));
        int milliseconds = Integer.parseInt(after(command, "--rate-period").replace("ms", ""));

        assertThat(command).startsWith("h2load", "--h1").containsSequence("-H", "Connection: close").doesNotContain("-D");
        assertThat(after(command, "-c")).isEqualTo(after(command, "-n")).isEqualTo(Integer.toString(full.connections() * 3));
        assertThat(eachTurn * 1000 / milliseconds).as("connections a second, in whole turns").isEqualTo(full.connections());
    }

    @Test
    void handshakes_are_full_when_none_took_up_a_session() {
        assertThat(Handshake.FULL.isWhatWasDone(List.of(".", "."))).isTrue();
        assertThat(Handshake.FULL.isWhatWasDone(List.of(".", ".", "r"))).isFalse();
        assertThat(Handshake.FULL.isWhatWasDone(List.of())).isFalse();
    }

    @Test
    void handshakes_are_resumed_when_most_took_up_a_session() {
        assertThat(Handshake.RESUMED.isWhatWasDone(List.of(".", "r", "r"))).isTrue();
        assertThat(Handshake.RESUMED.isWhatWasDone(List.of(".", ".", "r"))).isFalse();
        assertThat(Handshake.RESUMED.isWhatWasDone(List.of())).isFalse();
    }

    @Test
    void a_fixed_rate_is_divided_among_the_connections() {
        for (Workload workload : Workload.values()) {
            if (workload.takesLatency()) {
                List<String> command = Generator.pacing(workload, 80, 2, 12.5 * workload.connections());

                assertThat(command).as(workload.id()).contains("--rps=12.50").endsWith(workload.url(80));
                assertThat(after(command, "-c")).as(workload.id()).isEqualTo(Integer.toString(workload.connections()));
                assertThat(command.contains("--h1")).as(workload.id()).isEqualTo(workload.tool() != Tool.H2LOAD);
            }
        }
    }

    @Test
    void a_connection_asks_once_a_second_at_least() {
        Workload workload = Workload.SMALL_1000;

        assertThat(Generator.pacing(workload, 80, 2, workload.connections() / 4.0)).contains("--rps=1.00");
    }

    private static Workload with(Tool tool) {
        return Arrays.stream(Workload.values()).filter(workload -> workload.tool() == tool).findFirst().orElseThrow();
    }

    private static String after(List<String> command, String option) {
        assertThat(command).contains(option);
        return command.get(command.indexOf(option) + 1);
    }
}
