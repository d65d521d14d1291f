package dev.viridian.services.ecs;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.InvalidTargetException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/// What ECS does with target groups: tasks come, tasks go, and how they are meanwhile.
final class TargetGroups {
    private final ElasticLoadBalancingV2Client elb;

    TargetGroups(ElasticLoadBalancingV2Client elb) {
        this.elb = elb;
    }

    /// Safe to repeat.
    void register(List<Target> targets) {
        for (Target target : targets) {
            elb.registerTargets(register -> register.targetGroupArn(target.groupArn()).targets(described(target)));
        }
    }

    /// Safe to repeat; a group or target that is gone is as good as left.
    void deregister(List<Target> targets) {
        for (Target target : targets) {
            try {
                elb.deregisterTargets(deregister -> deregister.targetGroupArn(target.groupArn()).targets(described(target)));
            } catch (TargetGroupNotFoundException | InvalidTargetException e) {
                continue;
            }
        }
    }

    /// Whether one of them may still have connections.
    boolean areDraining(List<Target> targets) {
        return targets.stream().anyMatch(target -> state(target) == TargetHealthStateEnum.DRAINING);
    }

    private TargetHealthStateEnum state(Target target) {
        try {
            return elb.describeTargetHealth(describe -> describe.targetGroupArn(target.groupArn()).targets(described(target)))
                    .targetHealthDescriptions()
                    .stream().findFirst().map(one -> one.targetHealth().state()).orElse(TargetHealthStateEnum.UNUSED);
        } catch (TargetGroupNotFoundException | InvalidTargetException e) {
            return TargetHealthStateEnum.UNUSED;
        }
    }

    /// All targets a group knows, with their health; empty when the group is gone.
    Map<Target, TargetStanding> health(String groupArn) {
        try {
            return elb.describeTargetHealth(describe -> describe.targetGroupArn(groupArn)).targetHealthDescriptions().stream()
                    .collect(Collectors.toMap(one -> new Target(groupArn, one.target().id(), one.target().port()), TargetGroups::standing,
                            (one, _) -> one));
        } catch (TargetGroupNotFoundException e) {
            return Map.of();
        }
    }

    private static TargetStanding standing(TargetHealthDescription found) {
        String description = found.targetHealth().description() == null ? "" : found.targetHealth().description();
        return switch (found.targetHealth().state()) {
            case HEALTHY, UNUSED, UNAVAILABLE -> new TargetStanding(TargetStanding.Kind.GOOD, description);
            case UNHEALTHY, UNHEALTHY_DRAINING -> new TargetStanding(TargetStanding.Kind.BAD, description);
            case INITIAL, DRAINING, UNKNOWN_TO_SDK_VERSION -> new TargetStanding(TargetStanding.Kind.UNPROVEN, description);
        };
    }

    private static TargetDescription described(Target target) {
        return TargetDescription.builder().id(target.id()).port(target.port()).build();
    }
}
