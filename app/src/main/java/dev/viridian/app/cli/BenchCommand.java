package dev.viridian.app.cli;

import dev.viridian.app.bench.Comparison;
import dev.viridian.app.bench.Failed;
import dev.viridian.app.bench.Plan;
import dev.viridian.app.bench.Report;
import dev.viridian.app.bench.Table;
import dev.viridian.app.cli.Main.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Measures what is worth measuring beside others.
@Command(name = "bench", mixinStandardHelpOptions = true, description = "Measure beside others.", subcommands = BenchCommand.LoadBalancer.class)
final class BenchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "what shall be measured? There is: lb");
    }

    @Command(
            name = "lb",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = {
                "Measure the load balancer beside Debian's nginx and HAProxy, with equal settings, in one run in alternation:",
                "CPU time per request, requests per second, latencies at half the rate the slowest can do, memory, errors.",
                "One core for the proxy, the rest for load and backend; loopback only; about eight minutes. What else runs",
                "on the machine is measured too: trust the CPU time per request and the ratios."
            })
    static final class LoadBalancer implements Callable<Integer> {
        @Option(names = "--quick", description = "One short round of each workload, in about two minutes.")
        private boolean quick;

        @Option(names = "--workload", paramLabel = "ID", split = ",", description = "Only these: ${COMPLETION-CANDIDATES}.",
                completionCandidates = Workloads.class)
        private @Nullable List<String> workloads;

        @Option(names = "--rounds", paramLabel = "N", description = "How often each contender is driven with each workload (default: 3).")
        private @Nullable Integer rounds;

        @Option(names = "--seconds", paramLabel = "N", description = "How long each run lasts (default: 2).")
        private @Nullable Integer seconds;

        @Option(names = "--json", paramLabel = "FILE", description = "Also write every sample to a file.")
        private @Nullable Path json;

        @Override
        public Integer call() {
            try {
                Report report = Comparison.run(plan(), System.err);
                if (json != null) {
                    Files.writeString(json, JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build().writeValueAsString(report));
                }
                Table.print(report, System.out);
                return 0;
            } catch (Failed | IllegalArgumentException e) {
                throw new Problem(e.getMessage());
            } catch (IOException e) {
                throw new Problem("could not write " + json + ": " + e.getMessage());
            }
        }

        Plan plan() {
            Plan plan = quick ? Plan.quick() : Plan.full();
            plan = workloads == null ? plan : plan.only(workloads);
            plan = rounds == null ? plan : plan.withRounds(rounds);
            return seconds == null ? plan : plan.withSeconds(seconds);
        }
    }

    /// For the help text.
    static final class Workloads implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Plan.workloadIds().iterator();
        }
    }
}
