package dev.viridian.services.codedeploy.world;

import dev.viridian.engine.time.Time;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// One load balancer with two listeners and three target groups, which writes down every change of weights.
public final class FakeElb implements ElasticLoadBalancingV2Client {
    private static final String PREFIX = "arn:aws:elasticloadbalancing:us-east-1:111122223333:";
    public static final String BALANCER = PREFIX + "loadbalancer/app/shop/1111111111111111";
    public static final String PRODUCTION = PREFIX + "listener/app/shop/1111111111111111/aaaaaaaaaaaaaaaa";
    public static final String TEST = PREFIX + "listener/app/shop/1111111111111111/bbbbbbbbbbbbbbbb";
    public static final String NETWORK = PREFIX + "listener/net/flow/2222222222222222/cccccccccccccccc";
    public static final String ONE = PREFIX + "targetgroup/one/1111111111111111";
    public static final String TWO = PREFIX + "targetgroup/two/2222222222222222";
    public static final String OTHER = PREFIX + "targetgroup/other/3333333333333333";

    /// A moment at which the weights of a listener's default action changed.
    public record Change(Instant moment, String listener, Map<String, Integer> weights) {}

    public final Faults faults = new Faults();
    public final Map<String, List<Action>> listeners = new LinkedHashMap<>();
    public final Map<String, Rule> rules = new LinkedHashMap<>();
    public final List<Change> changes = new ArrayList<>();
    public Runnable afterChange = () -> {};
    private final Time time;

    FakeElb(Time time) {
        this.time = time;
        listeners.put(PRODUCTION, List.of(forwardTo(ONE)));
        listeners.put(TEST, List.of(forwardTo(TWO)));
        listeners.put(NETWORK, List.of(forwardTo(ONE)));
    }

    /// As ELB reads a plain forward back.
    public static Action forwardTo(String group) {
        return Action.builder().type(ActionTypeEnum.FORWARD).targetGroupArn(group)
                .forwardConfig(config -> config
                        .targetGroups(TargetGroupTuple.builder().targetGroupArn(group).weight(1).build())
                        .targetGroupStickinessConfig(sticky -> sticky.enabled(false)))
                .build();
    }

    public static Action redirect() {
        return Action.builder().type(ActionTypeEnum.REDIRECT).redirectConfig(to -> to.statusCode("HTTP_301").protocol("HTTPS").port("443")).build();
    }

    public void rule(String name, Action action) {
        String arn = PRODUCTION.replace(":listener/", ":listener-rule/") + "/" + name;
        rules.put(arn, Rule.builder().ruleArn(arn).priority(Integer.toString(rules.size() + 1)).isDefault(false).actions(action).build());
    }

    public Action ruleAction(String name) {
        return rules.get(PRODUCTION.replace(":listener/", ":listener-rule/") + "/" + name).actions().getFirst();
    }

    public Map<String, Integer> weights(String listener) {
        return weights(listeners.get(listener).getFirst());
    }

    /// Without groups of weight 0.
    public Map<String, Integer> serving(String listener) {
        Map<String, Integer> weights = new LinkedHashMap<>(weights(listener));
        weights.values().removeIf(weight -> weight == 0);
        return weights;
    }

    public static Map<String, Integer> weights(Action action) {
        Map<String, Integer> weights = new LinkedHashMap<>();
        if (action.forwardConfig() != null) {
            action.forwardConfig().targetGroups().forEach(tuple -> weights.put(tuple.targetGroupArn(), tuple.weight()));
        }
        return weights;
    }

    @Override
    public DescribeListenersResponse describeListeners(DescribeListenersRequest request) {
        faults.check("describeListeners");
        String arn = request.listenerArns().getFirst();
        if (!listeners.containsKey(arn)) {
            throw ListenerNotFoundException.builder().message("One or more listeners not found").build();
        }
        return DescribeListenersResponse.builder()
                .listeners(Listener.builder().listenerArn(arn).loadBalancerArn(balancerOf(arn)).defaultActions(listeners.get(arn)).build())
                .build();
    }

    private static String balancerOf(String listener) {
        return listener.replace(":listener/", ":loadbalancer/").replaceAll("/[0-9a-f]{16}$", "");
    }

    /// Two rules to a page, so that whoever forgets the marker sees only some.
    @Override
    public DescribeRulesResponse describeRules(DescribeRulesRequest request) {
        faults.check("describeRules");
        List<Rule> all = new ArrayList<>();
        if (request.listenerArn().equals(PRODUCTION)) {
            all.addAll(rules.values());
        }
        all.add(Rule.builder()
                .ruleArn(request.listenerArn() + "/default")
                .priority("default")
                .isDefault(true)
                .actions(listeners.get(request.listenerArn()))
                .build());
        int from = request.marker() == null ? 0 : Integer.parseInt(request.marker());
        int to = Math.min(all.size(), from + 2);
        return DescribeRulesResponse.builder().rules(all.subList(from, to)).nextMarker(to < all.size() ? Integer.toString(to) : null).build();
    }

    @Override
    public ModifyListenerResponse modifyListener(ModifyListenerRequest request) {
        faults.check("modifyListener");
        listeners.put(request.listenerArn(), request.defaultActions().stream().map(FakeElb::readBack).toList());
        changes.add(new Change(time.now(), request.listenerArn(), weights(request.listenerArn())));
        afterChange.run();
        return ModifyListenerResponse.builder().build();
    }

    @Override
    public ModifyRuleResponse modifyRule(ModifyRuleRequest request) {
        faults.check("modifyRule");
        rules.computeIfPresent(request.ruleArn(), (_, rule) -> rule.toBuilder().actions(request.actions().stream().map(FakeElb::readBack).toList())
                .build());
        return ModifyRuleResponse.builder().build();
    }

    /// A forward to a single group is shown with its `TargetGroupArn` as well.
    private static Action readBack(Action action) {
        Map<String, Integer> weights = weights(action);
        return weights.size() == 1 ? action.toBuilder().targetGroupArn(weights.keySet().iterator().next()).build() : action;
    }

    @Override
    public DescribeTargetGroupsResponse describeTargetGroups(DescribeTargetGroupsRequest request) {
        faults.check("describeTargetGroups");
        List<TargetGroup> found = List.of(ONE, TWO, OTHER).stream()
                .map(FakeElb::group)
                .filter(group -> request.names().contains(group.targetGroupName()))
                .toList();
        if (found.isEmpty()) {
            throw TargetGroupNotFoundException.builder().message("One or more target groups not found").build();
        }
        return DescribeTargetGroupsResponse.builder().targetGroups(found).build();
    }

    private static TargetGroup group(String arn) {
        return TargetGroup.builder()
                .targetGroupArn(arn).targetGroupName(arn.split("/")[1]).protocol(ProtocolEnum.HTTP).port(80).vpcId("vpc-1")
                        .loadBalancerArns(List.of())
                .build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // nothing to close
    }
}
