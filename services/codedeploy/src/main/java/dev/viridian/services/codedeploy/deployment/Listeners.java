package dev.viridian.services.codedeploy.deployment;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeRulesResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ListenerNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Rule;

/// Moves traffic between the two target groups of a pair: on the default action of a listener and on all its rules together.
///
/// Weights are absolute, so every act may be repeated; a listener that already says so is not touched.
///
/// Source: deployments observed on AWS, where rules other than the default one were rewritten together with it.
public final class Listeners {
    private final ElasticLoadBalancingV2Client elb;

    public Listeners(ElasticLoadBalancingV2Client elb) {
        this.elb = elb;
    }

    /// The target groups that a listener or one of its rules forwards to, with whatever weight.
    public Set<String> groupsBehind(String listener) {
        Set<String> groups = new HashSet<>();
        actions(listener).forEach(actions -> groups.addAll(Forwards.groups(actions)));
        return groups;
    }

    /// Whether the listener already divides the traffic of the pair like that.
    boolean divides(String listener, Colors colors, TrafficSplit split) {
        return actions(listener).stream().allMatch(actions -> Forwards.divide(actions, Pair.production(listener, colors, split)).equals(actions));
    }

    /// Production: both groups stay behind the listener, so that the one with weight 0 is still health-checked.
    public void divide(String listener, Colors colors, TrafficSplit split) {
        rewrite(listener, Pair.production(listener, colors, split));
    }

    /// Tests: the listener forwards to one group only.
    void pointTo(String listener, Colors colors, Colors.Side side) {
        rewrite(listener, Pair.only(colors, side));
    }

    private void rewrite(String listener, Pair pair) {
        List<Action> defaults = listener(listener).defaultActions();
        List<Action> wanted = Forwards.divide(defaults, pair);
        if (!wanted.equals(defaults)) {
            elb.modifyListener(request -> request.listenerArn(listener).defaultActions(wanted));
        }
        for (Rule rule : rules(listener)) {
            List<Action> wantedOfRule = Forwards.divide(rule.actions(), pair);
            if (!wantedOfRule.equals(rule.actions())) {
                elb.modifyRule(request -> request.ruleArn(rule.ruleArn()).actions(wantedOfRule));
            }
        }
    }

    private List<List<Action>> actions(String listener) {
        List<List<Action>> all = new ArrayList<>();
        all.add(listener(listener).defaultActions());
        rules(listener).forEach(rule -> all.add(rule.actions()));
        return all;
    }

    /// @throws ListenerNotFoundException when there is none
    public Listener listener(String arn) {
        return elb.describeListeners(request -> request.listenerArns(arn)).listeners().stream()
                .findFirst()
                .orElseThrow(() -> ListenerNotFoundException.builder().message("One or more listeners not found").build());
    }

    /// Without the default rule, which is the listener's default action once more.
    private List<Rule> rules(String listener) {
        List<Rule> rules = new ArrayList<>();
        @Nullable String marker = null;
        do {
            String from = marker;
            DescribeRulesResponse page = elb.describeRules(request -> request.listenerArn(listener).marker(from));
            page.rules().stream().filter(rule -> !Boolean.TRUE.equals(rule.isDefault())).forEach(rules::add);
            marker = page.nextMarker();
        } while (marker != null);
        return rules;
    }
}
