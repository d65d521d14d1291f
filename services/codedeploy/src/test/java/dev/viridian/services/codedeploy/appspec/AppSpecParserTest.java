package dev.viridian.services.codedeploy.appspec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AppSpecParserTest {
    static final String ARN = "arn:aws:ecs:us-east-1:111122223333:task-definition/web:7";
    static final String FULL = """
            version: 0.0
            Resources:
              - TargetService:
                  Type: AWS::ECS::Service
                  Properties:
                    TaskDefinition: "%s"
                    LoadBalancerInfo:
                      ContainerName: "web"
                      ContainerPort: 80
                    PlatformVersion: "1.4.0"
                    NetworkConfiguration:
                      AwsvpcConfiguration:
                        Subnets: ["subnet-1", "subnet-2"]
                        SecurityGroups: ["sg-1"]
                        AssignPublicIp: "ENABLED"
                    CapacityProviderStrategy:
                      - CapacityProvider: "FARGATE_SPOT"
                        Base: 1
                        Weight: 3
            Hooks:
              - BeforeInstall: "check"
              - AfterAllowTraffic: "arn:aws:lambda:us-east-1:111122223333:function:CodeDeployHook_smoke"
            """.formatted(ARN);

    @Test
    void everything_an_ecs_appspec_can_say_is_understood() {
        AppSpec spec = AppSpecParser.parse(FULL);
        assertThat(spec.taskDefinition()).isEqualTo(ARN);
        assertThat(spec.containerName()).isEqualTo("web");
        assertThat(spec.containerPort()).isEqualTo(80);
        assertThat(spec.platformVersion()).contains("1.4.0");
        assertThat(spec.network()).contains(new AppSpec.Network(List.of("subnet-1", "subnet-2"), List.of("sg-1"), Optional.of("ENABLED")));
        assertThat(spec.capacityProviders()).containsExactly(new AppSpec.CapacityProvider("FARGATE_SPOT", 1, 3));
        assertThat(spec.hooks()).isEqualTo(Map.of(
                "BeforeInstall", "check", "AfterAllowTraffic", "arn:aws:lambda:us-east-1:111122223333:function:CodeDeployHook_smoke"));
    }

    @Test
    void json_is_understood_too_also_when_it_is_indented_with_tabs() {
        AppSpec spec = AppSpecParser.parse("""
                {
                \t"version": 0.0,
                \t"Resources": [{"TargetService": {"Type": "AWS::ECS::Service", "Properties": {
                \t\t"TaskDefinition": "%s",
                \t\t"LoadBalancerInfo": {"ContainerName": "web", "ContainerPort": 8080}}}}]
                }
                """.formatted(ARN));
        assertThat(spec.containerPort()).isEqualTo(8080);
        assertThat(spec.hooks()).isEmpty();
    }

    @Test
    void keys_are_matched_whatever_their_case() {
        AppSpec spec = AppSpecParser.parse("""
                Version: "0.0"
                resources:
                  - web:
                      type: AWS::ECS::Service
                      properties:
                        taskDefinition: "%s"
                        loadBalancerInfo: {containerName: web, containerPort: "80"}
                hooks:
                  - beforeInstall: check
                """.formatted(ARN));
        assertThat(spec.hook("BeforeInstall")).contains("check");
    }

    @ParameterizedTest(name = "{0} -> {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            # what is written                 | instead of                          | what is said
            version: 1.0                      | version: 0.0                        | at line 1, column 10: AppSpec.version must be 0.0, not 1.0.
            x: 0.0                            | version: 0.0                        | at line 1, column 1: AppSpec must contain version.
            Type: AWS::Lambda::Function       | Type: AWS::ECS::Service             | must be AWS::ECS::Service, not AWS::Lambda::Function.
            ContainerPort: http               | ContainerPort: 80                   | at line 9, column 26: AppSpec.Resources[0].TargetService.Properties.LoadBalancerInfo.ContainerPort must be a whole number from 1 to 65535, not http.
            ContainerPort: 70000              | ContainerPort: 80                   | must be a whole number from 1 to 65535, not 70000.
            ContainerPort:                    | ContainerPort: 80                   | LoadBalancerInfo must contain ContainerPort.
            x: "web"                          | ContainerName: "web"                | LoadBalancerInfo must contain ContainerName.
            ContainerName: ""                 | ContainerName: "web"                | ContainerName must not be empty.
            - BeforeInstal: "check"           | - BeforeInstall: "check"            | BeforeInstal is not a lifecycle event that can call a function
            - Install: "check"                | - BeforeInstall: "check"            | Install is not a lifecycle event that can call a function
            - AfterAllowTraffic: "check"      | - BeforeInstall: "check"            | is given twice; an event can call one function.
            AssignPublicIp: "YES"             | AssignPublicIp: "ENABLED"           | must be ENABLED or DISABLED, not YES.
            x: 1                              | SecurityGroups: ["sg-1"]            | AwsvpcConfiguration must contain SecurityGroups.
            Subnets: "subnet-1"               | Subnets: ["subnet-1", "subnet-2"]   | Subnets must be a list.
            """)
    void what_is_wrong_is_said_with_its_place(String written, String instead, String said) {
        assertThat(FULL).contains(instead);
        assertThatThrownBy(() -> AppSpecParser.parse(FULL.replace(instead, written))).isInstanceOf(AppSpecException.class).hasMessageContaining(said);
    }

    @ParameterizedTest(name = "{0}: accepted {1}")
    @CsvSource({
        "arn:aws:ecs:us-east-1:111122223333:task-definition/web, true",
        "arn:aws:ecs:us-east-1:111122223333:task-definition/web:3, true",
        "web:latest, true",
        "web:3, true",
        "web, false",
        "taskdef.json, false",
        "<TASK_DEFINITION>, false"
    })
    void a_task_definition_is_an_arn_or_at_least_a_family_with_a_revision(String text, boolean accepted) {
        String spec = FULL.replace(ARN, text);
        if (accepted) {
            assertThat(AppSpecParser.parse(spec).taskDefinition()).isEqualTo(text);
        } else {
            assertThatThrownBy(() -> AppSpecParser.parse(spec))
                    .hasMessageContaining("TaskDefinition must be the ARN of a task definition, not " + text);
        }
    }

    @Test
    void exactly_one_resource_is_allowed() {
        String second = """
              - Another:
                  Type: AWS::ECS::Service
            Hooks:
            """;
        assertThatThrownBy(() -> AppSpecParser.parse(FULL.replace("Hooks:\n", second)))
                .hasMessageContaining("Resources must contain exactly one resource, not 2.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            ~~         | The AppSpec is empty.
            just text  | AppSpec must be a mapping of names to values
            {"a": [}   | The AppSpec is neither YAML nor JSON at line 1
            """)
    void what_is_no_appspec_at_all_is_said_to_be_none(String text, String said) {
        assertThatThrownBy(() -> AppSpecParser.parse(text == null ? "" : text)).isInstanceOf(AppSpecException.class).hasMessageContaining(said);
    }
}
