package dev.viridian.services.elbv2;

import java.util.List;

/// What is configured and what has been counted, at one moment, of every account and region. Figures only grow, but for those called active, open or
/// in flight: the difference of two readings tells what happened in between.
///
/// Plain values all the way down: this is what commands outside of the process get as JSON.
///
/// @param nanos         when, by a clock that never goes back; only differences mean anything
/// @param loadBalancers by account, region and name
public record Observed(long nanos, List<Balancer> loadBalancers) {

    /// @param listeners by port
    public record Balancer(String account, String region, String arn, String name, String type, List<Listener> listeners) {}

    /// @param bound where it really listens, e.g. `127.0.0.1:80`; empty when nowhere
    /// @param groups that the default action and the rules forward to, and former ones that are not done yet
    public record Listener(String arn, String protocol, int port, String bound, ListenerCounts counts, List<Group> groups) {}

    /// @param own3xx redirects
    /// @param own4xx refusals of the load balancer itself; `own5xx` its failures
    public record ListenerCounts(long requests, long routed, long own3xx, long own4xx, long own5xx, long redirects, long fixedResponses,
            long newConnections, long activeConnections, long rejectedConnections, long tlsErrors, long malformed, long ruleEvaluations,
            long bytesIn, long bytesOut) {}

    /// A group as one listener uses it.
    ///
    /// @param share   in percent, of the default action or else of the first rule that names it
    /// @param byRules whether rules name it, too
    /// @param counts  the targets that are gone included
    public record Group(String arn, String name, double share, boolean byRules, Counts counts, List<Target> targets) {}

    /// @param state  `initial`, `healthy`, `unhealthy`, `unused`, `draining`, `unavailable` or `unhealthy.draining`
    /// @param reason a sentence; empty for a healthy target
    public record Target(String id, int port, String state, String reason, Counts counts) {}

    /// @param responseTimes how long answers took to begin; by rising duration
    public record Counts(long requests, long status2xx, long status3xx, long status4xx, long status5xx, long connectionErrors, long tlsErrors,
            long newConnections, long openConnections, long inFlight, double responseSeconds, List<Bucket> responseTimes) {}

    /// @param seconds every duration in it is within two percent of this
    public record Bucket(double seconds, long count) {}
}
