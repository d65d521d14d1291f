package dev.viridian.services.codedeploy.deployment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ForwardActionConfig;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupStickinessConfig;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupTuple;

/// Rewrites forward actions. Redirects, fixed responses, authentication and forwards to other groups stay as they are.
final class Forwards {
    private static final TargetGroupStickinessConfig NOT_STICKY = TargetGroupStickinessConfig.builder().enabled(false).build();

    private Forwards() {}

    static Set<String> groups(List<Action> actions) {
        Set<String> groups = new HashSet<>();
        actions.stream().filter(action -> action.type() == ActionTypeEnum.FORWARD).forEach(action -> groups.addAll(weights(action).keySet()));
        return groups;
    }

    static List<Action> divide(List<Action> actions, Pair pair) {
        return actions.stream().map(action -> divide(action, pair)).toList();
    }

    private static Action divide(Action action, Pair pair) {
        Map<String, Integer> present = weights(action);
        boolean concerned = action.type() == ActionTypeEnum.FORWARD && present.keySet().stream().anyMatch(pair.members()::contains);
        if (!concerned || pairPart(present, pair).equals(pair.weights())) {
            return action;
        }
        return action.toBuilder()
                .targetGroupArn(null)
                .forwardConfig(ForwardActionConfig.builder()
                        .targetGroups(tuples(present, pair))
                        .targetGroupStickinessConfig(stickiness(action))
                        .build())
                .build();
    }

    private static List<TargetGroupTuple> tuples(Map<String, Integer> present, Pair pair) {
        List<TargetGroupTuple> tuples = new ArrayList<>();
        pair.weights().forEach((arn, weight) -> tuples.add(tuple(arn, weight)));
        present.forEach((arn, weight) -> {
            if (!pair.members().contains(arn)) {
                tuples.add(tuple(arn, weight));
            }
        });
        return tuples;
    }

    private static TargetGroupTuple tuple(String arn, int weight) {
        return TargetGroupTuple.builder().targetGroupArn(arn).weight(weight).build();
    }

    private static Map<String, Integer> pairPart(Map<String, Integer> present, Pair pair) {
        Map<String, Integer> part = new HashMap<>(present);
        part.keySet().retainAll(pair.members());
        return part;
    }

    /// A plain forward to one group counts with weight 1, as ELB itself reads it back.
    private static Map<String, Integer> weights(Action action) {
        Map<String, Integer> weights = new HashMap<>();
        if (action.targetGroupArn() != null) {
            weights.put(action.targetGroupArn(), 1);
        }
        if (action.forwardConfig() != null) {
            action.forwardConfig().targetGroups().forEach(tuple -> weights.put(tuple.targetGroupArn(), tuple.weight() == null ? 1 : tuple.weight()));
        }
        return weights;
    }

    private static TargetGroupStickinessConfig stickiness(Action action) {
        return action.forwardConfig() == null || action.forwardConfig().targetGroupStickinessConfig() == null
                ? NOT_STICKY
                : action.forwardConfig().targetGroupStickinessConfig();
    }
}
