package dev.viridian.services.elbv2;

import dev.viridian.aws.Arn;
import dev.viridian.proxy.Traffic;
import dev.viridian.proxy.health.TargetHealth;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Rule;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupTuple;

/// Puts what the rows say beside what the proxy counted.
final class Observation {
    private static final Traffic.Counts NOTHING = Traffic.Counts.ZERO;

    private final Rows rows;
    private final List<ListenerBinding> bindings;
    private final Traffic traffic;
    private final Function<String, List<TargetHealth>> health;

    /// @param health of the targets of a group, by its ARN
    Observation(Rows rows, List<ListenerBinding> bindings, Traffic traffic, Function<String, List<TargetHealth>> health) {
        this.rows = rows;
        this.bindings = bindings;
        this.traffic = traffic;
        this.health = health;
    }

    List<Observed.Balancer> balancers() {
        return rows.loadBalancers().list().stream().map(this::balancer).sorted(Comparator.comparing(Observed.Balancer::account)
                .thenComparing(Observed.Balancer::region).thenComparing(Observed.Balancer::name)).toList();
    }

    private Observed.Balancer balancer(LoadBalancer balancer) {
        Arn arn = Arn.parse(balancer.loadBalancerArn());
        List<Observed.Listener> listeners = rows.listeners().list().stream()
                .filter(listener -> listener.loadBalancerArn().equals(balancer.loadBalancerArn()))
                .sorted(Comparator.comparing(Listener::port).thenComparing(Listener::listenerArn)).map(this::listener).toList();
        return new Observed.Balancer(arn.account(), arn.region(), balancer.loadBalancerArn(), balancer.loadBalancerName(), balancer.typeAsString(),
                listeners);
    }

    private Observed.Listener listener(Listener listener) {
        String bound = bindings.stream().filter(each -> each.listenerArn().equals(listener.listenerArn()) && each.port() != 0).findFirst()
                .map(each -> each.address() + ":" + each.port()).orElse("");
        Observed.ListenerCounts counts = traffic.listeners().stream().filter(each -> each.listenerId().equals(listener.listenerArn())).findFirst()
                .map(Observation::counts).orElseGet(() -> new Observed.ListenerCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
        return new Observed.Listener(listener.listenerArn(), listener.protocolAsString(), listener.port(), bound, counts, groups(listener));
    }

    private static Observed.ListenerCounts counts(Traffic.ListenerTraffic l) {
        return new Observed.ListenerCounts(l.requests(), l.routed(), l.generated().status3xx(), l.generated().status4xx(), l.generated().status5xx(),
                l.redirects(), l.fixedResponses(), l.newConnections(), l.activeConnections(), l.rejectedConnections(), l.tlsErrors(),
                l.malformed(), l.ruleEvaluations(), l.bytesIn(), l.bytesOut());
    }

    private List<Observed.Group> groups(Listener listener) {
        Map<String, Double> byDefault = new LinkedHashMap<>();
        listener.defaultActions().forEach(action -> shares(action).forEach(byDefault::putIfAbsent));
        Map<String, Double> byRules = new LinkedHashMap<>();
        String rulePrefix = listener.listenerArn().replace(":listener/", ":listener-rule/") + "/";
        rows.rules().list().stream().filter(rule -> rule.ruleArn().startsWith(rulePrefix))
                .sorted(Comparator.comparingInt((Rule rule) -> Integer.parseInt(rule.priority()))).flatMap(rule -> rule.actions().stream())
                .forEach(action -> shares(action).forEach(byRules::putIfAbsent));
        Map<String, Double> shares = new LinkedHashMap<>(byDefault);
        byRules.forEach(shares::putIfAbsent);
        traffic.targets().stream().filter(each -> each.listenerId().equals(listener.listenerArn()) && each.counts().inFlight() > 0)
                .forEach(each -> shares.putIfAbsent(each.groupId(), 0.0));
        return shares.entrySet().stream().map(share -> group(listener, share.getKey(), share.getValue(), byRules.containsKey(share.getKey())))
                .toList();
    }

    /// How an action divides what it gets, in percent, by group.
    private static Map<String, Double> shares(Action action) {
        Map<String, Double> shares = new LinkedHashMap<>();
        if (action.forwardConfig() != null) {
            List<TargetGroupTuple> tuples = action.forwardConfig().targetGroups();
            double total = tuples.stream().mapToInt(Observation::weight).sum();
            tuples.forEach(tuple -> shares.put(tuple.targetGroupArn(), total == 0 ? 0 : 100 * weight(tuple) / total));
        } else if (action.targetGroupArn() != null) {
            shares.put(action.targetGroupArn(), 100.0);
        }
        return shares;
    }

    private static int weight(TargetGroupTuple tuple) {
        return tuple.weight() == null ? 1 : tuple.weight();
    }

    private Observed.Group group(Listener listener, String arn, double share, boolean byRules) {
        Traffic.Counts counts = traffic.groups().stream().filter(each -> each.listenerId().equals(listener.listenerArn()) && each.groupId().equals(arn))
                .map(Traffic.GroupTraffic::counts).findFirst().orElse(NOTHING);
        List<Observed.Target> targets = health.apply(arn).stream().map(each -> target(listener, arn, each))
                .sorted(Comparator.comparing(Observed.Target::id).thenComparing(Observed.Target::port)).toList();
        String name = Arn.parse(arn).resource().split("/")[1];
        return new Observed.Group(arn, name, share, byRules, counts(counts), targets);
    }

    private Observed.Target target(Listener listener, String group, TargetHealth each) {
        Traffic.Counts counts = traffic.targets().stream().filter(target -> target.listenerId().equals(listener.listenerArn())
                && target.groupId().equals(group) && target.targetId().equals(each.target().id()) && target.port() == each.target().port())
                .map(Traffic.TargetTraffic::counts).findFirst().orElse(NOTHING);
        return new Observed.Target(each.target().id(), each.target().port(), each.state().name().toLowerCase(Locale.ROOT).replace('_', '.'), each.description(),
                counts(counts));
    }

    private static Observed.Counts counts(Traffic.Counts c) {
        return new Observed.Counts(c.requests(), c.status2xx(), c.status3xx(), c.status4xx(), c.status5xx(), c.connectionErrors(),
                c.tlsErrors(), c.newConnections(), c.openConnections(), c.inFlight(), c.responseTime().sumSeconds(),
                c.responseTime().buckets().stream().map(bucket -> new Observed.Bucket(bucket.seconds(), bucket.count())).toList());
    }
}
