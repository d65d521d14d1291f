package dev.viridian.container;

import java.util.List;

/// Limits of one container; 0 stands for "none".
///
/// @param memoryBytes hard limit, swap included: the kernel kills what exceeds it
/// @param memoryReservationBytes soft limit, enforced when the host runs short
/// @param cpuShares relative weight (1024 is one CPU's worth)
/// @param cpus hard limit in CPUs, for example 0.25
/// @param pids how many processes there may be
public record Resources(long memoryBytes, long memoryReservationBytes, int cpuShares, double cpus, long pids, List<Ulimit> ulimits) {
    public static final Resources UNLIMITED = new Resources(0, 0, 0, 0, 0, List.of());

    public Resources {
        ulimits = List.copyOf(ulimits);
    }

    public static Resources of(long memoryBytes, int cpuShares) {
        return new Resources(memoryBytes, 0, cpuShares, 0, 0, List.of());
    }

    /// @param name as the kernel names it, for example `nofile`
    public record Ulimit(String name, long soft, long hard) {}
}
