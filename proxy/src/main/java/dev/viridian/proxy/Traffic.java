package dev.viridian.proxy;

import java.util.List;

/// A reading of everything counted. Listeners and groups stay in the list, with their last figures, after they left the routing, so that the reader
/// misses nothing; the figures of targets that are gone live on in their group's.
public record Traffic(List<ListenerTraffic> listeners, List<GroupTraffic> groups, List<TargetTraffic> targets) {

    /// What a group did for a listener: the sum over its targets, past and present.
    public record GroupTraffic(String listenerId, String groupId, Counts counts) {}

    /// What a present or draining target did for a listener.
    public record TargetTraffic(String listenerId, String groupId, String targetId, int port, Counts counts) {}

    /// Answers the proxy made itself: redirects (3xx), refusals (4xx) and failures (5xx). Fixed responses are what somebody wanted, and are not in
    /// here.
    public record Generated(long status3xx, long status4xx, long status5xx, long status500, long status502, long status503, long status504) {}

    /// What happened at a listener.
    public static final class ListenerTraffic {
        private final String listenerId;
        private final long[] cells;

        /// @param cells as [ListenerState] numbers them; kept, not copied
        ListenerTraffic(String listenerId, long[] cells) {
            this.listenerId = listenerId;
            this.cells = cells;
        }

        /// What was counted between an earlier reading and this one; the connections that are active are this one's.
        public ListenerTraffic since(ListenerTraffic earlier) {
            long[] difference = cells.clone();
            for (int i = 0; i < difference.length; i++) {
                difference[i] -= i == ListenerState.ACTIVE_CONNECTIONS ? 0 : earlier.cells[i];
            }
            return new ListenerTraffic(listenerId, difference);
        }

        public String listenerId() {
            return listenerId;
        }

        /// Requests read and understood, whoever answered.
        public long requests() {
            return cells[ListenerState.REQUESTS];
        }

        /// Requests for which a target was chosen.
        public long routed() {
            return cells[ListenerState.ROUTED];
        }

        public Generated generated() {
            return new Generated(cells[ListenerState.GENERATED_3XX], cells[ListenerState.GENERATED_4XX], cells[ListenerState.GENERATED_5XX],
                    cells[ListenerState.GENERATED_500], cells[ListenerState.GENERATED_502], cells[ListenerState.GENERATED_503],
                    cells[ListenerState.GENERATED_504]);
        }

        public long redirects() {
            return cells[ListenerState.REDIRECTS];
        }

        /// Redirects that could not be given because they would lead to a place with too long a name.
        public long endlessRedirects() {
            return cells[ListenerState.ENDLESS_REDIRECTS];
        }

        public long fixedResponses() {
            return cells[ListenerState.FIXED_RESPONSES];
        }

        /// By clients.
        public long newConnections() {
            return cells[ListenerState.NEW_CONNECTIONS];
        }

        /// By clients, now.
        public long activeConnections() {
            return cells[ListenerState.ACTIVE_CONNECTIONS];
        }

        /// Connections turned away because of limits.
        public long rejectedConnections() {
            return cells[ListenerState.REJECTED_CONNECTIONS];
        }

        /// Connections whose TLS handshake did not end well.
        public long tlsErrors() {
            return cells[ListenerState.TLS_ERRORS];
        }

        /// Requests that do not keep to the grammar of HTTP/1.1, refused or not (`http.Deviation`, `http.Refusal`).
        public long malformed() {
            return cells[ListenerState.MALFORMED];
        }

        /// From clients.
        public long bytesIn() {
            return cells[ListenerState.BYTES_IN];
        }

        /// To clients.
        public long bytesOut() {
            return cells[ListenerState.BYTES_OUT];
        }

        /// Requests of clients with an IPv6 address; they are among [#requests()].
        public long ipv6Requests() {
            return cells[ListenerState.IPV6_REQUESTS];
        }

        /// From and to clients with an IPv6 address.
        public long ipv6Bytes() {
            return cells[ListenerState.IPV6_BYTES];
        }

        /// How often a rule was held against a request; the default action is no rule.
        public long ruleEvaluations() {
            return cells[ListenerState.RULE_EVALUATIONS];
        }

        /// Of these, the ones beyond a request's first [ListenerRoute#FIRST_EVALUATIONS].
        public long furtherEvaluations() {
            return cells[ListenerState.FURTHER_EVALUATIONS];
        }

        /// Requests of which a header with an unusual name was left out.
        public long headersDropped() {
            return cells[ListenerState.HEADERS_DROPPED];
        }

        /// Requests passed on with a header that has an unusual name.
        public long headersForwarded() {
            return cells[ListenerState.HEADERS_FORWARDED];
        }

        /// Requests to sticky groups that went to a target chosen anew.
        public long unstuck() {
            return cells[ListenerState.UNSTUCK];
        }

        /// Requests to groups that speak gRPC; they are among [#routed()].
        public long grpcRequests() {
            return cells[ListenerState.GRPC_REQUESTS];
        }
    }

    /// What one or several targets did.
    public static final class Counts {
        public static final Counts ZERO = new Counts(new long[TargetCounters.SIZE], Histogram.EMPTY);

        private final long[] cells;
        private final Histogram responseTime;

        /// @param cells as [TargetCounters] numbers them; kept, not copied
        Counts(long[] cells, Histogram responseTime) {
            this.cells = cells;
            this.responseTime = responseTime;
        }

        public Counts plus(Counts other) {
            long[] sum = cells.clone();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += other.cells[i];
            }
            return new Counts(sum, responseTime.plus(other.responseTime));
        }

        /// What was counted between an earlier reading and this one; what is in flight and open is this one's.
        public Counts since(Counts earlier) {
            long[] difference = cells.clone();
            for (int i = 0; i < difference.length; i++) {
                difference[i] -= isGauge(i) ? 0 : earlier.cells[i];
            }
            return new Counts(difference, responseTime.since(earlier.responseTime));
        }

        /// Of a target that is gone: nothing is in flight or open any more, even if the last connection is only about to close.
        Counts over() {
            long[] last = cells.clone();
            for (int i = 0; i < last.length; i++) {
                last[i] = isGauge(i) ? 0 : last[i];
            }
            return new Counts(last, responseTime);
        }

        private static boolean isGauge(int cell) {
            return cell == TargetCounters.IN_FLIGHT || cell == TargetCounters.OPEN_CONNECTIONS;
        }

        /// Requests sent to a target; each try counts once.
        public long requests() {
            return cells[TargetCounters.REQUESTS];
        }

        public long status2xx() {
            return cells[TargetCounters.CLASSES];
        }

        public long status3xx() {
            return cells[TargetCounters.CLASSES + 1];
        }

        public long status4xx() {
            return cells[TargetCounters.CLASSES + 2];
        }

        public long status5xx() {
            return cells[TargetCounters.CLASSES + 3];
        }

        /// Connections to a target that could not be made.
        public long connectionErrors() {
            return cells[TargetCounters.CONNECTION_ERRORS];
        }

        /// Connections to a target on which no encryption could be agreed on.
        public long tlsErrors() {
            return cells[TargetCounters.TLS_ERRORS];
        }

        /// Requests sent to an unhealthy target because no target of its group was healthy.
        public long unhealthyRouting() {
            return cells[TargetCounters.UNHEALTHY_ROUTING];
        }

        /// To targets.
        public long newConnections() {
            return cells[TargetCounters.NEW_CONNECTIONS];
        }

        /// To targets, now, the idle ones included.
        public long openConnections() {
            return cells[TargetCounters.OPEN_CONNECTIONS];
        }

        /// From the request leaving for the target to the first byte of its answer.
        public Histogram responseTime() {
            return responseTime;
        }

        /// Claimed and not yet ended.
        public long inFlight() {
            return cells[TargetCounters.IN_FLIGHT];
        }
    }
}
