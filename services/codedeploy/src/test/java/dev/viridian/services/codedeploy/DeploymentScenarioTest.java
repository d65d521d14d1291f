package dev.viridian.services.codedeploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.services.codedeploy.world.FakeElb;
import dev.viridian.services.codedeploy.world.FakeEcs;
import dev.viridian.services.codedeploy.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.codedeploy.model.DeploymentInfo;
import software.amazon.awssdk.services.codedeploy.model.DeploymentStatus;
import software.amazon.awssdk.services.codedeploy.model.LifecycleEvent;
import software.amazon.awssdk.services.ecs.model.CreateTaskSetRequest;
import software.amazon.awssdk.services.ecs.model.LaunchType;

/// Deployments that end well.
class DeploymentScenarioTest {
    final World world = new World();

    @Test
    void green_is_installed_tested_given_all_traffic_and_blue_is_removed_after_the_wait() {
        world.withGroup();
        String id = world.deploy();
        assertThat(world.status(id)).isEqualTo(DeploymentStatus.CREATED);

        world.seconds(10);
        assertThat(world.events(id)).startsWith("BeforeInstall=Succeeded", "Install=InProgress", "AfterInstall=Pending");
        assertThat(world.elb.serving(FakeElb.PRODUCTION)).isEqualTo(Map.of(FakeElb.ONE, 100));

        world.seconds(60);
        assertThat(world.elb.serving(FakeElb.PRODUCTION)).isEqualTo(Map.of(FakeElb.TWO, 100));
        assertThat(world.elb.serving(FakeElb.TEST)).isEqualTo(Map.of(FakeElb.TWO, 1));
        assertThat(world.status(id)).isEqualTo(DeploymentStatus.IN_PROGRESS);
        assertThat(world.info(id).instanceTerminationWaitTimeStarted()).isTrue();
        assertThat(world.taskSets(id)).containsExactly("Blue ecs-svc/1000 ACTIVE 0", "Green ecs-svc/1001 PRIMARY 100");

        world.minutes(5);
        assertThat(world.status(id)).isEqualTo(DeploymentStatus.SUCCEEDED);
        assertThat(world.events(id)).hasSize(8).allMatch(event -> event.endsWith("=Succeeded"));
        assertThat(world.info(id).deploymentOverview().succeeded()).isEqualTo(1);
        assertThat(world.ecs.alive()).extracting(set -> set.id).containsExactly("ecs-svc/1001");
    }

    @Test
    void every_call_is_made_as_a_session_of_the_groups_service_role() {
        world.withGroup();
        String id = world.deploy();
        world.minutes(10);

        assertThat(world.ecs.callers).containsOnly(
                "arn:aws:sts::111122223333:assumed-role/codedeploy/" + id, "arn:aws:sts::111122223333:assumed-role/codedeploy/codedeploy");
    }

    @Test
    void without_a_test_listener_there_are_six_events() {
        world.withGroup(group -> group.loadBalancerInfo(World.pair(FakeElb.PRODUCTION)));
        String id = world.deploy();
        world.minutes(10);

        assertThat(world.events(id)).containsExactly(
                "BeforeInstall=Succeeded", "Install=Succeeded", "AfterInstall=Succeeded",
                "BeforeAllowTraffic=Succeeded", "AllowTraffic=Succeeded", "AfterAllowTraffic=Succeeded");
    }

    @Test
    void events_carry_times_that_follow_each_other() {
        world.withGroup();
        String id = world.deploy();
        world.minutes(10);

        Instant last = Instant.EPOCH;
        for (LifecycleEvent event : world.target(id).lifecycleEvents()) {
            assertThat(event.startTime()).isAfterOrEqualTo(last);
            assertThat(event.endTime()).isAfterOrEqualTo(event.startTime());
            last = event.endTime();
        }
    }

    @Test
    void a_linear_shift_adds_its_share_every_interval_and_does_not_wait_after_the_last_step() {
        world.withGroup(group -> group.deploymentConfigName("CodeDeployDefault.ECSLinear10PercentEvery1Minutes"));
        world.deploy();
        world.minutes(30);

        List<FakeElb.Change> steps = steps();
        assertThat(steps).extracting(step -> step.weights().get(FakeElb.TWO)).containsExactly(10, 20, 30, 40, 50, 60, 70, 80, 90, 100);
        assertThat(steps).allSatisfy(step -> assertThat(step.weights().values().stream().mapToInt(w -> w).sum()).isEqualTo(100));
        assertThat(pausesBetween(steps)).hasSize(9).containsOnly(Duration.ofMinutes(1));
    }

    @Test
    void a_linear_shift_whose_share_does_not_divide_100_is_clipped_at_the_end() {
        world.withApplication();
        world.asUser(() -> world.codeDeploy.createDeploymentConfig(config -> config.deploymentConfigName("thirds").computePlatform("ECS")
                .trafficRoutingConfig(routing -> routing.type("TimeBasedLinear")
                        .timeBasedLinear(linear -> linear.linearPercentage(30).linearInterval(2)))));
        world.asUser(() -> world.codeDeploy.createDeploymentGroup(World.group().deploymentConfigName("thirds").build()));
        world.deploy();
        world.minutes(30);

        assertThat(steps()).extracting(step -> step.weights().get(FakeElb.TWO)).containsExactly(30, 60, 90, 100);
        assertThat(pausesBetween(steps())).containsOnly(Duration.ofMinutes(2));
    }

    @Test
    void a_canary_changes_production_exactly_twice() {
        world.withGroup(group -> group.deploymentConfigName("CodeDeployDefault.ECSCanary10Percent5Minutes"));
        world.deploy();
        world.minutes(30);

        assertThat(steps()).extracting(step -> step.weights().get(FakeElb.TWO)).containsExactly(10, 100);
        assertThat(pausesBetween(steps())).containsExactly(Duration.ofMinutes(5));
    }

    @Test
    void task_sets_show_the_weights_of_the_listener_at_every_moment() {
        world.withGroup(group -> group.deploymentConfigName("CodeDeployDefault.ECSLinear10PercentEvery1Minutes"));
        String id = world.deploy();
        world.seconds(90);
        for (int minute = 0; minute < 8; minute++) {
            assertThat(world.taskSets(id)).containsExactly(
                    "Blue ecs-svc/1000 PRIMARY " + world.share(FakeElb.ONE), "Green ecs-svc/1001 ACTIVE " + world.share(FakeElb.TWO));
            world.minutes(1);
        }
    }

    @Test
    void the_configuration_named_by_the_deployment_overrides_the_groups() {
        world.withGroup();
        String id = world.deploy(request -> request.deploymentConfigName("CodeDeployDefault.ECSCanary10Percent5Minutes"));
        world.minutes(2);

        assertThat(world.share(FakeElb.TWO)).isEqualTo(10);
        assertThat(world.info(id).deploymentConfigName()).isEqualTo("CodeDeployDefault.ECSCanary10Percent5Minutes");
    }

    @Test
    void the_test_listener_answers_green_while_production_is_still_all_blue() {
        world.withGroup(group -> group.blueGreenDeploymentConfiguration(World.waits(60, 5)));
        world.elb.listeners.put(FakeElb.TEST, List.of(FakeElb.forwardTo(FakeElb.ONE)));
        world.deploy();
        world.minutes(5);

        assertThat(world.elb.serving(FakeElb.TEST)).isEqualTo(Map.of(FakeElb.TWO, 1));
        assertThat(world.elb.serving(FakeElb.PRODUCTION)).isEqualTo(Map.of(FakeElb.ONE, 100));
    }

    @Test
    void all_rules_that_forward_to_the_pair_move_with_the_default_action_and_others_stay() {
        world.elb.listeners.put(FakeElb.PRODUCTION, List.of(FakeElb.forwardTo(FakeElb.OTHER)));
        world.elb.rule("api", FakeElb.forwardTo(FakeElb.ONE));
        world.elb.rule("login", FakeElb.redirect());
        world.elb.rule("shop", FakeElb.forwardTo(FakeElb.ONE));
        world.elb.rule("admin", FakeElb.forwardTo(FakeElb.OTHER));
        world.withGroup();
        assertThat(FakeElb.weights(world.elb.ruleAction("api"))).isEqualTo(Map.of(FakeElb.ONE, 100, FakeElb.TWO, 0));
        world.deploy();
        world.minutes(10);

        assertThat(FakeElb.weights(world.elb.ruleAction("api"))).isEqualTo(Map.of(FakeElb.ONE, 0, FakeElb.TWO, 100));
        assertThat(FakeElb.weights(world.elb.ruleAction("shop"))).isEqualTo(Map.of(FakeElb.ONE, 0, FakeElb.TWO, 100));
        assertThat(world.elb.ruleAction("login")).isEqualTo(FakeElb.redirect());
        assertThat(world.elb.ruleAction("admin")).isEqualTo(FakeElb.forwardTo(FakeElb.OTHER));
        assertThat(world.elb.weights(FakeElb.PRODUCTION)).isEqualTo(Map.of(FakeElb.OTHER, 1));
    }

    @Test
    void two_deployments_in_a_row_swap_the_groups() {
        world.withGroup();
        world.deploy();
        world.minutes(10);
        String second = world.deploy();
        world.minutes(10);

        assertThat(world.status(second)).isEqualTo(DeploymentStatus.SUCCEEDED);
        assertThat(world.share(FakeElb.ONE)).isEqualTo(100);
        assertThat(world.ecs.primary().targetGroup).isEqualTo(FakeElb.ONE);
        assertThat(world.taskSets(second)).containsExactly("Blue ecs-svc/1001 ACTIVE 0", "Green ecs-svc/1002 PRIMARY 100");
        assertThat(world.info(second).previousRevision()).isEqualTo(world.info(second).revision());
    }

    @Test
    void blue_kept_alive_stays_until_the_next_deployment_needs_its_group() {
        world.withGroup(group -> group.blueGreenDeploymentConfiguration(World.waits(0, -1)));
        String first = world.deploy();
        world.minutes(2);
        assertThat(world.status(first)).isEqualTo(DeploymentStatus.SUCCEEDED);
        assertThat(world.info(first).instanceTerminationWaitTimeStarted()).isFalse();
        assertThat(world.ecs.alive()).extracting(set -> set.id).containsExactly("ecs-svc/1000", "ecs-svc/1001");

        String second = world.deploy();
        world.minutes(2);
        assertThat(world.status(second)).isEqualTo(DeploymentStatus.SUCCEEDED);
        assertThat(world.ecs.alive()).extracting(set -> set.id).containsExactly("ecs-svc/1001", "ecs-svc/1002");
    }

    @Test
    void what_the_appspec_leaves_out_is_taken_from_the_service() {
        world.withGroup();
        String id = world.deploy();
        world.minutes(1);

        CreateTaskSetRequest request = world.ecs.markedWith(id).orElseThrow().request;
        assertThat(request.platformVersion()).isEqualTo("1.4.0");
        assertThat(request.networkConfiguration().awsvpcConfiguration().subnets()).containsExactly("subnet-1");
        assertThat(request.launchType()).isEqualTo(LaunchType.FARGATE);
        assertThat(request.scale().value()).isEqualTo(100);
        assertThat(request.clientToken()).isEqualTo(id);
    }

    @Test
    void a_network_load_balancer_is_pointed_at_green_as_a_whole() {
        world.withGroup(group -> group.loadBalancerInfo(World.pair(FakeElb.NETWORK)));
        world.deploy();
        world.minutes(2);

        assertThat(world.elb.weights(FakeElb.NETWORK)).isEqualTo(Map.of(FakeElb.TWO, 1));
    }

    @Test
    void a_finished_deployment_tells_everything_a_client_asks() {
        world.withGroup();
        String id = world.deploy(request -> request.description("release 2"));
        world.minutes(10);

        DeploymentInfo info = world.info(id);
        assertThat(info.applicationName()).isEqualTo(World.APPLICATION);
        assertThat(info.deploymentGroupName()).isEqualTo(World.GROUP);
        assertThat(info.description()).isEqualTo("release 2");
        assertThat(info.creatorAsString()).isEqualTo("user");
        assertThat(info.computePlatformAsString()).isEqualTo("ECS");
        assertThat(info.createTime()).isBeforeOrEqualTo(info.startTime());
        assertThat(info.completeTime()).isAfter(info.startTime());
        assertThat(info.revision().appSpecContent().sha256()).matches("[0-9a-f]{64}");
        assertThat(info.loadBalancerInfo().targetGroupPairInfoList()).hasSize(1);
        assertThat(info.errorInformation()).isNull();
        assertThat(world.target(id).targetArn()).isEqualTo(FakeEcs.SERVICE_ARN);
        assertThat(world.target(id).taskSetsInfo().getFirst().targetGroup().name()).isEqualTo("one");
    }

    private List<FakeElb.Change> steps() {
        return world.elb.changes.stream().filter(change -> change.listener().equals(FakeElb.PRODUCTION) && change.weights().get(FakeElb.TWO) > 0)
                .toList();
    }

    private static List<Duration> pausesBetween(List<FakeElb.Change> steps) {
        List<Duration> pauses = new ArrayList<>();
        for (int i = 1; i < steps.size(); i++) {
            pauses.add(Duration.between(steps.get(i - 1).moment(), steps.get(i).moment()));
        }
        return pauses;
    }
}
