package dev.viridian.proxy;

import java.util.List;

/// A reading of everything counted. Listeners and groups stay in the list, with their last figures, after they left the routing, so that the reader
/// misses nothing; the figures of targets that are gone live on in their group's.
public record Traffic(List<ListenerTraffic> listeners, List<GroupTraffic> groups, List<TargetTraffic> targets) {

    /// What happened at a listener.
    ///
    /// @param requests          requests read and understood, whoever answered
    /// @param routed            requests for which a target was chosen
    /// @param rejectedConnections connections turned away because of limits
    /// @param malformed         requests that do not keep to the grammar of HTTP/1.1, refused or not (`http.Deviation`, `http.Refusal`)
    /// @param bytesIn           from clients
    /// @param bytesOut          to clients
    /// @param tlsErrors         connections whose TLS handshake did not end well
    public record ListenerTraffic(String listenerId, long requests, long routed, Generated generated, long redirects, long fixedResponses,
            long newConnections, long activeConnections, long rejectedConnections, long malformed, long bytesIn, long bytesOut, long tlsErrors) {}

    /// Answers the proxy made itself: redirects (3xx), refusals (4xx) and failures (5xx). Fixed responses are what somebody wanted, and are not in
    /// here.
    public record Generated(long status3xx, long status4xx, long status5xx, long status500, long status502, long status503, long status504) {}

    /// What a group did for a listener: the sum over its targets, past and present.
    public record GroupTraffic(String listenerId, String groupId, Counts counts) {}

    /// What a present or draining target did for a listener.
    public record TargetTraffic(String listenerId, String groupId, String targetId, int port, Counts counts) {}

    /// @param requests         requests sent to a target (each try counts once)
    /// @param connectionErrors connections to a target that could not be made
    /// @param responseTime     from the request leaving for the target to the first byte of its answer
    /// @param inFlight         claimed and not yet ended
    public record Counts(long requests, long status2xx, long status3xx, long status4xx, long status5xx, long connectionErrors, Histogram responseTime,
            long inFlight) {
        public static final Counts ZERO = new Counts(0, 0, 0, 0, 0, 0, Histogram.EMPTY, 0);

        public Counts plus(Counts other) {
            return new Counts(requests + other.requests, status2xx + other.status2xx, status3xx + other.status3xx, status4xx + other.status4xx,
                    status5xx + other.status5xx, connectionErrors + other.connectionErrors,
                    responseTime.plus(other.responseTime), inFlight + other.inFlight);
        }

        /// What was counted between an earlier reading and this one; `inFlight` is this one's.
        public Counts since(Counts earlier) {
            return new Counts(requests - earlier.requests, status2xx - earlier.status2xx, status3xx - earlier.status3xx,
                    status4xx - earlier.status4xx, status5xx - earlier.status5xx, connectionErrors - earlier.connectionErrors,
                    responseTime.since(earlier.responseTime), inFlight);
        }
    }
}
