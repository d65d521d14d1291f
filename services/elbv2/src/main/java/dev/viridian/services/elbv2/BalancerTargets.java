package dev.viridian.services.elbv2;

import dev.viridian.services.elbv2.Routing.Tables;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.InvalidTargetException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;

/// An application load balancer as the target of a network load balancer: reached like by any client, on the port its listener really has.
///
/// Source: user guide "Use Application Load Balancers as targets of a Network Load Balancer".
final class BalancerTargets {
    private BalancerTargets() {}

    static RegisteredTarget resolved(Rows rows, TargetGroup group, TargetDescription target, Instant now) {
        LoadBalancer balancer = Optional.of(target.id()).filter(id -> id.startsWith("arn:")).flatMap(id -> rows.loadBalancers().find(Rows.key(id)))
                .filter(each -> each.type() == LoadBalancerTypeEnum.APPLICATION && each.vpcId().equals(group.vpcId()))
                .orElseThrow(() -> InvalidTargetException.builder().message("The specified target '" + target.id()
                        + "' is not an application load balancer in the VPC of the target group").build());
        int port = target.port() == null ? group.port() : target.port();
        Refusals.require(rows.listenersOf(balancer.loadBalancerArn()).stream().anyMatch(listener -> listener.port() == port),
                "If the target type is ALB, the target must have at least one listener that matches the target group port or any specified port"
                + " overrides");
        return new RegisteredTarget(group.targetGroupArn(), target.id(), "", port, "", now, Optional.empty());
    }

    /// The port of this machine on which the listener that is meant is served.
    static int port(Tables tables, RegisteredTarget target) {
        return tables.listeners().stream().filter(listener -> listener.loadBalancerArn().equals(target.id()) && listener.port() == target.port())
                .findFirst().map(Listener::listenerArn).map(arn -> tables.substitutes().getOrDefault(arn, target.port())).orElse(target.port());
    }

    /// The names under which clients ask for an application load balancer: its own, and those of the network load balancers before it.
    static List<String> namesOf(Tables tables, LoadBalancer balancer) {
        Stream<String> before = tables.targets().stream().filter(target -> target.id().equals(balancer.loadBalancerArn()))
                .flatMap(target -> tables.listeners().stream().filter(listener -> listener.defaultActions().stream()
                        .anyMatch(action -> Rows.groupsOf(action).contains(target.groupArn()))))
                .flatMap(listener -> tables.loadBalancers().stream().filter(each -> each.loadBalancerArn().equals(listener.loadBalancerArn())))
                .map(LoadBalancer::dnsName);
        return Stream.concat(Stream.of(balancer.dnsName()), before).distinct().toList();
    }
}
