package dev.viridian.app.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// What a comparison has found.
///
/// @param machine processor and kernel
/// @param versions of the programs compared
/// @param load average before and after, as the system says it: what else was going on
public record Report(String machine, List<String> versions, String load, List<Row> rows, List<String> notes) {

    /// One run of one contender.
    ///
    /// @param compilerShare part of the CPU time that was spent by a JVM's compilers
    record Sample(double cpuMicros, double compilerShare, double perSecond, long requests, long errors, double residentMib) {
        static Sample of(Usage before, Usage after, Load load) {
            double cpu = after.cpuNanos() - before.cpuNanos();
            double compilers = after.compilerNanos() - before.compilerNanos();
            double micros = load.requests() == 0 ? 0 : cpu / 1000 / load.requests();
            return new Sample(micros, cpu == 0 ? 0 : compilers / cpu, load.perSecond(), load.requests(), load.errors(),
                    after.residentBytes() / 1048576.0);
        }
    }

    /// Everything about one contender under one workload.
    ///
    /// @param cores that the contender had
    /// @param latencies taken at `rate` per second
    record Row(String workload, String title, String contender, int cores, List<Sample> samples, double rate, List<Latency> latencies) {
        double median(ToDoubleFunction<Sample> figure) {
            return middle(samples.stream().mapToDouble(figure).toArray());
        }

        double cpuMicros() {
            return median(Sample::cpuMicros);
        }

        long errors() {
            return samples.stream().mapToLong(Sample::errors).sum();
        }

        Optional<Latency> latency() {
            return latencies.isEmpty() ? Optional.empty() : Optional.of(Latency.median(latencies));
        }

        /// The median of the ratios of each round, as a round's runs meet the same machine.
        double cpuRatio(Row other) {
            int rounds = Math.min(samples.size(), other.samples.size());
            double[] ratios = new double[rounds];
            Arrays.setAll(ratios, i -> samples.get(i).cpuMicros() / other.samples.get(i).cpuMicros());
            return middle(ratios);
        }
    }

    static double middle(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length == 0 ? 0 : sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    Optional<Row> row(String workload, String contender, int cores) {
        return rows.stream().filter(row -> row.workload().equals(workload) && row.contender().equals(contender) && row.cores() == cores).findFirst();
    }
}
