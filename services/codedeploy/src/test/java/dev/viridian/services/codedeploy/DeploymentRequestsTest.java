package dev.viridian.services.codedeploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.engine.store.Table;
import dev.viridian.services.codedeploy.deployment.StateChange;
import dev.viridian.services.codedeploy.deployment.StateChange.State;
import dev.viridian.services.codedeploy.world.FakeElb;
import dev.viridian.services.codedeploy.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.codedeploy.model.*;

/// What is answered at once: whether a deployment can begin, and what is asked about it afterwards.
class DeploymentRequestsTest {
    final World world = new World();

    @Test
    void application_group_and_configuration_must_exist() {
        refused(request -> request, ApplicationDoesNotExistException.class, "No application found for name: shop");
        world.withGroup();
        refused(request -> request.deploymentGroupName("nope"), DeploymentGroupDoesNotExistException.class,
                "No Deployment Group found for name: nope");
        refused(request -> request.deploymentGroupName(null), DeploymentGroupNameRequiredException.class, "");
        refused(request -> request.deploymentConfigName("nope"), DeploymentConfigDoesNotExistException.class, "nope");
    }

    @Test
    void a_group_has_one_deployment_at_a_time_and_the_running_one_is_named() {
        world.withGroup();
        String running = world.deploy();
        String text = "The Deployment Group 'shop-group' already has an active Deployment '" + running + "'";
        refused(request -> request, DeploymentLimitExceededException.class, text);
        world.minutes(3);
        refused(request -> request, DeploymentLimitExceededException.class, text);

        world.minutes(10);
        assertThat(world.deploy()).isNotEqualTo(running).matches("d-[0-9A-Z]{9}");
    }

    @Test
    void a_revision_must_be_usable() {
        world.withGroup();
        refused(request -> request.revision((RevisionLocation) null), RevisionRequiredException.class, "");
        refused(request -> request.revision(World.content(World.APPSPEC.replace("ContainerPort: 80", ""))), InvalidRevisionException.class,
                "ContainerPort");
        refused(request -> request.revision(World.withHooks("AfterEverything")), InvalidRevisionException.class, "AfterEverything");
        refused(request -> request.revision(World.content(World.APPSPEC + "  - Second: {}\n")), InvalidRevisionException.class,
                "exactly one resource");
        refused(request -> request.revision(revision -> revision.revisionType("AppSpecContent").appSpecContent(
                        content -> content.content(World.APPSPEC).sha256("0".repeat(64)))), InvalidRevisionException.class, "SHA256");
        refused(request -> request.revision(revision -> revision.revisionType("GitHub")), InvalidRevisionException.class,
                "S3, String or AppSpecContent");
        refused(request -> request.revision(revision -> revision.revisionType("S3").s3Location(
                        s3 -> s3.bucket("b").key("k").bundleType("tgz"))), InvalidRevisionException.class, "BundleType must be either YAML or JSON");
        refused(request -> request.revision(revision -> revision.revisionType("S3").s3Location(
                        s3 -> s3.bucket("b").key("k").bundleType("YAML"))), RevisionDoesNotExistException.class, "s3://b/k");
        assertThat(world.asUser(() -> world.codeDeploy.listDeployments(request -> request.build()).deployments())).isEmpty();
    }

    @Test
    void the_legacy_string_revision_is_taken_too() {
        world.withGroup();
        String id = world.deploy(request ->
                request.revision(revision -> revision.revisionType("String").string(string -> string.content(World.APPSPEC))));
        world.minutes(10);

        assertThat(world.status(id)).isEqualTo(DeploymentStatus.SUCCEEDED);
        assertThat(world.info(id).revision().string().sha256()).hasSize(64);
    }

    @Test
    void options_that_mean_nothing_here_are_refused_rather_than_ignored() {
        world.withGroup();
        refused(request -> request.description("x".repeat(257)), DescriptionTooLongException.class, "256");
        refused(request -> request.updateOutdatedInstancesOnly(true), InvalidUpdateOutdatedInstancesOnlyValueException.class, "");
        refused(request -> request.targetInstances(targets -> targets.autoScalingGroups("asg")), InvalidTargetInstancesException.class, "");
        refused(request -> request.fileExistsBehavior("OVERWRITE"), InvalidFileExistsBehaviorException.class, "");
        refused(request -> request.overrideAlarmConfiguration(alarms -> alarms.enabled(true)), InvalidAlarmConfigException.class, "");
        refused(request -> request.autoRollbackConfiguration(rollback -> rollback.enabled(true)), InvalidAutoRollbackConfigException.class, "");
    }

    @Test
    void a_gradual_override_is_refused_behind_a_network_load_balancer() {
        world.withGroup(group -> group.loadBalancerInfo(World.pair(FakeElb.NETWORK)));
        refused(request -> request.deploymentConfigName("CodeDeployDefault.ECSCanary10Percent5Minutes"),
                InvalidTrafficRoutingConfigurationException.class, "Only ALB supports gradual traffic routing");
    }

    @Test
    void a_deployment_is_asked_for_by_an_id_that_looks_like_one() {
        assertThatThrownBy(() -> world.info("")).isInstanceOf(DeploymentIdRequiredException.class);
        assertThatThrownBy(() -> world.info("nonsense")).isInstanceOf(InvalidDeploymentIdException.class);
        assertThatThrownBy(() -> world.info("d-000000000")).isInstanceOf(DeploymentDoesNotExistException.class)
                .hasMessageContaining("The deployment d-000000000 could not be found");
    }

    @Test
    void the_one_target_of_a_deployment_is_its_service() {
        world.withGroup();
        String id = world.deploy();
        assertThatThrownBy(() -> world.target(id)).isInstanceOf(DeploymentNotStartedException.class);
        world.seconds(5);

        assertThat(world.asUser(() -> world.codeDeploy.listDeploymentTargets(request -> request.deploymentId(id)).targetIds()))
                .containsExactly(World.TARGET);
        assertThat(world.asUser(() -> world.codeDeploy.batchGetDeploymentTargets(
                request -> request.deploymentId(id).targetIds(World.TARGET)).deploymentTargets())).hasSize(1);
        assertThatThrownBy(() -> world.asUser(() -> world.codeDeploy.batchGetDeploymentTargets(
                        request -> request.deploymentId(id).targetIds(World.TARGET, "demo:other"))))
                .isInstanceOf(DeploymentTargetListSizeExceededException.class);
        assertThatThrownBy(() -> target(id, "demo:other")).isInstanceOf(DeploymentTargetDoesNotExistException.class);
        assertThatThrownBy(() -> target(id, "demo")).isInstanceOf(InvalidDeploymentTargetIdException.class);
        assertThatThrownBy(() -> target(id, null)).isInstanceOf(DeploymentTargetIdRequiredException.class);
    }

    @Test
    void during_the_first_event_only_blue_is_shown() {
        world.withGroup();
        String id = world.deploy(request -> request.revision(World.withHooks("BeforeInstall")));
        world.seconds(5);
        assertThat(world.taskSets(id)).containsExactly("Blue ecs-svc/1000 PRIMARY 100");
    }

    @Test
    void targets_can_be_filtered_by_their_status() {
        world.withGroup();
        String id = world.deploy();
        world.minutes(10);
        assertThat(targets(id, "TargetStatus", "Succeeded")).containsExactly(World.TARGET);
        assertThat(targets(id, "TargetStatus", "Failed")).isEmpty();
        assertThatThrownBy(() -> targets(id, "Color", "green")).isInstanceOf(InvalidTargetFilterNameException.class);
    }

    @Test
    void deployments_are_listed_newest_first_and_by_their_status() {
        world.withGroup();
        String first = world.deploy();
        world.minutes(10);
        String second = world.deploy();
        assertThat(list(request -> request)).containsExactly(second, first);
        assertThat(list(request -> request.includeOnlyStatuses(DeploymentStatus.SUCCEEDED))).containsExactly(first);
        assertThat(list(request -> request.applicationName(World.APPLICATION).deploymentGroupName(World.GROUP))).containsExactly(second, first);
        assertThat(list(request -> request.createTimeRange(range -> range.start(world.time.now().minusSeconds(60))))).containsExactly(second);
        assertThat(list(request -> request.externalId("stack"))).isEmpty();
        assertThat(world.asUser(() -> world.codeDeploy.batchGetDeployments(request -> request.deploymentIds(first, second)).deploymentsInfo()))
                .hasSize(2);
    }

    @Test
    void filters_of_the_list_must_make_sense() {
        world.withGroup();
        assertThatThrownBy(() -> list(request -> request.applicationName(World.APPLICATION)))
                .isInstanceOf(DeploymentGroupNameRequiredException.class);
        assertThatThrownBy(() -> list(request -> request.deploymentGroupName(World.GROUP))).isInstanceOf(ApplicationNameRequiredException.class);
        assertThatThrownBy(() -> list(request -> request.includeOnlyStatusesWithStrings("Done")))
                .isInstanceOf(InvalidDeploymentStatusException.class);
        assertThatThrownBy(() ->
                list(request -> request.createTimeRange(range -> range.start(world.time.now()).end(world.time.now().minusSeconds(1)))))
                .isInstanceOf(InvalidTimeRangeException.class);
    }

    @Test
    void every_page_of_many_deployments_is_seen_once() {
        world.withGroup(group -> group.blueGreenDeploymentConfiguration(World.waits(0, 0)));
        world.ecs.becomesSteadyAfter = Duration.ZERO;
        for (int i = 0; i < 105; i++) {
            world.deploy();
            world.seconds(1);
        }
        List<String> seen = new ArrayList<>();
        ListDeploymentsResponse page = world.asUser(() -> world.codeDeploy.listDeployments(request -> request.build()));
        seen.addAll(page.deployments());
        String token = page.nextToken();
        page = world.asUser(() -> world.codeDeploy.listDeployments(request -> request.nextToken(token)));
        seen.addAll(page.deployments());
        assertThat(seen).hasSize(105).doesNotHaveDuplicates();
        assertThat(page.nextToken()).isNull();
    }

    @Test
    void the_states_of_a_deployment_are_facts_for_the_event_bus() {
        world.withGroup(group -> group.blueGreenDeploymentConfiguration(World.waits(60, 5)));
        world.deploy();
        world.minutes(90);
        Table<StateChange> facts = world.store.table("codedeploy.events", StateChange.class);
        assertThat(facts.list()).extracting(StateChange::state)
                .containsExactlyInAnyOrder(State.START, State.READY, State.STOP, State.START, State.SUCCESS);
        assertThat(facts.list()).allSatisfy(fact -> assertThat(fact.application()).isEqualTo(World.APPLICATION));
    }

    private void refused(UnaryOperator<CreateDeploymentRequest.Builder> change, Class<? extends CodeDeployException> error, String text) {
        assertThatThrownBy(() -> world.deploy(change)).isInstanceOf(error).hasMessageContaining(text);
    }

    private void target(String deployment, String target) {
        world.asUser(() -> world.codeDeploy.getDeploymentTarget(request -> request.deploymentId(deployment).targetId(target)));
    }

    private List<String> targets(String deployment, String filter, String value) {
        return world.asUser(() -> world.codeDeploy.listDeploymentTargets(
                request -> request.deploymentId(deployment).targetFiltersWithStrings(Map.of(filter, List.of(value)))).targetIds());
    }

    private List<String> list(UnaryOperator<ListDeploymentsRequest.Builder> change) {
        return world.asUser(() -> world.codeDeploy.listDeployments(change.apply(ListDeploymentsRequest.builder()).build()).deployments());
    }
}
