package dev.viridian.services.elbv2;

import dev.viridian.aws.Arn;
import dev.viridian.aws.Caller;
import dev.viridian.engine.time.Time;
import dev.viridian.proxy.FlowTraffic;
import dev.viridian.proxy.Proxy;
import dev.viridian.proxy.Traffic;
import dev.viridian.proxy.health.HealthWatcher;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;

/// Reports to CloudWatch, as each configured minute ends and at an orderly stop, what the proxy counted in it. What the proxy counted while nobody
/// could be told (CloudWatch refused) is in the next report; what it counted in the minute of a crash is lost with the proxy.
///
/// Source: user guide "CloudWatch metrics for your Application Load Balancer".
final class TrafficMetrics implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrafficMetrics.class);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    /// Most data of one PutMetricData call.
    private static final int MOST_DATA = 1000;

    private final Rows rows;
    private final Proxy proxy;
    private final Optional<LambdaTargets> functions;
    private final CloudWatchClient cloudWatch;
    private final Time time;
    private final HostCounts hosts;
    private final HealthWatcher.Watch watch;
    /// Held for the length of a report; guards `reported`.
    private final ReentrantLock reporting = new ReentrantLock();
    private Traffic reported = new Traffic(List.of(), List.of(), List.of());
    private List<FlowTraffic> reportedFlows = List.of();
    private Map<String, LambdaTargets.Readings> reportedFunctions = Map.of();
    private Time.@Nullable Scheduled next;
    private boolean closed;

    /// @param functions that are targets, if there can be any
    TrafficMetrics(Rows rows, Proxy proxy, Optional<LambdaTargets> functions, CloudWatchClient cloudWatch, Time time) {
        this.rows = rows;
        this.proxy = proxy;
        this.functions = functions;
        this.cloudWatch = cloudWatch;
        this.time = time;
        this.hosts = new HostCounts(proxy::health);
        this.watch = proxy.watch(hosts);
    }

    /// From now on; what was counted before is nobody's. Starting again forgets what was not reported yet.
    void start() {
        reporting.lock();
        try {
            reported = proxy.traffic();
            reportedFlows = proxy.flows();
            reportedFunctions = invocations();
        } finally {
            reporting.unlock();
        }
        arm();
    }

    /// At the end of the running minute: reports are of whole minutes, so that alarms, which look at whole minutes, find them.
    private synchronized void arm() {
        if (!closed) {
            if (next != null) {
                next.close();
            }
            next = time.at(runningMinute().plusMillis(minute()), this::report);
        }
    }

    private long minute() {
        return Math.max(1, time.paced(MINUTE).toMillis());
    }

    private void report() {
        reporting.lock();
        try {
            if (!stopped()) {
                report(runningMinute().minusMillis(minute()));
            }
        } catch (RuntimeException e) {
            LOG.warn("The traffic of the last minute could not be reported to CloudWatch; it will be in the next report", e);
        } finally {
            reporting.unlock();
            arm();
        }
    }

    /// The first moment of the minute we are in.
    private Instant runningMinute() {
        return Instant.ofEpochMilli(Math.floorDiv(time.now().toEpochMilli(), minute()) * minute());
    }

    /// All that was not reported yet. Under `reporting`.
    private void report(Instant start) {
        Traffic now = proxy.traffic();
        List<FlowTraffic> flows = proxy.flows();
        Map<String, LambdaTargets.Readings> invocations = invocations();
        publish(MinuteOfTraffic.between(reported, now), MinuteOfTraffic.between(reportedFlows, flows),
                LambdaTargets.between(reportedFunctions, invocations), hosts.take(), start);
        reported = now;
        reportedFlows = flows;
        reportedFunctions = invocations;
    }

    private Map<String, LambdaTargets.Readings> invocations() {
        return functions.map(LambdaTargets::readings).orElse(Map.of());
    }

    private void publish(MinuteOfTraffic traffic, List<FlowTraffic> flows, Map<String, LambdaTargets.Readings> invocations,
            Map<String, List<HostCounts.Look>> looks, Instant start) {
        BalancerMetrics.Kinds kinds = new BalancerMetrics.Kinds(stickyGroups(), grpcGroups());
        Map<String, Map<String, List<MetricDatum>>> byScope = new HashMap<>();
        for (LoadBalancer balancer : rows.loadBalancers().list()) {
            Arn arn = Arn.parse(balancer.loadBalancerArn());
            boolean application = balancer.type() == LoadBalancerTypeEnum.APPLICATION;
            List<MetricDatum> data = Caller.get(service(arn), () -> application
                    ? new BalancerMetrics(balancer, rows.groupsOf(balancer.loadBalancerArn()), proxy::health, looks, kinds, start)
                            .data(traffic, invocations)
                    : network(balancer, looks, start).data(traffic.listeners(), flows));
            byScope.computeIfAbsent(arn.account() + "/" + arn.region(), key -> new HashMap<>())
                    .computeIfAbsent(application ? "AWS/ApplicationELB" : "AWS/NetworkELB", key -> new java.util.ArrayList<>()).addAll(data);
        }
        byScope.forEach((scope, namespaces) -> Caller.run(Caller.service("elasticloadbalancing.amazonaws.com", scope.split("/")[0],
                scope.split("/")[1]),
                () -> namespaces.forEach(this::put)));
    }

    private Set<String> stickyGroups() {
        return rows.targetGroups().rows("").stream().filter(row -> "true".equals(rows.attributesAt(row.key()).get("stickiness.enabled")))
                .map(row -> row.value().targetGroupArn()).collect(Collectors.toSet());
    }

    private Set<String> grpcGroups() {
        return rows.targetGroups().list().stream().filter(group -> "GRPC".equals(group.protocolVersion())).map(TargetGroup::targetGroupArn)
                .collect(Collectors.toSet());
    }

    private NetworkMetrics network(LoadBalancer balancer, Map<String, List<HostCounts.Look>> looks, Instant start) {
        Map<String, ProtocolEnum> protocols = new HashMap<>();
        rows.listenersOf(balancer.loadBalancerArn()).forEach(listener -> protocols.put(listener.listenerArn(), listener.protocol()));
        return new NetworkMetrics(balancer, rows.groupsOf(balancer.loadBalancerArn()), protocols, proxy::health, looks, start);
    }

    private static Caller service(Arn arn) {
        return Caller.service("elasticloadbalancing.amazonaws.com", arn.account(), arn.region());
    }

    private void put(String namespace, List<MetricDatum> data) {
        for (int from = 0; from < data.size(); from += MOST_DATA) {
            List<MetricDatum> some = data.subList(from, Math.min(data.size(), from + MOST_DATA));
            cloudWatch.putMetricData(r -> r.namespace(namespace).metricData(some));
        }
    }

    private synchronized boolean stopped() {
        return closed;
    }

    /// Reports what the running minute has had by now, after a report that is being made, so that the store may be closed after this. When we are
    /// back within that minute, its rest comes with the next report.
    @Override
    public void close() {
        if (!stop()) {
            return;
        }
        reporting.lock();
        try {
            report(runningMinute());
        } catch (RuntimeException e) {
            LOG.warn("The traffic since the last report could not be reported to CloudWatch; it is lost", e);
        } finally {
            reporting.unlock();
        }
    }

    /// @return whether reports were being made until now
    private synchronized boolean stop() {
        boolean running = !closed && next != null;
        closed = true;
        watch.close();
        if (next != null) {
            next.close();
        }
        return running;
    }
}
