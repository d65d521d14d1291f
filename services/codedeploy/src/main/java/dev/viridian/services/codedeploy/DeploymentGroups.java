package dev.viridian.services.codedeploy;

import dev.viridian.aws.Ids;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.services.codedeploy.deployment.Deployments;
import dev.viridian.services.codedeploy.deployment.Latest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codedeploy.model.ApplicationInfo;
import software.amazon.awssdk.services.codedeploy.model.ComputePlatform;
import software.amazon.awssdk.services.codedeploy.model.CreateDeploymentGroupRequest;
import software.amazon.awssdk.services.codedeploy.model.DeploymentConfigInUseException;
import software.amazon.awssdk.services.codedeploy.model.DeploymentConfigInfo;
import software.amazon.awssdk.services.codedeploy.model.DeploymentGroupAlreadyExistsException;
import software.amazon.awssdk.services.codedeploy.model.DeploymentGroupDoesNotExistException;
import software.amazon.awssdk.services.codedeploy.model.DeploymentGroupInfo;
import software.amazon.awssdk.services.codedeploy.model.DeploymentGroupLimitExceededException;
import software.amazon.awssdk.services.codedeploy.model.DeploymentGroupNameRequiredException;
import software.amazon.awssdk.services.codedeploy.model.ECSService;
import software.amazon.awssdk.services.codedeploy.model.EcsServiceMappingLimitExceededException;
import software.amazon.awssdk.services.codedeploy.model.InvalidDeploymentGroupNameException;
import software.amazon.awssdk.services.codedeploy.model.InvalidLoadBalancerInfoException;
import software.amazon.awssdk.services.codedeploy.model.UpdateDeploymentGroupRequest;

/// Owns the deployment groups: which service, between which target groups, how fast, guarded by what.
final class DeploymentGroups {
    private static final int MOST = 1000;

    private final Store store;
    private final Applications applications;
    private final DeploymentConfigs configs;
    private final Deployments deployments;
    private final GroupWorld world;
    private final Tags tags;
    private final Table<DeploymentGroupInfo> groups;

    DeploymentGroups(Store store, Applications applications, DeploymentConfigs configs, Deployments deployments, GroupWorld world, Tags tags) {
        this.store = store;
        this.applications = applications;
        this.configs = configs;
        this.deployments = deployments;
        this.world = world;
        this.tags = tags;
        this.groups = store.table("codedeploy.deployment-groups", DeploymentGroupInfo.class);
    }

    DeploymentGroupInfo create(CreateDeploymentGroupRequest request) {
        ApplicationInfo application = applications.get(request.applicationName());
        checkName(request.deploymentGroupName());
        Tags.check(request.tags());
        DeploymentGroupInfo group = GroupSettings.of(request).toBuilder().deploymentGroupId(Ids.uuid()).build();
        if (find(application, group.deploymentGroupName()).isPresent()) {
            throw alreadyExists(group.deploymentGroupName());
        }
        check(application, group);
        checkLimits(application, group);
        world.prepare(group);
        store.transact(() -> {
            checkLimits(application, group);
            if (!groups.putIfAbsent(key(application, group.deploymentGroupName()), group)) {
                throw alreadyExists(group.deploymentGroupName());
            }
            tags.add(Names.groupArn(application.applicationName(), group.deploymentGroupName()), request.tags());
        });
        return group;
    }

    void update(UpdateDeploymentGroupRequest request) {
        ApplicationInfo application = applications.get(request.applicationName());
        DeploymentGroupInfo old = get(application, request.currentDeploymentGroupName());
        DeploymentGroupInfo group = GroupSettings.changed(stored(application, old), request);
        boolean renamed = !group.deploymentGroupName().equals(old.deploymentGroupName());
        if (renamed) {
            checkName(group.deploymentGroupName());
        }
        check(application, group);
        store.transact(() -> {
            checkLimits(application, group);
            if (renamed && find(application, group.deploymentGroupName()).isPresent()) {
                throw alreadyExists(group.deploymentGroupName());
            }
            groups.delete(key(application, old.deploymentGroupName()));
            groups.put(key(application, group.deploymentGroupName()), group);
            if (renamed) {
                tags.move(
                        Names.groupArn(application.applicationName(), old.deploymentGroupName()),
                        Names.groupArn(application.applicationName(), group.deploymentGroupName()));
            }
        });
    }

    /// Deleting what does not exist succeeds, as with applications: AWS's model declares no error for it. A deployment that runs goes on to its end.
    void delete(String applicationName, String name) {
        store.transact(() -> applications.find(applicationName).ifPresent(application -> {
            groups.delete(key(application, name));
            tags.forget(Names.groupArn(applicationName, name));
        }));
    }

    void deleteAllOf(ApplicationInfo application) {
        list(application).forEach(group -> delete(application.applicationName(), group.deploymentGroupName()));
    }

    /// After an application was renamed.
    void moveTags(ApplicationInfo application, String newName) {
        list(application).forEach(group -> tags.move(
                Names.groupArn(application.applicationName(), group.deploymentGroupName()), Names.groupArn(newName, group.deploymentGroupName())));
    }

    DeploymentGroupInfo get(ApplicationInfo application, @Nullable String name) {
        if (Names.isMissing(name)) {
            throw DeploymentGroupNameRequiredException.builder().message("Deployment group name is required").build();
        }
        return find(application, name)
                .orElseThrow(() -> DeploymentGroupDoesNotExistException.builder().message("No Deployment Group found for name: " + name).build());
    }

    Optional<DeploymentGroupInfo> find(ApplicationInfo application, String name) {
        return groups.find(key(application, name)).map(group -> shown(application, group));
    }

    List<DeploymentGroupInfo> list(ApplicationInfo application) {
        return groups.list(Names.under(application.applicationId())).stream().map(group -> shown(application, group)).toList();
    }

    private DeploymentGroupInfo stored(ApplicationInfo application, DeploymentGroupInfo shown) {
        return groups.find(key(application, shown.deploymentGroupName())).orElse(shown);
    }

    void checkNotInUse(String config) {
        boolean used = groups.list(Names.under()).stream().anyMatch(group -> config.equals(group.deploymentConfigName()));
        if (used) {
            throw DeploymentConfigInUseException.builder()
                    .message("The deployment configuration " + config + " is in use by a deployment group")
                    .build();
        }
    }

    /// With the application's present name and what its deployments did.
    private DeploymentGroupInfo shown(ApplicationInfo application, DeploymentGroupInfo group) {
        Latest latest = deployments.latest(group.deploymentGroupId());
        return group.toBuilder()
                .applicationName(application.applicationName())
                .lastAttemptedDeployment(latest.attempted().orElse(null))
                .lastSuccessfulDeployment(latest.successful().orElse(null))
                .targetRevision(latest.target().orElse(null))
                .build();
    }

    private void check(ApplicationInfo application, DeploymentGroupInfo group) {
        if (application.computePlatform() != ComputePlatform.ECS) {
            throw notOfEcs(application, group);
        }
        GroupRules.check(group);
        DeploymentConfigInfo config = configs.forEcs(group.deploymentConfigName());
        world.admit(group, config);
    }

    private static RuntimeException notOfEcs(ApplicationInfo application, DeploymentGroupInfo group) {
        if (group.loadBalancerInfo() != null && !group.loadBalancerInfo().targetGroupPairInfoList().isEmpty()) {
            return InvalidLoadBalancerInfoException.builder()
                    .message("The specification for load balancing in the deployment group is invalid."
                            + " The deploymentOption value is set to WITH_TRAFFIC_CONTROL, but either no load balancer was specified in elbInfoList"
                            + " or no target group was specified in targetGroupInfoList.")
                    .build();
        }
        return new UnsupportedOperationException(
                "Deployment groups of the compute platform " + application.computePlatformAsString() + " are not implemented; ECS is.");
    }

    private void checkLimits(ApplicationInfo application, DeploymentGroupInfo group) {
        if (groups.list(Names.under(application.applicationId())).size() >= MOST) {
            throw DeploymentGroupLimitExceededException.builder().message("The limit of " + MOST + " deployment groups is reached.").build();
        }
        boolean taken = groups.list(Names.under()).stream()
                .filter(other -> !other.deploymentGroupId().equals(group.deploymentGroupId()))
                .anyMatch(other -> isSameService(other.ecsServices().getFirst(), group.ecsServices().getFirst()));
        if (taken) {
            throw EcsServiceMappingLimitExceededException.builder()
                    .message("The Amazon ECS service " + Names.shortName(group.ecsServices().getFirst().serviceName())
                            + " is already associated with another deployment group.")
                    .build();
        }
    }

    private static boolean isSameService(ECSService one, ECSService other) {
        return Names.shortName(one.serviceName()).equals(Names.shortName(other.serviceName()))
                && Names.shortName(one.clusterName()).equals(Names.shortName(other.clusterName()));
    }

    private static void checkName(@Nullable String name) {
        if (Names.isMissing(name)) {
            throw DeploymentGroupNameRequiredException.builder().message("Deployment group name is required").build();
        }
        if (!Names.isValid(name)) {
            throw InvalidDeploymentGroupNameException.builder()
                    .message("The deployment group name was specified in an invalid format: " + name)
                    .build();
        }
    }

    private static DeploymentGroupAlreadyExistsException alreadyExists(String name) {
        return DeploymentGroupAlreadyExistsException.builder().message("Deployment group name already exists: " + name).build();
    }

    private static String key(ApplicationInfo application, String name) {
        return Names.key(application.applicationId(), name);
    }
}
