package dev.viridian.services.ecs;

import static dev.viridian.services.ecs.Refusals.invalid;

import dev.viridian.engine.Decision;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.DeploymentStrategy;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.PlacementConstraint;
import software.amazon.awssdk.services.ecs.model.PlacementConstraintType;
import software.amazon.awssdk.services.ecs.model.PlatformUnknownException;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/// What a service may not be, as far as it can be told from the request alone. What is stored but would not be acted upon is refused too.
///
/// Source: ECS API, `CreateService`; texts as observed where known.
@Decision
final class ServiceRules {
    private static final List<String> PLATFORMS = List.of("LATEST", "1.4.0", "1.3.0");

    private ServiceRules() {}

    static void check(CreateServiceRequest request, DeploymentControllerType controller) {
        checkName(request.serviceName());
        checkCapacity(request.launchType(), request.capacityProviderStrategy());
        checkPlatform(request.platformVersion());
        boolean daemon = request.schedulingStrategy() == SchedulingStrategy.DAEMON;
        if (!daemon && request.desiredCount() == null) {
            throw invalid("The number of desired tasks must be specified for services with the REPLICA scheduling strategy.");
        }
        if (request.desiredCount() != null && request.desiredCount() < 0) {
            throw invalid("desiredCount must be at least 0.");
        }
        if (daemon && controller != DeploymentControllerType.ECS) {
            throw invalid("The DAEMON scheduling strategy is not supported with the " + controller + " deployment controller.");
        }
        if (request.healthCheckGracePeriodSeconds() != null && request.loadBalancers().isEmpty() && controller != DeploymentControllerType.EXTERNAL) {
            throw invalid("Health check grace period is only valid for services configured to use load balancers");
        }
        if (controller == DeploymentControllerType.CODE_DEPLOY) {
            checkCodeDeploy(request);
        }
        checkAvailable(request);
        checkDeployment(request.deploymentConfiguration(), controller, daemon);
        checkConstraints(request.placementConstraints());
        Tags.check(request.tags());
    }

    private static void checkName(@Nullable String name) {
        if (name == null || !name.matches("[A-Za-z0-9_-]{1,255}")) {
            throw invalid("Invalid identifier: Identifier may only contain letters, numbers, hyphens and underscores, up to 255 of them.");
        }
    }

    static void checkCapacity(@Nullable LaunchType launchType, List<CapacityProviderStrategyItem> strategy) {
        if (launchType != null && !strategy.isEmpty()) {
            throw invalid("Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.");
        }
        if (launchType == LaunchType.EXTERNAL || launchType == LaunchType.MANAGED_INSTANCES) {
            throw invalid("Launch type " + launchType + " is not available here.");
        }
        for (CapacityProviderStrategyItem item : strategy) {
            if (!List.of("FARGATE", "FARGATE_SPOT").contains(item.capacityProvider())) {
                throw invalid("The specified capacity provider '" + item.capacityProvider() + "' was not found.");
            }
        }
        if (!strategy.isEmpty() && strategy.stream().noneMatch(item -> item.weight() != null && item.weight() > 0)) {
            throw invalid("At least one capacity provider in the strategy must have a weight greater than 0.");
        }
        if (strategy.stream().filter(item -> item.base() != null && item.base() > 0).count() > 1) {
            throw invalid("Only one capacity provider in a strategy can have a base defined.");
        }
    }

    static void checkPlatform(@Nullable String version) {
        if (version != null && !PLATFORMS.contains(version)) {
            throw PlatformUnknownException.builder().message("The platform version '" + version + "' does not exist.").build();
        }
    }

    private static void checkCodeDeploy(CreateServiceRequest request) {
        if (request.loadBalancers().isEmpty()) {
            throw invalid("A load balancer is required for services with the CODE_DEPLOY deployment controller.");
        }
        if (request.loadBalancers().size() > 1) {
            throw invalid("load balancers can have at most 1 items.");
        }
    }

    private static void checkAvailable(CreateServiceRequest request) {
        refuse(!request.serviceRegistries().isEmpty(), "serviceRegistries");
        refuse(request.serviceConnectConfiguration() != null && Boolean.TRUE.equals(request.serviceConnectConfiguration().enabled()),
                "serviceConnectConfiguration");
        refuse(!request.volumeConfigurations().isEmpty(), "volumeConfigurations");
        refuse(!request.vpcLatticeConfigurations().isEmpty(), "vpcLatticeConfigurations");
    }

    static void refuse(boolean asked, String what) {
        if (asked) {
            throw invalid(what + " is not available on this server.");
        }
    }

    static void checkDeployment(@Nullable DeploymentConfiguration configuration, DeploymentControllerType controller, boolean daemon) {
        if (configuration == null) {
            return;
        }
        refuse(configuration.strategy() != null && configuration.strategy() != DeploymentStrategy.ROLLING, "Deployment strategy "
                + configuration.strategy());
        refuse(!configuration.lifecycleHooks().isEmpty(), "deploymentConfiguration.lifecycleHooks");
        boolean breaker = configuration.deploymentCircuitBreaker() != null && Boolean.TRUE.equals(configuration.deploymentCircuitBreaker().enable());
        if (breaker && controller != DeploymentControllerType.ECS) {
            throw invalid("The deployment circuit breaker can only be used with the ECS deployment controller.");
        }
        refuse(configuration.alarms() != null && Boolean.TRUE.equals(configuration.alarms().enable()), "deploymentConfiguration.alarms");
        int minimum = configuration.minimumHealthyPercent() == null ? daemon ? 0 : 100 : configuration.minimumHealthyPercent();
        int maximum = configuration.maximumPercent() == null ? daemon ? 100 : 200 : configuration.maximumPercent();
        if (minimum == 100 && maximum == 100) {
            throw invalid("Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments");
        }
        if (minimum < 0 || maximum < 1 || maximum < minimum) {
            throw invalid("maximumPercent must be at least minimumHealthyPercent, and neither may be negative; got " + maximum + " and " + minimum
                    + ".");
        }
    }

    static DeploymentConfiguration filled(@Nullable DeploymentConfiguration asked, DeploymentControllerType controller, boolean daemon) {
        DeploymentConfiguration.Builder filled = asked == null ? DeploymentConfiguration.builder() : asked.toBuilder();
        if (asked == null || asked.minimumHealthyPercent() == null) {
            filled.minimumHealthyPercent(daemon ? 0 : 100);
        }
        if (asked == null || asked.maximumPercent() == null) {
            filled.maximumPercent(daemon ? 100 : 200);
        }
        if (controller == DeploymentControllerType.ECS) {
            if (asked == null || asked.deploymentCircuitBreaker() == null) {
                filled.deploymentCircuitBreaker(off -> off.enable(false).rollback(false));
            }
            filled.strategy(DeploymentStrategy.ROLLING);
        }
        return filled.build();
    }

    static void checkConstraints(List<PlacementConstraint> constraints) {
        refuse(constraints.stream().anyMatch(one -> one.type() == PlacementConstraintType.MEMBER_OF), "The placement constraint memberOf");
    }

    static void checkCompatible(TaskDefinition definition, LaunchType launchType) {
        if (!definition.compatibilitiesAsStrings().contains(launchType.toString())) {
            throw invalid("Task definition does not support launch_type " + launchType + ".");
        }
    }
}
