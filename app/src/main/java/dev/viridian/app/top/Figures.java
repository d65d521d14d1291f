package dev.viridian.app.top;

import dev.viridian.services.elbv2.Observed;
import java.util.Map;
import java.util.TreeMap;

/// What one line of the table tells: rates per second, and what is so right now.
///
/// @param own4xx  refusals of the load balancer itself, `own5xx` its failures; 0 for groups and targets
/// @param p50     seconds, 0 when nothing was answered
/// @param connections with clients for load balancers and listeners, with targets for groups and targets
public record Figures(double requests, double status2xx, double status3xx, double status4xx, double status5xx, double own4xx, double own5xx,
        double p50, double p99, long inFlight, long connections) {

    /// Adds up differences of counters until they are turned into rates.
    static final class Sum {
        private long requests;
        private long status2xx;
        private long status3xx;
        private long status4xx;
        private long status5xx;
        private long own4xx;
        private long own5xx;
        private long inFlight;
        private long connections;
        private final Map<Double, Long> times = new TreeMap<>();

        /// What targets answered.
        void answers(Observed.Counts before, Observed.Counts now) {
            status2xx += grown(before.status2xx(), now.status2xx());
            status3xx += grown(before.status3xx(), now.status3xx());
            status4xx += grown(before.status4xx(), now.status4xx());
            status5xx += grown(before.status5xx(), now.status5xx());
            inFlight += now.inFlight();
            now.responseTimes().forEach(bucket -> times.merge(bucket.seconds(), bucket.count(), Long::sum));
            before.responseTimes().forEach(bucket -> times.merge(bucket.seconds(), -bucket.count(), Long::sum));
        }

        /// What targets got.
        void sent(Observed.Counts before, Observed.Counts now) {
            requests += grown(before.requests(), now.requests());
            connections += now.openConnections();
        }

        /// What clients asked, and what the load balancer itself said to them.
        ///
        /// @param http otherwise a connection is what is asked for
        void asked(Observed.ListenerCounts before, Observed.ListenerCounts now, boolean http) {
            requests += http ? grown(before.requests(), now.requests()) : grown(before.newConnections(), now.newConnections());
            connections += now.activeConnections();
            own4xx += grown(before.own4xx(), now.own4xx());
            own5xx += grown(before.own5xx(), now.own5xx());
        }

        private static long grown(long before, long now) {
            return Math.max(0, now - before);
        }

        Figures perSecond(double seconds) {
            return new Figures(requests / seconds, status2xx / seconds, status3xx / seconds, status4xx / seconds, status5xx / seconds,
                    own4xx / seconds, own5xx / seconds, quantile(0.5), quantile(0.99), inFlight, connections);
        }

        private double quantile(double share) {
            long count = times.values().stream().mapToLong(Long::longValue).sum();
            long seen = 0;
            for (Map.Entry<Double, Long> each : times.entrySet()) {
                seen += each.getValue();
                if (each.getValue() > 0 && seen >= Math.ceil(share * count)) {
                    return each.getKey();
                }
            }
            return 0;
        }
    }
}
