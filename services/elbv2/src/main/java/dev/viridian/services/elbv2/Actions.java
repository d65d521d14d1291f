package dev.viridian.services.elbv2;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// Checks the actions of a listener or rule and brings them into the form in which AWS shows them again.
///
/// Source: Elastic Load Balancing API, Action, ForwardActionConfig, RedirectActionConfig, FixedResponseActionConfig.
final class Actions {
    private static final int MOST_GROUPS = 5;
    private static final Set<String> CONTENT_TYPES = Set.of("text/plain", "text/css", "text/html", "application/javascript", "application/json");
    private static final Set<ProtocolEnum> OF_REQUESTS = Set.of(ProtocolEnum.HTTP, ProtocolEnum.HTTPS);

    private final Rows rows;

    Actions(Rows rows) {
        this.rows = rows;
    }

    /// @param balancer whose listener it is; a group can serve one load balancer only
    List<Action> checked(List<Action> actions, LoadBalancer balancer, ProtocolEnum protocol) {
        Refusals.require(!actions.isEmpty(), "At least one action must be specified");
        List<Action> ordered = actions.stream().sorted(Comparator.comparing(action -> action.order() == null ? Integer.MAX_VALUE : action.order()))
                .toList();
        for (Action action : ordered.subList(0, ordered.size() - 1)) {
            refuseAuthentication(action);
        }
        refuseAuthentication(ordered.getLast());
        if (ordered.size() > 1) {
            throw InvalidLoadBalancerActionException.builder()
                    .message("Only one forward, redirect or fixed-response action can be specified, and it must be the last").build();
        }
        Action action = ordered.getFirst();
        if (balancer.type() == LoadBalancerTypeEnum.NETWORK && action.type() != ActionTypeEnum.FORWARD) {
            throw InvalidLoadBalancerActionException.builder().message("Actions of type '" + action.typeAsString()
                    + "' are not supported for network load balancers").build();
        }
        return List.of(switch (action.type()) {
            case FORWARD -> forward(action, balancer, protocol);
            case REDIRECT -> redirect(action, protocol);
            case FIXED_RESPONSE -> fixed(action);
            default -> throw InvalidLoadBalancerActionException.builder().message("The action type '" + action.typeAsString() + "' is not valid")
                    .build();
        });
    }

    private static void refuseAuthentication(Action action) {
        switch (action.type()) {
            case AUTHENTICATE_OIDC, AUTHENTICATE_COGNITO, JWT_VALIDATION -> throw new UnsupportedOperationException("Listener actions of type "
                    + action.typeAsString());
            default -> { }
        }
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
        Refusals.require(listed || action.targetGroupArn() != null, "A target group ARN must be specified");
        if (!listed) {
            return List.of(TargetGroupTuple.builder().targetGroupArn(action.targetGroupArn()).weight(1).build());
        }
        List<TargetGroupTuple> groups = new ArrayList<>();
        action.forwardConfig().targetGroups().forEach(group -> groups.add(group.weight() == null ? group.copy(b -> b.weight(1)) : group));
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
            case HTTP, HTTPS -> OF_REQUESTS.contains(group.protocol());
            case TCP -> group.protocol() == ProtocolEnum.TCP;
            case TLS -> group.targetType() != TargetTypeEnum.ALB && (group.protocol() == ProtocolEnum.TCP || group.protocol() == ProtocolEnum.TLS);
            default -> false;
        };
        if (!compatible) {
            throw IncompatibleProtocolsException.builder()
                    .message("The listener protocol '" + listener + "' is not compatible with the target group protocol '" + group.protocolAsString()
                    + "'").build();
        }
        Refusals.require(group.vpcId() == null || group.vpcId().equals(balancer.vpcId()),
                "The target group '" + group.targetGroupArn() + "' is not in the same VPC as the load balancer '" + balancer.loadBalancerArn() + "'");
        if (rows.usersOf(group.targetGroupArn()).stream().anyMatch(user -> !user.equals(balancer.loadBalancerArn()))) {
            throw TargetGroupAssociationLimitException.builder()
                    .message("The following target groups cannot be associated with more than one load balancer: " + group.targetGroupArn()).build();
        }
    }

    private static Action redirect(Action action, ProtocolEnum protocol) {
        RedirectActionConfig wanted = action.redirectConfig();
        Refusals.require(wanted != null, "A redirect configuration must be specified");
        RedirectActionConfig full = RedirectActionConfig.builder().protocol(or(wanted.protocol(), "#{protocol}")).host(or(wanted.host(), "#{host}"))
                .port(or(wanted.port(), "#{port}")).path(or(wanted.path(), "/#{path}")).query(or(wanted.query(), "#{query}"))
                .statusCode(wanted.statusCode()).build();
        Refusals.require(full.port().equals("#{port}") || full.port().matches("\\d{1,5}") && Integer.parseInt(full.port()) >= 1
                && Integer.parseInt(full.port()) <= 65_535,
                "The redirect port must be between '1-65535' inclusive or '#{port}'");
        Refusals.require(full.path().startsWith("/"), "The redirect path must start with '/'");
        Refusals.require(!(protocol == ProtocolEnum.HTTPS && full.protocol().equals("HTTP")), "Redirecting from HTTPS to HTTP is not allowed");
        boolean changes = !full.protocol().equals("#{protocol}") || !full.host().equals("#{host}") || !full.port().equals("#{port}")
                || !full.path().equals("/#{path}");
        if (!changes) {
            throw InvalidLoadBalancerActionException.builder()
                    .message("The redirect configuration is not valid because it creates a loop. At least one of protocol, host, port and path must be modified.").build();
        }
        return Action.builder().type(ActionTypeEnum.REDIRECT).order(action.order()).redirectConfig(full).build();
    }

    private static String or(@Nullable String given, String standard) {
        return given == null ? standard : given;
    }

    private static Action fixed(Action action) {
        FixedResponseActionConfig wanted = action.fixedResponseConfig();
        Refusals.require(wanted != null, "A fixed response configuration must be specified");
        Refusals.require(wanted.statusCode() != null && wanted.statusCode().matches("[245]\\d\\d"),
                "The fixed response status code must be 2XX, 4XX or 5XX");
        Refusals.require(wanted.contentType() == null || CONTENT_TYPES.contains(wanted.contentType()),
                "The fixed response content type must be one of 'text/plain, text/css, text/html, application/javascript, application/json'");
        Refusals.require(wanted.messageBody() == null || wanted.messageBody().length() <= 1024,
                "The fixed response message body cannot be longer than '1024' characters");
        return Action.builder().type(ActionTypeEnum.FIXED_RESPONSE).order(action.order()).fixedResponseConfig(wanted).build();
    }
}
