package dev.viridian.services.codedeploy;

import dev.viridian.aws.Ids;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.Time;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codedeploy.model.ComputePlatform;
import software.amazon.awssdk.services.codedeploy.model.CreateDeploymentConfigRequest;
import software.amazon.awssdk.services.codedeploy.model.DeploymentConfigAlreadyExistsException;
import software.amazon.awssdk.services.codedeploy.model.DeploymentConfigDoesNotExistException;
import software.amazon.awssdk.services.codedeploy.model.DeploymentConfigInfo;
import software.amazon.awssdk.services.codedeploy.model.DeploymentConfigLimitExceededException;
import software.amazon.awssdk.services.codedeploy.model.DeploymentConfigNameRequiredException;
import software.amazon.awssdk.services.codedeploy.model.InvalidComputePlatformException;
import software.amazon.awssdk.services.codedeploy.model.InvalidDeploymentConfigNameException;
import software.amazon.awssdk.services.codedeploy.model.InvalidMinimumHealthyHostValueException;
import software.amazon.awssdk.services.codedeploy.model.InvalidOperationException;
import software.amazon.awssdk.services.codedeploy.model.InvalidTrafficRoutingConfigurationException;
import software.amazon.awssdk.services.codedeploy.model.InvalidZonalDeploymentConfigurationException;

/// Owns the deployment configurations: how fast traffic moves.
final class DeploymentConfigs {
    static final String ECS_DEFAULT = PredefinedConfigs.PREFIX + "ECSAllAtOnce";
    private static final int MOST = 200;

    private final Store store;
    private final Time time;
    private final Table<DeploymentConfigInfo> configs;

    DeploymentConfigs(Store store, Time time) {
        this.store = store;
        this.time = time;
        this.configs = store.table("codedeploy.deployment-configs", DeploymentConfigInfo.class);
    }

    DeploymentConfigInfo create(CreateDeploymentConfigRequest request) {
        DeploymentConfigInfo config = checked(request);
        store.transact(() -> {
            if (configs.list(Names.under()).size() >= MOST) {
                throw DeploymentConfigLimitExceededException.builder()
                        .message("The limit of " + MOST + " deployment configurations is reached.")
                        .build();
            }
            if (!configs.putIfAbsent(Names.key(config.deploymentConfigName()), config)) {
                throw DeploymentConfigAlreadyExistsException.builder()
                        .message("A deployment configuration with the name " + config.deploymentConfigName() + " already exists")
                        .build();
            }
        });
        return config;
    }

    DeploymentConfigInfo get(@Nullable String name) {
        if (Names.isMissing(name)) {
            throw DeploymentConfigNameRequiredException.builder().message("Deployment configuration name is required").build();
        }
        return find(name).orElseThrow(() ->
                DeploymentConfigDoesNotExistException.builder().message("No Deployment Configuration found for name: " + name).build());
    }

    /// One that can be used with an ECS application.
    DeploymentConfigInfo forEcs(@Nullable String name) {
        DeploymentConfigInfo config = get(Names.isMissing(name) ? ECS_DEFAULT : name);
        if (config.computePlatform() != ComputePlatform.ECS) {
            throw InvalidDeploymentConfigNameException.builder()
                    .message("The deployment configuration " + name + " is for the compute platform " + config.computePlatformAsString()
                            + ", not ECS")
                    .build();
        }
        return config;
    }

    /// Ordered by name, the account's own among the predefined ones.
    List<DeploymentConfigInfo> list() {
        return Stream.concat(PredefinedConfigs.ALL.stream(), configs.list(Names.under()).stream())
                .sorted(Comparator.comparing(DeploymentConfigInfo::deploymentConfigName))
                .toList();
    }

    void delete(String name) {
        get(name);
        if (name.startsWith(PredefinedConfigs.PREFIX)) {
            throw InvalidOperationException.builder().message("The default deployment configuration " + name + " cannot be deleted").build();
        }
        configs.delete(Names.key(name));
    }

    private Optional<DeploymentConfigInfo> find(String name) {
        Optional<DeploymentConfigInfo> predefined =
                PredefinedConfigs.ALL.stream().filter(config -> config.deploymentConfigName().equals(name)).findFirst();
        return predefined.or(() -> configs.find(Names.key(name)));
    }

    private DeploymentConfigInfo checked(CreateDeploymentConfigRequest request) {
        checkName(request.deploymentConfigName());
        ComputePlatform platform = request.computePlatform() == null ? ComputePlatform.SERVER : request.computePlatform();
        switch (platform) {
            case ECS, LAMBDA -> checkShifting(request);
            case SERVER -> checkServer(request);
            default -> throw InvalidComputePlatformException.builder()
                    .message("The compute platform is not valid: " + request.computePlatformAsString())
                    .build();
        }
        return DeploymentConfigInfo.builder()
                .deploymentConfigId(Ids.uuid())
                .deploymentConfigName(request.deploymentConfigName())
                .computePlatform(platform)
                .createTime(time.now())
                .minimumHealthyHosts(request.minimumHealthyHosts())
                .trafficRoutingConfig(request.trafficRoutingConfig())
                .zonalConfig(request.zonalConfig())
                .build();
    }

    private static void checkName(@Nullable String name) {
        if (Names.isMissing(name)) {
            throw DeploymentConfigNameRequiredException.builder().message("Deployment configuration name is required").build();
        }
        if (!Names.isValid(name) || name.startsWith(PredefinedConfigs.PREFIX)) {
            throw InvalidDeploymentConfigNameException.builder()
                    .message("The deployment configuration name was specified in an invalid format: " + name)
                    .build();
        }
    }

    private static void checkShifting(CreateDeploymentConfigRequest request) {
        if (request.minimumHealthyHosts() != null) {
            throw InvalidMinimumHealthyHostValueException.builder()
                    .message("minimumHealthyHosts can not be specified for the compute platform " + request.computePlatformAsString())
                    .build();
        }
        if (request.zonalConfig() != null) {
            throw InvalidZonalDeploymentConfigurationException.builder()
                    .message("zonalConfig can not be specified for the compute platform " + request.computePlatformAsString())
                    .build();
        }
        RoutingRules.check(request.trafficRoutingConfig());
    }

    private static void checkServer(CreateDeploymentConfigRequest request) {
        if (request.minimumHealthyHosts() == null || request.minimumHealthyHosts().value() == null || request.minimumHealthyHosts().type() == null) {
            throw InvalidMinimumHealthyHostValueException.builder().message("minimumHealthyHosts must be specified with type and value").build();
        }
        if (request.trafficRoutingConfig() != null) {
            throw InvalidTrafficRoutingConfigurationException.builder()
                    .message("trafficRoutingConfig can not be specified for the compute platform Server")
                    .build();
        }
    }
}
