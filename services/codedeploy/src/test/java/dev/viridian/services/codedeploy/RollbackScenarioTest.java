package dev.viridian.services.codedeploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.services.codedeploy.world.FakeElb;
import dev.viridian.services.codedeploy.world.World;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.model.CloudWatchException;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.codedeploy.model.*;

/// Alarms, stop requests, and how traffic comes back.
class RollbackScenarioTest {
    static final String ALARM_TEXT = "One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the"
            + " affected deployments"
            + " have been stopped. Activated alarms: <errors>";

    final World world = new World();

    @Test
    void an_alarm_in_the_middle_of_the_shift_brings_all_traffic_back_and_removes_green() {
        world.withGroup(group -> group.deploymentConfigName("CodeDeployDefault.ECSLinear10PercentEvery1Minutes"));
        String id = world.deploy();
        world.minutes(4);
        assertThat(world.share(FakeElb.TWO)).isBetween(20, 60);

        world.cloudWatch.raise("errors");
        world.seconds(30);
        DeploymentInfo stopped = world.info(id);
        assertThat(stopped.status()).isEqualTo(DeploymentStatus.STOPPED);
        assertThat(stopped.errorInformation().code()).isEqualTo(ErrorCode.ALARM_ACTIVE);
        assertThat(stopped.errorInformation().message()).isEqualTo(ALARM_TEXT);
        assertThat(world.events(id)).contains("AllowTraffic=Failed", "AfterAllowTraffic=Skipped");
        assertThat(world.elb.weights(FakeElb.PRODUCTION)).isEqualTo(Map.of(FakeElb.ONE, 100, FakeElb.TWO, 0));
        assertThat(world.elb.serving(FakeElb.TEST)).isEqualTo(Map.of(FakeElb.ONE, 1));
        assertThat(world.ecs.alive()).extracting(set -> set.id).containsExactly("ecs-svc/1000");
        assertThat(world.ecs.primary().id).isEqualTo("ecs-svc/1000");
    }

    @Test
    void the_rollback_is_a_deployment_of_its_own_and_both_know_of_each_other() {
        world.withGroup();
        String first = world.deploy();
        world.minutes(10);
        String id = world.deploy();
        world.minutes(2);
        world.cloudWatch.raise("errors");
        world.seconds(30);

        RollbackInfo info = world.info(id).rollbackInfo();
        String rollback = info.rollbackDeploymentId();
        assertThat(info.rollbackMessage())
                .isEqualTo("Deployment " + id + " terminated. Automatic rollback is triggered with a DeploymentId " + rollback + ".");
        DeploymentInfo taken = world.info(rollback);
        assertThat(taken.status()).isEqualTo(DeploymentStatus.SUCCEEDED);
        assertThat(taken.creator()).isEqualTo(DeploymentCreator.CODE_DEPLOY_ROLLBACK);
        assertThat(taken.deploymentConfigName()).isEqualTo("CodeDeployDefault.ECSAllAtOnce");
        assertThat(taken.rollbackInfo().rollbackTriggeringDeploymentId()).isEqualTo(id);
        assertThat(taken.rollbackInfo().rollbackMessage())
                .isEqualTo("Deployment " + rollback + " is triggered to roll back deployment " + id + ".");
        assertThat(taken.revision()).isEqualTo(world.info(first).revision());
        assertThat(world.events(rollback)).contains("Install=Skipped", "AllowTraffic=Succeeded", "AfterAllowTraffic=Skipped");
        assertThat(world.taskSets(rollback)).first().isEqualTo("Blue ecs-svc/1001 PRIMARY 100");
    }

    @Test
    void traffic_is_back_on_blue_at_the_moment_the_deployment_shows_as_stopped() {
        world.withGroup(group -> group.deploymentConfigName("CodeDeployDefault.ECSCanary10Percent5Minutes"));
        String id = world.deploy();
        world.minutes(2);
        world.cloudWatch.raise("errors");
        world.seconds(30);

        FakeElb.Change back = world.elb.changes.stream().filter(change -> change.listener().equals(FakeElb.PRODUCTION)).toList().getLast();
        assertThat(back.weights()).isEqualTo(Map.of(FakeElb.ONE, 100, FakeElb.TWO, 0));
        assertThat(back.moment()).isBeforeOrEqualTo(world.info(id).completeTime());
    }

    @Test
    void an_alarm_in_the_termination_wait_makes_blue_primary_again() {
        world.withGroup();
        String id = world.deploy();
        world.minutes(3);
        assertThat(world.ecs.primary().id).isEqualTo("ecs-svc/1001");

        world.cloudWatch.raise("errors");
        world.seconds(30);
        assertThat(world.status(id)).isEqualTo(DeploymentStatus.STOPPED);
        assertThat(world.ecs.primary().id).isEqualTo("ecs-svc/1000");
        assertThat(world.share(FakeElb.ONE)).isEqualTo(100);
        assertThat(world.events(id)).allMatch(event -> event.endsWith("=Succeeded"));
    }

    @Test
    void an_alarm_that_is_already_on_stops_the_deployment_at_once_without_touching_production() {
        world.withGroup();
        int changes = world.elb.changes.size();
        world.cloudWatch.raise("errors");
        String id = world.deploy();
        world.time.settle();

        assertThat(world.status(id)).isEqualTo(DeploymentStatus.STOPPED);
        assertThat(world.info(id).errorInformation().message()).isEqualTo(ALARM_TEXT);
        assertThat(world.info(world.info(id).rollbackInfo().rollbackDeploymentId()).status()).isEqualTo(DeploymentStatus.SUCCEEDED);
        assertThat(world.elb.changes).hasSize(changes);
        assertThat(world.ecs.sets).hasSize(1);
    }

    @Test
    void alarms_that_are_switched_off_stop_nothing() {
        world.withGroup(group -> group.alarmConfiguration(alarms -> alarms.enabled(false).alarms(Alarm.builder().name("errors").build())));
        world.cloudWatch.raise("errors");
        String id = world.deploy();
        world.minutes(10);

        assertThat(world.status(id)).isEqualTo(DeploymentStatus.SUCCEEDED);
    }

    @Test
    void a_deployment_can_switch_the_groups_alarms_off() {
        world.withGroup();
        world.cloudWatch.raise("errors");
        String id = world.deploy(request -> request.overrideAlarmConfiguration(alarms -> alarms.enabled(false)));
        world.minutes(10);

        assertThat(world.status(id)).isEqualTo(DeploymentStatus.SUCCEEDED);
    }

    @Test
    void all_active_alarms_are_named_in_the_order_of_the_group() {
        world.withGroup(group -> group.alarmConfiguration(alarms -> alarms.enabled(true)
                .alarms(Alarm.builder().name("latency").build(), Alarm.builder().name("errors").build())));
        world.cloudWatch.raise("errors");
        world.cloudWatch.raise("latency");
        String id = world.deploy();
        world.time.settle();

        assertThat(world.info(id).errorInformation().message()).endsWith("Activated alarms: <latency> <errors>");
    }

    @Test
    void without_a_rollback_everything_stays_where_it_was() {
        world.withGroup(group -> group.deploymentConfigName("CodeDeployDefault.ECSCanary10Percent5Minutes")
                .autoRollbackConfiguration(World.noRollback()));
        String id = world.deploy();
        world.minutes(2);
        world.cloudWatch.raise("errors");
        world.minutes(20);

        assertThat(world.status(id)).isEqualTo(DeploymentStatus.STOPPED);
        assertThat(world.info(id).rollbackInfo()).isNull();
        assertThat(world.elb.weights(FakeElb.PRODUCTION)).isEqualTo(Map.of(FakeElb.ONE, 90, FakeElb.TWO, 10));
        assertThat(world.ecs.alive()).hasSize(2);
    }

    @Test
    void the_next_deployment_copes_with_what_a_failed_one_left_behind() {
        world.withGroup(group -> group.deploymentConfigName("CodeDeployDefault.ECSCanary10Percent5Minutes")
                .autoRollbackConfiguration(World.noRollback()));
        world.deploy();
        world.minutes(2);
        world.cloudWatch.raise("errors");
        world.minutes(1);
        world.cloudWatch.alarms.put("errors", StateValue.OK);
        world.ecs.beforeRemoval = () -> assertThat(world.elb.serving(FakeElb.PRODUCTION)).isEqualTo(Map.of(FakeElb.ONE, 100));

        String next = world.deploy();
        world.seconds(30);
        assertThat(world.ecs.alive()).extracting(set -> set.id).containsExactly("ecs-svc/1000", "ecs-svc/1002");
        world.ecs.beforeRemoval = () -> { };
        world.minutes(20);
        assertThat(world.status(next)).isEqualTo(DeploymentStatus.SUCCEEDED);
        assertThat(world.ecs.alive()).extracting(set -> set.id).containsExactly("ecs-svc/1002");
    }

    @Test
    void stopping_during_the_install_removes_green_when_the_group_rolls_back_on_request() {
        world.withGroup();
        String id = world.deploy();
        world.seconds(10);
        StopDeploymentResponse answer = world.stop(id);
        assertThat(answer.status()).isEqualTo(StopStatus.PENDING);
        assertThat(answer.statusMessage()).isEqualTo("No more commands will be scheduled for execution in the deployment instances");
        world.seconds(1);

        assertThat(world.status(id)).isEqualTo(DeploymentStatus.STOPPED);
        assertThat(world.info(id).errorInformation().code()).isEqualTo(ErrorCode.MANUAL_STOP);
        assertThat(world.ecs.alive()).hasSize(1);
        assertThat(world.events(id)).contains("BeforeInstall=Succeeded", "Install=Failed", "AfterInstall=Skipped");
    }

    @Test
    void who_stops_a_deployment_may_refuse_the_rollback_or_ask_for_one() {
        world.withGroup();
        String kept = world.deploy();
        world.seconds(10);
        world.asUser(() -> world.codeDeploy.stopDeployment(request -> request.deploymentId(kept).autoRollbackEnabled(false)));
        world.seconds(1);
        assertThat(world.info(kept).rollbackInfo()).isNull();
        assertThat(world.ecs.alive()).hasSize(2);

        World other = new World().withGroup(group -> group.autoRollbackConfiguration(World.noRollback()));
        String removed = other.deploy();
        other.seconds(10);
        other.asUser(() -> other.codeDeploy.stopDeployment(request -> request.deploymentId(removed).autoRollbackEnabled(true)));
        other.seconds(1);
        assertThat(other.info(removed).rollbackInfo()).isNotNull();
        assertThat(other.ecs.alive()).hasSize(1);
    }

    @Test
    void stopping_twice_is_answered_and_stopping_what_is_over_is_refused() {
        world.withGroup();
        String id = world.deploy();
        world.seconds(10);
        world.stop(id);
        assertThat(world.stop(id).status()).isEqualTo(StopStatus.SUCCEEDED);
        world.seconds(1);

        assertThatThrownBy(() -> world.stop(id)).isInstanceOf(DeploymentAlreadyCompletedException.class);
    }

    @Test
    void an_alarm_nobody_can_read_fails_the_deployment_unless_it_is_to_be_ignored() {
        world.withGroup();
        world.cloudWatch.alarms.remove("errors");
        String failed = world.deploy();
        world.minutes(1);
        assertThat(world.status(failed)).isEqualTo(DeploymentStatus.FAILED);
        assertThat(world.info(failed).errorInformation().message()).contains("no alarm named errors");

        String passed = world.deploy(request -> request.overrideAlarmConfiguration(
                alarms -> alarms.enabled(true).ignorePollAlarmFailure(true).alarms(Alarm.builder().name("errors").build())));
        world.minutes(10);
        assertThat(world.status(passed)).isEqualTo(DeploymentStatus.SUCCEEDED);
    }

    @Test
    void a_role_that_may_not_read_alarms_fails_the_deployment_with_its_name() {
        world.withGroup();
        world.cloudWatch.faults.always("describeAlarms", () -> Errors.denied(CloudWatchException.builder()));
        String id = world.deploy();
        world.minutes(1);

        assertThat(world.info(id).errorInformation().code()).isEqualTo(ErrorCode.IAM_ROLE_PERMISSIONS);
        assertThat(world.info(id).errorInformation().message()).isEqualTo("The IAM role " + World.ROLE
                + " does not give you permission to perform operations in the following AWS service: AmazonCloudWatch.");
    }

    @Test
    void a_rollback_is_not_stopped_by_the_alarm_that_caused_it_nor_by_anybody_else() {
        world.withGroup();
        String id = world.deploy();
        world.minutes(2);
        world.cloudWatch.raise("errors");
        world.ecs.faults.always("updateTaskSet", () -> Errors.busy(software.amazon.awssdk.services.ecs.model.EcsException.builder()));
        world.minutes(1);
        String rollback = world.info(id).rollbackInfo().rollbackDeploymentId();
        assertThat(world.status(rollback)).isEqualTo(DeploymentStatus.IN_PROGRESS);
        assertThat(world.share(FakeElb.ONE)).isEqualTo(100);
        assertThatThrownBy(() -> world.stop(rollback)).isInstanceOf(UnsupportedActionForDeploymentTypeException.class);

        world.ecs.faults.never("updateTaskSet");
        world.minutes(1);
        assertThat(world.status(rollback)).isEqualTo(DeploymentStatus.SUCCEEDED);
    }

    @Test
    void traffic_stays_on_green_when_blue_no_longer_exists() {
        world.withGroup();
        String id = world.deploy();
        world.minutes(2);
        world.ecs.sets.getFirst().status = "DRAINING";
        world.cloudWatch.raise("errors");
        world.minutes(1);

        assertThat(world.status(id)).isEqualTo(DeploymentStatus.STOPPED);
        DeploymentInfo rollback = world.info(world.info(id).rollbackInfo().rollbackDeploymentId());
        assertThat(rollback.status()).isEqualTo(DeploymentStatus.FAILED);
        assertThat(rollback.errorInformation().message()).contains("original task set");
        assertThat(world.share(FakeElb.TWO)).isEqualTo(100);
    }

    @Test
    void the_group_remembers_what_was_attempted_and_what_succeeded() {
        world.withGroup();
        String first = world.deploy();
        world.minutes(10);
        String second = world.deploy();
        world.minutes(2);
        world.cloudWatch.raise("errors");
        world.seconds(30);

        DeploymentGroupInfo group = world.asUser(() -> world.codeDeploy.getDeploymentGroup(
                request -> request.applicationName(World.APPLICATION).deploymentGroupName(World.GROUP)).deploymentGroupInfo());
        String rollback = world.info(second).rollbackInfo().rollbackDeploymentId();
        assertThat(group.lastAttemptedDeployment().deploymentId()).isEqualTo(rollback);
        assertThat(group.lastSuccessfulDeployment().deploymentId()).isEqualTo(rollback);
        assertThat(group.lastSuccessfulDeployment().status()).isEqualTo(DeploymentStatus.SUCCEEDED);
        assertThat(group.targetRevision()).isEqualTo(world.info(first).revision());
        assertThat(List.of(first, second)).doesNotContain(rollback);
    }
}
