package dev.viridian.app.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.viridian.services.elbv2.Observed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What Prometheus is told.
class MetricsPageTest {
    private static final Observed.Counts COUNTS = new Observed.Counts(12, 9, 0, 1, 2, 3, 0, 4, 2, 1, 0.5,
            List.of(new Observed.Bucket(0.0001, 5), new Observed.Bucket(0.0003, 4), new Observed.Bucket(0.4, 2), new Observed.Bucket(100, 1)));
    private static final Observed.Target HEALTHY = new Observed.Target("10.0.0.1", 80, "healthy", "", COUNTS);
    private static final Observed.Target SICK = new Observed.Target("10.0.0.2", 80, "unhealthy", "Request timed out", COUNTS);
    private static final String PAGE = MetricsPage.of(new Observed(1, List.of(new Observed.Balancer("123456789012", "us-east-1", "arn:web", "web",
            "application", List.of(listener(80, "127.0.0.1:80"), listener(8080, ""))),
            new Observed.Balancer("123456789012", "us-east-1", "arn:idle", "idle", "application", List.of()))), "0.1.0");

    private static Observed.Listener listener(int port, String bound) {
        return new Observed.Listener("arn:web/" + port, "HTTP", port, bound,
                new Observed.ListenerCounts(20, 12, 1, 2, 3, 1, 4, 7, 5, 0, 0, 2, 30, 1000, 2000),
                List.of(new Observed.Group("arn:blue", "blue", 12.5, false, COUNTS, List.of(HEALTHY, SICK))));
    }

    @Test
    void counters_carry_where_and_what_and_end_in_total() {
        assertThat(PAGE).contains("""
                # TYPE viridian_lb_requests_total counter
                viridian_lb_requests_total{account="123456789012",listener="80",load_balancer="web",region="us-east-1"} 20.0
                """).contains("viridian_lb_own_responses_total{account=\"123456789012\",code=\"5xx\",listener=\"8080\",load_balancer=\"web\",region=\"us-east-1\"} 3.0")
                .contains("viridian_lb_target_responses_total{account=\"123456789012\",code=\"5xx\",listener=\"80\",load_balancer=\"web\",region=\"us-east-1\","
                        + "target_group=\"blue\"} 2.0");
    }

    @Test
    void a_target_has_no_series_of_its_own_but_its_state_counts_once_per_load_balancer() {
        assertThat(PAGE).doesNotContain("10.0.0.");
        assertThat(PAGE.lines().filter(line -> line.startsWith("viridian_lb_targets{") && line.contains("state=\"healthy\"")))
                .containsExactly("viridian_lb_targets{account=\"123456789012\",load_balancer=\"web\",region=\"us-east-1\",state=\"healthy\",target_group=\"blue\"} 1.0");
    }

    @Test
    void buckets_of_the_histogram_have_edges_where_ours_have() {
        List<String> buckets = PAGE.lines().filter(line -> line.startsWith("viridian_lb_target_response_seconds") && line.contains("listener=\"80\"")).toList();

        assertThat(value(buckets, "le=\"1.28E-4\"")).isEqualTo("5");
        assertThat(value(buckets, "le=\"2.56E-4\"")).isEqualTo("5");
        assertThat(value(buckets, "le=\"5.12E-4\"")).isEqualTo("9");
        assertThat(value(buckets, "le=\"0.524288\"")).isEqualTo("11");
        assertThat(value(buckets, "le=\"67.108864\"")).isEqualTo("11");
        assertThat(value(buckets, "le=\"+Inf\"")).isEqualTo("12");
        assertThat(value(buckets, "_seconds_count{")).isEqualTo("12");
        assertThat(value(buckets, "_seconds_sum{")).isEqualTo("0.5");
    }

    private static String value(List<String> lines, String part) {
        return lines.stream().filter(line -> line.contains(part)).map(line -> line.substring(line.lastIndexOf(' ') + 1)).findFirst().orElse("none");
    }

    @Test
    void a_listener_without_its_port_can_be_alerted_on() {
        assertThat(PAGE).contains("viridian_lb_listener_bound{account=\"123456789012\",listener=\"80\",load_balancer=\"web\",region=\"us-east-1\"} 1.0")
                .contains("viridian_lb_listener_bound{account=\"123456789012\",listener=\"8080\",load_balancer=\"web\",region=\"us-east-1\"} 0.0");
    }

    @Test
    void the_process_is_described_under_the_names_everybody_uses() {
        assertThat(PAGE).contains("\nprocess_cpu_seconds_total ", "\nprocess_start_time_seconds ", "\njvm_memory_used_bytes{area=\"heap\"} ",
                "viridian_build_info{version=\"0.1.0\"} 1.0");
    }

    @Test
    void a_server_without_load_balancers_has_a_page_too() {
        assertThat(MetricsPage.of(new Observed(1, List.of()), "0.1.0")).contains("viridian_build_info").doesNotContain("viridian_lb");
    }

    /// Debian has it in package `prometheus`.
    @Test
    void promtool_has_nothing_to_say() throws IOException, InterruptedException {
        assumeTrue(Stream.of(System.getenv("PATH").split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, "promtool"))), "no promtool here");
        Process promtool = new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
        promtool.getOutputStream().write(PAGE.getBytes(StandardCharsets.UTF_8));
        promtool.getOutputStream().close();

        assertThat(new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEmpty();
        assertThat(promtool.waitFor()).isZero();
    }
}
