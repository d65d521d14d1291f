package dev.viridian.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.viridian.app.bench.Report.Row;
import dev.viridian.app.bench.Report.Sample;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
    @Test
    void a_sample_is_what_was_used_for_each_request() {
        Usage before = new Usage(1_000_000_000, 100_000_000, 1);
        Usage after = new Usage(1_200_000_000, 120_000_000, 50 * 1048576);
        Sample sample = Sample.of(before, after, new Load(10_000, 2, 3));

        assertThat(sample.cpuMicros()).isEqualTo(20.0, offset(1e-9));
        assertThat(sample.compilerShare()).isEqualTo(0.1, offset(1e-9));
        assertThat(sample.perSecond()).isEqualTo(5000);
        assertThat(sample.residentMib()).isEqualTo(50);
        assertThat(sample.errors()).isEqualTo(3);
    }

    @Test
    void a_run_without_an_answer_has_no_figure() {
        assertThat(Sample.of(new Usage(0, 0, 0), new Usage(0, 0, 0), new Load(0, 2, 64)).cpuMicros()).isZero();
    }

    @Test
    void the_ratio_compares_runs_of_the_same_round() {
        // The machine was slow in the second round, for both.
        Row ours = row("viridian", 10, 40, 9);
        Row theirs = row("nginx", 20, 50, 10);

        assertThat(ours.cpuRatio(theirs)).isEqualTo(0.8, offset(1e-9));
        assertThat(ours.cpuMicros()).isEqualTo(10);
    }

    @Test
    void the_table_says_who_is_better_and_what_is_missing() {
        Report report = new Report("a machine", List.of("nginx 1", "haproxy 2"), "0.1 before, 0.2 after",
                List.of(row("viridian", 10), row("nginx", 20), row("haproxy", 40)), List.of("viridian has no HTTPS here: because"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Table.print(report, new PrintStream(bytes, true, StandardCharsets.UTF_8));

        assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("0.50", "0.25", "viridian has no HTTPS here: because", "haproxy 2");
    }

    @Test
    void memory_is_read_from_the_status() {
        assertThat(Usage.resident("Name:\tjava\nVmRSS:\t  204800 kB\nVmData:\t 1 kB\n")).isEqualTo(200L * 1048576);
        assertThat(Usage.resident("")).isZero();
    }

    private static Row row(String contender, double... cpu) {
        List<Sample> samples = Arrays.stream(cpu).mapToObj(each -> new Sample(each, 0, 1000, 2000, 0, 100)).toList();
        return new Row("small-64", "small GET", contender, 1, samples, 500, List.of());
    }
}
