package dev.viridian.container;

import java.time.Instant;

/// Counters of one running container.
///
/// @param cpuNanos CPU time used since its start; the difference of two samples over the difference of their moments is the usage
/// @param memoryBytes in use, page cache not counted
public record ContainerStats(Instant at, long cpuNanos, long memoryBytes, long memoryLimitBytes, long networkReceivedBytes,
                             long networkSentBytes) {}
