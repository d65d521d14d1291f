package dev.viridian.services.codedeploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.services.codedeploy.world.FakeElb;
import dev.viridian.services.codedeploy.world.World;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.codedeploy.model.*;
import software.amazon.awssdk.services.codedeploy.model.CreateDeploymentGroupRequest.Builder;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.EcsException;

/// What a deployment group may say, and AWS's words for what it may not.
class DeploymentGroupsTest {
    final World world = new World().withApplication();

    @Test
    void a_group_needs_blue_green_with_traffic_control() {
        String text = "For ECS deployment, the deployment type must be BLUE_GREEN, and deployment option must be WITH_TRAFFIC_CONTROL.";
        refused(group -> group.deploymentStyle((DeploymentStyle) null), InvalidDeploymentStyleException.class, text);
        refused(group -> group.deploymentStyle(style -> style.deploymentType("IN_PLACE").deploymentOption("WITH_TRAFFIC_CONTROL")),
                InvalidDeploymentStyleException.class, text);
    }

    @Test
    void a_group_needs_a_pair_of_target_groups_and_nothing_else() {
        refused(group -> group.loadBalancerInfo((LoadBalancerInfo) null),
                InvalidLoadBalancerInfoException.class, "For ECS deployment group, loadBalancerInfo must be specified");
        refused(group -> group.loadBalancerInfo(info -> info.elbInfoList(ELBInfo.builder().name("classic").build())),
                InvalidLoadBalancerInfoException.class, "For ECS deployment group, loadBalancerInfo must not contain elbInfo list");
        refused(group -> group.loadBalancerInfo(info -> info.targetGroupInfoList(TargetGroupInfo.builder().name("one").build())),
                InvalidLoadBalancerInfoException.class, "For ECS deployment group, loadBalancerInfo must not contain targetGroupInfo list");
    }

    @Test
    void a_group_needs_a_blue_green_configuration() {
        refused(group -> group.blueGreenDeploymentConfiguration((BlueGreenDeploymentConfiguration) null),
                InvalidBlueGreenDeploymentConfigurationException.class,
                        "For ECS deployment group, blueGreenDeploymentConfiguration must be specified");
    }

    @Test
    void auto_scaling_groups_belong_to_servers() {
        refused(group -> group.autoScalingGroups("asg"), InvalidAutoScalingGroupException.class,
                "For ECS deployment group, autoScalingGroups can not be specified");
    }

    @Test
    void waits_have_limits() {
        refused(group -> group.blueGreenDeploymentConfiguration(World.waits(7201, 0)), InvalidBlueGreenDeploymentConfigurationException.class,
                "7200");
        refused(group -> group.blueGreenDeploymentConfiguration(World.waits(0, 2881)), InvalidBlueGreenDeploymentConfigurationException.class,
                "2880");
        refused(group -> group.blueGreenDeploymentConfiguration(config ->
                config.deploymentReadyOption(option -> option.actionOnTimeout("STOP_DEPLOYMENT"))),
                InvalidBlueGreenDeploymentConfigurationException.class, "STOP_DEPLOYMENT");
        refused(group -> group.blueGreenDeploymentConfiguration(
                        config -> config.deploymentReadyOption(option -> option.actionOnTimeout("CONTINUE_DEPLOYMENT").waitTimeInMinutes(5))),
                InvalidBlueGreenDeploymentConfigurationException.class, "CONTINUE_DEPLOYMENT");
    }

    @Test
    void the_service_must_be_deployed_by_codedeploy() {
        world.ecs.controller = DeploymentControllerType.ECS;
        refused(group -> group, InvalidEcsServiceException.class,
                "Deployment group's ECS service must be configured for a CODE_DEPLOY deployment controller.");
    }

    @Test
    void a_service_that_cannot_be_loaded_is_named_with_the_cause() {
        refused(group -> group.ecsServices(ECSService.builder().clusterName("demo").serviceName("nope").build()),
                InvalidEcsServiceException.class, "Could not load ECS service information for cluster: demo, service: nope. Cause: MISSING");
        refused(group -> group.ecsServices(ECSService.builder().clusterName("nope").serviceName("web").build()),
                InvalidEcsServiceException.class,
                        "Could not load ECS service information for cluster: nope, service: web. Cause: Cluster not found.");
        world.ecs.faults.next("describeServices", Errors.denied(EcsException.builder()));
        refused(group -> group, InvalidEcsServiceException.class, "Cause: User is not authorized to perform this");
    }

    @Test
    void a_service_belongs_to_one_group() {
        create(group -> group);
        refused(group -> group.deploymentGroupName("another"), EcsServiceMappingLimitExceededException.class, "web");
    }

    @Test
    void a_name_can_be_taken_once() {
        create(group -> group);
        refused(group -> group, DeploymentGroupAlreadyExistsException.class, World.GROUP);
    }

    @Test
    void a_network_load_balancer_moves_all_at_once() {
        refused(group -> group.loadBalancerInfo(World.pair(FakeElb.NETWORK))
                .deploymentConfigName("CodeDeployDefault.ECSLinear10PercentEvery1Minutes"),
                InvalidTrafficRoutingConfigurationException.class,
                "Only ALB supports gradual traffic routing, use AllAtOnce Traffic routing instead when you create/update Deployment group.");
        create(group -> group.loadBalancerInfo(World.pair(FakeElb.NETWORK)).deploymentConfigName("CodeDeployDefault.ECSAllAtOnce"));
    }

    @Test
    void rollback_and_alarms_that_are_switched_on_must_say_what_for() {
        refused(group -> group.autoRollbackConfiguration(rollback -> rollback.enabled(true).events()), InvalidAutoRollbackConfigException.class, "");
        refused(group -> group.alarmConfiguration(alarms -> alarms.enabled(true).alarms(List.of())), InvalidAlarmConfigException.class, "");
        refused(group -> group.alarmConfiguration(alarms -> alarms.enabled(true).alarms(alarm("a"), alarm("a"))), InvalidAlarmConfigException.class,
                "twice");
        refused(group -> group.alarmConfiguration(
                        alarms -> alarms.enabled(true).alarms(IntStream.range(0, 11).mapToObj(i -> alarm("a" + i)).toList())),
                AlarmsLimitExceededException.class, "10");
        refused(group -> group.triggerConfigurations(
                        TriggerConfig.builder().triggerName("t").triggerTargetArn("arn").triggerEventsWithStrings("Never").build()),
                InvalidTriggerConfigException.class, "Never");
    }

    @Test
    void a_pair_must_be_two_groups_that_exist_one_of_them_serving() {
        refusedPair(World.pair("arn:aws:elasticloadbalancing:us-east-1:111122223333:listener-rule/app/shop/1/2/3"));
        refusedPair(World.pair(FakeElb.PRODUCTION.replace("aaaa", "ffff")));
        refusedPair(pairOf("one", "one"));
        refusedPair(pairOf("one", "nope"));
        refusedPair(pairOf("two", "other"));
    }

    @Test
    void roles_are_arns_and_configurations_exist() {
        refused(group -> group.serviceRoleArn(""), RoleRequiredException.class, "");
        refused(group -> group.serviceRoleArn("codedeploy"), InvalidRoleException.class, "codedeploy");
        refused(group -> group.deploymentConfigName("nope"), DeploymentConfigDoesNotExistException.class,
                "No Deployment Configuration found for name: nope");
        refused(group -> group.deploymentConfigName("CodeDeployDefault.OneAtATime"), InvalidDeploymentConfigNameException.class, "Server");
        refused(group -> group.deploymentGroupName("a b"), InvalidDeploymentGroupNameException.class, "a b");
    }

    @Test
    void a_server_application_says_so_when_a_pair_is_given() {
        world.asUser(() -> world.codeDeploy.createApplication(request -> request.applicationName("fleet")));
        refused(group -> group.applicationName("fleet"), InvalidLoadBalancerInfoException.class,
                "The specification for load balancing in the deployment group is invalid. The deploymentOption value is set to"
                        + " WITH_TRAFFIC_CONTROL, but either no"
                        + " load balancer was specified in elbInfoList or no target group was specified in targetGroupInfoList.");
    }

    @Test
    void creating_a_group_puts_both_target_groups_behind_the_production_listener() {
        create(group -> group);
        assertThat(world.elb.weights(FakeElb.PRODUCTION)).isEqualTo(Map.of(FakeElb.ONE, 100, FakeElb.TWO, 0));
        assertThat(world.elb.listeners.get(FakeElb.PRODUCTION).getFirst().targetGroupArn()).isNull();
        assertThat(world.elb.weights(FakeElb.TEST)).isEqualTo(Map.of(FakeElb.TWO, 1));
    }

    @Test
    void a_group_that_is_refused_touches_nothing() {
        refused(group -> group.alarmConfiguration(alarms -> alarms.enabled(true).alarms(List.of())), InvalidAlarmConfigException.class, "");
        assertThat(world.elb.changes).isEmpty();
    }

    @Test
    void a_group_is_shown_with_everything_that_was_said_and_what_goes_without_saying() {
        create(group -> group.blueGreenDeploymentConfiguration(
                config -> config.terminateBlueInstancesOnDeploymentSuccess(option -> option.action("TERMINATE").terminationWaitTimeInMinutes(5))));
        DeploymentGroupInfo group = get();
        assertThat(group.computePlatform()).isEqualTo(ComputePlatform.ECS);
        assertThat(group.deploymentConfigName()).isEqualTo("CodeDeployDefault.ECSAllAtOnce");
        assertThat(group.ecsServices()).containsExactly(ECSService.builder().clusterName("demo").serviceName("web").build());
        assertThat(group.blueGreenDeploymentConfiguration().deploymentReadyOption().waitTimeInMinutes()).isZero();
        assertThat(group.blueGreenDeploymentConfiguration().terminateBlueInstancesOnDeploymentSuccess().terminationWaitTimeInMinutes()).isEqualTo(5);
        assertThat(group.lastAttemptedDeployment()).isNull();
    }

    @Test
    void an_update_changes_what_it_names_and_nothing_else() {
        create(group -> group);
        UpdateDeploymentGroupResponse answer = world.asUser(() -> world.codeDeploy.updateDeploymentGroup(request -> request
                .applicationName(World.APPLICATION).currentDeploymentGroupName(World.GROUP).newDeploymentGroupName("renamed")
                .deploymentConfigName("CodeDeployDefault.ECSCanary10Percent5Minutes")));
        assertThat(answer.hooksNotCleanedUp()).isEmpty();

        DeploymentGroupInfo group = world.asUser(() -> world.codeDeploy.getDeploymentGroup(
                request -> request.applicationName(World.APPLICATION).deploymentGroupName("renamed")).deploymentGroupInfo());
        assertThat(group.deploymentConfigName()).isEqualTo("CodeDeployDefault.ECSCanary10Percent5Minutes");
        assertThat(group.alarmConfiguration().alarms()).containsExactly(alarm("errors"));
        assertThatThrownBy(this::get).isInstanceOf(DeploymentGroupDoesNotExistException.class)
                .hasMessageContaining("No Deployment Group found for name: " + World.GROUP);
    }

    @Test
    void an_update_is_checked_like_a_new_group_and_does_not_disturb_a_running_shift() {
        create(group -> group.deploymentConfigName("CodeDeployDefault.ECSLinear10PercentEvery1Minutes"));
        world.deploy();
        world.minutes(4);
        int share = world.share(FakeElb.TWO);
        world.asUser(() -> world.codeDeploy.updateDeploymentGroup(request -> request
                .applicationName(World.APPLICATION).currentDeploymentGroupName(World.GROUP).autoRollbackConfiguration(World.noRollback())));
        assertThat(world.share(FakeElb.TWO)).isEqualTo(share).isPositive();
        assertThatThrownBy(() -> world.asUser(() -> world.codeDeploy.updateDeploymentGroup(request -> request
                        .applicationName(World.APPLICATION).currentDeploymentGroupName(World.GROUP).deploymentConfigName("nope"))))
                .isInstanceOf(DeploymentConfigDoesNotExistException.class);
    }

    @Test
    void groups_can_be_listed_fetched_in_batches_and_deleted() {
        create(group -> group);
        assertThat(world.asUser(() -> world.codeDeploy.listDeploymentGroups(request -> request.applicationName(World.APPLICATION))
                .deploymentGroups()))
                .containsExactly(World.GROUP);
        assertThat(world.asUser(() -> world.codeDeploy.batchGetDeploymentGroups(
                request -> request.applicationName(World.APPLICATION).deploymentGroupNames(World.GROUP, "nope")).deploymentGroupsInfo())).hasSize(1);
        DeleteDeploymentGroupResponse answer = world.asUser(() -> world.codeDeploy.deleteDeploymentGroup(
                request -> request.applicationName(World.APPLICATION).deploymentGroupName(World.GROUP)));
        assertThat(answer.hooksNotCleanedUp()).isEmpty();
        assertThatThrownBy(this::get).isInstanceOf(DeploymentGroupDoesNotExistException.class);
        world.asUser(() -> world.codeDeploy.deleteDeploymentGroup(request -> request.applicationName("nope").deploymentGroupName("nope")));
    }

    private void create(UnaryOperator<Builder> change) {
        world.asUser(() -> world.codeDeploy.createDeploymentGroup(change.apply(World.group()).build()));
    }

    private DeploymentGroupInfo get() {
        return world.asUser(() -> world.codeDeploy.getDeploymentGroup(
                request -> request.applicationName(World.APPLICATION).deploymentGroupName(World.GROUP)).deploymentGroupInfo());
    }

    private void refused(UnaryOperator<Builder> change, Class<? extends CodeDeployException> error, String text) {
        assertThatThrownBy(() -> create(change)).isInstanceOf(error).hasMessageContaining(text);
    }

    private void refusedPair(LoadBalancerInfo pair) {
        refused(group -> group.loadBalancerInfo(pair), InvalidTargetGroupPairException.class,
                "A deployment group associated with an application that uses the ECS compute platform must contain a valid pair of target groups"
                        + " that identify a"
                        + " load balancer.");
    }

    private static LoadBalancerInfo pairOf(String one, String other) {
        return LoadBalancerInfo.builder()
                .targetGroupPairInfoList(TargetGroupPairInfo.builder()
                        .targetGroups(TargetGroupInfo.builder().name(one).build(), TargetGroupInfo.builder().name(other).build())
                        .prodTrafficRoute(route -> route.listenerArns(FakeElb.PRODUCTION))
                        .build())
                .build();
    }

    private static Alarm alarm(String name) {
        return Alarm.builder().name(name).build();
    }
}
