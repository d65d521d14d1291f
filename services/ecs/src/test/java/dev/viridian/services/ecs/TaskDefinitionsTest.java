package dev.viridian.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerCondition;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LogDriver;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.SortOrder;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionField;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

class TaskDefinitionsTest {
    final World world = new World();

    @Test
    void revisions_count_up_and_are_never_given_twice() {
        world.fargate("web", "web:1");
        world.fargate("web", "web:1");
        TaskDefinition third = world.fargate("web", "web:1");
        assertThat(third.revision()).isEqualTo(3);

        world.as(() -> world.ecs.deregisterTaskDefinition(gone -> gone.taskDefinition("web:3")));
        assertThat(world.as(() -> world.ecs.describeTaskDefinition(describe -> describe.taskDefinition("web"))).taskDefinition().revision())
                .isEqualTo(2);
        assertThat(world.as(() -> world.ecs.describeTaskDefinition(describe -> describe.taskDefinition("web:3"))).taskDefinition().status())
                .isEqualTo(TaskDefinitionStatus.INACTIVE);
        assertThat(world.fargate("web", "web:1").revision()).isEqualTo(4);
    }

    @Test
    void what_is_registered_comes_back_with_every_default_filled_in() {
        TaskDefinition shown = world.register(request -> request.family("app").cpu(".25 vCPU").memory("1GB").networkMode(NetworkMode.AWSVPC)
                .requiresCompatibilitiesWithStrings("FARGATE").containerDefinitions(World.container("web:1").build())
                .tags(tag -> tag.key("team").value("a")));
        assertThat(shown.cpu()).isEqualTo("256");
        assertThat(shown.memory()).isEqualTo("1024");
        assertThat(shown.compatibilities()).containsExactly(Compatibility.EC2, Compatibility.FARGATE);
        assertThat(shown.status()).isEqualTo(TaskDefinitionStatus.ACTIVE);
        assertThat(shown.registeredBy()).isEqualTo("arn:aws:iam::000000000000:user/dev");
        assertThat(shown.taskDefinitionArn()).isEqualTo("arn:aws:ecs:us-east-1:000000000000:task-definition/app:1");
        assertThat(shown.requiresAttributes()).anyMatch(attribute -> attribute.name().equals("ecs.capability.task-eni"));
        ContainerDefinition container = shown.containerDefinitions().getFirst();
        assertThat(container.essential()).isTrue();
        assertThat(container.cpu()).isZero();
        assertThat(container.hasEnvironment()).isTrue();
        assertThat(container.portMappings().getFirst().hostPort()).isEqualTo(80);
        assertThat(container.portMappings().getFirst().protocolAsString()).isEqualTo("tcp");
        assertThat(world.as(() -> world.ecs.describeTaskDefinition(describe -> describe.taskDefinition("app").include(TaskDefinitionField.TAGS)))
                .tags())
                .extracting(tag -> tag.key()).containsExactly("team");
    }

    @Test
    void a_bridge_definition_defaults_to_dynamic_host_ports() {
        TaskDefinition shown = world.register(request -> request.family("app").memory("512").containerDefinitions(World.container("web:1").build()));
        assertThat(shown.networkMode()).isEqualTo(NetworkMode.BRIDGE);
        assertThat(shown.containerDefinitions().getFirst().portMappings().getFirst().hostPort()).isZero();
        assertThat(shown.compatibilities()).containsExactly(Compatibility.EXTERNAL, Compatibility.EC2);
    }

    @ParameterizedTest
    @CsvSource({"256,512,true", "256,1024,true", "256,2048,true", "256,4096,false", "512,1024,true", "512,512,false", "1024,8192,true",
            "1024,9216,false",
            "4096,30720,true", "8192,16384,true", "8192,17408,false", "16384,122880,true", "300,512,false"})
    void fargate_offers_only_certain_sizes(int cpu, int memory, boolean offered) {
        assertThat(TaskSize.fargateOffers(cpu, memory)).isEqualTo(offered);
    }

    @Test
    void what_cannot_be_is_refused_in_ecs_words() {
        refused("No Fargate configuration exists for given values: 256 CPU, 4096 memory", fargate(request -> request.memory("4096")));
        refused("Fargate requires that 'cpu' be defined at the task level.", fargate(request -> request.cpu(null)));
        refused("Fargate requires that 'memory' be defined at the task level.", fargate(request -> request.memory(null)));
        refused("Fargate only supports network mode 'awsvpc'.", fargate(request -> request.networkMode(NetworkMode.BRIDGE)));
        refused("EphemeralStorage size should be at least 21", fargate(request -> request.ephemeralStorage(size -> size.sizeInGiB(20))));
        refused("EphemeralStorage size should be at most 200", fargate(request -> request.ephemeralStorage(size -> size.sizeInGiB(201))));
        refused("Task definition does not have any containers", fargate(request -> request.containerDefinitions(List.of())));
        refused("Fargate requires task definition to have execution role ARN to support ECR images.",
                fargate(with(web -> web.image("000000000000.dkr.ecr.us-east-1.amazonaws.com/app:1"))));
        refused("Fargate requires task definition to have execution role ARN to support log driver awslogs.",
                fargate(with(web -> web.logConfiguration(log -> log.logDriver(LogDriver.AWSLOGS)))));
    }

    @Test
    void what_a_container_cannot_be_is_refused_in_ecs_words() {
        refused("When networkMode=awsvpc, the host ports and container ports in port mappings must match.",
                fargate(with(web -> web.portMappings(port -> port.containerPort(80).hostPort(8080)))));
        refused("Invalid setting for container 'web'. At least one of 'memory' or 'memoryReservation' must be specified.",
                request -> request.family("app").containerDefinitions(World.container("web:1").build()));
        refused("Unknown volume 'data'.", fargate(with(web -> web.mountPoints(point -> point.sourceVolume("data").containerPath("/d")))));
        refused("At least one essential container", fargate(with(web -> web.essential(false))));
        refused("HealthCheck.interval must be between 5 and 300",
                fargate(with(web -> web.healthCheck(check -> check.command("CMD", "x").interval(4)))));
        refused("Container.image should not be null or empty.", fargate(with(web -> web.image(null))));
        refused("environmentFiles.value must be", fargate(with(web -> web.environmentFiles(file -> file.type("s3").value("arn:aws:s3:::b/k.txt")))));
    }

    @Test
    void containers_may_not_wait_for_each_other_in_a_circle() {
        refused("form a cycle", fargate(request -> request.containerDefinitions(waiting("a", "b", ContainerCondition.START),
                waiting("b", "a", ContainerCondition.START))));
        refused("which is essential", fargate(request -> request.containerDefinitions(waiting("a", "b", ContainerCondition.SUCCESS), named("b"))));
        refused("which has no healthCheck",
                fargate(request -> request.containerDefinitions(waiting("a", "b", ContainerCondition.HEALTHY), named("b"))));
        refused("unknown container 'c'", fargate(request -> request.containerDefinitions(waiting("a", "c", ContainerCondition.START))));
    }

    private static ContainerDefinition named(String name) {
        return ContainerDefinition.builder().name(name).image("web:1").build();
    }

    private static ContainerDefinition waiting(String name, String other, ContainerCondition condition) {
        return named(name).toBuilder().dependsOn(on -> on.containerName(other).condition(condition)).build();
    }

    private static Consumer<RegisterTaskDefinitionRequest.Builder> with(Consumer<ContainerDefinition.Builder> change) {
        return request -> {
            ContainerDefinition.Builder web = World.container("web:1");
            change.accept(web);
            request.containerDefinitions(web.build());
        };
    }

    private static Consumer<RegisterTaskDefinitionRequest.Builder> fargate(Consumer<RegisterTaskDefinitionRequest.Builder> change) {
        return request -> {
            request.family("app").cpu("256").memory("512").networkMode(NetworkMode.AWSVPC).requiresCompatibilitiesWithStrings("FARGATE")
                    .containerDefinitions(World.container("web:1").build());
            change.accept(request);
        };
    }

    private void refused(String message, Consumer<RegisterTaskDefinitionRequest.Builder> request) {
        assertThatThrownBy(() -> world.register(request)).isInstanceOf(ClientException.class).hasMessageContaining(message);
    }

    @Test
    void lists_page_by_token_and_know_families() {
        world.fargate("one", "web:1");
        world.fargate("two", "web:1");
        world.fargate("two", "web:1");
        var first = world.as(() -> world.ecs.listTaskDefinitions(list -> list.maxResults(2)));
        assertThat(first.taskDefinitionArns()).hasSize(2);
        var second = world.as(() -> world.ecs.listTaskDefinitions(list -> list.maxResults(2).nextToken(first.nextToken())));
        assertThat(second.taskDefinitionArns()).singleElement().asString().endsWith("two:2");
        assertThat(second.nextToken()).isNull();
        assertThat(world.as(() -> world.ecs.listTaskDefinitions(list -> list.sort(SortOrder.DESC))).taskDefinitionArns().getFirst())
                .endsWith("two:2");
        assertThat(world.as(() -> world.ecs.listTaskDefinitionFamilies(list -> list.familyPrefix("t"))).families()).containsExactly("two");
    }

    @Test
    void deleting_needs_deregistering_first() {
        world.fargate("web", "web:1");
        var refused = world.as(() -> world.ecs.deleteTaskDefinitions(delete -> delete.taskDefinitions("web:1", "web:9")));
        assertThat(refused.failures()).extracting(failure -> failure.reason()).containsExactly("ACTIVE", "MISSING");
        world.as(() -> world.ecs.deregisterTaskDefinition(gone -> gone.taskDefinition("web:1")));
        assertThat(world.as(() -> world.ecs.deleteTaskDefinitions(delete -> delete.taskDefinitions("web:1"))).taskDefinitions())
                .extracting(TaskDefinition::status).containsExactly(TaskDefinitionStatus.DELETE_IN_PROGRESS);
    }

    @Test
    void unknown_ones_are_told_apart_by_their_texts() {
        assertThatThrownBy(() -> world.as(() -> world.ecs.describeTaskDefinition(describe -> describe.taskDefinition("nope"))))
                .isInstanceOf(ClientException.class).hasMessageContaining("Unable to describe task definition.");
        assertThatThrownBy(() -> world.as(() -> world.ecs.describeTaskDefinition(describe -> describe.taskDefinition("nope:latest"))))
                .isInstanceOf(InvalidParameterException.class).hasMessageContaining("Invalid revision number. Number: latest");
    }
}
