package dev.viridian.services.elbv2;

import dev.viridian.aws.Caller;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Rule;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupTuple;

/// Everything configured. Rows lie under (account, region, ARN); the ARN of a listener begins like its load balancer's and a rule's like its
/// listener's, so
/// that children are found by prefix.
final class Rows {
    /// Attributes that were set, by key; what is not here has its default.
    record Attributes(Map<String, String> values) {
        Attributes {
            values = Map.copyOf(values);
        }
    }

    private final Table<LoadBalancer> loadBalancers;
    private final Table<TargetGroup> targetGroups;
    private final Table<Listener> listeners;
    private final Table<Rule> rules;
    private final Table<Attributes> attributes;
    private final Table<RegisteredTarget> targets;

    Rows(Store store) {
        this.loadBalancers = store.table("elbv2.load-balancers", LoadBalancer.class);
        this.targetGroups = store.table("elbv2.target-groups", TargetGroup.class);
        this.listeners = store.table("elbv2.listeners", Listener.class);
        this.rules = store.table("elbv2.rules", Rule.class);
        this.attributes = store.table("elbv2.attributes", Attributes.class);
        this.targets = store.table("elbv2.targets", RegisteredTarget.class);
    }

    static String key(String arn) {
        return Key.of(Caller.current().account(), Caller.current().region(), arn);
    }

    private static String here() {
        return Key.under(Caller.current().account(), Caller.current().region());
    }

    Table<LoadBalancer> loadBalancers() {
        return loadBalancers;
    }

    Table<TargetGroup> targetGroups() {
        return targetGroups;
    }

    Table<Listener> listeners() {
        return listeners;
    }

    Table<Rule> rules() {
        return rules;
    }

    Table<RegisteredTarget> targets() {
        return targets;
    }

    List<LoadBalancer> ownLoadBalancers() {
        return loadBalancers.list(here());
    }

    List<TargetGroup> ownTargetGroups() {
        return targetGroups.list(here());
    }

    LoadBalancer loadBalancer(String arn) {
        return findLoadBalancer(arn).orElseThrow(Refusals::noLoadBalancer);
    }

    Optional<LoadBalancer> findLoadBalancer(String arn) {
        return loadBalancers.find(key(ArnKind.LOAD_BALANCER.checked(arn)));
    }

    TargetGroup targetGroup(String arn) {
        return findTargetGroup(arn).orElseThrow(Refusals::noTargetGroup);
    }

    Optional<TargetGroup> findTargetGroup(String arn) {
        return targetGroups.find(key(ArnKind.TARGET_GROUP.checked(arn)));
    }

    Listener listener(String arn) {
        return listeners.find(key(ArnKind.LISTENER.checked(arn))).orElseThrow(Refusals::noListener);
    }

    /// Not a default rule, which is no row.
    Rule rule(String arn) {
        return rules.find(key(ArnKind.RULE.checked(arn))).orElseThrow(Refusals::noRule);
    }

    List<Listener> listenersOf(String loadBalancerArn) {
        return listeners.list(key(loadBalancerArn.replace(":loadbalancer/", ":listener/")) + "/");
    }

    /// By rising priority, without the default rule, which is the listener's own default actions.
    List<Rule> rulesOf(String listenerArn) {
        return rules.list(key(listenerArn.replace(":listener/", ":listener-rule/")) + "/").stream()
                .sorted(Comparator.comparingInt(rule -> Integer.parseInt(rule.priority()))).toList();
    }

    List<RegisteredTarget> targetsOf(String groupArn) {
        return targets.list(Key.under(Caller.current().account(), Caller.current().region(), groupArn));
    }

    static String targetKey(String groupArn, String id, int port) {
        return Key.of(Caller.current().account(), Caller.current().region(), groupArn, id, Integer.toString(port));
    }

    Map<String, String> attributes(String arn) {
        return attributesAt(key(arn));
    }

    Map<String, String> attributesAt(String key) {
        return attributes.find(key).map(Attributes::values).orElse(Map.of());
    }

    void setAttributes(String arn, Map<String, String> changed) {
        Map<String, String> all = new TreeMap<>(attributes(arn));
        all.putAll(changed);
        attributes.put(key(arn), new Attributes(all));
    }

    void forgetAttributes(String arn) {
        attributes.delete(key(arn));
    }

    /// The load balancers whose listeners or rules name this group, also with weight 0.
    Set<String> usersOf(String groupArn) {
        Set<String> users = new LinkedHashSet<>();
        for (LoadBalancer balancer : ownLoadBalancers()) {
            if (groupsOf(balancer.loadBalancerArn()).contains(groupArn)) {
                users.add(balancer.loadBalancerArn());
            }
        }
        return users;
    }

    /// The load balancers of every account and region whose listeners show this certificate.
    List<String> usersOfCertificate(String certificateArn) {
        return listeners.list().stream().filter(listener -> listener.certificates().stream()
                .anyMatch(each -> each.certificateArn().equals(certificateArn))).map(Listener::loadBalancerArn).distinct().toList();
    }

    /// The groups a load balancer may send to.
    Set<String> groupsOf(String loadBalancerArn) {
        Set<String> groups = new LinkedHashSet<>();
        for (Listener listener : listenersOf(loadBalancerArn)) {
            Stream.concat(listener.defaultActions().stream(), rulesOf(listener.listenerArn()).stream().flatMap(rule -> rule.actions().stream()))
                    .forEach(action -> groups.addAll(groupsOf(action)));
        }
        return groups;
    }

    static List<String> groupsOf(Action action) {
        Stream<String> weighted = action.forwardConfig() == null ? Stream.of()
                : action.forwardConfig().targetGroups().stream().map(TargetGroupTuple::targetGroupArn);
        return Stream.concat(Optional.ofNullable(action.targetGroupArn()).stream(), weighted).distinct().toList();
    }
}
