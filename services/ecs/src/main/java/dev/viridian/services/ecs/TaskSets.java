package dev.viridian.services.ecs;

import static dev.viridian.services.ecs.Refusals.invalid;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Principal;
import dev.viridian.engine.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.CreateTaskSetRequest;
import software.amazon.awssdk.services.ecs.model.CreateTaskSetResponse;
import software.amazon.awssdk.services.ecs.model.DeleteTaskSetRequest;
import software.amazon.awssdk.services.ecs.model.DeleteTaskSetResponse;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.DescribeTaskSetsRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTaskSetsResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.LimitExceededException;
import software.amazon.awssdk.services.ecs.model.NetworkConfiguration;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.Scale;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskSet;
import software.amazon.awssdk.services.ecs.model.TaskSetField;
import software.amazon.awssdk.services.ecs.model.UpdateServicePrimaryTaskSetRequest;
import software.amazon.awssdk.services.ecs.model.UpdateServicePrimaryTaskSetResponse;
import software.amazon.awssdk.services.ecs.model.UpdateTaskSetRequest;
import software.amazon.awssdk.services.ecs.model.UpdateTaskSetResponse;

/// Task sets of services that somebody else deploys: CodeDeploy, or a tool of one's own (controller EXTERNAL).
///
/// Source: ECS API, `CreateTaskSet` and its neighbours; the limit of five sets is known from practice.
final class TaskSets {
    private static final int MOST = 5;

    private final Store store;
    private final Clusters clusters;
    private final TaskDefinitions definitions;
    private final Services owner;
    private final ServiceTable services;
    private final Workloads workloads;
    private final NetworkRules networks;
    private final ServiceShapes shapes;

    TaskSets(Store store, Clusters clusters, TaskDefinitions definitions, Services owner, ServiceTable services, Workloads workloads,
             NetworkRules networks, ServiceShapes shapes) {
        this.store = store;
        this.clusters = clusters;
        this.definitions = definitions;
        this.owner = owner;
        this.services = services;
        this.workloads = workloads;
        this.networks = networks;
        this.shapes = shapes;
    }

    /// Repeating it with the same client token gives the set that is there.
    CreateTaskSetResponse create(CreateTaskSetRequest request) {
        ServiceId id = ServiceId.of(request.cluster(), request.service());
        ServiceRow row = deployable(id);
        Optional<Workload> repeated = repeated(id, request);
        if (repeated.isPresent()) {
            return CreateTaskSetResponse.builder().taskSet(shapes.taskSet(id, repeated.get(), true)).build();
        }
        TaskDefinition definition = definitions.active(request.taskDefinition());
        ServiceRules.checkCapacity(request.launchType(), request.capacityProviderStrategy());
        ServiceRules.checkPlatform(request.platformVersion());
        ServiceRules.refuse(!request.serviceRegistries().isEmpty(), "serviceRegistries");
        Tags.check(request.tags());
        double percent = percent(request.scale(), 0);
        TaskSet set = wanted(id, row, request, definition);
        LaunchType launchType = set.capacityProviderStrategy().isEmpty() ? set.launchType() : LaunchType.FARGATE;
        ServiceRules.checkCompatible(definition, launchType);
        networks.checkNetwork(definition, set.networkConfiguration(), launchType);
        networks.checkLoadBalancers(definition, set.loadBalancers());
        Workload made = store.transact(() -> {
            ServiceRow now = owner.active(id);
            if (services.workloads(id).size() >= MOST) {
                throw LimitExceededException.builder().message("A service can have at most " + MOST + " task sets.").build();
            }
            Workload workload = Workload.of(workloads.scaled(set, percent, now.service().desiredCount())).askedBy(request.clientToken());
            services.put(id, workload);
            return workload;
        });
        return CreateTaskSetResponse.builder().taskSet(shapes.taskSet(id, made, true)).build();
    }

    private Optional<Workload> repeated(ServiceId id, CreateTaskSetRequest request) {
        return services.workloads(id).stream().filter(one -> request.clientToken() != null && request.clientToken().equals(one.clientToken()))
                .findFirst();
    }

    /// CodeDeploy says what changes; everything else is as in the service.
    private TaskSet wanted(ServiceId id, ServiceRow row, CreateTaskSetRequest request, TaskDefinition definition) {
        boolean codeDeploy = row.controller() == DeploymentControllerType.CODE_DEPLOY;
        TaskSet.Builder set = workloads.like(id, row.service(), Workloads.newId())
                .status(Workload.ACTIVE)
                .taskDefinition(definition.taskDefinitionArn())
                .startedBy(codeDeploy ? "CODE_DEPLOY" : null)
                .externalId(request.externalId())
                .networkConfiguration(network(row, request, definition, codeDeploy))
                .loadBalancers(request.loadBalancers())
                .tags(request.tags());
        if (request.launchType() != null) {
            set.launchType(request.launchType())
                    .capacityProviderStrategy((java.util.Collection<software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem>) null);
        } else if (!request.capacityProviderStrategy().isEmpty()) {
            set.launchType((LaunchType) null).capacityProviderStrategy(request.capacityProviderStrategy());
        }
        if (request.platformVersion() != null) {
            set.platformVersion(request.platformVersion());
        } else if (request.launchType() == LaunchType.FARGATE && row.service().platformVersion() == null) {
            set.platformVersion("LATEST").platformFamily("Linux");
        }
        return set.build();
    }

    private static @Nullable NetworkConfiguration network(ServiceRow row, CreateTaskSetRequest request, TaskDefinition definition,
            boolean codeDeploy) {
        if (request.networkConfiguration() != null || !codeDeploy || definition.networkMode() != NetworkMode.AWSVPC) {
            return request.networkConfiguration();
        }
        return row.service().networkConfiguration();
    }

    UpdateTaskSetResponse update(UpdateTaskSetRequest request) {
        ServiceId id = ServiceId.of(request.cluster(), request.service());
        deployable(id);
        double percent = percent(request.scale(), -1);
        Workload changed = store.transact(() -> {
            ServiceRow row = owner.active(id);
            Workload found = find(id, request.taskSet());
            if (found.isDraining()) {
                if (percent > 0) {
                    throw invalid("The task set is draining.");
                }
                return found;
            }
            workloads.put(id, found, workloads.scaled(found.set(), percent, row.service().desiredCount()));
            return find(id, request.taskSet());
        });
        return UpdateTaskSetResponse.builder().taskSet(shapes.taskSet(id, changed, true)).build();
    }

    private static double percent(@Nullable Scale scale, double otherwise) {
        double percent = scale == null || scale.value() == null ? otherwise : scale.value();
        if (percent < 0 || percent > 100) {
            throw invalid("The scale of a task set must be between 0 and 100 percent.");
        }
        return percent;
    }

    /// The service shows from now on what this set was made from.
    UpdateServicePrimaryTaskSetResponse promote(UpdateServicePrimaryTaskSetRequest request) {
        ServiceId id = ServiceId.of(request.cluster(), request.service());
        deployable(id);
        Workload promoted = store.transact(() -> {
            Workload found = find(id, request.primaryTaskSet());
            if (found.isDraining()) {
                throw invalid("The task set is draining and cannot become the primary one.");
            }
            services.workloads(id).stream().filter(one -> one.isPrimary() && !one.id().equals(found.id()))
                    .forEach(old -> services.put(id, old.with(set -> set.status(Workload.ACTIVE))));
            services.put(id, found.with(set -> set.status(Workload.PRIMARY)));
            TaskSet set = found.set();
            services.update(id, row -> row.with(service -> service.taskDefinition(set.taskDefinition()).loadBalancers(set.loadBalancers())
                    .networkConfiguration(set.networkConfiguration()).platformVersion(set.platformVersion()).platformFamily(set.platformFamily())));
            return find(id, request.primaryTaskSet());
        });
        return UpdateServicePrimaryTaskSetResponse.builder().taskSet(shapes.taskSet(id, promoted, true)).build();
    }

    DeleteTaskSetResponse delete(DeleteTaskSetRequest request) {
        ServiceId id = ServiceId.of(request.cluster(), request.service());
        deployable(id);
        boolean force = Boolean.TRUE.equals(request.force());
        Workload gone = store.transact(() -> {
            Workload found = find(id, request.taskSet());
            if (!force && found.set().computedDesiredCount() > 0) {
                throw invalid("The task set cannot be deleted while it is scaled above 0. Scale it to 0 or use force.");
            }
            if (!force && found.isPrimary()) {
                throw invalid("The primary task set of a service cannot be deleted without force.");
            }
            Workload draining = found.with(set -> set.status(Workload.DRAINING));
            workloads.put(id, draining, workloads.scaled(draining.set(), 0, 0));
            return find(id, request.taskSet());
        });
        return DeleteTaskSetResponse.builder().taskSet(shapes.taskSet(id, gone, true)).build();
    }

    DescribeTaskSetsResponse describe(DescribeTaskSetsRequest request) {
        ServiceId id = ServiceId.of(request.cluster(), request.service());
        clusters.active(id.cluster());
        ServiceRow row = owner.active(id);
        requireSets(row);
        boolean withTags = request.include().contains(TaskSetField.TAGS);
        if (request.taskSets().isEmpty()) {
            return DescribeTaskSetsResponse.builder()
                    .taskSets(services.workloads(id).stream().map(one -> shapes.taskSet(id, one, withTags)).toList())
                    .failures(List.of())
                    .build();
        }
        List<TaskSet> found = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        for (String text : request.taskSets()) {
            services.workload(id, idOf(text)).ifPresentOrElse(
                    one -> found.add(shapes.taskSet(id, one, withTags)),
                    () -> failures.add(Failure.builder().arn(text).reason("MISSING").build()));
        }
        return DescribeTaskSetsResponse.builder().taskSets(found).failures(failures).build();
    }

    private Workload find(ServiceId id, String text) {
        return services.workload(id, idOf(text)).orElseThrow(Refusals::taskSetNotFound);
    }

    /// `ecs-svc/123`, or the same at the end of an ARN.
    private static String idOf(String text) {
        int start = text.lastIndexOf("ecs-svc/");
        return start < 0 ? text : text.substring(start);
    }

    private ServiceRow deployable(ServiceId id) {
        clusters.active(id.cluster());
        ServiceRow row = owner.active(id);
        requireSets(row);
        Principal principal = Caller.current().principal();
        boolean person = principal instanceof Principal.User || principal instanceof Principal.Root;
        if (row.controller() == DeploymentControllerType.CODE_DEPLOY && person) {
            throw invalid("Unable to change task sets on services with a CODE_DEPLOY deployment controller. "
                    + "Use AWS CodeDeploy to trigger a new deployment.");
        }
        return row;
    }

    private static void requireSets(ServiceRow row) {
        if (row.rollsByItself()) {
            throw invalid("Task sets are only supported for services with an EXTERNAL deployment controller");
        }
    }
}
