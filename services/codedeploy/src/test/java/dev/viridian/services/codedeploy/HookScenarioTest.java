package dev.viridian.services.codedeploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.services.codedeploy.deployment.HookInvoker;
import dev.viridian.services.codedeploy.world.FakeElb;
import dev.viridian.services.codedeploy.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.codedeploy.model.*;

/// Validation functions: called once per event, believed when they report, given an hour.
class HookScenarioTest {
    final World world = new World();

    @ParameterizedTest
    @ValueSource(strings = {"BeforeInstall", "AfterInstall", "AfterAllowTestTraffic", "BeforeAllowTraffic", "AfterAllowTraffic"})
    void an_event_waits_for_its_function_and_goes_on_when_that_reports_success(String event) {
        world.withGroup();
        String id = world.deploy(request -> request.revision(World.withHooks(event)));
        world.minutes(5);
        assertThat(world.events(id)).contains(event + "=InProgress");
        assertThat(world.hookCalls).hasSize(1);
        assertThat(world.hookCalls.getFirst().function()).isEqualTo("CodeDeployHook_" + event);
        assertThat(world.hookCalls.getFirst().payload()).startsWith("{\"DeploymentId\":\"" + id + "\",\"LifecycleEventHookExecutionId\":\"");

        world.report(id, LifecycleEventStatus.SUCCEEDED);
        world.minutes(10);
        assertThat(world.status(id)).isEqualTo(DeploymentStatus.SUCCEEDED);
        assertThat(world.hookCalls).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"BeforeInstall", "AfterInstall", "AfterAllowTestTraffic", "BeforeAllowTraffic", "AfterAllowTraffic"})
    void a_function_that_reports_failure_fails_the_deployment_and_traffic_goes_back(String event) {
        world.withGroup();
        String id = world.deploy(request -> request.revision(World.withHooks(event)));
        world.minutes(5);
        world.report(id, LifecycleEventStatus.FAILED);
        world.time.settle();

        assertThat(world.status(id)).isEqualTo(DeploymentStatus.FAILED);
        assertThat(world.info(id).errorInformation().code()).isEqualTo(ErrorCode.HOOK_EXECUTION_FAILURE);
        assertThat(world.info(id).errorInformation().message())
                .isEqualTo("The deployment failed because one or more of the lifecycle event validation functions failed.");
        assertThat(world.events(id)).contains(event + "=Failed");
        assertThat(world.share(FakeElb.ONE)).isEqualTo(100);
        assertThat(world.ecs.alive()).hasSize(1);
    }

    @Test
    void without_a_rollback_a_failed_hook_leaves_the_weights_as_they_are() {
        world.withGroup(group -> group.autoRollbackConfiguration(World.noRollback()));
        String id = world.deploy(request -> request.revision(World.withHooks("AfterAllowTraffic")));
        world.minutes(5);
        world.report(id, LifecycleEventStatus.FAILED);
        world.time.settle();

        assertThat(world.status(id)).isEqualTo(DeploymentStatus.FAILED);
        assertThat(world.share(FakeElb.TWO)).isEqualTo(100);
    }

    @Test
    void a_function_that_never_reports_fails_the_deployment_after_an_hour() {
        world.withGroup();
        String id = world.deploy(request -> request.revision(World.withHooks("BeforeInstall")));
        world.minutes(59);
        assertThat(world.status(id)).isEqualTo(DeploymentStatus.IN_PROGRESS);

        world.minutes(2);
        assertThat(world.status(id)).isEqualTo(DeploymentStatus.FAILED);
        assertThat(world.info(id).errorInformation().message()).isEqualTo("The deployment timed out while waiting for a status callback."
                + " CodeDeploy expects a status callback within one hour after a deployment hook is invoked.");
    }

    @Test
    void where_nobody_can_call_functions_the_role_is_blamed_as_on_aws() {
        world.hooks = HookInvoker.none();
        world.withGroup();
        String id = world.deploy(request -> request.revision(World.withHooks("BeforeInstall")));
        world.minutes(1);

        assertThat(world.info(id).errorInformation().code()).isEqualTo(ErrorCode.IAM_ROLE_PERMISSIONS);
        assertThat(world.info(id).errorInformation().message()).isEqualTo("The IAM role " + World.ROLE
                + " does not give you permission to perform operations in the following AWS service: AWSLambda.");
    }

    @Test
    void the_hook_of_test_traffic_is_ignored_without_a_test_listener() {
        world.withGroup(group -> group.loadBalancerInfo(World.pair(FakeElb.PRODUCTION)));
        String id = world.deploy(request -> request.revision(World.withHooks("AfterAllowTestTraffic")));
        world.minutes(10);

        assertThat(world.status(id)).isEqualTo(DeploymentStatus.SUCCEEDED);
        assertThat(world.hookCalls).isEmpty();
    }

    @Test
    void a_report_counts_once_and_only_with_the_right_words() {
        world.withGroup();
        String id = world.deploy(request -> request.revision(World.withHooks("BeforeInstall", "AfterInstall")));
        world.seconds(5);
        assertThatThrownBy(() -> world.report(id, LifecycleEventStatus.IN_PROGRESS))
                .isInstanceOf(InvalidLifecycleEventHookExecutionStatusException.class);
        assertThatThrownBy(() -> world.asUser(() -> world.codeDeploy.putLifecycleEventHookExecutionStatus(
                        request -> request.deploymentId(id).lifecycleEventHookExecutionId("nonsense").status("Succeeded"))))
                .isInstanceOf(InvalidLifecycleEventHookExecutionIdException.class);

        world.report(id, LifecycleEventStatus.SUCCEEDED);
        assertThatThrownBy(() -> world.report(id, LifecycleEventStatus.SUCCEEDED)).isInstanceOf(LifecycleEventAlreadyCompletedException.class);
        world.seconds(5);
        assertThatThrownBy(() -> world.report(id, LifecycleEventStatus.FAILED)).isInstanceOf(LifecycleEventAlreadyCompletedException.class);
    }

    @Test
    void a_function_may_report_before_its_call_has_returned() {
        world.withGroup();
        world.hooks = (function, payload) -> {
            world.hookCalls.add(new World.HookCall(function, payload));
            world.report(payload.replaceAll(".*\"DeploymentId\":\"([^\"]+)\".*", "$1"), LifecycleEventStatus.SUCCEEDED);
        };
        String id = world.deploy(request -> request.revision(World.withHooks("BeforeInstall")));
        world.minutes(10);

        assertThat(world.status(id)).isEqualTo(DeploymentStatus.SUCCEEDED);
    }
}
