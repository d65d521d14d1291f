package dev.viridian.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ClusterContainsServicesException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.PlatformUnknownException;
import software.amazon.awssdk.services.ecs.model.ServiceNotActiveException;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/// What a tester tries on services: the wrong container, the wrong group, the second time, too early, too late.
class ServiceRequestsTest {
    final World world = new World();
    final TaskDefinition definition = world.fargate("web", "web:1");

    @Test
    void a_load_balancer_must_fit() {
        String loose = world.elb.group("loose", TargetTypeEnum.IP, false);
        refused("The target group with targetGroupArn " + loose + " does not have an associated load balancer.",
                create -> create.loadBalancers(one -> one.targetGroupArn(loose).containerName("web").containerPort(80)));
        for (String none : List.of(loose.replace("loose", "none"), "loose")) {
            refused("Unable to assume role and validate the specified targetGroupArn.",
                    create -> create.loadBalancers(one -> one.targetGroupArn(none).containerName("web").containerPort(80)));
        }
        refused("The container nope does not exist in the task definition.",
                create -> create.loadBalancers(one -> one.targetGroupArn(world.blue).containerName("nope").containerPort(80)));
        refused("The container web did not have a container port 81 defined.",
                create -> create.loadBalancers(one -> one.targetGroupArn(world.blue).containerName("web").containerPort(81)));
        refused("has target type instance, which is incompatible with the awsvpc network mode specified in the task definition.",
                create -> create.loadBalancers(one -> one.targetGroupArn(world.bridged).containerName("web").containerPort(80)));
        refused("Duplicate targetGroupArn found: " + world.blue,
                create -> create.loadBalancers(one -> one.targetGroupArn(world.blue).containerName("web").containerPort(80),
                        two -> two.targetGroupArn(world.blue).containerName("web").containerPort(80)));
        refused("load balancers can have at most 1 items.", create -> create.deploymentController(by -> by.type("CODE_DEPLOY")).loadBalancers(
                one -> one.targetGroupArn(world.blue).containerName("web").containerPort(80),
                two -> two.targetGroupArn(world.green).containerName("web").containerPort(80)));
    }

    @Test
    void a_network_must_fit() {
        refused("Network Configuration must be provided when networkMode 'awsvpc' is specified.",
                create -> create.networkConfiguration((software.amazon.awssdk.services.ecs.model.NetworkConfiguration) null));
        refused("Error retrieving subnet information for [subnet-9]: The subnet ID 'subnet-9' does not exist (ErrorCode: InvalidSubnetID.NotFound)",
                create -> create.networkConfiguration(net -> net.awsvpcConfiguration(vpc -> vpc.subnets("subnet-9"))));
        refused("Error retrieving security group information for [sg-9]: The security group 'sg-9' does not exist (ErrorCode: InvalidGroup.NotFound)",
                create -> create.networkConfiguration(net -> net.awsvpcConfiguration(vpc -> vpc.subnets("subnet-1").securityGroups("sg-9"))));
        refused("Assign public IP is not supported for this launch type.", create -> create.launchType(LaunchType.EC2)
                .networkConfiguration(net -> net.awsvpcConfiguration(vpc -> vpc.subnets("subnet-1").assignPublicIp("ENABLED"))));
    }

    @Test
    void numbers_and_names_must_make_sense() {
        refused("Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments",
                create -> create.deploymentConfiguration(how -> how.minimumHealthyPercent(100).maximumPercent(100)));
        refused("Health check grace period is only valid for services configured to use load balancers",
                create -> create.loadBalancers(java.util.List.of()).healthCheckGracePeriodSeconds(10));
        refused("Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.",
                create -> create.capacityProviderStrategy(item -> item.capacityProvider("FARGATE").weight(1)));
        assertThatThrownBy(() -> world.service(definition, 1, create -> create.platformVersion("9.9"))).isInstanceOf(PlatformUnknownException.class);
        assertThatThrownBy(() -> world.service(definition, 1, create -> create.cluster("nope"))).isInstanceOf(ClusterNotFoundException.class)
                .hasMessageContaining("Cluster not found.");
        assertThatThrownBy(() -> world.service(definition, 1, create -> create.taskDefinition("nope"))).isInstanceOf(ClientException.class)
                .hasMessageContaining("TaskDefinition not found.");
        world.as(() -> world.ecs.deregisterTaskDefinition(gone -> gone.taskDefinition("web:1")));
        assertThatThrownBy(() -> world.service(definition, 1, create -> { })).isInstanceOf(ClientException.class)
                .hasMessageContaining("TaskDefinition is inactive");
    }

    private void refused(String message, Consumer<CreateServiceRequest.Builder> request) {
        assertThatThrownBy(() -> world.service(definition, 1, request)).isInstanceOf(InvalidParameterException.class).hasMessageContaining(message);
    }

    @Test
    void creating_twice_is_only_allowed_with_the_same_token_and_the_same_wish() {
        world.service(definition, 1, create -> create.clientToken("t"));
        assertThat(world.service(definition, 1, create -> create.clientToken("t")).serviceName()).isEqualTo("web");
        refused("Creation of service was not idempotent.", create -> create.clientToken("t").desiredCount(2));
        refused("Creation of service was not idempotent.", create -> { });
    }

    @Test
    void a_service_goes_away_in_steps() {
        world.service(definition, 1, DeploymentControllerType.CODE_DEPLOY);
        world.pass(Duration.ofSeconds(10));
        assertThatThrownBy(() -> world.as(() -> world.ecs.deleteService(delete -> delete.cluster("demo").service("web"))))
                .isInstanceOf(InvalidParameterException.class).hasMessageContaining("The service cannot be stopped while it is scaled above 0.");
        assertThatThrownBy(() -> world.as(() -> world.ecs.deleteCluster(delete -> delete.cluster("demo"))))
                .isInstanceOf(ClusterContainsServicesException.class)
                .hasMessageContaining("The Cluster cannot be deleted while Services are active.");

        world.as(() -> world.ecs.deleteService(delete -> delete.cluster("demo").service("web").force(true)));
        assertThat(world.web().status()).isEqualTo("DRAINING");
        refused("Unable to Start a service that is still Draining.", create -> { });
        assertThatThrownBy(() -> world.as(() -> world.ecs.updateService(update -> update.cluster("demo").service("web").desiredCount(1))))
                .isInstanceOf(ServiceNotActiveException.class);

        world.pass(Duration.ofMinutes(2));
        assertThat(world.web().status()).isEqualTo("INACTIVE");
        assertThat(world.as(() -> world.ecs.listServices(list -> list.cluster("demo"))).serviceArns()).isEmpty();
        world.as(() -> world.ecs.deleteCluster(delete -> delete.cluster("demo")));
        assertThat(world.as(() -> world.ecs.describeClusters(describe -> describe.clusters("demo"))).clusters().getFirst().status())
                .isEqualTo("INACTIVE");
    }

    @Test
    void an_inactive_name_can_be_used_again_and_is_forgotten_after_an_hour() {
        world.service(definition, 0, create -> { });
        world.as(() -> world.ecs.deleteService(delete -> delete.cluster("demo").service("web")));
        assertThat(world.web().status()).isEqualTo("INACTIVE");
        world.service(definition, 0, create -> { });
        assertThat(world.web().status()).isEqualTo("ACTIVE");
        world.as(() -> world.ecs.deleteService(delete -> delete.cluster("demo").service("web")));
        world.pass(Duration.ofMinutes(61));
        assertThat(world.as(() -> world.ecs.describeServices(describe -> describe.cluster("demo").services("web"))).failures())
                .singleElement().satisfies(failure -> assertThat(failure.reason()).isEqualTo("MISSING"));
    }

    @Test
    void an_unknown_service_is_missing_or_not_found() {
        assertThat(world.as(() -> world.ecs.describeServices(describe -> describe.cluster("demo").services("nope"))).failures().getFirst().arn())
                .isEqualTo("arn:aws:ecs:us-east-1:000000000000:service/demo/nope");
        assertThatThrownBy(() -> world.as(() -> world.ecs.updateService(update -> update.cluster("demo").service("nope").desiredCount(1))))
                .isInstanceOf(ServiceNotFoundException.class).hasMessageContaining("Service not found.");
    }

    @Test
    void a_deployment_controller_changes_only_in_documented_directions() {
        world.service(definition, 1, DeploymentControllerType.CODE_DEPLOY);
        world.pass(Duration.ofSeconds(60));
        world.as(() -> world.ecs.updateService(update -> update.cluster("demo").service("web").deploymentController(by -> by.type("ECS"))));
        world.pass(Duration.ofSeconds(60));
        assertThat(world.web().deployments()).singleElement().satisfies(one -> assertThat(one.rolloutStateAsString()).isEqualTo("COMPLETED"));
        assertThat(world.tasks()).hasSize(1);
        assertThatThrownBy(() -> world.as(() -> world.ecs.updateService(update -> update.cluster("demo").service("web")
                .deploymentController(by -> by.type("CODE_DEPLOY"))))).isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("Unable to update the deployment controller from ECS to CODE_DEPLOY.");
    }
}
