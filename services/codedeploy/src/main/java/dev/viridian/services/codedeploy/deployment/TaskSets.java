package dev.viridian.services.codedeploy.deployment;

import dev.viridian.services.codedeploy.appspec.AppSpec;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.codedeploy.model.ECSService;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.AssignPublicIp;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.CreateTaskSetRequest;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.NetworkConfiguration;
import software.amazon.awssdk.services.ecs.model.Scale;
import software.amazon.awssdk.services.ecs.model.ScaleUnit;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;
import software.amazon.awssdk.services.ecs.model.StabilityStatus;
import software.amazon.awssdk.services.ecs.model.TaskSet;
import software.amazon.awssdk.services.ecs.model.TaskSetNotFoundException;

/// The task sets of an ECS service, through ECS's own API. Every act may be repeated.
public final class TaskSets {
    private static final Logger LOG = LoggerFactory.getLogger(TaskSets.class);
    private static final Scale ALL = Scale.builder().value(100.0).unit(ScaleUnit.PERCENT).build();
    private static final Scale NONE = Scale.builder().value(0.0).unit(ScaleUnit.PERCENT).build();

    private final EcsClient ecs;

    public TaskSets(EcsClient ecs) {
        this.ecs = ecs;
    }

    /// Empty when the service or its cluster does not exist.
    public Optional<Service> service(ECSService name) {
        try {
            return ecs.describeServices(request -> request.cluster(name.clusterName()).services(name.serviceName())).services().stream().findFirst();
        } catch (ClusterNotFoundException | ServiceNotFoundException e) {
            return Optional.empty();
        }
    }

    /// The set that serves production as far as ECS knows.
    static Optional<TaskSet> primary(Service service) {
        return service.taskSets().stream().filter(set -> "PRIMARY".equals(set.status())).findFirst();
    }

    Fleet fleet(Deployment deployment) {
        return service(deployment.order().service()).map(service -> fleet(deployment, service.taskSets())).orElse(Fleet.EMPTY);
    }

    private static Fleet fleet(Deployment deployment, List<TaskSet> sets) {
        String blue = deployment.colors().map(Colors::blueSet).orElse("");
        String mark = deployment.greenMark();
        return new Fleet(
                sets.stream().filter(set -> set.id().equals(blue)).map(TaskSets::seen).findFirst(),
                sets.stream().filter(set -> mark.equals(set.externalId())).map(TaskSets::seen).findFirst(),
                sets.stream().filter(set -> !set.id().equals(blue) && !mark.equals(set.externalId())).map(TaskSets::seen).toList());
    }

    private static Fleet.Set seen(TaskSet set) {
        return new Fleet.Set(
                set.id(),
                set.taskSetArn(),
                Fleet.Status.valueOf(set.status()),
                set.stabilityStatus() == StabilityStatus.STEADY_STATE,
                orZero(set.computedDesiredCount()),
                orZero(set.pendingCount()),
                orZero(set.runningCount()));
    }

    private static int orZero(Integer count) {
        return count == null ? 0 : count;
    }

    /// The replacement, marked with the deployment's id. What the AppSpec leaves out is taken from the service as it is now.
    void createGreen(Deployment deployment, AppSpec spec, Colors colors) {
        Service service = service(deployment.order().service()).orElseThrow(() -> ServiceNotFoundException.builder()
                .message("Service not found.")
                .build());
        CreateTaskSetRequest.Builder request = CreateTaskSetRequest.builder()
                .cluster(service.clusterArn())
                .service(service.serviceArn())
                .externalId(deployment.id())
                .clientToken(deployment.id())
                .taskDefinition(spec.taskDefinition())
                .loadBalancers(LoadBalancer.builder()
                        .targetGroupArn(colors.green().arn())
                        .containerName(spec.containerName())
                        .containerPort(spec.containerPort())
                        .build())
                .scale(ALL);
        spec.platformVersion().or(() -> Optional.ofNullable(service.platformVersion())).ifPresent(request::platformVersion);
        spec.network().map(TaskSets::network).or(() -> Optional.ofNullable(service.networkConfiguration())).ifPresent(request::networkConfiguration);
        if (service.hasServiceRegistries() && !service.serviceRegistries().isEmpty()) {
            request.serviceRegistries(service.serviceRegistries());
        }
        capacity(request, spec, service);
        ecs.createTaskSet(request.build());
    }

    private static void capacity(CreateTaskSetRequest.Builder request, AppSpec spec, Service service) {
        if (!spec.capacityProviders().isEmpty()) {
            request.capacityProviderStrategy(spec.capacityProviders().stream()
                    .map(item -> CapacityProviderStrategyItem.builder().capacityProvider(item.name()).base(item.base()).weight(item.weight()).build())
                    .toList());
        } else if (service.hasCapacityProviderStrategy() && !service.capacityProviderStrategy().isEmpty()) {
            request.capacityProviderStrategy(service.capacityProviderStrategy());
        } else {
            request.launchType(service.launchType());
        }
    }

    private static NetworkConfiguration network(AppSpec.Network network) {
        return NetworkConfiguration.builder()
                .awsvpcConfiguration(vpc -> vpc.subnets(network.subnets())
                        .securityGroups(network.securityGroups())
                        .assignPublicIp(network.assignPublicIp().map(AssignPublicIp::fromValue).orElse(null)))
                .build();
    }

    /// Scaled to zero and deleted: it drains, and disappears when its tasks have stopped. Already draining or gone is fine.
    void remove(ECSService service, Fleet.Set set) {
        if (set.isDraining()) {
            return;
        }
        try {
            ecs.updateTaskSet(request -> request.cluster(service.clusterName()).service(service.serviceName()).taskSet(set.arn()).scale(NONE));
            ecs.deleteTaskSet(request -> request.cluster(service.clusterName()).service(service.serviceName()).taskSet(set.arn()).force(true));
        } catch (TaskSetNotFoundException | ServiceNotFoundException | ClusterNotFoundException e) {
            LOG.debug("Task set {} is already gone", set.id(), e);
        }
    }

    void promote(ECSService service, Fleet.Set set) {
        if (!set.isPrimary()) {
            ecs.updateServicePrimaryTaskSet(request -> request.cluster(service.clusterName()).service(service.serviceName())
                    .primaryTaskSet(set.arn()));
        }
    }
}
