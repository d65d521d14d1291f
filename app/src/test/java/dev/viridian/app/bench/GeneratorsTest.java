package dev.viridian.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        List<String> log = new java.util.ArrayList<>();
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
    void each_workload_has_a_command_of_its_own() {
        assertThat(Generator.driving(Workload.SMALL_1000, 80, 2)).containsSequence("-c", "1000").endsWith("http://127.0.0.1:80/small");
        assertThat(Generator.driving(Workload.CONNECT, 80, 2)).containsSequence("-H", "Connection: close");
        assertThat(Generator.driving(Workload.UPLOAD_100K, 80, 2)).containsSequence("-s", "upload.lua").endsWith("http://127.0.0.1:80/upload");
        assertThat(Generator.driving(Workload.HTTP2, 443, 2)).startsWith("h2load").endsWith("https://127.0.0.1:443/small");
    }

    @Test
    void for_full_handshakes_each_request_has_a_connection_that_is_new() {
        Workload full = Workload.HANDSHAKE_FULL;
        List<String> command = Generator.driving(full, 443, 2);
        String all = Integer.toString(full.connections() * 2);

        assertThat(command).startsWith("h2load", "--h1").containsSequence("-c", all).containsSequence("-n", all).endsWith(full.url(443));
        int eachTurn = Integer.parseInt(after(command, "-r"));
        int milliseconds = Integer.parseInt(after(command, "--rate-period").replace("ms", ""));
        assertThat(eachTurn * 1000 / milliseconds).isEqualTo(full.connections());
    }

    private static String after(List<String> command, String option) {
        return command.get(command.indexOf(option) + 1);
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
        assertThat(Generator.pacing(Workload.SMALL_64, 80, 2, 3200)).contains("--rps=50.00", "--h1");
        assertThat(Generator.pacing(Workload.HTTP2, 443, 2, 3200)).contains("--rps=100.00").doesNotContain("--h1");
    }
}
