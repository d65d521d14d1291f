package dev.viridian.app.internal;

import dev.viridian.services.elbv2.Observed;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What is known of load balancers, as metrics. Labels: `account`, `region`, `load_balancer` (its name), `listener` (its port), `target_group` (its
/// name), `code` (`2xx` and so on) and `state` of targets.
final class LoadBalancerFamilies {
    /// Between 128 µs and 67 s each bound is twice the one before: there our histograms have an edge, too, so nothing is estimated.
    private static final int FIRST_EXPONENT = 7;
    private static final int LAST_EXPONENT = 26;

    private final Families families = new Families();

    LoadBalancerFamilies(Observed observed) {
        observed.loadBalancers().forEach(this::balancer);
    }

    List<MetricSnapshot> snapshots() {
        return families.snapshots();
    }

    private void balancer(Observed.Balancer balancer) {
        Labels labels = Labels.of("account", balancer.account(), "region", balancer.region(), "load_balancer", balancer.name());
        balancer.listeners().forEach(listener -> listener(labels.add("listener", Integer.toString(listener.port())), listener));
        balancer.listeners().stream().flatMap(listener -> listener.groups().stream())
                .collect(Collectors.toMap(Observed.Group::name, Function.identity(), (one, same) -> one, TreeMap::new))
                .forEach((name, group) -> targets(labels.add("target_group", name), group));
    }

    private void listener(Labels labels, Observed.Listener listener) {
        Observed.ListenerCounts counts = listener.counts();
        families.counter("viridian_lb_requests", "Requests read and understood, whoever answered them.", labels, counts.requests());
        Map.of("3xx", counts.own3xx(), "4xx", counts.own4xx(), "5xx", counts.own5xx()).forEach((code, count) ->
                families.counter("viridian_lb_own_responses", "Redirects, refusals and failures of the load balancer itself.",
                        labels.add("code", code), count));
        families.counter("viridian_lb_fixed_responses", "Fixed responses given.", labels, counts.fixedResponses());
        families.counter("viridian_lb_malformed_requests", "Requests that do not keep to the grammar of HTTP.", labels, counts.malformed());
        families.counter("viridian_lb_rule_evaluations", "How often a rule was held against a request.", labels, counts.ruleEvaluations());
        families.counter("viridian_lb_received_bytes", "Bytes from clients.", labels, counts.bytesIn());
        families.counter("viridian_lb_sent_bytes", "Bytes to clients.", labels, counts.bytesOut());
        families.counter("viridian_lb_client_connections", "Connections clients made.", labels, counts.newConnections());
        families.counter("viridian_lb_client_connections_rejected", "Connections of clients turned away because of limits.", labels,
                counts.rejectedConnections());
        families.counter("viridian_lb_client_tls_errors", "Connections of clients on which no encryption could be agreed on.", labels,
                counts.tlsErrors());
        families.gauge("viridian_lb_client_connections_open", "Connections with clients.", labels, counts.activeConnections());
        families.gauge("viridian_lb_listener_bound", "Whether the listener is where it should be.", labels,
                listener.bound().endsWith(":" + listener.port()) ? 1 : 0);
        listener.groups().forEach(group -> group(labels.add("target_group", group.name()), group));
    }

    private void group(Labels labels, Observed.Group group) {
        Observed.Counts counts = group.counts();
        families.counter("viridian_lb_target_requests", "Requests sent to targets; each try counts.", labels, counts.requests());
        Map.of("2xx", counts.status2xx(), "3xx", counts.status3xx(), "4xx", counts.status4xx(), "5xx", counts.status5xx()).forEach((code, count) ->
                families.counter("viridian_lb_target_responses", "Answers of targets.", labels.add("code", code), count));
        families.counter("viridian_lb_target_connection_errors", "Connections to targets that could not be made.", labels,
                counts.connectionErrors());
        families.counter("viridian_lb_target_tls_errors", "Connections to targets on which no encryption could be agreed on.", labels,
                counts.tlsErrors());
        families.counter("viridian_lb_target_connections", "Connections made to targets.", labels, counts.newConnections());
        families.gauge("viridian_lb_target_connections_open", "Connections with targets, the idle ones included.", labels,
                counts.openConnections());
        families.gauge("viridian_lb_target_requests_in_flight", "Requests under way.", labels, counts.inFlight());
        families.gauge("viridian_lb_target_group_share_ratio", "What the group is to get of the requests, by its weight.", labels,
                group.share() / 100);
        families.histogram("viridian_lb_target_response_seconds", "From the request leaving for the target to the first byte of its answer.",
                HistogramDataPointSnapshot.builder().labels(labels).classicHistogramBuckets(buckets(counts.responseTimes()))
                .sum(counts.responseSeconds()).build());
    }

    private static ClassicHistogramBuckets buckets(List<Observed.Bucket> times) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        double below = 0;
        for (int exponent = FIRST_EXPONENT; exponent <= LAST_EXPONENT; exponent++) {
            double bound = (1L << exponent) / 1e6;
            buckets.bucket(bound, count(times, below, bound));
            below = bound;
        }
        return buckets.bucket(Double.POSITIVE_INFINITY, count(times, below, Double.POSITIVE_INFINITY)).build();
    }

    private static long count(List<Observed.Bucket> times, double from, double to) {
        return times.stream().filter(bucket -> bucket.seconds() >= from && bucket.seconds() < to).mapToLong(Observed.Bucket::count).sum();
    }

    private void targets(Labels labels, Observed.Group group) {
        for (String state : List.of("initial", "healthy", "unhealthy", "unused", "draining", "unavailable", "unhealthy.draining")) {
            families.gauge("viridian_lb_targets", "Registered and draining targets.", labels.add("state", state),
                    group.targets().stream().filter(target -> target.state().equals(state)).count());
        }
    }
}
