package dev.viridian.services.elbv2;

import dev.viridian.aws.Arn;
import java.util.List;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;

/// Under which dimensions the figures of a load balancer stand: each figure under every set. One that is here once is one node, so all of it counts
/// in its first zone.
record MetricDimensions(LoadBalancer balancer) {
    /// For what is told of the load balancer as a whole only.
    List<List<Dimension>> whole() {
        return List.of(List.of(own()));
    }

    List<List<Dimension>> ofBalancer() {
        return List.of(List.of(own()), List.of(zone(), own()));
    }

    /// What a group did for this load balancer.
    List<List<Dimension>> ofGroup(String arn) {
        return List.of(List.of(group(arn), own()), List.of(group(arn), zone(), own()));
    }

    /// What a group did, whoever asked it.
    List<List<Dimension>> ofGroupAlone(String arn) {
        return List.of(List.of(group(arn)), List.of(group(arn), zone()));
    }

    private Dimension own() {
        return dimension("LoadBalancer", Arn.parse(balancer.loadBalancerArn()).resource().substring("loadbalancer/".length()));
    }

    private Dimension zone() {
        return dimension("AvailabilityZone", balancer.availabilityZones().getFirst().zoneName());
    }

    private static Dimension group(String arn) {
        return dimension("TargetGroup", Arn.parse(arn).resource());
    }

    private static Dimension dimension(String name, String value) {
        return Dimension.builder().name(name).value(value).build();
    }
}
