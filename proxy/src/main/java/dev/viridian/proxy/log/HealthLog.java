package dev.viridian.proxy.log;

import dev.viridian.proxy.routing.Target;
import java.util.List;

/// One health check, answered or not.
///
/// @param listenerIds   those that send to the group and want its checks logged
/// @param beganMicros   when the target began to be asked, in microseconds since 1970
/// @param durationNanos until the outcome was known
/// @param status        of HTTP, or of gRPC where targets speak that; -1 when none came
public record HealthLog(List<String> listenerIds, Kind kind, String groupId, Target target, long beganMicros, long durationNanos, Outcome outcome,
        int status) implements LogEntry {
    private static final int WEIGHT = 256;

    /// How it was asked.
    public enum Kind { HTTP, HTTPS, HTTP2, GRPC, TCP, FUNCTION }

    /// `BROKEN`: the connection was refused or ended without an answer that can be read.
    public enum Outcome { PASSED, UNEXPECTED_STATUS, TIMED_OUT, BROKEN }

    @Override
    public int weight() {
        return WEIGHT;
    }
}
