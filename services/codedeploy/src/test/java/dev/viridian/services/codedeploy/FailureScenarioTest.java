package dev.viridian.services.codedeploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.services.codedeploy.world.FakeElb;
import dev.viridian.services.codedeploy.world.World;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.codedeploy.model.BundleType;
import software.amazon.awssdk.services.codedeploy.model.CreateDeploymentRequest;
import software.amazon.awssdk.services.codedeploy.model.DeploymentInfo;
import software.amazon.awssdk.services.codedeploy.model.DeploymentStatus;
import software.amazon.awssdk.services.codedeploy.model.ErrorCode;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Exception;

/// Deployments that fail by themselves, and what they say about it.
class FailureScenarioTest {
    final World world = new World();

    @Test
    void a_green_that_never_becomes_healthy_fails_after_an_hour_and_production_was_never_touched() {
        world.withGroup();
        int changes = world.elb.changes.size();
        world.ecs.becomesSteady = false;
        String id = world.deploy();
        world.minutes(59);
        assertThat(world.events(id)).contains("Install=InProgress");

        world.minutes(2);
        DeploymentInfo failed = world.info(id);
        assertThat(failed.status()).isEqualTo(DeploymentStatus.FAILED);
        assertThat(failed.errorInformation().message()).isEqualTo(
                "The deployment timed out while waiting for the replacement task set to become healthy. This time out period is 60 minutes.");
        assertThat(world.elb.changes.stream().skip(changes).filter(change -> change.listener().equals(FakeElb.PRODUCTION))).isEmpty();
        assertThat(world.ecs.alive()).hasSize(1);
    }

    @Test
    void what_ecs_refuses_is_quoted() {
        world.withGroup();
        world.ecs.faults.next("createTaskSet",
                Errors.refused(EcsException.builder(), "The container web did not have a container port 443 defined."));
        String id = world.deploy();
        world.minutes(1);

        assertThat(world.info(id).errorInformation().code()).isEqualTo(ErrorCode.ECS_UPDATE_ERROR);
        assertThat(world.info(id).errorInformation().message()).matches(
                "The ECS service cannot be updated due to an unexpected error: The container web did not have a container port 443 defined\\."
                        + " \\(Service: AmazonECS; Status Code: 400; Error Code: InvalidParameterException; Request ID: .*; Proxy: null\\)\\."
                        + " Check your ECS service status\\.");
        assertThat(world.events(id)).contains("Install=Failed");
    }

    @Test
    void a_role_without_permissions_is_named_together_with_the_service() {
        world.withGroup();
        world.elb.faults.always("modifyListener", () -> Errors.denied(ElasticLoadBalancingV2Exception.builder()));
        String id = world.deploy();
        world.minutes(2);

        assertThat(world.info(id).errorInformation().code()).isEqualTo(ErrorCode.IAM_ROLE_PERMISSIONS);
        assertThat(world.info(id).errorInformation().message()).isEqualTo("The IAM role " + World.ROLE
                + " does not give you permission to perform operations in the following AWS service: AmazonElasticLoadBalancingV2.");
    }

    @Test
    void a_listener_that_does_not_serve_the_primary_task_set_is_refused() {
        world.withGroup();
        world.elb.listeners.put(FakeElb.PRODUCTION, List.of(FakeElb.forwardTo(FakeElb.OTHER)));
        String id = world.deploy();
        world.minutes(1);

        assertThat(world.info(id).errorInformation().code()).isEqualTo(ErrorCode.ELASTIC_LOAD_BALANCING_INVALID);
        assertThat(world.info(id).errorInformation().message())
                .isEqualTo("The ELB could not be updated due to the following error: Primary taskset target group"
                + " must be behind listener " + FakeElb.PRODUCTION);
        assertThat(world.ecs.sets).hasSize(1);
    }

    @Test
    void a_service_that_is_gone_or_under_another_controller_fails_the_deployment() {
        world.withGroup();
        world.ecs.exists = false;
        String gone = world.deploy();
        world.minutes(1);
        assertThat(world.info(gone).errorInformation().code()).isEqualTo(ErrorCode.INVALID_ECS_SERVICE);

        world.ecs.exists = true;
        world.ecs.controller = DeploymentControllerType.ECS;
        String other = world.deploy();
        world.minutes(1);
        assertThat(world.info(other).errorInformation().code()).isEqualTo(ErrorCode.INVALID_ECS_SERVICE);
        assertThat(world.info(other).errorInformation().message()).contains("CODE_DEPLOY");
    }

    @Test
    void trouble_that_passes_is_borne() {
        world.withGroup();
        world.ecs.faults.always("describeServices", () -> Errors.busy(EcsException.builder()));
        String id = world.deploy();
        world.minutes(20);
        assertThat(world.info(id).status()).isEqualTo(DeploymentStatus.CREATED);

        world.ecs.faults.never("describeServices");
        world.minutes(10);
        assertThat(world.status(id)).isEqualTo(DeploymentStatus.SUCCEEDED);
    }

    @Test
    void trouble_that_does_not_pass_ends_the_deployment_after_an_hour() {
        world.withGroup();
        world.ecs.faults.always("createTaskSet", () -> Errors.busy(EcsException.builder()));
        String id = world.deploy();
        world.minutes(62);

        assertThat(world.status(id)).isEqualTo(DeploymentStatus.FAILED);
    }

    @Test
    void a_green_that_stays_unsteady_under_traffic_for_five_minutes_fails_the_deployment() {
        world.withGroup(group -> group.deploymentConfigName("CodeDeployDefault.ECSLinear10PercentEvery1Minutes"));
        String id = world.deploy();
        world.minutes(3);
        world.ecs.markedWith(id).orElseThrow().steadyAt = Instant.MAX;
        world.minutes(4);
        assertThat(world.info(id).status()).isEqualTo(DeploymentStatus.IN_PROGRESS);

        world.minutes(2);
        assertThat(world.info(id).status()).isEqualTo(DeploymentStatus.FAILED);
        assertThat(world.info(id).errorInformation().code()).isEqualTo(ErrorCode.HEALTH_CONSTRAINTS);
        assertThat(world.share(FakeElb.ONE)).isEqualTo(100);
    }

    @Test
    void a_green_that_recovers_in_time_goes_on() {
        world.withGroup(group -> group.deploymentConfigName("CodeDeployDefault.ECSLinear10PercentEvery1Minutes"));
        String id = world.deploy();
        world.minutes(3);
        world.ecs.markedWith(id).orElseThrow().steadyAt = world.time.now().plus(Duration.ofMinutes(2));
        world.minutes(30);

        assertThat(world.info(id).status()).isEqualTo(DeploymentStatus.SUCCEEDED);
    }

    @Test
    void a_green_somebody_deletes_fails_the_deployment() {
        world.withGroup(group -> group.deploymentConfigName("CodeDeployDefault.ECSCanary10Percent5Minutes"));
        String id = world.deploy();
        world.minutes(2);
        world.ecs.markedWith(id).orElseThrow().status = "DRAINING";
        world.seconds(30);

        assertThat(world.info(id).errorInformation().message()).contains("replacement task set");
        assertThat(world.elb.serving(FakeElb.PRODUCTION)).isEqualTo(Map.of(FakeElb.ONE, 100));
    }

    @Test
    void an_appspec_in_s3_is_read_when_the_deployment_begins() {
        world.withGroup();
        world.s3.objects.put("appspec.yaml", World.APPSPEC.getBytes(StandardCharsets.UTF_8));
        String id = world.deploy(fromS3("appspec.yaml", BundleType.YAML));
        world.minutes(10);

        assertThat(world.status(id)).isEqualTo(DeploymentStatus.SUCCEEDED);
    }

    @Test
    void a_malformed_appspec_in_s3_fails_the_deployment_and_says_where() {
        world.withGroup();
        world.s3.objects.put("appspec.yaml", World.APPSPEC.replace("ContainerPort: 80", "ContainerPort: http").getBytes(StandardCharsets.UTF_8));
        String id = world.deploy(fromS3("appspec.yaml", BundleType.YAML));
        world.minutes(1);

        assertThat(world.status(id)).isEqualTo(DeploymentStatus.FAILED);
        assertThat(world.info(id).errorInformation().code()).isEqualTo(ErrorCode.INVALID_REVISION);
        assertThat(world.info(id).errorInformation().message()).contains("line 9, column 26").contains("ContainerPort");
    }

    @Test
    void an_object_that_vanished_between_request_and_beginning_is_missing() {
        world.withGroup();
        world.s3.objects.put("appspec.yaml", new byte[0]);
        String id = world.deploy(fromS3("appspec.yaml", BundleType.YAML));
        world.s3.objects.clear();
        world.minutes(1);

        assertThat(world.info(id).errorInformation().code()).isEqualTo(ErrorCode.REVISION_MISSING);
    }

    @Test
    void a_zip_that_is_said_to_be_yaml_is_called_one() throws IOException {
        world.withGroup();
        world.s3.objects.put("artifact", zip("appspec.yaml"));
        String id = world.deploy(fromS3("artifact", BundleType.YAML));
        world.minutes(1);

        assertThat(world.info(id).errorInformation().message()).isEqualTo(
                "The deployment specifies that the revision is a null file, but the revision provided is a zip file.");
    }

    @Test
    void a_build_artifact_with_an_appspec_at_its_root_is_taken_as_codepipeline_hands_it_over() throws IOException {
        world.withGroup();
        world.s3.objects.put("artifact", zip("appspec.yaml"));
        String id = world.deploy(fromS3("artifact", BundleType.ZIP));
        world.minutes(10);
        assertThat(world.status(id)).isEqualTo(DeploymentStatus.SUCCEEDED);

        world.s3.objects.put("artifact", zip("deploy/appspec.yaml"));
        String without = world.deploy(fromS3("artifact", BundleType.ZIP));
        world.minutes(1);
        assertThat(world.info(without).errorInformation().code()).isEqualTo(ErrorCode.INVALID_REVISION);
    }

    private static UnaryOperator<CreateDeploymentRequest.Builder> fromS3(String key, BundleType type) {
        return request -> request.revision(revision -> revision.revisionType("S3")
                .s3Location(s3 -> s3.bucket("artifacts").key(key).bundleType(type)));
    }

    private static byte[] zip(String entry) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(entry));
            zip.write(World.APPSPEC.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
