package dev.viridian.services.codedeploy.deployment;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// The two target groups of a deployment and what each is to receive.
///
/// @param members the ARNs by which forwards that concern us are recognised
/// @param weights by ARN; a member without one is taken out of the forward
record Pair(Set<String> members, Map<String, Integer> weights) {

    /// A network load balancer forwards to one group only.
    static Pair production(String listener, Colors colors, TrafficSplit split) {
        if (isNetwork(listener)) {
            return only(colors, split.isAllGreen() ? colors.green() : colors.blue());
        }
        Map<String, Integer> weights = new LinkedHashMap<>();
        weights.put(colors.blue().arn(), split.bluePercent());
        weights.put(colors.green().arn(), split.greenPercent());
        return new Pair(members(colors), weights);
    }

    static Pair only(Colors colors, Colors.Side side) {
        return new Pair(members(colors), Map.of(side.arn(), 1));
    }

    static boolean isNetwork(String listener) {
        return listener.contains(":listener/net/");
    }

    private static Set<String> members(Colors colors) {
        return Set.of(colors.blue().arn(), colors.green().arn());
    }
}
