package dev.viridian.app.bench;

import java.util.List;

/// How much is measured.
///
/// @param rounds         how often each contender is driven with each workload; figures are medians
/// @param seconds        of one run
/// @param warmUp         most seconds before the first round of a workload, which count nowhere
/// @param latencySeconds of one run at a fixed rate
/// @param scaling        whether the first workload is driven again with two cores for the proxy
public record Plan(List<Workload> workloads, int rounds, int seconds, int warmUp, int latencySeconds, boolean scaling) {
    public Plan {
        workloads = List.copyOf(workloads);
        if (workloads.isEmpty() || rounds < 1 || seconds < 1) {
            throw new IllegalArgumentException("a plan needs a workload, a round and a second");
        }
    }

    public static List<String> workloadIds() {
        return Workload.ids();
    }

    /// About eight minutes.
    public static Plan full() {
        return new Plan(List.of(Workload.values()), 3, 2, 8, 1, true);
    }

    /// About two minutes: one round each.
    public static Plan quick() {
        return new Plan(List.of(Workload.values()), 1, 1, 3, 1, false);
    }

    /// @throws IllegalArgumentException when there is no such workload
    public Plan only(List<String> ids) {
        List<Workload> chosen = ids.stream().map(id -> Workload.of(id).orElseThrow(() -> new IllegalArgumentException(
                "there is no workload '" + id + "'; there are " + String.join(", ", Workload.ids())))).toList();
        return new Plan(chosen, rounds, seconds, warmUp, latencySeconds, scaling);
    }

    public Plan withRounds(int rounds) {
        return new Plan(workloads, rounds, seconds, warmUp, latencySeconds, scaling);
    }

    public Plan withSeconds(int seconds) {
        return new Plan(workloads, rounds, seconds, warmUp, latencySeconds, scaling);
    }
}
