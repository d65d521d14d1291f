package dev.viridian.proxy.log;

import dev.viridian.proxy.routing.Target;
import java.util.Optional;

/// One request that has ended, however it ended.
///
/// @param listenerPort     the port the listener wants, also where another had to be bound
/// @param secure           whether the listener speaks TLS
/// @param beganMicros      when its head was complete, in microseconds since 1970
/// @param endedMicros      when the last of its answer was handed over, or the tunnel it became was closed
/// @param groupId          the group chosen for it; empty when none was
/// @param target           the target tried last
/// @param requestNanos     from its beginning until it left for the target; -1 when it never did
/// @param targetNanos      from then until the head of the answer was there, or the target was seen to be gone; -1 when neither came
/// @param responseNanos    from then until the answer began to be sent on; -1 when it was not
/// @param status           what the client was told; 460 when it left before it was told anything
/// @param targetStatus     what the target said; 0 when it said nothing
/// @param receivedBytes    from the client, head included
/// @param sentBytes        to the client, head included
/// @param rulePriority     of the rule that held; 0 for the default action; -1 when no rule was looked at
/// @param oddity           how far it departed from the grammar of HTTP, such as `Ambiguous`; empty when it did not
/// @param oddityReason     in which way, such as `BothTeClPresent`
/// @param rewritten        by the rule that held; empty when it rewrites nothing
/// @param redirectUrl      where it was redirected; empty when it was not
/// @param failure          why the target gave no answer, in the words of whoever was asked; empty when they said nothing
/// @param traceId          value of the trace header, as targets see it; empty for none
public record RequestLog(String listenerId, int listenerPort, boolean secure, Kind kind, LoggedConnection connection, long beganMicros,
        long endedMicros, RequestText request, String groupId, Optional<Target> target, long requestNanos, long targetNanos, long responseNanos,
        int status, int targetStatus, long receivedBytes, long sentBytes, int rulePriority, Done done, String oddity, String oddityReason,
        Optional<Rewritten> rewritten, String redirectUrl, String failure, String traceId) implements LogEntry {
    private static final int BASE = 384;

    public enum Kind { HTTP, HTTP2, GRPC, WEBSOCKET }

    /// Which action was taken.
    public enum Done { NOTHING, FORWARD, REDIRECT, FIXED_RESPONSE }

    @Override
    public int weight() {
        return BASE + request.bytes().length + redirectUrl.length() + traceId.length();
    }
}
