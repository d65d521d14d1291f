package dev.viridian.services.codedeploy.appspec;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a deployment to an ECS service is to bring about.
///
/// @param taskDefinition an ARN, or `family:revision`, which ECS resolves
/// @param platformVersion of Fargate; absent means the service's
/// @param network absent means the service's
/// @param capacityProviders empty means the service's launch type or strategy
/// @param hooks function name or ARN by lifecycle event
public record AppSpec(
        String taskDefinition,
        String containerName,
        int containerPort,
        Optional<String> platformVersion,
        Optional<Network> network,
        List<CapacityProvider> capacityProviders,
        Map<String, String> hooks) {

    /// The lifecycle events that may call a function, in the order in which they happen.
    public static final List<String> HOOKS =
            List.of("BeforeInstall", "AfterInstall", "AfterAllowTestTraffic", "BeforeAllowTraffic", "AfterAllowTraffic");

    public record Network(List<String> subnets, List<String> securityGroups, Optional<String> assignPublicIp) {}

    public record CapacityProvider(String name, int base, int weight) {}

    public AppSpec {
        capacityProviders = List.copyOf(capacityProviders);
        hooks = Map.copyOf(hooks);
    }

    /// The function that decides whether `event` was a success.
    public Optional<String> hook(String event) {
        return Optional.ofNullable(hooks.get(event));
    }
}
