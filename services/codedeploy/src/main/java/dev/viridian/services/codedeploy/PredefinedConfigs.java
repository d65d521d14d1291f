package dev.viridian.services.codedeploy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import software.amazon.awssdk.services.codedeploy.model.ComputePlatform;
import software.amazon.awssdk.services.codedeploy.model.DeploymentConfigInfo;
import software.amazon.awssdk.services.codedeploy.model.MinimumHealthyHosts;
import software.amazon.awssdk.services.codedeploy.model.MinimumHealthyHostsType;
import software.amazon.awssdk.services.codedeploy.model.TimeBasedCanary;
import software.amazon.awssdk.services.codedeploy.model.TimeBasedLinear;
import software.amazon.awssdk.services.codedeploy.model.TrafficRoutingConfig;
import software.amazon.awssdk.services.codedeploy.model.TrafficRoutingType;

/// The deployment configurations every account has.
///
/// Source: CodeDeploy user guide, "Working with deployment configurations"; note `1Minute` in Lambda's names and `1Minutes` in ECS's.
final class PredefinedConfigs {
    static final String PREFIX = "CodeDeployDefault.";
    private static final Instant SINCE = Instant.parse("2014-10-06T00:00:00Z");

    static final List<DeploymentConfigInfo> ALL = all();

    private PredefinedConfigs() {}

    private static List<DeploymentConfigInfo> all() {
        List<DeploymentConfigInfo> all = new ArrayList<>();
        all.add(server("AllAtOnce", MinimumHealthyHostsType.HOST_COUNT, 0));
        all.add(server("HalfAtATime", MinimumHealthyHostsType.FLEET_PERCENT, 50));
        all.add(server("OneAtATime", MinimumHealthyHostsType.HOST_COUNT, 1));
        all.add(shifting(ComputePlatform.ECS, "ECSAllAtOnce", allAtOnce()));
        all.add(shifting(ComputePlatform.ECS, "ECSCanary10Percent5Minutes", canary(5)));
        all.add(shifting(ComputePlatform.ECS, "ECSCanary10Percent15Minutes", canary(15)));
        all.add(shifting(ComputePlatform.ECS, "ECSLinear10PercentEvery1Minutes", linear(1)));
        all.add(shifting(ComputePlatform.ECS, "ECSLinear10PercentEvery3Minutes", linear(3)));
        all.add(shifting(ComputePlatform.LAMBDA, "LambdaAllAtOnce", allAtOnce()));
        for (int minutes : List.of(5, 10, 15, 30)) {
            all.add(shifting(ComputePlatform.LAMBDA, "LambdaCanary10Percent" + minutes + "Minutes", canary(minutes)));
        }
        for (int minutes : List.of(1, 2, 3, 10)) {
            all.add(shifting(ComputePlatform.LAMBDA, "LambdaLinear10PercentEvery" + minutes + (minutes == 1 ? "Minute" : "Minutes"),
                    linear(minutes)));
        }
        return List.copyOf(all);
    }

    private static DeploymentConfigInfo server(String name, MinimumHealthyHostsType type, int value) {
        return named(ComputePlatform.SERVER, name).minimumHealthyHosts(MinimumHealthyHosts.builder().type(type).value(value).build()).build();
    }

    private static DeploymentConfigInfo shifting(ComputePlatform platform, String name, TrafficRoutingConfig routing) {
        return named(platform, name).trafficRoutingConfig(routing).build();
    }

    private static DeploymentConfigInfo.Builder named(ComputePlatform platform, String name) {
        return DeploymentConfigInfo.builder()
                .deploymentConfigId(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString())
                .deploymentConfigName(PREFIX + name)
                .computePlatform(platform)
                .createTime(SINCE);
    }

    private static TrafficRoutingConfig allAtOnce() {
        return TrafficRoutingConfig.builder().type(TrafficRoutingType.ALL_AT_ONCE).build();
    }

    private static TrafficRoutingConfig canary(int minutes) {
        return TrafficRoutingConfig.builder()
                .type(TrafficRoutingType.TIME_BASED_CANARY)
                .timeBasedCanary(TimeBasedCanary.builder().canaryPercentage(10).canaryInterval(minutes).build())
                .build();
    }

    private static TrafficRoutingConfig linear(int minutes) {
        return TrafficRoutingConfig.builder()
                .type(TrafficRoutingType.TIME_BASED_LINEAR)
                .timeBasedLinear(TimeBasedLinear.builder().linearPercentage(10).linearInterval(minutes).build())
                .build();
    }
}
