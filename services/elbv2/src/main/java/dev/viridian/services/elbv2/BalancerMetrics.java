package dev.viridian.services.elbv2;

import dev.viridian.proxy.Histogram;
import dev.viridian.proxy.Traffic.Counts;
import dev.viridian.proxy.Traffic.ListenerTraffic;
import dev.viridian.proxy.health.TargetHealth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.StandardUnit;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;

/// What one application load balancer did in one minute, as data for CloudWatch: every figure under each set of dimensions AWS documents for it.
/// Errors are reported only when there were some.
final class BalancerMetrics {
    /// ARNs of groups of which there is more to tell.
    ///
    /// @param sticky those that keep clients
    /// @param grpc   those that speak gRPC
    record Kinds(Set<String> sticky, Set<String> grpc) {}

    /// Most different values in one datum.
    private static final int MOST_VALUES = 150;

    private final LoadBalancer balancer;
    private final MetricDimensions dimensions;
    private final Set<String> groups;
    private final Function<String, List<TargetHealth>> health;
    private final Map<String, List<HostCounts.Look>> looks;
    private final Kinds kinds;
    private final Instant start;
    private final List<MetricDatum> data = new ArrayList<>();

    /// @param groups ARNs of the groups it may send to now
    /// @param looks  at the groups in the course of the minute
    /// @param kinds  of the groups of everybody
    BalancerMetrics(LoadBalancer balancer, Set<String> groups, Function<String, List<TargetHealth>> health, Map<String, List<HostCounts.Look>> looks,
            Kinds kinds, Instant start) {
        this.balancer = balancer;
        this.dimensions = new MetricDimensions(balancer);
        this.groups = groups;
        this.health = health;
        this.looks = looks;
        this.kinds = kinds;
        this.start = start;
    }

    /// @param invocations of functions that are targets, by ARN of their group
    List<MetricDatum> data(MinuteOfTraffic traffic, Map<String, LambdaTargets.Readings> invocations) {
        String listenerPrefix = balancer.loadBalancerArn().replace(":loadbalancer/", ":listener/") + "/";
        List<ListenerTraffic> listeners = traffic.listeners().stream().filter(listener -> listener.listenerId().startsWith(listenerPrefix)).toList();
        requests(listeners);
        generated(listeners);
        Set<String> active = new LinkedHashSet<>(groups);
        traffic.groups().stream().filter(group -> group.listenerId().startsWith(listenerPrefix)).forEach(group -> active.add(group.groupId()));
        Counts all = Counts.ZERO;
        for (String group : active) {
            Counts counts = traffic.groups().stream().filter(each -> each.listenerId().startsWith(listenerPrefix) && each.groupId().equals(group))
                    .map(each -> each.counts()).reduce(Counts.ZERO, Counts::plus);
            group(group, counts);
            hosts(group);
            all = all.plus(counts);
        }
        connections(listeners, all);
        answers(all, dimensions.ofBalancer());
        capacity(listeners);
        functions(invocations);
        return data;
    }

    private void requests(List<ListenerTraffic> listeners) {
        always("RequestCount", sum(listeners, ListenerTraffic::routed), StandardUnit.COUNT, dimensions.ofBalancer());
        some("HTTP_Redirect_Count", sum(listeners, ListenerTraffic::redirects), dimensions.ofBalancer());
        some("HTTP_Redirect_Url_Limit_Exceeded_Count", sum(listeners, ListenerTraffic::endlessRedirects), dimensions.ofBalancer());
        some("HTTP_Fixed_Response_Count", sum(listeners, ListenerTraffic::fixedResponses), dimensions.ofBalancer());
        some("DesyncMitigationMode_NonCompliant_Request_Count", sum(listeners, ListenerTraffic::malformed), dimensions.ofBalancer());
        some("DroppedInvalidHeaderRequestCount", sum(listeners, ListenerTraffic::headersDropped), dimensions.ofBalancer());
        always("ForwardedInvalidHeaderRequestCount", sum(listeners, ListenerTraffic::headersForwarded), StandardUnit.COUNT, dimensions.ofBalancer());
        // Sources disagree: AWS's canned metrics, as its CDK has them, know these; the user guide those of groups. Both are there.
        some("GrpcRequestCount", sum(listeners, ListenerTraffic::grpcRequests), dimensions.ofBalancer());
        some("IPv6RequestCount", sum(listeners, ListenerTraffic::ipv6Requests), dimensions.ofBalancer());
        if (groups.stream().anyMatch(kinds.sticky()::contains)) {
            always("NonStickyRequestCount", sum(listeners, ListenerTraffic::unstuck), StandardUnit.COUNT, dimensions.ofBalancer());
        }
    }

    private void generated(List<ListenerTraffic> listeners) {
        some("HTTPCode_ELB_3XX_Count", sum(listeners, l -> l.generated().status3xx()), dimensions.ofBalancer());
        some("HTTPCode_ELB_4XX_Count", sum(listeners, l -> l.generated().status4xx()), dimensions.ofBalancer());
        some("HTTPCode_ELB_5XX_Count", sum(listeners, l -> l.generated().status5xx()), dimensions.ofBalancer());
        some("HTTPCode_ELB_500_Count", sum(listeners, l -> l.generated().status500()), dimensions.ofBalancer());
        some("HTTPCode_ELB_502_Count", sum(listeners, l -> l.generated().status502()), dimensions.ofBalancer());
        some("HTTPCode_ELB_503_Count", sum(listeners, l -> l.generated().status503()), dimensions.ofBalancer());
        some("HTTPCode_ELB_504_Count", sum(listeners, l -> l.generated().status504()), dimensions.ofBalancer());
    }

    /// With clients and with targets.
    private void connections(List<ListenerTraffic> listeners, Counts targets) {
        some("ActiveConnectionCount", sum(listeners, ListenerTraffic::activeConnections) + targets.openConnections(), dimensions.ofBalancer());
        some("NewConnectionCount", sum(listeners, ListenerTraffic::newConnections) + targets.newConnections(), dimensions.ofBalancer());
        some("ClientTLSNegotiationErrorCount", sum(listeners, ListenerTraffic::tlsErrors), dimensions.ofBalancer());
        some("RejectedConnectionCount", sum(listeners, ListenerTraffic::rejectedConnections), dimensions.ofBalancer());
        bytes("ProcessedBytes", processedBytes(listeners));
        bytes("IPv6ProcessedBytes", sum(listeners, ListenerTraffic::ipv6Bytes));
    }

    private void bytes(String metric, long bytes) {
        if (bytes > 0) {
            always(metric, bytes, StandardUnit.BYTES, dimensions.ofBalancer());
        }
    }

    private static long processedBytes(List<ListenerTraffic> listeners) {
        return sum(listeners, listener -> listener.bytesIn() + listener.bytesOut());
    }

    /// What is billed is reported for the load balancer as a whole.
    private void capacity(List<ListenerTraffic> listeners) {
        some("RuleEvaluations", sum(listeners, ListenerTraffic::ruleEvaluations), dimensions.whole());
        CapacityUnits used = new CapacityUnits(sum(listeners, ListenerTraffic::newConnections), sum(listeners, ListenerTraffic::activeConnections),
                processedBytes(listeners), sum(listeners, ListenerTraffic::furtherEvaluations));
        always("ConsumedLCUs", used.consumed(), StandardUnit.COUNT, dimensions.whole());
    }

    private void group(String group, Counts counts) {
        if (counts.requests() > 0) {
            always("RequestCount", counts.requests(), StandardUnit.COUNT, dimensions.ofGroup(group));
        }
        answers(counts, dimensions.ofGroup(group));
        some("UnhealthyRoutingRequestCount", counts.unhealthyRouting(), dimensions.ofGroup(group));
        if (kinds.grpc().contains(group)) {
            some("GrpcRequestCount", counts.requests(), dimensions.ofGroupAlone(group));
            some("GrpcRequestCount", counts.requests(), dimensions.ofGroup(group));
        }
        long targets = sharing(health.apply(group));
        if (targets > 0) {
            double each = (double) counts.requests() / targets;
            always("RequestCountPerTarget", each, StandardUnit.COUNT, dimensions.ofGroupAlone(group));
            always("RequestCountPerTarget", each, StandardUnit.COUNT, dimensions.ofGroup(group));
        }
    }

    /// How many targets share the requests of a group: the healthy ones or, because then all of them get some, every one that is registered.
    private static long sharing(List<TargetHealth> targets) {
        long healthy = HostCounts.Look.at(targets).healthy();
        return healthy > 0 ? healthy : targets.stream().filter(each -> each.state() != TargetHealth.State.DRAINING).count();
    }

    private void functions(Map<String, LambdaTargets.Readings> invocations) {
        groups.stream().filter(invocations::containsKey).forEach(group -> {
            LambdaTargets.Readings readings = invocations.get(group);
            List<List<Dimension>> sets = List.of(dimensions.ofGroupAlone(group).getFirst(), dimensions.ofGroup(group).getFirst());
            some("LambdaUserError", readings.userErrors(), sets);
            some("LambdaInternalError", readings.internalErrors(), sets);
        });
        long bytes = groups.stream().filter(invocations::containsKey).mapToLong(group -> invocations.get(group).bytes()).sum();
        if (bytes > 0) {
            always("LambdaTargetProcessedBytes", bytes, StandardUnit.BYTES, dimensions.whole());
        }
    }

    private void answers(Counts counts, List<List<Dimension>> sets) {
        some("HTTPCode_Target_2XX_Count", counts.status2xx(), sets);
        some("HTTPCode_Target_3XX_Count", counts.status3xx(), sets);
        some("HTTPCode_Target_4XX_Count", counts.status4xx(), sets);
        some("HTTPCode_Target_5XX_Count", counts.status5xx(), sets);
        some("TargetConnectionErrorCount", counts.connectionErrors(), sets);
        some("TargetTLSNegotiationErrorCount", counts.tlsErrors(), sets);
        times(counts.responseTime(), sets);
    }

    private void times(Histogram times, List<List<Dimension>> sets) {
        List<Histogram.Bucket> buckets = times.buckets();
        sets.forEach(set -> put("TargetResponseTime", set, StandardUnit.SECONDS, buckets.stream().map(Histogram.Bucket::seconds).toList(),
                buckets.stream().map(bucket -> (double) bucket.count()).toList()));
    }

    /// Absent when nothing of the group is being checked, as in AWS.
    private void hosts(String group) {
        List<HostCounts.Look> all = HostCounts.Look.all(looks.get(group), health.apply(group));
        if (all.isEmpty()) {
            return;
        }
        samples("HealthyHostCount", all.stream().map(HostCounts.Look::healthy).toList(), group);
        samples("UnHealthyHostCount", all.stream().map(HostCounts.Look::unhealthy).toList(), group);
        zones(group, all.getLast().healthy() > 0 ? 1 : 0);
    }

    /// How many of our zones, of which there is one, have healthy targets enough: one will do, because that is the only setting of
    /// `minimum_healthy_targets` there is. The name is never taken out of DNS; these say whether AWS would have.
    private void zones(String group, int well) {
        always("HealthyStateRouting", well, StandardUnit.COUNT, dimensions.ofGroup(group));
        always("UnhealthyStateRouting", 1 - well, StandardUnit.COUNT, dimensions.ofGroup(group));
        always("HealthyStateDNS", well, StandardUnit.COUNT, dimensions.ofGroup(group));
        always("UnhealthyStateDNS", 1 - well, StandardUnit.COUNT, dimensions.ofGroup(group));
    }

    private void samples(String metric, List<Long> samples, String group) {
        Map<Long, Long> counts = samples.stream().collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
        dimensions.ofGroup(group).forEach(set -> put(metric, set, StandardUnit.COUNT, counts.keySet().stream().map(Long::doubleValue).toList(),
                counts.values().stream().map(Long::doubleValue).toList()));
    }

    /// A count: one sample per event, each worth 1, as AWS counts answers.
    private void some(String metric, long count, List<List<Dimension>> sets) {
        if (count > 0) {
            sets.forEach(set -> put(metric, set, StandardUnit.COUNT, List.of(1.0), List.of((double) count)));
        }
    }

    private void always(String metric, double value, StandardUnit unit, List<List<Dimension>> sets) {
        sets.forEach(set -> put(metric, set, unit, List.of(value), List.of(1.0)));
    }

    private void put(String metric, List<Dimension> dimensions, StandardUnit unit, List<Double> values, List<Double> counts) {
        for (int from = 0; from < values.size(); from += MOST_VALUES) {
            int to = Math.min(values.size(), from + MOST_VALUES);
            data.add(MetricDatum.builder().metricName(metric).dimensions(dimensions).timestamp(start).unit(unit).values(values.subList(from, to))
                    .counts(counts.subList(from, to)).build());
        }
    }

    private static long sum(List<ListenerTraffic> listeners, ToLongFunction<ListenerTraffic> figure) {
        return listeners.stream().mapToLong(figure).sum();
    }
}
