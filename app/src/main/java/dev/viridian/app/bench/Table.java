package dev.viridian.app.bench;

import dev.viridian.app.bench.Report.Row;
import dev.viridian.app.bench.Report.Sample;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A report as one reads it in a terminal.
public final class Table {
    private static final List<String> OTHERS = List.of("nginx", "haproxy");
    private static final double WORTH_SAYING = 0.03;

    private final Report report;
    private final PrintStream out;

    private Table(Report report, PrintStream out) {
        this.report = report;
        this.out = out;
    }

    public static void print(Report report, PrintStream out) {
        Table table = new Table(report, out);
        table.figures();
        table.ratios();
        table.remarks();
    }

    private void figures() {
        line("");
        line("%-46s %-9s %9s %10s %8s %8s %8s %8s %6s %7s", "workload", "", "CPU us/rq", "requests/s", "at", "p50 us", "p99 us", "p99.9 us", "MiB",
                "errors");
        String last = "";
        for (Row row : report.rows()) {
            String title = title(row);
            Optional<Latency> latency = row.latency();
            line("%-46s %-9s %9.1f %10.0f %8s %8s %8s %8s %6.0f %7d", title.equals(last) ? "" : title, row.contender(), row.cpuMicros(),
                    row.median(Sample::perSecond), latency.isEmpty() ? "" : String.format(Locale.ROOT, "%.0f/s", row.rate()),
                    latency.map(each -> Long.toString(each.p50())).orElse(""), latency.map(each -> Long.toString(each.p99())).orElse(""),
                    latency.map(each -> Long.toString(each.p999())).orElse(""), row.median(Sample::residentMib), row.errors());
            last = title;
        }
    }

    private void ratios() {
        line("");
        line("%-46s %13s %13s %13s %13s", "ours to theirs (below 1 is better)", "CPU: nginx", "HAProxy", "p99: nginx", "HAProxy");
        for (Row ours : report.rows()) {
            if (ours.contender().equals(Contender.OURS)) {
                String[] cells = new String[4];
                for (int i = 0; i < 2; i++) {
                    Optional<Row> theirs = report.row(ours.workload(), OTHERS.get(i), ours.cores());
                    cells[i] = theirs.map(row -> ratio(ours.cpuRatio(row))).orElse("-");
                    cells[i + 2] = theirs.flatMap(row -> row.latency().flatMap(other -> ours.latency()
                            .map(mine -> ratio((double) mine.p99() / Math.max(1, other.p99()))))).orElse("-");
                }
                line("%-46s %13s %13s %13s %13s", title(ours), cells[0], cells[1], cells[2], cells[3]);
            }
        }
    }

    private static String title(Row row) {
        return row.title() + (row.cores() > 1 ? ", " + row.cores() + " cores" : "");
    }

    private static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private void remarks() {
        line("");
        for (Row row : report.rows()) {
            double share = row.median(Sample::compilerShare);
            if (share > WORTH_SAYING) {
                line("%s, %s: %.0f %% of the CPU time went to the JVM's compilers, %.1f us/rq without", row.contender(), row.title(), share * 100,
                        row.cpuMicros() * (1 - share));
            }
        }
        report.notes().forEach(note -> line("%s", note));
        line("%s; load %s", report.machine(), report.load());
        report.versions().forEach(version -> line("%s", version));
    }

    private void line(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values).stripTrailing());
    }
}
