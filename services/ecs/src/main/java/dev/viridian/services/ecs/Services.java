package dev.viridian.services.ecs;

import static dev.viridian.services.ecs.Refusals.invalid;

import dev.viridian.aws.Caller;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.AvailabilityZoneRebalancing;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.CreateServiceResponse;
import software.amazon.awssdk.services.ecs.model.DeleteServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeleteServiceResponse;
import software.amazon.awssdk.services.ecs.model.DeploymentController;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.DescribeServicesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServicesResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.ListServicesRequest;
import software.amazon.awssdk.services.ecs.model.ListServicesResponse;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceField;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/// Creates, shows and deletes services. Changes are [ServiceUpdates]; everything that happens afterwards is [ServiceLoop].
final class Services {
    private static final int PAGE = 10;

    private final Store store;
    private final Time time;
    private final Clusters clusters;
    private final TaskDefinitions definitions;
    private final ServiceTable services;
    private final Workloads workloads;
    private final TaskTable tasks;
    private final NetworkRules networks;
    private final ServiceShapes shapes;

    Services(Store store, Time time, Clusters clusters, TaskDefinitions definitions, ServiceTable services, Workloads workloads, TaskTable tasks,
             NetworkRules networks, ServiceShapes shapes) {
        this.store = store;
        this.time = time;
        this.clusters = clusters;
        this.definitions = definitions;
        this.services = services;
        this.workloads = workloads;
        this.tasks = tasks;
        this.networks = networks;
        this.shapes = shapes;
    }

    CreateServiceResponse create(CreateServiceRequest request) {
        ServiceId id = ServiceId.of(request.cluster(), String.valueOf(request.serviceName()));
        Cluster cluster = clusters.active(id.cluster());
        DeploymentControllerType controller = request.deploymentController() == null
                ? DeploymentControllerType.ECS : request.deploymentController().type();
        ServiceRules.check(request, controller);
        Optional<TaskDefinition> definition = definition(request, controller);
        Service service = fresh(id, request, controller, cluster, definition);
        definition.ifPresent(found -> {
            LaunchType launchType = launchType(service);
            ServiceRules.checkCompatible(found, launchType);
            networks.checkNetwork(found, request.networkConfiguration(), launchType);
            networks.checkLoadBalancers(found, request.loadBalancers());
        });
        ServiceRow made = store.transact(() -> services.find(id).filter(old -> !old.isInactive()).map(old -> repeated(old, request)).orElseGet(() -> {
            services.forget(id);
            ServiceRow row = new ServiceRow(service, request, null);
            services.put(id, row);
            if (controller != DeploymentControllerType.EXTERNAL) {
                services.put(id, workloads.primary(id, service, row.rollsByItself()));
            }
            return row;
        }));
        return CreateServiceResponse.builder().service(shapes.service(id, made, true)).build();
    }

    private Optional<TaskDefinition> definition(CreateServiceRequest request, DeploymentControllerType controller) {
        if (request.taskDefinition() != null) {
            return Optional.of(definitions.active(request.taskDefinition()));
        }
        if (controller != DeploymentControllerType.EXTERNAL) {
            throw invalid("TaskDefinition can not be blank.");
        }
        return Optional.empty();
    }

    private static ServiceRow repeated(ServiceRow old, CreateServiceRequest request) {
        if (old.isDraining()) {
            throw invalid("Unable to Start a service that is still Draining.");
        }
        if (request.clientToken() == null || !request.equals(old.created())) {
            throw invalid("Creation of service was not idempotent.");
        }
        return old;
    }

    private Service fresh(ServiceId id, CreateServiceRequest request, DeploymentControllerType controller, Cluster cluster,
                          Optional<TaskDefinition> definition) {
        boolean daemon = request.schedulingStrategy() == SchedulingStrategy.DAEMON;
        Service.Builder service = Service.builder()
                .serviceArn(id.arn())
                .serviceName(id.name())
                .clusterArn(id.cluster().arn())
                .loadBalancers(request.loadBalancers())
                .serviceRegistries(List.of())
                .status(ServiceRow.ACTIVE)
                .desiredCount(daemon ? Integer.valueOf(1) : request.desiredCount())
                .taskDefinition(definition.map(TaskDefinition::taskDefinitionArn).orElse(null))
                .deploymentConfiguration(ServiceRules.filled(request.deploymentConfiguration(), controller, daemon))
                .roleArn(request.role())
                .createdAt(time.now())
                .placementConstraints(request.placementConstraints())
                .placementStrategy(request.placementStrategy())
                .networkConfiguration(request.networkConfiguration())
                .healthCheckGracePeriodSeconds(grace(request))
                .schedulingStrategy(daemon ? SchedulingStrategy.DAEMON : SchedulingStrategy.REPLICA)
                .tags(request.tags())
                .createdBy(Caller.current().principal().arn())
                .enableECSManagedTags(Boolean.TRUE.equals(request.enableECSManagedTags()))
                .propagateTags(request.propagateTags() == null ? PropagateTags.NONE : request.propagateTags())
                .enableExecuteCommand(Boolean.TRUE.equals(request.enableExecuteCommand()))
                .availabilityZoneRebalancing(request.availabilityZoneRebalancing() == null
                        ? rebalancing(controller, daemon) : request.availabilityZoneRebalancing());
        capacity(service, request, cluster);
        if (request.deploymentController() != null) {
            service.deploymentController(DeploymentController.builder().type(controller).build());
        }
        return service.build();
    }

    /// Source: ECS API, `CreateService.availabilityZoneRebalancing`. There is one zone's worth of machine here, which is always balanced.
    private static AvailabilityZoneRebalancing rebalancing(DeploymentControllerType controller, boolean daemon) {
        boolean on = controller == DeploymentControllerType.ECS && !daemon;
        return on ? AvailabilityZoneRebalancing.ENABLED : AvailabilityZoneRebalancing.DISABLED;
    }

    private static @Nullable Integer grace(CreateServiceRequest request) {
        if (request.healthCheckGracePeriodSeconds() != null) {
            return request.healthCheckGracePeriodSeconds();
        }
        return request.loadBalancers().isEmpty() ? null : Integer.valueOf(0);
    }

    private static void capacity(Service.Builder service, CreateServiceRequest request, Cluster cluster) {
        List<CapacityProviderStrategyItem> strategy = request.launchType() != null ? List.of()
                : !request.capacityProviderStrategy().isEmpty() ? request.capacityProviderStrategy() : cluster.defaultCapacityProviderStrategy();
        if (!strategy.isEmpty()) {
            service.capacityProviderStrategy(strategy);
        } else {
            service.launchType(request.launchType() == null ? LaunchType.EC2 : request.launchType());
        }
        boolean fargate = !strategy.isEmpty() || request.launchType() == LaunchType.FARGATE;
        if (fargate) {
            service.platformVersion(request.platformVersion() == null ? "LATEST" : request.platformVersion()).platformFamily("Linux");
        }
    }

    /// A capacity provider strategy always means Fargate here, since there are no others.
    static LaunchType launchType(Service service) {
        return service.capacityProviderStrategy().isEmpty() ? service.launchType() : LaunchType.FARGATE;
    }

    DescribeServicesResponse describe(DescribeServicesRequest request) {
        ClusterId cluster = ClusterId.of(request.cluster());
        clusters.active(cluster);
        if (request.services().isEmpty()) {
            throw invalid("Services cannot be empty.");
        }
        if (request.services().size() > 10) {
            throw invalid("Services can have at most 10 items.");
        }
        boolean withTags = request.include().contains(ServiceField.TAGS);
        List<Service> found = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        for (String text : request.services()) {
            ServiceId id = ServiceId.of(request.cluster(), text);
            services.find(id).ifPresentOrElse(
                    row -> found.add(shapes.service(id, row, withTags)),
                    () -> failures.add(Failure.builder().arn(id.arn()).reason("MISSING").build()));
        }
        return DescribeServicesResponse.builder().services(found).failures(failures).build();
    }

    ListServicesResponse list(ListServicesRequest request) {
        ClusterId cluster = ClusterId.of(request.cluster());
        clusters.active(cluster);
        List<String> arns = services.in(cluster).stream()
                .filter(row -> !row.isInactive())
                .map(ServiceRow::service)
                .filter(service -> request.launchType() == null || request.launchType() == launchType(service))
                .filter(service -> request.schedulingStrategy() == null || request.schedulingStrategy() == service.schedulingStrategy())
                .map(Service::serviceArn)
                .toList();
        Page page = Page.of(arns, request.nextToken(), request.maxResults(), PAGE);
        return ListServicesResponse.builder().serviceArns(page.entries()).nextToken(page.nextToken()).build();
    }

    DeleteServiceResponse delete(DeleteServiceRequest request) {
        ServiceId id = ServiceId.of(request.cluster(), request.service());
        clusters.active(id.cluster());
        ServiceRow gone = store.transact(() -> {
            ServiceRow row = active(id);
            boolean force = Boolean.TRUE.equals(request.force());
            if (!force && row.service().desiredCount() > 0 && row.service().schedulingStrategy() == SchedulingStrategy.REPLICA) {
                throw invalid("The service cannot be stopped while it is scaled above 0.");
            }
            if (!force && row.rollsByItself() && services.workloads(id).size() > 1) {
                throw invalid("The service cannot be stopped while deployments are active.");
            }
            services.workloads(id).forEach(workload -> services.put(id,
                    workload.with(set -> set.status(row.rollsByItself() ? set.build().status() : Workload.DRAINING)
                    .computedDesiredCount(0))));
            boolean empty = tasks.of(id).stream().allMatch(task -> task.state() == TaskState.STOPPED);
            return services.update(id, now -> {
                ServiceRow draining = now.with(service -> service.status(ServiceRow.DRAINING).desiredCount(0));
                return empty ? draining.gone(time.now()) : draining;
            });
        });
        return DeleteServiceResponse.builder().service(shapes.service(id, gone, true)).build();
    }

    /// @throws software.amazon.awssdk.services.ecs.model.ServiceNotFoundException when it was never there
    /// @throws software.amazon.awssdk.services.ecs.model.ServiceNotActiveException when it is on its way out
    ServiceRow active(ServiceId id) {
        ServiceRow row = services.find(id).orElseThrow(Refusals::serviceNotFound);
        if (!row.isActive()) {
            throw Refusals.serviceNotActive();
        }
        return row;
    }

    void retag(ServiceId id, List<Tag> tags) {
        services.update(id, row -> row.with(service -> service.tags(tags)));
    }
}
