package dev.viridian.services.ecs;

import static dev.viridian.services.ecs.Refusals.invalid;

import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.Time;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.DeploymentController;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;
import software.amazon.awssdk.services.ecs.model.UpdateServiceResponse;

/// Changes services: at once where only numbers change, by a new deployment where tasks must be replaced, and not at all where somebody else deploys.
///
/// Source: ECS API, `UpdateService`; texts as observed.
final class ServiceUpdates {
    private static final int MOST_DEPLOYMENTS = 5;
    /// Controllers a service may go from and to.
    private static final Set<String> CONTROLLER_CHANGES = Set.of("CODE_DEPLOY>ECS", "CODE_DEPLOY>EXTERNAL", "ECS>EXTERNAL", "EXTERNAL>ECS");

    private final Store store;
    private final Time time;
    private final Clusters clusters;
    private final Services owner;
    private final ServiceTable services;
    private final TaskDefinitions definitions;
    private final Workloads workloads;
    private final NetworkRules networks;
    private final ServiceShapes shapes;

    ServiceUpdates(Store store, Time time, Clusters clusters, Services owner, ServiceTable services, TaskDefinitions definitions, Workloads workloads,
                   NetworkRules networks, ServiceShapes shapes) {
        this.store = store;
        this.time = time;
        this.clusters = clusters;
        this.owner = owner;
        this.services = services;
        this.definitions = definitions;
        this.workloads = workloads;
        this.networks = networks;
        this.shapes = shapes;
    }

    UpdateServiceResponse update(UpdateServiceRequest request) {
        ServiceId id = ServiceId.of(request.cluster(), request.service());
        clusters.active(id.cluster());
        ServiceRow before = owner.active(id);
        checkDeployer(request, before);
        checkRequest(request, before);
        TaskDefinition definition = request.taskDefinition() == null ? null : definitions.active(request.taskDefinition());
        Service wanted = changed(before.service(), request, definition);
        boolean replaces = before.rollsByItself() && replacesTasks(before.service(), wanted, request);
        if (replaces) {
            checkPlace(wanted);
        }
        ServiceRow after = store.transact(() -> apply(id, request, definition, replaces));
        return UpdateServiceResponse.builder().service(shapes.service(id, after, true)).build();
    }

    private ServiceRow apply(ServiceId id, UpdateServiceRequest request, @Nullable TaskDefinition definition, boolean replaces) {
        ServiceRow row = owner.active(id);
        ServiceRow next = services.update(id, now -> now.with(service -> copy(changed(row.service(), request, definition), service)));
        if (request.deploymentController() != null && request.deploymentController().type() != row.controller()) {
            return takeOver(id, row, request.deploymentController().type());
        }
        if (replaces) {
            deploy(id, next);
        } else if (request.desiredCount() != null) {
            workloads.resize(id, next, request.desiredCount());
        }
        return next;
    }

    private static void copy(Service from, Service.Builder to) {
        to.desiredCount(from.desiredCount()).taskDefinition(from.taskDefinition()).capacityProviderStrategy(from.capacityProviderStrategy())
                .launchType(from.launchType()).deploymentConfiguration(from.deploymentConfiguration())
                .availabilityZoneRebalancing(from.availabilityZoneRebalancing()).networkConfiguration(from.networkConfiguration())
                .placementConstraints(from.placementConstraints()).placementStrategy(from.placementStrategy()).platformVersion(from.platformVersion())
                .platformFamily(from.platformFamily()).healthCheckGracePeriodSeconds(from.healthCheckGracePeriodSeconds())
                .enableExecuteCommand(from.enableExecuteCommand()).enableECSManagedTags(from.enableECSManagedTags())
                .loadBalancers(from.loadBalancers()).propagateTags(from.propagateTags());
    }

    private void deploy(ServiceId id, ServiceRow row) {
        List<Workload> running = services.workloads(id);
        if (running.size() >= MOST_DEPLOYMENTS) {
            throw invalid(running.size() + " active deployments exist, unable to create new deployment.");
        }
        running.stream().filter(Workload::isPrimary)
                .forEach(old -> services.put(id, old.with(set -> set.status(Workload.ACTIVE).updatedAt(time.now()))));
        services.put(id, workloads.primary(id, row.service(), true));
    }

    /// The tasks stay; from now on another hand decides about them. Source: ECS API, `UpdateService.deploymentController`.
    private ServiceRow takeOver(ServiceId id, ServiceRow row, DeploymentControllerType to) {
        if (!CONTROLLER_CHANGES.contains(row.controller() + ">" + to)) {
            throw invalid("Unable to update the deployment controller from " + row.controller() + " to " + to + ".");
        }
        List<Workload> all = services.workloads(id);
        if (all.size() > 1) {
            throw invalid("Unable to update the deployment controller while a deployment is in progress.");
        }
        boolean rolling = to == DeploymentControllerType.ECS;
        ServiceRow next = services.update(id, now -> now.with(service -> service.deploymentController(DeploymentController.builder().type(to).build())
                .deploymentConfiguration(ServiceRules.filled(service.build().deploymentConfiguration(), to, false))));
        all.forEach(workload -> services.put(id, rolling
                ? workload.rolling(software.amazon.awssdk.services.ecs.model.DeploymentRolloutState.IN_PROGRESS, Rollouts.inProgress(workload.id()))
                : workload.with(set -> set.scale(scale -> scale.value(100.0).unit("PERCENT")))));
        return next;
    }

    private static void checkDeployer(UpdateServiceRequest request, ServiceRow row) {
        DeploymentControllerType controller = row.controller();
        if (controller == DeploymentControllerType.ECS) {
            return;
        }
        String tail = " on services with a" + (controller == DeploymentControllerType.EXTERNAL ? "n " : " ") + controller + " deployment controller. "
                + (controller == DeploymentControllerType.EXTERNAL
                        ? "Use CreateTaskSet instead." : "Use AWS CodeDeploy to trigger a new deployment.");
        if (request.taskDefinition() != null && !isSame(request.taskDefinition(), row.service().taskDefinition())) {
            throw invalid("Unable to update task definition" + tail);
        }
        if (differs(request.networkConfiguration(), row.service().networkConfiguration())
                || differs(request.platformVersion(), row.service().platformVersion())) {
            throw invalid("Unable to update network parameters" + tail);
        }
        if (request.hasLoadBalancers() && !request.loadBalancers().equals(row.service().loadBalancers())) {
            throw invalid("Unable to update load balancers" + tail);
        }
        if (Boolean.TRUE.equals(request.forceNewDeployment())
                || request.hasCapacityProviderStrategy() && !request.capacityProviderStrategy().equals(row.service().capacityProviderStrategy())) {
            throw invalid("Cannot force a new deployment" + tail);
        }
        if (controller == DeploymentControllerType.EXTERNAL && request.deploymentConfiguration() != null) {
            throw invalid("Unable to update deployment configuration" + tail);
        }
    }

    /// Only a real change is one: CloudFormation repeats every property with each update.
    private static boolean differs(@Nullable Object asked, @Nullable Object current) {
        return asked != null && !asked.equals(current);
    }

    private static boolean isSame(String asked, @Nullable String arn) {
        return arn != null && (arn.equals(asked) || arn.endsWith("/" + asked));
    }

    private static void checkRequest(UpdateServiceRequest request, ServiceRow row) {
        boolean daemon = row.service().schedulingStrategy() == SchedulingStrategy.DAEMON;
        if (request.desiredCount() != null && request.desiredCount() < 0) {
            throw invalid("desiredCount must be at least 0.");
        }
        if (request.desiredCount() != null && daemon) {
            throw invalid("The daemon scheduling strategy does not support a desired count for services. "
                    + "Remove the desired count value and try again.");
        }
        if (request.healthCheckGracePeriodSeconds() != null && row.service().loadBalancers().isEmpty() && request.loadBalancers().isEmpty()) {
            throw invalid("Health check grace period is only valid for services configured to use load balancers");
        }
        ServiceRules.checkCapacity(null, request.capacityProviderStrategy());
        ServiceRules.checkPlatform(request.platformVersion());
        ServiceRules.checkConstraints(request.placementConstraints());
        ServiceRules.checkDeployment(request.deploymentConfiguration(), row.controller(), daemon);
        ServiceRules.refuse(!request.serviceRegistries().isEmpty(), "serviceRegistries");
        ServiceRules.refuse(!request.volumeConfigurations().isEmpty(), "volumeConfigurations");
        ServiceRules.refuse(!request.vpcLatticeConfigurations().isEmpty(), "vpcLatticeConfigurations");
        ServiceRules.refuse(request.serviceConnectConfiguration() != null && Boolean.TRUE.equals(request.serviceConnectConfiguration().enabled()),
                "serviceConnectConfiguration");
    }

    private static Service changed(Service service, UpdateServiceRequest request, @Nullable TaskDefinition definition) {
        Service.Builder next = service.toBuilder();
        set(request.desiredCount(), next::desiredCount);
        set(definition, found -> next.taskDefinition(found.taskDefinitionArn()));
        set(request.deploymentConfiguration(), asked -> next.deploymentConfiguration(ServiceRules.filled(asked,
                service.deploymentController() == null ? DeploymentControllerType.ECS : service.deploymentController().type(),
                service.schedulingStrategy() == SchedulingStrategy.DAEMON)));
        set(request.availabilityZoneRebalancing(), next::availabilityZoneRebalancing);
        set(request.networkConfiguration(), next::networkConfiguration);
        set(request.platformVersion(), next::platformVersion);
        set(request.healthCheckGracePeriodSeconds(), next::healthCheckGracePeriodSeconds);
        set(request.enableExecuteCommand(), next::enableExecuteCommand);
        set(request.enableECSManagedTags(), next::enableECSManagedTags);
        set(request.propagateTags(), next::propagateTags);
        if (request.hasPlacementConstraints()) {
            next.placementConstraints(request.placementConstraints());
        }
        if (request.hasPlacementStrategy()) {
            next.placementStrategy(request.placementStrategy());
        }
        if (request.hasLoadBalancers()) {
            next.loadBalancers(request.loadBalancers());
        }
        if (request.hasCapacityProviderStrategy() && !request.capacityProviderStrategy().isEmpty()) {
            next.capacityProviderStrategy(request.capacityProviderStrategy()).launchType((LaunchType) null).platformFamily("Linux");
        }
        return next.build();
    }

    private static <V> void set(@Nullable V value, java.util.function.Consumer<V> setter) {
        if (value != null) {
            setter.accept(value);
        }
    }

    private static boolean replacesTasks(Service before, Service after, UpdateServiceRequest request) {
        List<LoadBalancer> balancers = before.loadBalancers();
        return Boolean.TRUE.equals(request.forceNewDeployment())
                || !Objects.equals(before.taskDefinition(), after.taskDefinition())
                || !Objects.equals(before.networkConfiguration(), after.networkConfiguration())
                || !Objects.equals(before.platformVersion(), after.platformVersion())
                || !balancers.equals(after.loadBalancers());
    }

    private void checkPlace(Service wanted) {
        TaskDefinition definition = definitions.used(wanted.taskDefinition());
        LaunchType launchType = Services.launchType(wanted);
        ServiceRules.checkCompatible(definition, launchType);
        networks.checkNetwork(definition, wanted.networkConfiguration(), launchType);
        networks.checkLoadBalancers(definition, wanted.loadBalancers());
    }
}
