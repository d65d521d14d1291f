package dev.viridian.proxy.log;

/// Something that is over and was asked to be logged.
public sealed interface LogEntry permits RequestLog, ConnectionLog, FlowLog, HealthLog {
    /// About how many bytes of memory it holds, by which the queue is bounded.
    int weight();
}
