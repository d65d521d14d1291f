package dev.viridian.services.elbv2;

import dev.viridian.proxy.FlowTraffic;
import dev.viridian.proxy.Traffic.ListenerTraffic;
import dev.viridian.proxy.health.TargetHealth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.StandardUnit;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;

/// What one network load balancer did in one minute, as data for CloudWatch under `AWS/NetworkELB`. Packets are the kernel's and are not counted here:
/// there is no `ProcessedPackets`.
///
/// Source: user guide "CloudWatch metrics for your Network Load Balancer".
final class NetworkMetrics {
    private final LoadBalancer balancer;
    private final MetricDimensions dimensions;
    private final Set<String> groups;
    private final Map<String, ProtocolEnum> protocols;
    private final Function<String, List<TargetHealth>> health;
    private final Map<String, List<HostCounts.Look>> looks;
    private final Instant start;
    private final List<MetricDatum> data = new ArrayList<>();

    /// @param groups    ARNs of the groups it may send to now
    /// @param protocols of its listeners, by ARN
    /// @param looks     at the groups in the course of the minute
    NetworkMetrics(LoadBalancer balancer, Set<String> groups, Map<String, ProtocolEnum> protocols, Function<String, List<TargetHealth>> health,
            Map<String, List<HostCounts.Look>> looks, Instant start) {
        this.balancer = balancer;
        this.dimensions = new MetricDimensions(balancer);
        this.groups = groups;
        this.protocols = protocols;
        this.health = health;
        this.looks = looks;
        this.start = start;
    }

    /// @param listeners of all load balancers, in the minute
    /// @param flows     likewise
    List<MetricDatum> data(List<ListenerTraffic> listeners, List<FlowTraffic> flows) {
        String prefix = balancer.loadBalancerArn().replace(":loadbalancer/", ":listener/") + "/";
        List<ListenerTraffic> mine = listeners.stream().filter(each -> each.listenerId().startsWith(prefix)).toList();
        amounts(mine);
        capacity(mine);
        troubles(flows.stream().filter(each -> each.listenerId().startsWith(prefix)).toList());
        groups.forEach(this::hosts);
        return data;
    }

    private void amounts(List<ListenerTraffic> listeners) {
        byProtocol("ActiveFlowCount", listeners, ListenerTraffic::activeConnections, StandardUnit.COUNT);
        byProtocol("NewFlowCount", listeners, ListenerTraffic::newConnections, StandardUnit.COUNT);
        byProtocol("ProcessedBytes", listeners, NetworkMetrics::bytes, StandardUnit.BYTES);
        always("RejectedFlowCount", sum(listeners, ListenerTraffic::rejectedConnections), StandardUnit.COUNT, dimensions.ofBalancer());
        some("RejectedFlowCount_TCP", sum(of(ProtocolEnum.TCP, listeners), ListenerTraffic::rejectedConnections), StandardUnit.COUNT);
    }

    /// The sum always, each protocol's part when it is not zero. A listener that was deleted in the minute is in the sum alone.
    private void byProtocol(String metric, List<ListenerTraffic> listeners, ToLongFunction<ListenerTraffic> figure, StandardUnit unit) {
        always(metric, sum(listeners, figure), unit, dimensions.ofBalancer());
        Stream.of(ProtocolEnum.TCP, ProtocolEnum.TLS).forEach(each -> some(metric + "_" + each, sum(of(each, listeners), figure), unit));
    }

    /// What is billed is reported for the load balancer as a whole.
    private void capacity(List<ListenerTraffic> listeners) {
        double tcp = units(of(ProtocolEnum.TCP, listeners)).ofTcp();
        double tls = units(of(ProtocolEnum.TLS, listeners)).ofTls();
        always("ConsumedLCUs", tcp + tls, StandardUnit.COUNT, dimensions.whole());
        if (tcp > 0) {
            always("ConsumedLCUs_TCP", tcp, StandardUnit.COUNT, dimensions.whole());
        }
        if (tls > 0) {
            always("ConsumedLCUs_TLS", tls, StandardUnit.COUNT, dimensions.whole());
        }
    }

    private static FlowUnits units(List<ListenerTraffic> listeners) {
        return new FlowUnits(sum(listeners, ListenerTraffic::newConnections), sum(listeners, ListenerTraffic::activeConnections),
                sum(listeners, NetworkMetrics::bytes));
    }

    private void troubles(List<FlowTraffic> flows) {
        always("TCP_Client_Reset_Count", sum(flows, FlowTraffic::clientResets), StandardUnit.COUNT, dimensions.ofBalancer());
        always("TCP_Target_Reset_Count", sum(flows, FlowTraffic::targetResets), StandardUnit.COUNT, dimensions.ofBalancer());
        always("TCP_ELB_Reset_Count", sum(flows, FlowTraffic::ownResets), StandardUnit.COUNT, dimensions.ofBalancer());
        some("ClientTLSNegotiationErrorCount", sum(flows, FlowTraffic::clientTlsErrors), StandardUnit.COUNT);
        some("TargetTLSNegotiationErrorCount", sum(flows, FlowTraffic::targetTlsErrors), StandardUnit.COUNT);
        some("UnhealthyRoutingFlowCount", sum(flows, FlowTraffic::failedOpen), StandardUnit.COUNT);
    }

    /// Absent when nothing of the group is being checked.
    private void hosts(String group) {
        List<HostCounts.Look> all = HostCounts.Look.all(looks.get(group), health.apply(group));
        all.forEach(look -> {
            always("HealthyHostCount", look.healthy(), StandardUnit.COUNT, dimensions.ofGroup(group));
            always("UnHealthyHostCount", look.unhealthy(), StandardUnit.COUNT, dimensions.ofGroup(group));
        });
    }

    private void some(String metric, long value, StandardUnit unit) {
        if (value > 0) {
            always(metric, value, unit, dimensions.ofBalancer());
        }
    }

    private void always(String metric, double value, StandardUnit unit, List<List<Dimension>> sets) {
        sets.forEach(set -> data.add(MetricDatum.builder().metricName(metric).dimensions(set).timestamp(start).unit(unit).values(value)
                .counts(1.0).build()));
    }

    private List<ListenerTraffic> of(ProtocolEnum protocol, List<ListenerTraffic> listeners) {
        return listeners.stream().filter(each -> protocols.get(each.listenerId()) == protocol).toList();
    }

    private static long bytes(ListenerTraffic listener) {
        return listener.bytesIn() + listener.bytesOut();
    }

    private static <T> long sum(List<T> all, ToLongFunction<T> figure) {
        return all.stream().mapToLong(figure).sum();
    }
}
