package dev.viridian.services.elbv2;

import dev.viridian.proxy.Histogram;
import dev.viridian.proxy.TargetHealth;
import dev.viridian.proxy.Traffic.Counts;
import dev.viridian.proxy.Traffic.ListenerTraffic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.StandardUnit;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;

/// What one application load balancer did in one minute, as data for CloudWatch: every figure under each set of dimensions AWS documents for it. Errors are
/// reported only
/// when there were some; a load balancer that is here once is one node, so all of it counts in its first zone.
final class BalancerMetrics {
    /// Most different values in one datum.
    private static final int MOST_VALUES = 150;

    private final LoadBalancer balancer;
    private final Set<String> groups;
    private final Function<String, List<TargetHealth>> health;
    private final Instant start;
    private final List<MetricDatum> data = new ArrayList<>();

    /// @param groups ARNs of the groups it may send to now
    BalancerMetrics(LoadBalancer balancer, Set<String> groups, Function<String, List<TargetHealth>> health, Instant start) {
        this.balancer = balancer;
        this.groups = groups;
        this.health = health;
        this.start = start;
    }

    List<MetricDatum> data(MinuteOfTraffic traffic) {
        String listenerPrefix = balancer.loadBalancerArn().replace(":loadbalancer/", ":listener/") + "/";
        List<ListenerTraffic> listeners = traffic.listeners().stream().filter(listener -> listener.listenerId().startsWith(listenerPrefix)).toList();
        requests(listeners);
        generated(listeners);
        connections(listeners);
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
        answers(all, ofBalancer());
        return data;
    }

    private void requests(List<ListenerTraffic> listeners) {
        always("RequestCount", sum(listeners, ListenerTraffic::routed), StandardUnit.COUNT, ofBalancer());
        some("HTTP_Redirect_Count", sum(listeners, ListenerTraffic::redirects), ofBalancer());
        some("HTTP_Fixed_Response_Count", sum(listeners, ListenerTraffic::fixedResponses), ofBalancer());
        some("DesyncMitigationMode_NonCompliant_Request_Count", sum(listeners, ListenerTraffic::malformed), ofBalancer());
    }

    private void generated(List<ListenerTraffic> listeners) {
        some("HTTPCode_ELB_3XX_Count", sum(listeners, l -> l.generated().status3xx()), ofBalancer());
        some("HTTPCode_ELB_4XX_Count", sum(listeners, l -> l.generated().status4xx()), ofBalancer());
        some("HTTPCode_ELB_5XX_Count", sum(listeners, l -> l.generated().status5xx()), ofBalancer());
        some("HTTPCode_ELB_500_Count", sum(listeners, l -> l.generated().status500()), ofBalancer());
        some("HTTPCode_ELB_502_Count", sum(listeners, l -> l.generated().status502()), ofBalancer());
        some("HTTPCode_ELB_503_Count", sum(listeners, l -> l.generated().status503()), ofBalancer());
        some("HTTPCode_ELB_504_Count", sum(listeners, l -> l.generated().status504()), ofBalancer());
    }

    private void connections(List<ListenerTraffic> listeners) {
        some("ActiveConnectionCount", sum(listeners, ListenerTraffic::activeConnections), ofBalancer());
        some("NewConnectionCount", sum(listeners, ListenerTraffic::newConnections), ofBalancer());
        some("ClientTLSNegotiationErrorCount", sum(listeners, ListenerTraffic::tlsErrors), ofBalancer());
        some("RejectedConnectionCount", sum(listeners, ListenerTraffic::rejectedConnections), ofBalancer());
        long bytes = sum(listeners, listener -> listener.bytesIn() + listener.bytesOut());
        if (bytes > 0) {
            always("ProcessedBytes", bytes, StandardUnit.BYTES, ofBalancer());
        }
    }

    private void group(String group, Counts counts) {
        if (counts.requests() > 0) {
            always("RequestCount", counts.requests(), StandardUnit.COUNT, ofGroup(group));
        }
        answers(counts, ofGroup(group));
        long targets = health.apply(group).stream().filter(each -> each.state() != TargetHealth.State.DRAINING).count();
        if (targets > 0) {
            List<List<Dimension>> sets = List.of(List.of(dimension("TargetGroup", name(group))), ofGroup(group).getFirst());
            sets.forEach(dimensions -> put("RequestCountPerTarget", dimensions, StandardUnit.COUNT, List.of((double) counts.requests() / targets),
                    List.of(1.0)));
        }
    }

    private void answers(Counts counts, List<List<Dimension>> dimensions) {
        some("HTTPCode_Target_2XX_Count", counts.status2xx(), dimensions);
        some("HTTPCode_Target_3XX_Count", counts.status3xx(), dimensions);
        some("HTTPCode_Target_4XX_Count", counts.status4xx(), dimensions);
        some("HTTPCode_Target_5XX_Count", counts.status5xx(), dimensions);
        some("TargetConnectionErrorCount", counts.connectionErrors(), dimensions);
        times(counts.responseTime(), dimensions);
    }

    private void times(Histogram times, List<List<Dimension>> dimensions) {
        List<Histogram.Bucket> buckets = times.buckets();
        for (int from = 0; from < buckets.size(); from += MOST_VALUES) {
            List<Histogram.Bucket> some = buckets.subList(from, Math.min(buckets.size(), from + MOST_VALUES));
            dimensions.forEach(set -> put("TargetResponseTime", set, StandardUnit.SECONDS, some.stream().map(Histogram.Bucket::seconds).toList(),
                    some.stream().map(bucket -> (double) bucket.count()).toList()));
        }
    }

    /// Absent when nothing of the group is being checked, as in AWS. A target that has not been asked often enough yet is neither.
    private void hosts(String group) {
        List<TargetHealth> targets = health.apply(group);
        long healthy = targets.stream().filter(each -> each.state() == TargetHealth.State.HEALTHY).count();
        long unhealthy = targets.stream().filter(each -> each.state() == TargetHealth.State.UNHEALTHY).count();
        if (healthy + unhealthy > 0) {
            always("HealthyHostCount", healthy, StandardUnit.COUNT, ofGroup(group));
            always("UnHealthyHostCount", unhealthy, StandardUnit.COUNT, ofGroup(group));
        }
    }

    /// A count: one sample per event, each worth 1, as AWS counts answers.
    private void some(String metric, long count, List<List<Dimension>> dimensions) {
        if (count > 0) {
            dimensions.forEach(set -> put(metric, set, StandardUnit.COUNT, List.of(1.0), List.of((double) count)));
        }
    }

    private void always(String metric, double value, StandardUnit unit, List<List<Dimension>> dimensions) {
        dimensions.forEach(set -> put(metric, set, unit, List.of(value), List.of(1.0)));
    }

    private void put(String metric, List<Dimension> dimensions, StandardUnit unit, List<Double> values, List<Double> counts) {
        data.add(MetricDatum.builder().metricName(metric).dimensions(dimensions).timestamp(start).unit(unit).values(values).counts(counts).build());
    }

    private List<List<Dimension>> ofBalancer() {
        return List.of(List.of(own()), List.of(zone(), own()));
    }

    private List<List<Dimension>> ofGroup(String group) {
        Dimension target = dimension("TargetGroup", name(group));
        return List.of(List.of(target, own()), List.of(target, zone(), own()));
    }

    private Dimension own() {
        return dimension("LoadBalancer", name(balancer.loadBalancerArn()).substring("loadbalancer/".length()));
    }

    private Dimension zone() {
        return dimension("AvailabilityZone", balancer.availabilityZones().getFirst().zoneName());
    }

    /// The part of an ARN that CloudWatch uses.
    private static String name(String arn) {
        return dev.viridian.aws.Arn.parse(arn).resource();
    }

    private static Dimension dimension(String name, String value) {
        return Dimension.builder().name(name).value(value).build();
    }

    private static long sum(List<ListenerTraffic> listeners, ToLongFunction<ListenerTraffic> figure) {
        return listeners.stream().mapToLong(figure).sum();
    }
}
