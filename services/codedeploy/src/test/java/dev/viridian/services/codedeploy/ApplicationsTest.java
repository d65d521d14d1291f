package dev.viridian.services.codedeploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Principal;
import dev.viridian.services.codedeploy.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.codedeploy.model.*;

/// Applications, configurations, revisions and tags.
class ApplicationsTest {
    final World world = new World();

    @Test
    void a_name_can_be_taken_once() {
        world.withApplication();
        assertThatThrownBy(world::withApplication).isInstanceOf(ApplicationAlreadyExistsException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", "a/b", "name!", "ä"})
    void a_name_has_letters_digits_and_a_few_signs(String name) {
        assertThatThrownBy(() -> create(name)).isInstanceOf(InvalidApplicationNameException.class);
    }

    @Test
    void a_name_may_have_100_characters() {
        create("a".repeat(100));
        assertThatThrownBy(() -> create("a".repeat(101))).isInstanceOf(InvalidApplicationNameException.class);
    }

    @Test
    void an_application_is_shown_with_its_platform() {
        world.withApplication();
        ApplicationInfo info = world.asUser(() -> world.codeDeploy.getApplication(request -> request.applicationName(World.APPLICATION))
                .application());
        assertThat(info.computePlatform()).isEqualTo(ComputePlatform.ECS);
        assertThat(info.linkedToGitHub()).isFalse();
        assertThat(info.applicationId()).matches("[0-9a-f-]{36}");
        assertThat(info.createTime()).isEqualTo(world.time.now());
    }

    @Test
    void the_platform_is_server_when_nobody_says_otherwise() {
        world.asUser(() -> world.codeDeploy.createApplication(request -> request.applicationName("fleet")));
        assertThat(world.asUser(() -> world.codeDeploy.getApplication(request -> request.applicationName("fleet")).application().computePlatform()))
                .isEqualTo(ComputePlatform.SERVER);
    }

    @Test
    void an_unknown_application_is_named() {
        assertThatThrownBy(() -> world.asUser(() -> world.codeDeploy.getApplication(request -> request.applicationName("nope"))))
                .isInstanceOf(ApplicationDoesNotExistException.class)
                .hasMessageContaining("No application found for name: nope");
    }

    @Test
    void an_account_and_a_region_see_only_their_own() {
        world.withApplication();
        Caller elsewhere = new Caller("111122223333", "eu-west-1", new Principal.Root("111122223333"), "request-2");
        assertThat(Caller.get(elsewhere, () -> world.codeDeploy.listApplications(request -> request.build()).applications())).isEmpty();
    }

    @Test
    void lists_come_in_pages_of_a_hundred() {
        IntStream.range(0, 250).forEach(i -> create(String.format("app-%03d", i)));
        List<String> seen = new ArrayList<>();
        String token = null;
        do {
            String next = token;
            ListApplicationsResponse page = world.asUser(() -> world.codeDeploy.listApplications(request -> request.nextToken(next)));
            seen.addAll(page.applications());
            assertThat(page.applications()).hasSizeLessThanOrEqualTo(100);
            token = page.nextToken();
        } while (token != null);
        assertThat(seen).hasSize(250).doesNotHaveDuplicates().isSorted();
        assertThatThrownBy(() -> world.asUser(() -> world.codeDeploy.listApplications(request -> request.nextToken("forged"))))
                .isInstanceOf(InvalidNextTokenException.class);
    }

    @Test
    void a_renamed_application_keeps_its_groups_and_their_deployments() {
        world.withGroup();
        String id = world.deploy();
        world.minutes(10);
        world.asUser(() -> world.codeDeploy.updateApplication(request -> request.applicationName(World.APPLICATION).newApplicationName("store")));

        DeploymentGroupInfo group = world.asUser(() -> world.codeDeploy.getDeploymentGroup(
                request -> request.applicationName("store").deploymentGroupName(World.GROUP)).deploymentGroupInfo());
        assertThat(group.applicationName()).isEqualTo("store");
        assertThat(group.lastSuccessfulDeployment().deploymentId()).isEqualTo(id);
        assertThat(world.asUser(() -> world.codeDeploy.listDeployments(
                request -> request.applicationName("store").deploymentGroupName(World.GROUP)).deployments())).containsExactly(id);
    }

    @Test
    void deleting_an_application_takes_its_groups_along_and_may_be_repeated() {
        world.withGroup();
        world.asUser(() -> world.codeDeploy.deleteApplication(request -> request.applicationName(World.APPLICATION)));
        world.asUser(() -> world.codeDeploy.deleteApplication(request -> request.applicationName(World.APPLICATION)));
        world.withGroup();

        assertThat(world.asUser(() -> world.codeDeploy.listApplications(request -> request.build()).applications()))
                .containsExactly(World.APPLICATION);
    }

    @Test
    void the_predefined_configurations_are_there() {
        List<String> names = world.asUser(() -> world.codeDeploy.listDeploymentConfigs(request -> request.build()).deploymentConfigsList());
        assertThat(names).hasSize(17).contains(
                "CodeDeployDefault.ECSAllAtOnce", "CodeDeployDefault.ECSLinear10PercentEvery1Minutes",
                        "CodeDeployDefault.ECSLinear10PercentEvery3Minutes",
                "CodeDeployDefault.ECSCanary10Percent5Minutes", "CodeDeployDefault.ECSCanary10Percent15Minutes",
                "CodeDeployDefault.LambdaLinear10PercentEvery1Minute", "CodeDeployDefault.OneAtATime");
        DeploymentConfigInfo canary = config("CodeDeployDefault.ECSCanary10Percent5Minutes");
        assertThat(canary.computePlatform()).isEqualTo(ComputePlatform.ECS);
        assertThat(canary.trafficRoutingConfig().timeBasedCanary().canaryPercentage()).isEqualTo(10);
        assertThat(canary.trafficRoutingConfig().timeBasedCanary().canaryInterval()).isEqualTo(5);
    }

    @ParameterizedTest(name = "{0} {1}% every {2} min: {3}")
    @CsvSource(delimiter = '|', textBlock = """
            # type          | percent | minutes | accepted
            TimeBasedCanary |       1 |       1 | true
            TimeBasedCanary |      99 |    2880 | true
            TimeBasedCanary |       0 |       5 | false
            TimeBasedCanary |     100 |       5 | false
            TimeBasedCanary |      10 |       0 | false
            TimeBasedCanary |      10 |    2881 | false
            TimeBasedLinear |      10 |       1 | true
            TimeBasedLinear |      10 |     320 | true
            TimeBasedLinear |      10 |     321 | false
            TimeBasedLinear |     100 |       1 | false
            TimeBasedLinear |       0 |       1 | false
            """)
    void a_configuration_shifts_1_to_99_percent_in_at_most_two_days(String type, int percent, int minutes, boolean accepted) {
        TrafficRoutingConfig routing = type.equals("TimeBasedCanary")
                ? TrafficRoutingConfig.builder()
                        .type(type)
                        .timeBasedCanary(canary -> canary.canaryPercentage(percent).canaryInterval(minutes))
                        .build()
                : TrafficRoutingConfig.builder()
                        .type(type)
                        .timeBasedLinear(linear -> linear.linearPercentage(percent).linearInterval(minutes))
                        .build();
        if (accepted) {
            createConfig("mine", routing);
            assertThat(config("mine").trafficRoutingConfig()).isEqualTo(routing);
        } else {
            assertThatThrownBy(() -> createConfig("mine", routing)).isInstanceOf(InvalidTrafficRoutingConfigurationException.class);
        }
    }

    @Test
    void a_configuration_of_ones_own_must_not_look_predefined_nor_exist_already() {
        TrafficRoutingConfig routing = TrafficRoutingConfig.builder().type("AllAtOnce").build();
        assertThatThrownBy(() -> createConfig("CodeDeployDefault.Mine", routing)).isInstanceOf(InvalidDeploymentConfigNameException.class);
        assertThatThrownBy(() -> createConfig("a b", routing)).isInstanceOf(InvalidDeploymentConfigNameException.class);
        createConfig("mine", routing);
        assertThatThrownBy(() -> createConfig("mine", routing)).isInstanceOf(DeploymentConfigAlreadyExistsException.class);
    }

    @Test
    void a_configuration_can_be_deleted_when_nobody_uses_it_and_a_predefined_one_never() {
        createConfig("mine", TrafficRoutingConfig.builder().type("AllAtOnce").build());
        world.withGroup(group -> group.deploymentConfigName("mine"));
        assertThatThrownBy(() -> deleteConfig("mine")).isInstanceOf(DeploymentConfigInUseException.class);
        assertThatThrownBy(() -> deleteConfig("CodeDeployDefault.ECSCanary10Percent5Minutes")).isInstanceOf(InvalidOperationException.class);

        world.asUser(() -> world.codeDeploy.deleteDeploymentGroup(request -> request.applicationName(World.APPLICATION)
                .deploymentGroupName(World.GROUP)));
        deleteConfig("mine");
        assertThatThrownBy(() -> config("mine")).isInstanceOf(DeploymentConfigDoesNotExistException.class);
    }

    @Test
    void a_registered_revision_remembers_its_use() {
        world.withGroup();
        RevisionLocation revision = World.content(World.APPSPEC);
        world.asUser(() -> world.codeDeploy.registerApplicationRevision(
                request -> request.applicationName(World.APPLICATION).revision(revision).description("release 1")));
        assertThat(info(revision).firstUsedTime()).isNull();

        world.deploy();
        assertThat(info(revision).description()).isEqualTo("release 1");
        assertThat(info(revision).firstUsedTime()).isEqualTo(world.time.now());
        assertThat(info(revision).deploymentGroups()).containsExactly(World.GROUP);
        assertThat(world.asUser(() -> world.codeDeploy.listApplicationRevisions(
                request -> request.applicationName(World.APPLICATION).deployed("include")).revisions())).hasSize(1);
        assertThat(world.asUser(() -> world.codeDeploy.listApplicationRevisions(
                request -> request.applicationName(World.APPLICATION).deployed("exclude")).revisions())).isEmpty();
    }

    @Test
    void revisions_can_be_asked_for_by_bucket_and_only_with_words_that_exist() {
        world.withApplication();
        for (String key : List.of("a/1.yaml", "a/2.yaml", "b/1.yaml")) {
            world.asUser(() -> world.codeDeploy.registerApplicationRevision(request -> request.applicationName(World.APPLICATION)
                    .revision(revision -> revision.revisionType("S3").s3Location(s3 -> s3.bucket("artifacts").key(key).bundleType("YAML")))));
        }
        assertThat(world.asUser(() -> world.codeDeploy.listApplicationRevisions(
                request -> request.applicationName(World.APPLICATION).s3Bucket("artifacts").s3KeyPrefix("a/")).revisions())).hasSize(2);
        assertThatThrownBy(() -> world.asUser(() -> world.codeDeploy.listApplicationRevisions(
                        request -> request.applicationName(World.APPLICATION).s3KeyPrefix("a/"))))
                .isInstanceOf(BucketNameFilterRequiredException.class);
        assertThatThrownBy(() -> world.asUser(() -> world.codeDeploy.listApplicationRevisions(
                        request -> request.applicationName(World.APPLICATION).sortBy("size"))))
                .isInstanceOf(InvalidSortByException.class);
        assertThatThrownBy(() -> info(World.content(World.APPSPEC))).isInstanceOf(RevisionDoesNotExistException.class);
    }

    @Test
    void applications_and_groups_carry_tags_that_follow_a_new_name() {
        world.asUser(() -> world.codeDeploy.createApplication(request -> request.applicationName(World.APPLICATION).computePlatform("ECS")
                .tags(tag("team", "a"))));
        world.asUser(() -> world.codeDeploy.createDeploymentGroup(World.group().tags(tag("stage", "prod")).build()));
        String application = "arn:aws:codedeploy:us-east-1:111122223333:application:";
        String group = "arn:aws:codedeploy:us-east-1:111122223333:deploymentgroup:";
        world.asUser(() -> world.codeDeploy.tagResource(request -> request.resourceArn(application + World.APPLICATION).tags(tag("cost", "7"))));
        world.asUser(() -> world.codeDeploy.untagResource(request -> request.resourceArn(application + World.APPLICATION).tagKeys("team")));
        world.asUser(() -> world.codeDeploy.updateApplication(request -> request.applicationName(World.APPLICATION).newApplicationName("store")));

        assertThat(tags(application + "store")).containsExactly(tag("cost", "7"));
        assertThat(tags(group + "store/" + World.GROUP)).containsExactly(tag("stage", "prod"));
        assertThatThrownBy(() -> tags(application + World.APPLICATION)).isInstanceOf(ApplicationDoesNotExistException.class);
        assertThatThrownBy(() -> tags("nonsense")).isInstanceOf(InvalidArnException.class);
        assertThatThrownBy(() -> tags("arn:aws:codedeploy:us-east-1:111122223333:deploymentconfig:x")).isInstanceOf(ArnNotSupportedException.class);
    }

    @Test
    void deployments_on_other_platforms_are_honestly_not_there() {
        world.asUser(() -> world.codeDeploy.createApplication(request -> request.applicationName("functions").computePlatform("Lambda")));
        assertThatThrownBy(() ->
                world.asUser(() -> world.codeDeploy.createDeployment(request -> request.applicationName("functions").deploymentGroupName("g"))))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("Lambda");
    }

    private void create(String name) {
        world.asUser(() -> world.codeDeploy.createApplication(request -> request.applicationName(name).computePlatform(ComputePlatform.ECS)));
    }

    private void createConfig(String name, TrafficRoutingConfig routing) {
        world.asUser(() -> world.codeDeploy.createDeploymentConfig(
                request -> request.deploymentConfigName(name).computePlatform("ECS").trafficRoutingConfig(routing)));
    }

    private void deleteConfig(String name) {
        world.asUser(() -> world.codeDeploy.deleteDeploymentConfig(request -> request.deploymentConfigName(name)));
    }

    private DeploymentConfigInfo config(String name) {
        return world.asUser(() -> world.codeDeploy.getDeploymentConfig(request -> request.deploymentConfigName(name)).deploymentConfigInfo());
    }

    private GenericRevisionInfo info(RevisionLocation revision) {
        return world.asUser(() -> world.codeDeploy.getApplicationRevision(
                request -> request.applicationName(World.APPLICATION).revision(revision)).revisionInfo());
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    private List<Tag> tags(String arn) {
        return world.asUser(() -> world.codeDeploy.listTagsForResource(request -> request.resourceArn(arn)).tags());
    }
}
