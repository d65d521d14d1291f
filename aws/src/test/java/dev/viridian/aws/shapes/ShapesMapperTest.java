package dev.viridian.aws.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import tools.jackson.databind.json.JsonMapper;

class ShapesMapperTest {
    private final JsonMapper mapper = ShapesMapper.create();

    record Stored(String name, @Nullable TaskDefinition definition, Instant at, Duration bake, List<KeyValuePair> pairs, SdkBytes bytes,
            Compatibility compatibility) {}

    record Loose(String name, @Nullable String other, Optional<String> maybe, int count) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({@JsonSubTypes.Type(value = Routing.Canary.class, name = "canary"),
            @JsonSubTypes.Type(value = Routing.AllAtOnce.class, name = "all")})
    sealed interface Routing {
        record Canary(int percent, KeyValuePair pair) implements Routing {}

        record AllAtOnce() implements Routing {}
    }

    record Deployment(Routing routing, Map<String, Routing> others) {}

    @Test
    void a_record_that_holds_sdk_objects_comes_back_equal() {
        TaskDefinition definition = TaskDefinition.builder().family("shop").revision(3).registeredAt(Instant.parse("2026-01-01T00:00:00.123456Z"))
                .requiresCompatibilities(Compatibility.FARGATE)
                .containerDefinitions(ContainerDefinition.builder().name("web").essential(true).command("sh", "-c", "true")
                        .portMappings(PortMapping.builder().containerPort(80).build()).dockerLabels(Map.of("a", "b")).build()).build();
        Stored stored = new Stored("x", definition, Instant.parse("2026-01-01T00:00:00.000000001Z"), Duration.ofMinutes(5),
                List.of(KeyValuePair.builder().name("n").value("v").build()), SdkBytes.fromUtf8String("bytes"), Compatibility.EC2);

        String json = mapper.writeValueAsString(stored);

        assertThat(mapper.readValue(json, Stored.class)).isEqualTo(stored);
        assertThat(json).contains("\"registeredAt\":\"2026-01-01T00:00:00.123456Z\"").contains("\"PT5M\"").contains("\"FARGATE\"");
    }

    @Test
    void an_empty_list_and_an_absent_one_stay_different() {
        Task empty = Task.builder().taskArn("a").containers(List.of()).build();
        Task absent = Task.builder().taskArn("a").build();

        assertThat(mapper.readValue(mapper.writeValueAsString(empty), Task.class).hasContainers()).isTrue();
        assertThat(mapper.readValue(mapper.writeValueAsString(absent), Task.class).hasContainers()).isFalse();
    }

    @Test
    void an_idempotency_token_nobody_gave_is_not_invented() {
        CreateServiceRequest request = CreateServiceRequest.builder().serviceName("web").build();

        assertThat(mapper.writeValueAsString(request)).isEqualTo("{\"serviceName\":\"web\"}");
    }

    @Test
    void sealed_choices_with_sdk_objects_inside_come_back() {
        Deployment deployment = new Deployment(new Routing.Canary(10, KeyValuePair.builder().name("a").build()),
                Map.of("x", new Routing.AllAtOnce()));

        assertThat(mapper.readValue(mapper.writeValueAsString(deployment), Deployment.class)).isEqualTo(deployment);
    }

    @Test
    void unknown_members_are_ignored_and_missing_ones_are_absent() {
        Loose loose = mapper.readValue("{\"name\":\"n\",\"later\":{\"a\":1}}", Loose.class);

        assertThat(loose).isEqualTo(new Loose("n", null, Optional.empty(), 0));
        assertThat(mapper.readValue("{\"family\":\"f\",\"fromTheFuture\":[1,{}]}", TaskDefinition.class).family()).isEqualTo("f");
    }
}
