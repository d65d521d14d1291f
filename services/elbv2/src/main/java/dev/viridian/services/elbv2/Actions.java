package dev.viridian.services.elbv2;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// Checks the actions of a listener or rule and brings them into the form in which AWS shows them again.
///
/// Source: Elastic Load Balancing API, Action, ForwardActionConfig, RedirectActionConfig, FixedResponseActionConfig.
final class Actions {
    private static final int MOST_GROUPS = 5;
    /// Of one load balancer.
    private static final int MOST_UNIQUE_GROUPS = 100;
    private static final int MOST_TARGETS = 1000;
    private static final Set<String> CONTENT_TYPES = Set.of("text/plain", "text/css", "text/html", "application/javascript", "application/json");
    private static final Set<ActionTypeEnum> FINAL = Set.of(ActionTypeEnum.FORWARD, ActionTypeEnum.REDIRECT, ActionTypeEnum.FIXED_RESPONSE);
    private static final Set<ProtocolEnum> OF_REQUESTS = Set.of(ProtocolEnum.HTTP, ProtocolEnum.HTTPS);

    private final Rows rows;

    Actions(Rows rows) {
        this.rows = rows;
    }

    /// @param balancer whose listener it is; a group can serve one load balancer only
    /// @param port     of the listener: a redirect must lead away from it
    List<Action> checked(List<Action> actions, LoadBalancer balancer, ProtocolEnum protocol, int port) {
        Refusals.require(!actions.isEmpty(), "At least one action must be specified");
        Set<Integer> orders = new HashSet<>();
        Refusals.require(actions.size() == 1 || actions.stream().allMatch(action -> action.order() != null && orders.add(action.order())),
                "The order of each action must be specified and unique");
        List<Action> ordered = actions.stream().sorted(Comparator.comparing(action -> action.order() == null ? 1 : action.order())).toList();
        Action last = ordered.getLast();
        if (!FINAL.contains(last.type()) || ordered.stream().filter(action -> FINAL.contains(action.type())).count() != 1) {
            throw invalid("Exactly one action of type 'forward', 'redirect' or 'fixed-response' must be specified, and it must be the last");
        }
        ordered.subList(0, ordered.size() - 1).forEach(action -> refuseAuthentication(action, protocol));
        if (balancer.type() == LoadBalancerTypeEnum.NETWORK && last.type() != ActionTypeEnum.FORWARD) {
            throw invalid("The action type '" + last.typeAsString() + "' is not valid with network load balancer");
        }
        return List.of(switch (last.type()) {
            case FORWARD -> forward(last, balancer, protocol);
            case REDIRECT -> Redirection.checked(last, protocol, port);
            default -> fixed(last);
        });
    }

    /// After a change was written: refuses what all listeners and rules of a load balancer name together, when it is too much.
    void checkQuotas(LoadBalancer balancer) {
        Set<String> groups = rows.groupsOf(balancer.loadBalancerArn());
        if (groups.size() > MOST_UNIQUE_GROUPS) {
            throw TooManyUniqueTargetGroupsPerLoadBalancerException.builder()
                    .message("You've reached the limit on the number of unique target groups per load balancer across all listeners").build();
        }
        if (groups.stream().mapToInt(group -> rows.targetsOf(group).size()).sum() > MOST_TARGETS) {
            throw TooManyTargetsException.builder().message("You've reached the limit on the number of targets").build();
        }
    }

    static RuntimeException invalid(String message) {
        return InvalidLoadBalancerActionException.builder().message(message).build();
    }

    /// What an action of this type cannot do without. Text seen for redirects, in a report to Terraform.
    static void requireConfig(boolean given, Action action, String config) {
        if (!given) {
            throw invalid("For actions of type '" + action.typeAsString() + "', you must specify the following fields: '" + config + "'");
        }
    }

    private static void refuseAuthentication(Action action, ProtocolEnum protocol) {
        if (protocol != ProtocolEnum.HTTPS && action.type() != ActionTypeEnum.UNKNOWN_TO_SDK_VERSION) {
            throw invalid("Actions of type '" + action.typeAsString() + "' are supported only on HTTPS listeners");
        }
        throw new UnsupportedOperationException("Listener actions of type " + action.typeAsString());
    }

    /// With one group both spellings are shown, with several only ForwardConfig.
    private Action forward(Action action, LoadBalancer balancer, ProtocolEnum protocol) {
        List<TargetGroupTuple> groups = weighted(action);
        if (groups.size() > MOST_GROUPS) {
            throw TooManyTargetGroupsException.builder().message("A forward action cannot have more than " + MOST_GROUPS + " target groups").build();
        }
        Set<String> seen = new HashSet<>();
        groups.forEach(group -> {
            Refusals.require(seen.add(group.targetGroupArn()), "Target group '" + group.targetGroupArn() + "' was provided multiple times");
            Refusals.require(group.weight() >= 0 && group.weight() <= 999, "Weight '" + group.weight() + "' must be between '0-999' inclusive");
            check(rows.targetGroup(group.targetGroupArn()), balancer, protocol);
        });
        TargetGroupStickinessConfig stickiness = stickiness(action);
        if (stickiness.enabled() && balancer.type() == LoadBalancerTypeEnum.NETWORK) {
            // A guess: cookies need requests. A flow stays with its group in any case.
            throw Refusals.configuration("Target group stickiness is not supported on load balancers of type 'network'");
        }
        Action.Builder normal = Action.builder().type(ActionTypeEnum.FORWARD).order(action.order())
                .forwardConfig(ForwardActionConfig.builder().targetGroups(groups).targetGroupStickinessConfig(stickiness).build());
        return groups.size() == 1 ? normal.targetGroupArn(groups.getFirst().targetGroupArn()).build() : normal.build();
    }

    private static List<TargetGroupTuple> weighted(Action action) {
        boolean listed = action.forwardConfig() != null && action.forwardConfig().hasTargetGroups()
                && !action.forwardConfig().targetGroups().isEmpty();
        requireConfig(listed || action.targetGroupArn() != null, action, "TargetGroupArn");
        if (!listed) {
            return List.of(TargetGroupTuple.builder().targetGroupArn(action.targetGroupArn()).weight(1).build());
        }
        List<TargetGroupTuple> groups = new ArrayList<>();
        boolean alone = action.forwardConfig().targetGroups().size() == 1;
        action.forwardConfig().targetGroups().forEach(group -> {
            // Text ours.
            Refusals.require(alone || group.weight() != null, "A weight must be specified for each target group of a forward action");
            groups.add(group.weight() == null ? group.copy(b -> b.weight(1)) : group);
        });
        boolean agrees = action.targetGroupArn() == null || groups.size() == 1 && groups.getFirst().targetGroupArn().equals(action.targetGroupArn());
        Refusals.require(agrees,
                "You can specify both a target group ARN and a forward config only if the forward config names just that target group");
        groups.forEach(group -> Refusals.require(group.targetGroupArn() != null, "A target group ARN must be specified"));
        return groups;
    }

    private static TargetGroupStickinessConfig stickiness(Action action) {
        TargetGroupStickinessConfig wanted = action.forwardConfig() == null ? null : action.forwardConfig().targetGroupStickinessConfig();
        if (wanted == null || !Boolean.TRUE.equals(wanted.enabled())) {
            return TargetGroupStickinessConfig.builder().enabled(false).durationSeconds(wanted == null ? null : wanted.durationSeconds()).build();
        }
        Integer seconds = wanted.durationSeconds();
        Refusals.require(seconds != null && seconds >= 1 && seconds <= 604_800,
                "Target group stickiness duration must be between '1-604800' inclusive");
        return wanted;
    }

    private void check(TargetGroup group, LoadBalancer balancer, ProtocolEnum listener) {
        boolean compatible = switch (listener) {
            case HTTP, HTTPS -> group.targetType() == TargetTypeEnum.LAMBDA || OF_REQUESTS.contains(group.protocol());
            case TCP -> group.protocol() == ProtocolEnum.TCP;
            case TLS -> group.targetType() != TargetTypeEnum.ALB && (group.protocol() == ProtocolEnum.TCP || group.protocol() == ProtocolEnum.TLS);
            default -> false;
        };
        if (!compatible) {
            throw IncompatibleProtocolsException.builder()
                    .message("The listener protocol '" + listener + "' is not compatible with the target group "
                    + (group.protocol() == null ? "type '" + group.targetTypeAsString() : "protocol '" + group.protocolAsString()) + "'").build();
        }
        String version = group.protocolVersion();
        if (listener == ProtocolEnum.HTTP && version != null && !version.equals("HTTP1")) {
            // The wording has been seen; that it comes with this code is a guess.
            throw Refusals.configuration("Listener protocol 'HTTP' is not supported with a target group with the protocol-version '" + version + "'");
        }
        Refusals.require(group.vpcId() == null || group.vpcId().equals(balancer.vpcId()),
                "The target group '" + group.targetGroupArn() + "' is not in the same VPC as the load balancer '" + balancer.loadBalancerArn() + "'");
        if (rows.usersOf(group.targetGroupArn()).stream().anyMatch(user -> !user.equals(balancer.loadBalancerArn()))) {
            throw TargetGroupAssociationLimitException.builder()
                    .message("The following target groups cannot be associated with more than one load balancer: " + group.targetGroupArn()).build();
        }
    }

    private static Action fixed(Action action) {
        FixedResponseActionConfig wanted = action.fixedResponseConfig();
        requireConfig(wanted != null, action, "FixedResponseConfig");
        Refusals.require(wanted.statusCode() != null && wanted.statusCode().matches("[245]\\d\\d"),
                "The fixed response status code must be 2XX, 4XX or 5XX");
        Refusals.require(wanted.contentType() == null || wanted.contentType().isEmpty() || CONTENT_TYPES.contains(wanted.contentType()),
                "The fixed response content type must be one of 'text/plain, text/css, text/html, application/javascript, application/json'");
        Refusals.require(wanted.messageBody() == null || wanted.messageBody().length() <= 1024,
                "The fixed response message body cannot be longer than '1024' characters");
        return Action.builder().type(ActionTypeEnum.FIXED_RESPONSE).order(action.order()).fixedResponseConfig(wanted).build();
    }
}
